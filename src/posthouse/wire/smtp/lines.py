"""Bytes off the wire cut into lines, however they were cut into packets; an over-long line is swallowed to its end."""

from __future__ import annotations

from posthouse.wire.smtp.limits import MAX_LINE_SWALLOWED

TLS_HANDSHAKE = 0x16


class Lines:
    """`data` from `position` on is what was not read yet. Content is read from there by who knows where it ends."""

    __slots__ = ("_swallowed", "data", "is_swallowing", "position")

    def __init__(self) -> None:
        self.data = b""
        self.position = 0
        self.is_swallowing = False
        self._swallowed = 0

    @property
    def is_empty(self) -> bool:
        return self.position >= len(self.data)

    @property
    def is_endless(self) -> bool:
        """Whether the line that is swallowed has gone on for too long to wait for its end."""
        return self._swallowed > MAX_LINE_SWALLOWED

    def add(self, data: bytes) -> None:
        self.data = data if self.is_empty else self.data[self.position :] + data
        self.position = 0

    def clear(self) -> None:
        self.data, self.position = b"", 0

    def next(self, limit: int, *, auth_limit: int) -> bytes | None:
        """The next line with its end, or None when it is not all there.

        Of one that is too long comes an empty line once it is over, with `is_swallowing` set until `swallowed`. A TLS
        handshake is given as it came: it is no line.
        """
        data, start = self.data, self.position
        if start >= len(data):
            return None
        end = data.find(b"\n", start) + 1
        if self.is_swallowing:
            return self._swallow(end)
        if data[start] == TLS_HANDSHAKE:
            return data[start:]
        if data[start : start + 5].upper() == b"AUTH ":
            limit = auth_limit
        if (end or len(data)) - start > limit:
            self.is_swallowing, self._swallowed = True, 0
            return self._swallow(end)
        if not end:
            return None
        self.position = end
        return data[start:end]

    def swallowed(self) -> None:
        """The long line is over."""
        self.is_swallowing = False

    def _swallow(self, end: int) -> bytes | None:
        start = self.position
        self.position = end or len(self.data)
        self._swallowed += self.position - start
        return b"" if end or self.is_endless else None
