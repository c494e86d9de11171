"""Uploads in pieces: begin, add, end. Each piece is durable before it is acknowledged.

A piece that does not begin where the last one ended is refused, also when two requests race: the offset is moved by
compare-and-set. The last piece is not written as one: what is whole is put together, looked at and made a file of its
room in the same transaction that says so, so that it is there once or not yet.
"""

from __future__ import annotations

from posthouse.base import blobs, clock, db, sql
from posthouse.base.errors import Conflict, Limited, TooLarge
from posthouse.base.filenames import safe_filename
from posthouse.base.ids import new_id
from posthouse.identity import queries as people
from posthouse.identity.actor import Actor
from posthouse.uploads import access
from posthouse.uploads.purposes import Purpose, UploadRef
from posthouse.wire.mime.headers import without_controls

KEPT_MS = 86_400_000
MAX_UNFINISHED = 50
MAX_PIECES = 5_000
BATCH = 500


def begin(actor: Actor, purpose: Purpose, *, length: int, filename: str, content_type: str) -> UploadRef:
    """A place for a file of this length. Raises TooLarge, Limited (too_many_uploads)."""
    purpose.require(actor)
    if length > purpose.max_bytes:
        raise TooLarge("too_large", "The file is too large.", limit_bytes=purpose.max_bytes)
    name = safe_filename(filename) or "attachment"
    upload = UploadRef(
        id=new_id(),
        filename=name,
        content_type=without_controls(content_type)[:255],
        length_bytes=length,
        offset_bytes=0,
        pieces=0,
        is_done=False,
        expires_at=clock.now_ms() + KEPT_MS,
    )
    _begin(actor, purpose, upload)
    if length == 0:
        _finish(actor, purpose, upload, b"")
    return access.upload_for(actor, purpose, upload.id)


@db.action
def _begin(actor: Actor, purpose: Purpose, upload: UploadRef) -> None:
    people.hold(actor.user_id)
    found = sql.row(
        "SELECT count(*), coalesce(sum(length_bytes), 0) FROM uploads_upload"
        " WHERE user_id = %s AND NOT is_done AND expires_at > %s",
        [actor.user_id, clock.now_ms()],
    )
    assert found is not None
    if found[0] >= MAX_UNFINISHED:
        raise Limited("too_many_uploads", "Too many files are on their way.")
    purpose.check_room(actor, int(found[1]) + upload.length_bytes)
    sql.run(
        "INSERT INTO uploads_upload (id, user_id, purpose, filename, content_type, length_bytes, offset_bytes, pieces,"
        " is_done, expires_at) VALUES (%s, %s, %s, %s, %s, %s, 0, 0, %s, %s)",
        [upload.id, actor.user_id, purpose.name, upload.filename, upload.content_type, upload.length_bytes, False,
         upload.expires_at],
    )  # fmt: skip


def add(actor: Actor, purpose: Purpose, upload_id: int, *, offset: int, data: bytes) -> UploadRef:
    """The next bytes of a file. Raises Missing, Conflict (wrong_offset), TooLarge, Limited (too_many_pieces)."""
    upload = access.upload_for(actor, purpose, upload_id)
    _check_offset(upload.offset_bytes == offset)
    end = offset + len(data)
    if end > upload.length_bytes:
        raise TooLarge("too_large", "That is more than the file has.", limit_bytes=upload.length_bytes)
    if not data:
        return upload
    if end == upload.length_bytes:
        _finish(actor, purpose, upload, _whole(upload, data))
    else:
        content = blobs.prepare(data)
        try:
            _add_piece(upload, content)
        except BaseException:
            blobs.discard(content)
            raise
    return access.upload_for(actor, purpose, upload_id)


@db.action
def _add_piece(upload: UploadRef, content: blobs.Prepared) -> None:
    if upload.pieces >= MAX_PIECES:
        raise Limited("too_many_pieces", f"A file comes in {MAX_PIECES} pieces at most.")
    _move(upload, upload.offset_bytes + content.size_bytes, is_done=False)
    blobs.insert([content])
    sql.run(
        "INSERT INTO uploads_piece (id, upload_id, at, blob_id) VALUES (%s, %s, %s, %s)",
        [new_id(), upload.id, upload.offset_bytes, content.id],
    )


def _whole(upload: UploadRef, last: bytes) -> bytes:
    found = sql.rows("SELECT blob_id FROM uploads_piece WHERE upload_id = %s ORDER BY at", [upload.id])
    ids = [row[0] for row in found]
    pieces = blobs.read_many(ids)
    _check_offset(len(pieces) == len(ids))
    return b"".join([*(pieces[one] for one in ids), last])


def _finish(actor: Actor, purpose: Purpose, upload: UploadRef, raw: bytes) -> None:
    _check_offset(len(raw) == upload.length_bytes)
    content = blobs.prepare(raw)
    try:
        _store(actor, purpose, upload, purpose.described(upload, content, raw), content)
    except BaseException:
        blobs.discard(content)
        raise


@db.action
def _store(
    actor: Actor, purpose: Purpose, upload: UploadRef, described: object, content: blobs.Prepared
) -> None:
    _move(upload, upload.length_bytes, is_done=True)
    sql.run("DELETE FROM uploads_piece WHERE upload_id = %s", [upload.id])
    blobs.insert([content])
    purpose.store(actor, described, content)


def _move(upload: UploadRef, offset: int, *, is_done: bool) -> None:
    """Whoever comes second finds another offset."""
    moved = sql.run(
        "UPDATE uploads_upload SET offset_bytes = %s, pieces = pieces + 1, is_done = %s"
        " WHERE id = %s AND offset_bytes = %s AND NOT is_done",
        [offset, is_done, upload.id, upload.offset_bytes],
    )
    _check_offset(moved == 1)


def _check_offset(is_right: bool) -> None:  # noqa: FBT001 a question with one answer
    if not is_right:
        raise Conflict("wrong_offset", "The next piece begins elsewhere; ask where by HEAD.")


@db.action
def end(actor: Actor, purpose: Purpose, upload_id: int) -> None:
    """Throw away what came; what is whole already stays a file of its room."""
    upload = access.upload_for(actor, purpose, upload_id)
    _forget([upload.id])


def expire() -> None:
    """What was begun more than a day ago; its content goes with the sweep."""
    while ids := [
        row[0]
        for row in sql.rows(
            "SELECT id FROM uploads_upload WHERE expires_at <= %s LIMIT %s", [clock.now_ms(), BATCH]
        )
    ]:
        _expire(ids)


@db.action
def _expire(ids: list[int]) -> None:
    _forget(ids)


def _forget(ids: list[int]) -> None:
    """Uploads are held before their pieces, as who adds one does: a piece goes too, or finds nothing to be added to."""
    if sql.for_update():
        sql.rows(
            f"SELECT id FROM uploads_upload WHERE id IN ({sql.marks(ids)}) ORDER BY id{sql.for_update()}", ids
        )
    sql.run(f"DELETE FROM uploads_piece WHERE upload_id IN ({sql.marks(ids)})", ids)
    sql.run(f"DELETE FROM uploads_upload WHERE id IN ({sql.marks(ids)})", ids)
