"""Reading a message: DATA (RFC 5321 §4.1.1.4, §4.5.2) and BDAT (RFC 3030 §2).

SMTP smuggling needs two servers that see the end of a message at different places. Here only CR LF . CR LF
ends DATA, and a message with a bare CR, a bare LF or a NUL is refused whole, so nothing we pass on can be cut
in two by a laxer server behind us. A refused or over-long message is still read to its end (not kept), since
its rest must never be taken for commands.

With a spool a large message does not stay in memory: whole lines are checked, unstuffed and given to it as they come.
"""

from __future__ import annotations

from typing import cast

from posthouse.wire.budget import Budget
from posthouse.wire.smtp import reply as say
from posthouse.wire.smtp.limits import Limits
from posthouse.wire.smtp.reply import Reply
from posthouse.wire.spooling import SPOOL_FROM_BYTES, Spool, SpoolFile

END = b"\r\n.\r\n"
_LINE_END = b"\r\n"


def has_bare_bytes(content: bytes) -> bool:
    """Whether there is a CR without LF, an LF without CR, or a NUL."""
    pairs = content.count(_LINE_END)
    return content.count(b"\n") != pairs or content.count(b"\r") != pairs or 0 in content


class Gathering:
    """What both readers share: bytes kept, their share of the budget, and why they are no longer kept."""

    __slots__ = ("_budget", "_buffer", "_file", "_limits", "_spool", "_taken", "refusal", "seen_bytes")

    def __init__(self, limits: Limits, budget: Budget, spool: Spool | None = None) -> None:
        self._limits = limits
        self._budget = budget
        self._spool = spool
        self._file: SpoolFile | None = None
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
        if self._file is not None:
            self._file.close()
            self._file = None

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

    def _put_aside(self, piece: bytes, *, of_buffer: int) -> None:
        """Give a checked piece to the spool; so much of the buffer made it."""
        del self._buffer[:of_buffer]
        try:
            if self._file is None and self._spool is not None:
                self._file = self._spool.open()
            if self._file is not None:
                self._file.write(piece)
        except OSError:
            self.refuse(say.OUT_OF_MEMORY)
            self.release()
            return
        given = min(of_buffer, self._taken)
        self._budget.give(given)
        self._taken -= given

    def _finished(self) -> bytes | Reply:
        """What the spool has, once all is there."""
        if self.refusal is not None:
            return self.refusal
        assert self._file is not None
        file, self._file = self._file, None
        try:
            return cast(bytes, file.finish())
        except OSError:
            file.close()
            return say.OUT_OF_MEMORY


class DataReader(Gathering):
    """The buffer starts with the CRLF of the DATA line, so a first line of one dot is no special case; later with that
    of the last line that was put aside."""

    __slots__ = ("_is_first",)

    _TERMINATOR_BYTES = 3  # ".\r\n": the CRLF before the dot belongs to the content

    def __init__(self, limits: Limits, budget: Budget, spool: Spool | None = None) -> None:
        super().__init__(limits, budget, spool)
        self._buffer += _LINE_END
        self._is_first = True

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
        elif self._spool is not None and len(buffer) >= SPOOL_FROM_BYTES:
            self._spool_lines(buffer.rfind(_LINE_END))
        return -1

    def _spool_lines(self, count: int) -> None:
        """Put the first bytes of the buffer aside: a line end, and whole lines but for the last one's end."""
        piece = bytes(self._buffer[:count])
        if not piece:
            return
        if has_bare_bytes(piece):
            self.refuse(say.BARE_CR_OR_LF)
            return
        lines = piece.replace(b"\r\n.", _LINE_END)
        self._put_aside(lines[len(_LINE_END) :] if self._is_first else lines, of_buffer=count)
        self._is_first = False

    def finish(self) -> bytes | Reply:
        """The content with dots unstuffed, or why it is refused."""
        if self.refusal is not None:
            return self.refusal
        if self._file is not None:
            self._spool_lines(len(self._buffer))
            return self._finished()
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

    __slots__ = ("_is_binary", "_is_free", "_remaining", "is_last")

    def __init__(
        self, limits: Limits, budget: Budget, spool: Spool | None = None, *, is_binary: bool = False
    ) -> None:
        super().__init__(limits, budget, spool)
        self._remaining = 0
        self._is_binary = is_binary
        self._is_free = False
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
        elif self._spool is not None and len(self._buffer) >= SPOOL_FROM_BYTES:
            self._spool_all(but=1 if self._buffer.endswith(b"\r") else 0)
        return -1 if self._remaining else start + count

    def _spool_all(self, *, but: int = 0) -> None:
        """Put the buffer aside; a CR at its end waits for its LF. The header of binary content must be over by now."""
        count = len(self._buffer) - but
        piece = bytes(self._buffer[:count])
        if self._is_binary and not self._is_free:
            header = _header(piece)
            self._is_free = len(header) < len(piece) and not has_bare_bytes(header)
            if not self._is_free:
                self.refuse(say.BINARY_HEADER)
                return
        if not self._is_free and has_bare_bytes(piece):
            self.refuse(say.BARE_CR_OR_LF)
            return
        self._put_aside(piece, of_buffer=count)

    def finish(self) -> bytes | Reply:
        """The content, or why it is refused."""
        if self.refusal is not None:
            return self.refusal
        if self._file is not None:
            self._spool_all()
            return self._finished()
        content = bytes(self._buffer)
        if self._is_binary:
            return say.BINARY_HEADER if has_bare_bytes(_header(content)) else content
        return say.BARE_CR_OR_LF if has_bare_bytes(content) else content


def _header(content: bytes) -> bytes:
    if content.startswith(_LINE_END):
        return b""
    end = content.find(b"\r\n\r\n")
    return content if end < 0 else content[: end + len(_LINE_END)]
