"""Compression of what is kept: zstd, with one context for each thread.

Setting a context up costs forty times what packing or unpacking a letter does, and the interpreter's own module sets
one up for every frame, so this is another library's.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from typing import IO

import zstandard

LEVEL = 1
MAX_UNPACKED_BYTES = 1 << 30
"""A damaged frame may claim any size."""


class Damaged(Exception):
    """What was to be unpacked is not what was packed."""


class _Local(threading.local):
    def __init__(self) -> None:
        self.pack = zstandard.ZstdCompressor(level=LEVEL).compress
        self.decompressor = zstandard.ZstdDecompressor()


_local = _Local()


def pack(raw: bytes) -> bytes:
    return _local.pack(raw)


def pack_pieces(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The same of content that is not held in memory, a piece at a time; `size` is what all of them come to."""
    packing = zstandard.ZstdCompressor(level=LEVEL).compressobj(size=size)
    for piece in pieces:
        if packed := packing.compress(piece):
            yield packed
    yield packing.flush()


def unpack_pieces(packed: IO[bytes], *, piece_bytes: int) -> Iterator[bytes]:
    """What a file holds, a piece at a time. Raises Damaged."""
    try:
        yield from zstandard.ZstdDecompressor().read_to_iter(packed, write_size=piece_bytes)
    except zstandard.ZstdError as error:
        raise Damaged from error


def unpack(packed: bytes) -> bytes:
    """Raises Damaged."""
    try:
        size = zstandard.frame_content_size(packed)
        if size > MAX_UNPACKED_BYTES:
            raise Damaged
        if size < 0:  # packed as a stream, which does not say its size
            return _local.decompressor.decompress(packed, max_output_size=MAX_UNPACKED_BYTES)
        return _local.decompressor.decompress(packed)
    except zstandard.ZstdError as error:
        raise Damaged from error
