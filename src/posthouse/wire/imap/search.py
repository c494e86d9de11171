"""SEARCH as a tree of keys (RFC 9051 §6.4.4, RFC 4731 ESEARCH, RFC 5032 WITHIN, RFC 7162, RFC 8474)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from posthouse.wire.imap.errors import BadCharset, Malformed
from posthouse.wire.imap.limits import MAX_DEPTH, MAX_NUMBER, MAX_SEARCH_KEYS
from posthouse.wire.imap.resync import Partial, partial
from posthouse.wire.imap.scanner import Scanner
from posthouse.wire.imap.sequence import SequenceSet

CHARSETS = ("UTF-8", "US-ASCII")
RETURN_OPTIONS = frozenset({"MIN", "MAX", "ALL", "COUNT", "SAVE", "PARTIAL"})


@dataclass(frozen=True, slots=True)
class All:
    pass


@dataclass(frozen=True, slots=True)
class And:
    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Or:
    left: Key
    right: Key


@dataclass(frozen=True, slots=True)
class Not:
    key: Key


@dataclass(frozen=True, slots=True)
class Flag:
    """A system flag (`\\Seen`) or keyword is set."""

    name: str


@dataclass(frozen=True, slots=True)
class Header:
    """The header field (lower case) holds `value`; an empty value asks only whether the field is there."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Text:
    """`value` stands in the body, or with `everywhere` in header or body."""

    value: str
    everywhere: bool


@dataclass(frozen=True, slots=True)
class Date:
    """INTERNALDATE, or with `is_sent` the Date field, against a day without regard to zones."""

    relation: Literal["before", "on", "since"]
    day: dt.date
    is_sent: bool


@dataclass(frozen=True, slots=True)
class Size:
    """RFC822.SIZE strictly larger or smaller."""

    is_larger: bool
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Within:
    """INTERNALDATE is within the last `seconds`, or older with `is_older`."""

    is_older: bool
    seconds: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """Message numbers, or UIDs with `is_uid`."""

    set: SequenceSet
    is_uid: bool


@dataclass(frozen=True, slots=True)
class Modseq:
    at_least: int


@dataclass(frozen=True, slots=True)
class ObjectId:
    kind: Literal["email", "thread"]
    value: str


@dataclass(frozen=True, slots=True)
class Saved:
    """When the message was put into this mailbox, against a day (RFC 8514)."""

    relation: Literal["before", "on", "since"]
    day: dt.date


Key = Saved | All | And | Or | Not | Flag | Header | Text | Date | Size | Within | Numbers | Modseq | ObjectId
NOTHING = Not(All())


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """`returns` is None for the old `* SEARCH` answer, else the ESEARCH options asked for (never empty)."""

    key: Key
    returns: frozenset[str] | None
    is_uid: bool
    names_charset: bool = False
    partial: Partial | None = None


def parse(scanner: Scanner, *, is_uid: bool) -> Search:
    """Read what follows the word SEARCH. Raises Malformed, or BadCharset."""
    scanner.space()
    returns, part = parse_returns(scanner)
    if not _word_ahead(scanner, b"CHARSET"):
        return _parse_keys(scanner, "UTF-8", is_uid=is_uid, returns=returns, partial=part)
    scanner.space()
    charset = _charset(scanner, returns)
    found = _parse_keys(scanner, charset, is_uid=is_uid, returns=returns, partial=part)
    return replace(found, names_charset=True)


def parse_criteria(
    scanner: Scanner, *, is_uid: bool, returns: frozenset[str] | None, partial: Partial | None = None
) -> Search:
    """What SORT and THREAD search for: a charset, then keys (RFC 5256 §5)."""
    charset = _charset(scanner, returns)
    return _parse_keys(scanner, charset, is_uid=is_uid, returns=returns, partial=partial)


def parse_returns(scanner: Scanner) -> tuple[frozenset[str] | None, Partial | None]:
    """`RETURN (...)` and the space behind it, None where it does not stand here; and the part of PARTIAL."""
    if not _word_ahead(scanner, b"RETURN"):
        return None, None
    scanner.space()
    found = _return_options(scanner)
    scanner.space()
    return found


def _charset(scanner: Scanner, returns: frozenset[str] | None) -> str:
    charset = scanner.astring().decode("ascii", "replace").upper()
    scanner.space()
    if charset not in CHARSETS:
        raise BadCharset(saves=returns is not None and "SAVE" in returns)
    return charset


def _parse_keys(
    scanner: Scanner, charset: str, *, is_uid: bool, returns: frozenset[str] | None, partial: Partial | None
) -> Search:
    keys = _Keys(scanner, charset).read_all(until_parenthesis=False, depth=0)
    scanner.end()
    key = keys[0] if len(keys) == 1 else And(keys)
    return Search(key=key, returns=returns, is_uid=is_uid, partial=partial)


def _word_ahead(scanner: Scanner, word: bytes) -> bool:
    """Step over the word if it stands at the cursor and a space follows."""
    ahead = scanner.text[scanner.position : scanner.position + len(word) + 1]
    return ahead.upper() == word + b" " and scanner.accept(ahead[:-1])


def _return_options(scanner: Scanner) -> tuple[frozenset[str], Partial | None]:
    """One PARTIAL or one ALL at most (RFC 9394 §3.1)."""
    scanner.expect(b"(")
    options: set[str] = set()
    part = None
    while not scanner.accept(b")"):
        option = scanner.word()
        if option not in RETURN_OPTIONS:
            raise Malformed("That RETURN option is not known here.")
        if option == "PARTIAL":
            scanner.space()
            if part is not None:
                raise Malformed("One PARTIAL at most.")
            part = partial(scanner)
        options.add(option)
        scanner.skip_spaces()
    if {"PARTIAL", "ALL"} <= options:
        raise Malformed("PARTIAL and ALL exclude each other.")
    return frozenset(options or {"ALL"}), part


class _Keys:
    """Reads keys one after the other; counts them, so that no client makes us walk a huge tree."""

    def __init__(self, scanner: Scanner, charset: str) -> None:
        self._scanner = scanner
        self._codec = "utf-8" if charset == "UTF-8" else "ascii"
        self._count = 0

    def read_all(self, *, until_parenthesis: bool, depth: int) -> tuple[Key, ...]:
        keys = [self.read(depth)]
        while True:
            self._scanner.skip_spaces()
            if self._scanner.is_at_end or (until_parenthesis and self._scanner.peek() == b")"):
                return tuple(keys)
            keys.append(self.read(depth))

    def read(self, depth: int) -> Key:
        self._count += 1
        if depth > MAX_DEPTH or self._count > MAX_SEARCH_KEYS:
            raise Malformed("The search is too complicated.")
        scanner = self._scanner
        if scanner.accept(b"("):
            keys = self.read_all(until_parenthesis=True, depth=depth + 1)
            scanner.expect(b")")
            return keys[0] if len(keys) == 1 else And(keys)
        if scanner.is_at_set:
            return Numbers(scanner.sequence_set(), is_uid=False)
        word = scanner.word()
        simple = _SIMPLE.get(word)
        if simple is not None:
            return simple
        return self._with_arguments(word, depth)

    def _with_arguments(self, word: str, depth: int) -> Key:
        scanner = self._scanner
        reader = _READERS.get(word)
        if word not in ("NOT", "OR") and reader is None:
            raise Malformed("That search key is not known.")
        scanner.space()
        if word == "NOT":
            return Not(self.read(depth + 1))
        if word == "OR":
            left = self.read(depth + 1)
            scanner.space()
            return Or(left, self.read(depth + 1))
        assert reader is not None
        return reader(self)

    # --- one reader per key with arguments --------------------------------------------------------

    def text(self) -> str:
        try:
            return self._scanner.astring().decode(self._codec)
        except UnicodeDecodeError:
            raise Malformed("The search text is not in the charset named.") from None

    def header(self) -> Key:
        field = self._scanner.astring().decode("ascii", "replace").lower()
        self._scanner.space()
        return Header(field, self.text())

    def keyword(self) -> Flag:
        return Flag(self._scanner.atom().decode("ascii"))

    def date(self, relation: Literal["before", "on", "since"], *, is_sent: bool) -> Key:
        return Date(relation, self._scanner.date(), is_sent)

    def day(self) -> dt.date:
        return self._scanner.date()

    def number(self) -> int:
        return self._scanner.number()

    def seconds(self) -> int:
        return self._scanner.number(highest=MAX_NUMBER)

    def uids(self) -> Key:
        return Numbers(self._scanner.sequence_set(), is_uid=True)

    def modseq(self) -> Key:
        if self._scanner.peek() == b'"':
            self._scanner.string()
            self._scanner.space()
            self._scanner.word()
            self._scanner.space()
        return Modseq(self._scanner.number())

    def object_id(self, kind: Literal["email", "thread"]) -> Key:
        return ObjectId(kind, self._scanner.astring().decode("ascii", "replace"))


_SIMPLE: dict[str, Key] = {
    "ALL": All(),
    "ANSWERED": Flag("\\Answered"),
    "DELETED": Flag("\\Deleted"),
    "DRAFT": Flag("\\Draft"),
    "FLAGGED": Flag("\\Flagged"),
    "SEEN": Flag("\\Seen"),
    "UNANSWERED": Not(Flag("\\Answered")),
    "UNDELETED": Not(Flag("\\Deleted")),
    "UNDRAFT": Not(Flag("\\Draft")),
    "UNFLAGGED": Not(Flag("\\Flagged")),
    "UNSEEN": Not(Flag("\\Seen")),
    # \Recent is gone in IMAP4rev2 and no session here is ever told of a recent message.
    "RECENT": NOTHING,
    "NEW": NOTHING,
    "OLD": All(),
    "SAVEDATESUPPORTED": All(),
}

_READERS: dict[str, Callable[[_Keys], Key]] = {
    "BCC": lambda keys: Header("bcc", keys.text()),
    "CC": lambda keys: Header("cc", keys.text()),
    "FROM": lambda keys: Header("from", keys.text()),
    "SUBJECT": lambda keys: Header("subject", keys.text()),
    "TO": lambda keys: Header("to", keys.text()),
    "HEADER": _Keys.header,
    "BODY": lambda keys: Text(keys.text(), everywhere=False),
    "TEXT": lambda keys: Text(keys.text(), everywhere=True),
    "KEYWORD": _Keys.keyword,
    "UNKEYWORD": lambda keys: Not(keys.keyword()),
    "BEFORE": lambda keys: keys.date("before", is_sent=False),
    "ON": lambda keys: keys.date("on", is_sent=False),
    "SINCE": lambda keys: keys.date("since", is_sent=False),
    "SENTBEFORE": lambda keys: keys.date("before", is_sent=True),
    "SENTON": lambda keys: keys.date("on", is_sent=True),
    "SENTSINCE": lambda keys: keys.date("since", is_sent=True),
    "LARGER": lambda keys: Size(is_larger=True, size_bytes=keys.number()),
    "SMALLER": lambda keys: Size(is_larger=False, size_bytes=keys.number()),
    "OLDER": lambda keys: Within(is_older=True, seconds=keys.seconds()),
    "YOUNGER": lambda keys: Within(is_older=False, seconds=keys.seconds()),
    "UID": _Keys.uids,
    "MODSEQ": _Keys.modseq,
    "SAVEDBEFORE": lambda keys: Saved("before", keys.day()),
    "SAVEDON": lambda keys: Saved("on", keys.day()),
    "SAVEDSINCE": lambda keys: Saved("since", keys.day()),
    "EMAILID": lambda keys: keys.object_id("email"),
    "THREADID": lambda keys: keys.object_id("thread"),
}
