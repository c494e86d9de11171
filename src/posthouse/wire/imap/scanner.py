"""A cursor over one framed command: atoms, strings, numbers, dates (RFC 9051 §9)."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from posthouse.wire.imap import sequence, utf7
from posthouse.wire.imap.errors import Malformed
from posthouse.wire.imap.framing import Framed
from posthouse.wire.imap.limits import MAX_FLAGS, MAX_LONG, MAX_MAILBOX_NAME_BYTES
from posthouse.wire.imap.sequence import SequenceSet

_ATOM = re.compile(rb"[^\x00-\x20\x7f-\xff(){%*\"\\\]]+")
_ASTRING = re.compile(rb"[^\x00-\x20\x7f-\xff(){%*\"\\]+")
_LIST_MAILBOX = re.compile(rb"[^\x00-\x20\x7f(){\"\\]+")
_QUOTED = re.compile(rb'"([^"\\\r\n\x00]*(?:\\["\\][^"\\\r\n\x00]*)*)"')
_LITERAL = re.compile(rb"~?\{\d+[+-]?\}\Z")
_NUMBER = re.compile(rb"\d{1,19}")
_SET = re.compile(rb"[\d:*,$]+")
_FLAG = re.compile(rb"\\?[^\x00-\x20\x7f-\xff(){%*\"\\\]]+|\\\*")
_ESCAPED = re.compile(rb'\\(["\\])')
_DATE = re.compile(rb'(?:"(\d{1,2})-([A-Za-z]{3})-(\d{4})"|(\d{1,2})-([A-Za-z]{3})-(\d{4})(?![\w-]))')
_DATE_TIME = re.compile(rb'"([ \d]\d)-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"')
_MONTHS = {
    name: number
    for number, name in enumerate(
        (b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"), 1
    )
}


class Scanner:
    """Reads forward only. Every reader raises Malformed when the text at the cursor is something else."""

    __slots__ = ("_at", "_index", "_parts", "has_utf8_names", "text")

    def __init__(self, command: Framed, *, has_utf8_names: bool = False) -> None:
        self.has_utf8_names = has_utf8_names
        self._parts = command.parts
        self._index = 0
        self._at = 0
        self.text = command.parts[0]

    # --- single characters ---------------------------------------------------------------------

    @property
    def position(self) -> int:
        """Where the cursor stands in `text`."""
        return self._at

    @property
    def is_at_end(self) -> bool:
        return self._at >= len(self.text)

    def end(self) -> None:
        """Nothing may follow (one trailing space is forgiven: some clients send it)."""
        if not self.is_trailing_space:
            raise Malformed("There is something after the command.")

    @property
    def is_trailing_space(self) -> bool:
        """Nothing but spaces follows."""
        return not self.text[self._at :].strip(b" ")

    def peek(self) -> bytes:
        return self.text[self._at : self._at + 1]

    def accept(self, mark: bytes) -> bool:
        """Step over `mark` if it is here."""
        if self.text.startswith(mark, self._at):
            self._at += len(mark)
            return True
        return False

    def expect(self, mark: bytes) -> None:
        if not self.accept(mark):
            raise Malformed(f"Expected {mark.decode('ascii')!r}.")

    def space(self) -> None:
        if not self.accept(b" "):
            raise Malformed("Something is missing.")
        while self.accept(b" "):
            pass

    def skip_spaces(self) -> None:
        while self.accept(b" "):
            pass

    def match(self, pattern: re.Pattern[bytes]) -> re.Match[bytes] | None:
        found = pattern.match(self.text, self._at)
        if found is not None:
            self._at = found.end()
        return found

    # --- words ------------------------------------------------------------------------------------

    def tag(self) -> bytes:
        found = self.match(_ASTRING)
        if found is None or b"+" in found[0]:
            raise Malformed("A command begins with a tag.")
        return found[0]

    def atom(self) -> bytes:
        found = self.match(_ATOM)
        if found is None:
            raise Malformed("Expected a word.")
        return found[0]

    def word(self) -> str:
        """An atom that names something of the protocol, in upper case."""
        return self.atom().decode("ascii").upper()

    def astring(self) -> bytes:
        found = self.match(_ASTRING)
        return found[0] if found is not None else self.string()

    def string(self) -> bytes:
        found = self.match(_QUOTED)
        if found is not None:
            body = found[1]
            return _ESCAPED.sub(rb"\1", body) if b"\\" in body else body
        return self.literal()

    def nstring(self) -> bytes | None:
        if self.text[self._at : self._at + 3].upper() == b"NIL":
            self._at += 3
            return None
        return self.string()

    def literal(self) -> bytes:
        found = _LITERAL.match(self.text, self._at)
        if found is None or self._index + 2 >= len(self._parts):
            raise Malformed("Expected a string.")
        value = self._parts[self._index + 1]
        self._index += 2
        self.text = self._parts[self._index]
        self._at = 0
        return value

    # --- numbers, sets, dates ---------------------------------------------------------------------

    def number(self, *, highest: int = MAX_LONG) -> int:
        found = self.match(_NUMBER)
        if found is None or int(found[0]) > highest:
            raise Malformed("Expected a number.")
        return int(found[0])

    def sequence_set(self) -> SequenceSet:
        found = self.match(_SET)
        if found is None:
            raise Malformed("Expected a set of message numbers.")
        return sequence.parse(found[0])

    @property
    def is_at_set(self) -> bool:
        return _SET.match(self.text, self._at) is not None

    def date(self) -> dt.date:
        found = self.match(_DATE)
        if found is None:
            raise Malformed("Expected a date such as 1-Feb-2026.")
        day, month, year = (found[1], found[2], found[3]) if found[1] else (found[4], found[5], found[6])
        try:
            return dt.date(int(year), _MONTHS[month.lower()], int(day))
        except (KeyError, ValueError):
            raise Malformed("There is no such date.") from None

    def date_time(self) -> int:
        """An INTERNALDATE, as milliseconds since the epoch."""
        found = self.match(_DATE_TIME)
        if found is None:
            raise Malformed("Expected a date and time.")
        day, month, year, hour, minute, second, sign, zone_hours, zone_minutes = found.groups()
        zone = int(zone_hours) * 60 + int(zone_minutes)
        try:
            moment = dt.datetime(
                int(year),
                _MONTHS[month.lower()],
                int(day),
                int(hour),
                int(minute),
                min(int(second), 59),
                tzinfo=dt.UTC,
            )
            moment -= dt.timedelta(minutes=-zone if sign == b"-" else zone)
        except (KeyError, ValueError, OverflowError):
            raise Malformed("There is no such date.") from None
        return int(moment.timestamp()) * 1000

    # --- names and flags --------------------------------------------------------------------------

    def mailbox(self) -> str:
        """A mailbox name as people see it; INBOX in any case, also as the first level, is `INBOX`."""
        return mailbox_name(self.astring(), is_utf8=self.has_utf8_names)

    def list_pattern(self) -> str:
        found = self.match(_LIST_MAILBOX)
        raw = found[0] if found is not None else self.string()
        if len(raw) > MAX_MAILBOX_NAME_BYTES:
            raise Malformed("The pattern is too long.")
        return _name(raw, is_utf8=self.has_utf8_names)

    def flag_list(self) -> tuple[str, ...]:
        """Flags in parentheses, which may be none."""
        self.expect(b"(")
        flags = self.flags() if self.peek() != b")" else ()
        self.expect(b")")
        return flags

    def flags(self) -> tuple[str, ...]:
        """One or more flags with a space between."""
        flags = []
        while True:
            self.skip_spaces()
            found = self.match(_FLAG)
            if found is None:
                break
            flags.append(found[0].decode("ascii"))
            if len(flags) > MAX_FLAGS:
                raise Malformed("There are too many flags.")
            if self.peek() != b" ":
                break
        if not flags:
            raise Malformed("Expected a flag.")
        return tuple(flags)


def name_as_sent(raw: bytes, *, is_utf8: bool) -> str:
    """In UTF-8 an `&` is only an `&`."""
    return raw.decode("utf-8", "replace") if is_utf8 else utf7.decode(raw)


def _name(raw: bytes, *, is_utf8: bool) -> str:
    """Macs send names decomposed; they are kept and compared composed (RFC 9051 §5.1)."""
    name = name_as_sent(raw, is_utf8=is_utf8)
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def mailbox_name(raw: bytes, *, is_utf8: bool = False) -> str:
    if len(raw) > MAX_MAILBOX_NAME_BYTES:
        raise Malformed("The mailbox name is too long.")
    name = _name(raw, is_utf8=is_utf8)
    first, slash, rest = name.partition("/")
    return "INBOX" + slash + rest if first.upper() == "INBOX" else name
