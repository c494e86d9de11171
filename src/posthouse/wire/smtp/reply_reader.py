"""Another server's replies from bytes (RFC 5321 §4.2): the client's side of reply.py.

Replies come in any pieces, several at once where commands were pipelined (RFC 2920). A line and a reply have an end, or
they are none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

MAX_LINE_BYTES = 8 * 1024
MAX_REPLY_BYTES = 32 * 1024


class BadReply(ValueError):
    """What the server said is no reply."""


class ServerReply(NamedTuple):
    """`text` has a line for each line of the reply; bytes that are no UTF-8 are escaped."""

    code: int
    text: str


class ReplyReader:
    def __init__(self) -> None:
        self._buffer = bytearray()
        self._lines: list[bytes] = []
        self._size_bytes = 0

    def feed(self, data: bytes) -> Iterator[ServerReply]:
        """The replies that are whole now. Raises BadReply behind those that came before the nonsense."""
        self._buffer += data
        start = 0
        while (end := self._buffer.find(b"\n", start)) >= 0:
            line = bytes(self._buffer[start : end + 1])
            start = end + 1
            if (reply := self._line(line)) is not None:
                yield reply
        del self._buffer[:start]
        if len(self._buffer) > MAX_LINE_BYTES:
            raise BadReply("a line without end")

    def _line(self, line: bytes) -> ServerReply | None:
        self._size_bytes += len(line)
        if len(line) > MAX_LINE_BYTES or self._size_bytes > MAX_REPLY_BYTES:
            raise BadReply("a reply without end")
        code, mark = line[:3], line[3:4]
        if len(code) != 3 or not code.isdigit() or mark not in (b" ", b"-", b"\r", b"\n"):
            raise BadReply("no reply begins like that")
        self._lines.append(line[4:].strip(b" \t\r\n"))
        if mark == b"-":
            return None
        text = b"\n".join(self._lines).decode("utf-8", "surrogateescape")
        self._lines, self._size_bytes = [], 0
        return ServerReply(int(code), text)
