"""From a stream of bytes to whole commands: lines and the literals in them (RFC 9051 §4.3, RFC 7888).

    framer.feed(data)
    while (event := framer.next_command()) is not None: ...

The caller pulls, and says what it expects: `next_command` in the normal state, `next_line` while it waits for
an answer to a continuation (SASL, DONE of IDLE). So `DONE` and the commands after it may come in one packet.

Invariants
- A command is given out whole or refused; bytes of a refused literal are never read as a command. Where
  that cannot be kept cheaply (a line without end, too many literals) the refusal is fatal and nothing more is
  read.
- Held bytes are bounded by `Limits` plus the packet just fed; every byte is looked at a few times at most.
- Messages count against the budget as they come, not as announced, until the command after theirs is asked for. With a
  spool a large one is given to it as it comes, and stands as if it were bytes in the command; it counts there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import cast

from posthouse.wire.budget import Budget
from posthouse.wire.imap.limits import Limits
from posthouse.wire.spooling import SPOOL_FROM_BYTES, Spool, SpoolFile

_LITERAL = re.compile(rb"~?\{(\d{1,20})([+-]?)\}\Z")
_TAG = re.compile(rb"([^\x00-\x20\x7f-\xff(){%*\"\\+]+) ")
_APPEND = re.compile(rb"[^ ]+ (?:UID REPLACE|APPEND|REPLACE) ", re.I)
_NAMES_MAILBOX = re.compile(rb"[^ ]+ +(?:APPEND|(?:UID +)?REPLACE +[\d*]+) +~?\{[^{}]*\}\Z", re.I)


@dataclass(frozen=True, slots=True)
class Framed:
    """One command: text, literal, text, literal, ..., text; every text but the last ends in `{n}`."""

    parts: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Continue:
    """The client waits for `+ ` before it sends its literal.

    Before a message `parts` are the command so far, and `message_bytes` is how much it and those before it have.
    """

    parts: tuple[bytes, ...] = field(default=(), compare=False, repr=False)
    message_bytes: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A command beyond the limits. `tag` is empty when unknown; after a fatal one, say BYE and close.

    `is_unasked`: the client should have asked before it sent so much, which it was told (LITERAL-).
    """

    tag: bytes
    message: str
    is_too_big: bool = False
    is_busy: bool = False
    is_unasked: bool = False
    is_fatal: bool = False


Event = Framed | Continue | Refused


class Framer:
    """Holds what has come and is not yet a whole command. `limits` may be replaced between commands."""

    __slots__ = (
        "_budget", "_buffer", "_dead", "_file", "_given_out", "_held", "_held_before", "_literal", "_parts",
        "_refusal", "_searched", "_skip", "_spool", "_to_come", "limits",
    )  # fmt: skip

    def __init__(self, limits: Limits, budget: Budget | None = None, spool: Spool | None = None) -> None:
        self.limits = limits
        self._budget = budget
        self._spool = spool
        self._file: SpoolFile | None = None
        self._to_come = 0
        self._held = self._held_before = self._given_out = 0
        self._buffer = bytearray()
        self._searched = 0
        self._parts: list[bytes] = []
        self._literal = -1
        self._skip = 0
        self._refusal: Refused | None = None
        self._dead = False

    @property
    def buffered(self) -> int:
        """Bytes that wait to be read."""
        return len(self._buffer)

    @property
    def is_inside_command(self) -> bool:
        """Whether a command has begun and is not yet whole."""
        return bool(self._buffer or self._parts or self._skip)

    def feed(self, data: bytes | bytearray | memoryview) -> None:
        if not self._dead:
            self._buffer += data

    def clear(self) -> None:
        """Forget everything that was fed: what came in plain text before TLS is not to be trusted."""
        self._buffer = bytearray()
        self._searched = 0
        self._close_file()
        self._start()
        self._give_back()

    def refuse(self) -> None:
        """Instead of going on after a `Continue`: the client sends nothing of its literal (RFC 9051 §4.3)."""
        self._start()

    def next_line(self) -> bytes | Refused | None:
        """The next line without its end, None if it is not here yet."""
        self._give_back()
        if self._dead:
            return None
        line = self._take_line()
        if line is None and len(self._buffer) > self.limits.text_bytes:
            return self._die("The line is too long.")
        return line

    def next_command(self) -> Event | None:
        """The next whole command, or what must be answered before it becomes whole; None needs more bytes."""
        self._give_back()
        while not self._dead:
            if self._skip and not self._skip_some():
                return None
            if self._literal >= 0 and not self._take_literal():
                return None
            line = self._take_line()
            if line is None:
                if len(self._buffer) + self._text_bytes() > self.limits.text_bytes:
                    return self._die("The command line is too long.")
                return None
            event = self._line(line)
            if event is not None:
                return event
        return None

    def _line(self, line: bytes) -> Event | None:
        self._parts.append(line)
        if self._text_bytes() > self.limits.text_bytes:
            return self._die("The command line is too long.")
        match = _LITERAL.search(line) if line.endswith(b"}") else None
        if match is not None:
            return self._literal_announced(int(match[1]), is_synchronous=not match[2])
        refusal, parts = self._refusal, self._parts
        self._start()
        return refusal or Framed(tuple(parts))

    def _literal_announced(self, size: int, *, is_synchronous: bool) -> Event | None:
        held = sum(map(len, self._parts[1::2]))
        if len(self._parts) // 2 >= self.limits.literals:
            return self._die("There are too many literals in one command.")
        is_unasked = not is_synchronous and self._is_too_much_unasked(size)
        if self._refusal is None and size <= self._allowed(held) and not is_unasked:
            self._literal = size
            if not is_synchronous:
                return None
            return Continue(tuple(self._parts), held + size) if self._is_before_message() else Continue()
        message = "Ask before sending so large a literal." if is_unasked else "The literal is too large."
        refusal = Refused(tag=self._tag(), message=message, is_too_big=True, is_unasked=is_unasked)
        if is_synchronous:
            self._start()
            return refusal
        if size > self.limits.swallow_bytes:
            return self._die(message, is_too_big=True)
        self._refusal = self._refusal or refusal
        self._skip = size
        self._parts.append(b"")
        return None

    def _is_too_much_unasked(self, size: int) -> bool:
        return self.limits.unasked_bytes is not None and size > self.limits.unasked_bytes

    def _allowed(self, held: int) -> int:
        """APPEND's own message may be large; its mailbox name, like every other literal, may not."""
        limits = self.limits
        if self._is_before_message():
            return limits.append_bytes - held
        return min(limits.literal_bytes, limits.literals_total_bytes - held)

    def _is_before_message(self) -> bool:
        return _APPEND.match(self._parts[0]) is not None and not _is_mailbox_name(self._parts)

    def _take_literal(self) -> bool:
        size = self._literal
        if self._file is not None or (self._spool is not None and size > SPOOL_FROM_BYTES):
            return self._put_aside(size)
        if size > self.limits.literal_bytes and not self._hold(min(size, len(self._buffer))):
            return self._give_up_literal()
        if len(self._buffer) < size:
            return False
        self._held_before = self._held
        self._parts.append(bytes(memoryview(self._buffer)[:size]))
        del self._buffer[:size]
        self._literal = -1
        self._searched = 0
        return True

    def _put_aside(self, size: int) -> bool:
        """Give the spool what there is of a message; in its place the command gets what the spool makes of it."""
        try:
            if self._file is None and self._spool is not None:
                self._file, self._to_come = self._spool.open(), size
            assert self._file is not None
            count = min(self._to_come, len(self._buffer))
            self._file.write(bytes(memoryview(self._buffer)[:count]))
            del self._buffer[:count]
            self._to_come -= count
            self._searched = 0
            if self._to_come:
                return False
            self._parts.append(cast(bytes, self._file.finish()))
        except OSError:
            self._literal = self._to_come if self._file is not None else size
            self._close_file()
            return self._give_up_literal()
        self._file, self._literal = None, -1
        return True

    def _close_file(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _hold(self, count: int) -> bool:
        """Take so many bytes of the literal under way from the budget."""
        more = self._held_before + count - self._held
        if self._budget is None or more <= 0:
            return True
        if not self._budget.take(more):
            return False
        self._held += more
        return True

    def _give_up_literal(self) -> bool:
        """Pass over what comes of it, so that the command can be refused at its end."""
        message = "Too much is coming in just now; try again later."
        self._refusal = Refused(tag=self._tag(), message=message, is_busy=True)
        self._skip, self._literal = self._literal, -1
        self._parts.append(b"")
        return self._skip_some()

    def _give_back(self) -> None:
        if self._given_out and self._budget is not None:
            self._budget.give(self._given_out)
        self._given_out = 0

    def _skip_some(self) -> bool:
        count = min(self._skip, len(self._buffer))
        del self._buffer[:count]
        self._skip -= count
        self._searched = 0
        return not self._skip

    def _take_line(self) -> bytes | None:
        end = self._buffer.find(b"\n", self._searched)
        if end < 0:
            self._searched = len(self._buffer)
            return None
        stop = end - 1 if end and self._buffer[end - 1] == 13 else end
        line = bytes(memoryview(self._buffer)[:stop])
        del self._buffer[: end + 1]
        self._searched = 0
        return line

    def _text_bytes(self) -> int:
        return sum(map(len, self._parts[::2]))

    def _tag(self) -> bytes:
        match = _TAG.match(self._parts[0]) if self._parts else None
        return match[1] if match else b""

    def _start(self) -> None:
        self._parts = []
        self._literal = -1
        self._skip = 0
        self._refusal = None
        self._given_out += self._held
        self._held = self._held_before = 0

    def _die(self, message: str, *, is_too_big: bool = False) -> Refused:
        refusal = Refused(tag=self._tag(), message=message, is_too_big=is_too_big, is_fatal=True)
        self.clear()
        self._dead = True
        return refusal


def _is_mailbox_name(parts: list[bytes]) -> bool:
    """`A APPEND {5}`, `A REPLACE 3 {5}`: the first literal is the name when nothing stands before it."""
    return len(parts) == 1 and _NAMES_MAILBOX.match(parts[0]) is not None
