"""Reading a message: DATA (RFC 5321 §4.1.1.4, §4.5.2) and BDAT (RFC 3030 §2).

SMTP smuggling needs two servers that see the end of a message at different places. Here only CR LF . CR LF
ends DATA, and a message with a bare CR, a bare LF or a NUL is refused whole, so nothing we pass on can be cut
in two by a laxer server behind us. A refused or over-long message is still read to its end (not kept), since
its rest must never be taken for commands.
"""

from __future__ import annotations

from posthouse.wire.budget import Budget
from posthouse.wire.smtp import reply as say
from posthouse.wire.smtp.limits import Limits
from posthouse.wire.smtp.reply import Reply

END = b"\r\n.\r\n"
_LINE_END = b"\r\n"


def has_bare_bytes(content: bytes) -> bool:
    """Whether there is a CR without LF, an LF without CR, or a NUL."""
    pairs = content.count(_LINE_END)
    return content.count(b"\n") != pairs or content.count(b"\r") != pairs or 0 in content


class Gathering:
    """What both readers share: bytes kept, their share of the budget, and why they are no longer kept."""

    __slots__ = ("_budget", "_buffer", "_limits", "_taken", "refusal", "seen_bytes")

    def __init__(self, limits: Limits, budget: Budget) -> None:
        self._limits = limits
        self._budget = budget
        self._buffer = bytearray()
        self._taken = 0
        self.refusal: Reply | None = None
        self.seen_bytes = 0

    @property
    def is_beyond_patience(self) -> bool:
        return self.seen_bytes > self._limits.swallow_bytes

    def release(self) -> None:
        """Give the budget back. To be called once the content is no longer needed."""
        self._budget.give(self._taken)
        self._taken = 0

    def refuse(self, reply: Reply) -> None:
        """Keep nothing more; the first reason is the one told."""
        if self.refusal is None:
            self.refusal = reply

    def _take(self, count: int) -> bool:
        if not self._budget.take(count):
            self.refuse(say.OUT_OF_MEMORY)
            return False
        self._taken += count
        return True


class DataReader(Gathering):
    """The buffer starts with the CRLF of the DATA line, so a first line of one dot is no special case."""

    __slots__ = ()

    _TERMINATOR_BYTES = 3  # ".\r\n": the CRLF before the dot belongs to the content

    def __init__(self, limits: Limits, budget: Budget) -> None:
        super().__init__(limits, budget)
        self._buffer += _LINE_END

    def feed(self, data: bytes, start: int) -> int:
        """Take `data` from `start`; return where in `data` the message ended, or -1 if it did not yet."""
        buffer = self._buffer
        before = len(buffer)
        fresh = len(data) - start
        if self.refusal is None:
            self._take(fresh)
        buffer += data[start:] if start else data
        end = buffer.find(END, max(0, before - len(END) + 1))
        if end >= 0:
            consumed = end + len(END) - before
            self.seen_bytes += consumed - self._TERMINATOR_BYTES
            del buffer[end + len(_LINE_END) :]
            if self.seen_bytes > self._limits.message_bytes:
                self.refuse(say.TOO_BIG)
            return start + consumed
        self.seen_bytes += fresh
        if self.seen_bytes > self._limits.message_bytes + self._TERMINATOR_BYTES:
            self.refuse(say.TOO_BIG)
        if self.refusal is not None:
            self.release()
            del buffer[: -len(END) + 1]
        return -1

    def finish(self) -> bytes | Reply:
        """The content with dots unstuffed, or why it is refused."""
        if self.refusal is not None:
            return self.refusal
        with memoryview(self._buffer) as view:
            content = bytes(view[len(_LINE_END) :])
        if has_bare_bytes(content):
            return say.BARE_CR_OR_LF
        if b"\r\n." in content:
            content = content.replace(b"\r\n.", _LINE_END)
        return content[1:] if content.startswith(b".") else content


class BdatReader(Gathering):
    """Chunks with their size given beforehand: nothing inside can end them.

    With `is_binary` (BINARYMIME, RFC 3030 §3) the body may hold any bytes; the header, where traces and checks are
    written and read by lines, may not.
    """

    __slots__ = ("_is_binary", "_remaining", "is_last")

    def __init__(self, limits: Limits, budget: Budget, *, is_binary: bool = False) -> None:
        super().__init__(limits, budget)
        self._remaining = 0
        self._is_binary = is_binary
        self.is_last = False

    def expect(self, size: int, *, last: bool) -> None:
        """Begin a chunk. `size` must have been checked against `swallow_bytes`."""
        self._remaining = size
        self.is_last = last
        if self.seen_bytes + size > self._limits.message_bytes:
            self.refuse(say.TOO_BIG)

    def feed(self, data: bytes, start: int) -> int:
        """Take `data` from `start`; return where in `data` the chunk ended, or -1 if it did not yet."""
        count = min(self._remaining, len(data) - start)
        self._remaining -= count
        self.seen_bytes += count
        if self.refusal is None and self._take(count):
            self._buffer += data[start : start + count]
        if self.refusal is not None:
            self.release()
            self._buffer.clear()
        return -1 if self._remaining else start + count

    def finish(self) -> bytes | Reply:
        """The content, or why it is refused."""
        if self.refusal is not None:
            return self.refusal
        content = bytes(self._buffer)
        if self._is_binary:
            return say.BINARY_HEADER if has_bare_bytes(_header(content)) else content
        return say.BARE_CR_OR_LF if has_bare_bytes(content) else content


def _header(content: bytes) -> bytes:
    if content.startswith(_LINE_END):
        return b""
    end = content.find(b"\r\n\r\n")
    return content if end < 0 else content[: end + len(_LINE_END)]
