"""The content store: small bytes compressed in the database, larger ones in files.

`prepare` does the slow part (hash, compression, file and fsync) outside the write lane and leaves at worst an
orphan file; `insert` adds the rows inside the transaction that refers to them. Deleting goes the other way
round: rows first, then `sweep` removes what nobody names.

A blob has an id of its own and is not found by hash: one delivery to ten people shares one blob, but two
accounts never share by accident, which keeps a key per account possible.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

from posthouse.base import packing, sql
from posthouse.base.errors import Missing, Unavailable
from posthouse.base.ids import new_id
from posthouse.base.models import Blob
from posthouse.base.spool import PIECE_BYTES, NoRoom, Spool, Spooled
from posthouse.wire.budget import Budget

IN_DATABASE_BYTES = 256 * 1024
"""A file costs a create, two fsyncs and a rename: up to here a row is cheaper (benchmarks/README.md)."""
COMPRESS_FROM_BYTES = 200
LARGE_BYTES = 1024 * 1024
"""Whoever only looks at content gets more than so much as a map of a file (`look_at`)."""
UNPACKED_BYTES = 4 * 1024**3
"""What may be unpacked beside the store at a time."""
_SHARDS = 256
_TIME_SHIFT = 21
"""Ids made in one millisecond differ below this bit; above it they spread evenly (base/ids.py)."""

_folder: Path | None = None
_unpacked_room = Budget(UNPACKED_BYTES)


class Prepared(NamedTuple):
    id: int
    sha256: bytes
    size_bytes: int
    codec: int
    where: int
    data: bytes | None


def configure(folder: Path) -> None:
    """Say where blob files live; made on first use."""
    global _folder
    _folder = folder


def prepare(raw: bytes) -> Prepared:
    """Make content durable outside any transaction; raises Unavailable when the disk refuses."""
    blob_id = new_id()
    if isinstance(raw, Spooled):
        return _prepare_spooled(blob_id, raw)
    digest = hashlib.sha256(raw).digest()
    codec, data = Blob.Codec.PLAIN.value, raw
    if len(raw) >= COMPRESS_FROM_BYTES:
        packed = packing.pack(raw)
        if len(packed) < len(raw):
            codec, data = Blob.Codec.ZSTD.value, packed
    if len(data) <= IN_DATABASE_BYTES:
        return Prepared(blob_id, digest, len(raw), codec, 0, data)
    _write_file(blob_id, [data])
    return Prepared(blob_id, digest, len(raw), codec, 1, None)


def _prepare_spooled(blob_id: int, raw: Spooled) -> Prepared:
    """A file whatever its size, so that it is never in memory as a whole."""
    digest = hashlib.sha256()

    def pieces() -> Iterator[bytes]:
        for piece in raw.pieces():
            digest.update(piece)
            yield piece

    _write_file(blob_id, packing.pack_pieces(pieces(), len(raw)))
    return Prepared(blob_id, digest.digest(), len(raw), Blob.Codec.ZSTD.value, 1, None)


def insert(blobs: Iterable[Prepared]) -> None:
    """Add the rows; call inside an action."""
    sql.insert_many(
        'INSERT INTO base_blob (id, sha256, size_bytes, codec, "where", key_id, data)',
        [(b.id, b.sha256, b.size_bytes, b.codec, b.where, 0, b.data) for b in blobs],
    )


def discard(blob: Prepared) -> None:
    """Remove the file of content whose transaction did not happen."""
    if blob.where == 1:
        remove_file(blob.id)


def remove_file(blob_id: int) -> None:
    """Remove a content file whose row is gone."""
    _path(blob_id).unlink(missing_ok=True)


def read(blob_id: int) -> bytes:
    """The bytes as they came in; raises Missing for an unknown id, Unavailable when they cannot be read."""
    found = read_many([blob_id])
    if blob_id not in found:
        raise Missing()
    return found[blob_id]


def spool(budget: Budget) -> Spool:
    """Where content that is to be kept may grow, beside the store."""
    if _folder is None:
        raise RuntimeError("blobs.configure() was not called")
    return Spool(_folder, budget=budget)


def look_at(blob_id: int) -> bytes:
    """As `read`, for whoever wants little of it: a large one is unpacked into a nameless file, and not in memory."""
    found = sql.row('SELECT codec, "where", size_bytes FROM base_blob WHERE id = %s', [blob_id])
    if found is None:
        raise Missing()
    codec, where, size_bytes = found
    if where != 1 or size_bytes <= LARGE_BYTES:
        return read(blob_id)
    return cast(bytes, _mapped(_path(blob_id), size_bytes, is_packed=codec == Blob.Codec.ZSTD))


def _mapped(path: Path, size_bytes: int, *, is_packed: bool) -> Spooled:
    made = Spool(path.parent, budget=_unpacked_room).open()
    size = 0
    try:
        with path.open("rb") as file:
            for piece in packing.unpack_pieces(file, piece_bytes=PIECE_BYTES) if is_packed else _pieces(file):
                size += len(piece)
                made.write(piece)
        if size != size_bytes:
            raise packing.Damaged
        return made.finish()
    except packing.Damaged as error:
        raise Unavailable("content_damaged", "The content is damaged.") from error
    except NoRoom as error:
        raise Unavailable("storage_unavailable", "There is no room for large messages just now.") from error
    except OSError as error:
        raise Unavailable("content_unavailable", "The content cannot be read just now.") from error
    finally:
        made.close()


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PIECE_BYTES):
        yield piece


def read_many(blob_ids: Sequence[int]) -> dict[int, bytes]:
    """Several at once, by id; unknown ids are left out."""
    found: dict[int, bytes] = {}
    for chunk in sql.chunks(blob_ids):
        for blob_id, codec, where, data in sql.rows(
            f'SELECT id, codec, "where", data FROM base_blob WHERE id IN ({sql.marks(chunk)})', chunk
        ):
            found[blob_id] = _content(blob_id, codec, where, data)
    return found


def read_joined(table: str, column: str, ids: Sequence[int]) -> dict[int, bytes]:
    """The same of rows that name their blob in a column, by the ids of those rows, in one statement."""
    found: dict[int, bytes] = {}
    for chunk in sql.chunks(ids):
        for id_, blob_id, codec, where, data in sql.rows(
            f'SELECT t.id, b.id, b.codec, b."where", b.data FROM {table} t JOIN base_blob b ON b.id = t.{column}'
            f" WHERE t.id IN ({sql.marks(chunk)})",
            chunk,
        ):
            found[id_] = _content(blob_id, codec, where, data)
    return found


def _content(blob_id: int, codec: int, where: int, data: Any) -> bytes:
    packed = _read_file(blob_id) if where == 1 else bytes(data)
    return _unpacked(packed) if codec == 1 else packed


def _unpacked(packed: bytes) -> bytes:
    try:
        return packing.unpack(packed)
    except packing.Damaged as error:
        raise Unavailable("content_damaged", "The content is damaged.") from error


def _path(blob_id: int) -> Path:
    if _folder is None:
        raise RuntimeError("blobs.configure() was not called")
    return _folder / f"{(blob_id >> _TIME_SHIFT) % _SHARDS:02x}" / str(blob_id)


def _read_file(blob_id: int) -> bytes:
    try:
        return _path(blob_id).read_bytes()
    except OSError as error:
        raise Unavailable("content_unavailable", "The content cannot be read just now.") from error


def _write_file(blob_id: int, pieces: Iterable[bytes]) -> None:
    """Written aside, synced, renamed, and the folder synced: after a power loss it is whole or not there."""
    path = _path(blob_id)
    aside = path.with_suffix(".part")
    try:
        _make_folder(path.parent)
        with aside.open("wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        aside.rename(path)
        _sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        raise Unavailable("storage_unavailable", "The store cannot be written just now.") from error


def _make_folder(folder: Path) -> None:
    """With the entries that lead to it on disk, without which the files in it would be lost as well."""
    if folder.is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True)
    for above in list(folder.parents)[:2]:
        _sync_folder(above)


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def files() -> Iterable[tuple[int, Path]]:
    """Every blob file on disk with its id, half-written ones too, for the sweeper and for `posthouse check`."""
    if _folder is None or not _folder.is_dir():
        return
    for shard in sorted(_folder.iterdir()):
        for path in shard.iterdir() if shard.is_dir() else ():
            if path.stem.isdigit():
                yield int(path.stem), path
