"""COMPRESS=DEFLATE as a pipe of bytes (RFC 4978, RFC 1951), below the framer and above TLS.

Invariants
- What is inflated is asked for in small pieces and only when it is wanted, so a few bytes that inflate to many never
  lie in memory as many.
- A connection keeps some 100 KB for its two streams.
"""

from __future__ import annotations

import zlib

PIECE_BYTES = 64 * 1024
_LEVEL, _WINDOW, _MEMORY = 6, 13, 6  # 64 KB to deflate; a peer's window may be 15, some 40 KB to inflate


class DeflatePipe:
    __slots__ = ("_deflater", "_inflater", "_waiting")

    def __init__(self) -> None:
        self._deflater = zlib.compressobj(_LEVEL, zlib.DEFLATED, -_WINDOW, _MEMORY)
        self._inflater = zlib.decompressobj(-15)
        self._waiting = bytearray()

    @property
    def waiting(self) -> int:
        """Bytes that came and are not inflated yet."""
        return len(self._waiting)

    def feed(self, data: bytes) -> None:
        self._waiting += data

    def piece(self) -> bytes:
        """The next of what came, PIECE_BYTES at most; empty when there is no more. Raises zlib.error."""
        while self._waiting:
            found = self._inflater.decompress(self._waiting, PIECE_BYTES)
            self._waiting = bytearray(self._inflater.unconsumed_tail)
            if found:
                return found
            if self._inflater.eof:  # what comes after the end of a stream is nothing
                self._waiting.clear()
        return b""

    def deflate(self, data: bytes) -> bytes:
        """All of it can be read by the peer once it has come."""
        return self._deflater.compress(data) + self._deflater.flush(zlib.Z_SYNC_FLUSH)
