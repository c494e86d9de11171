"""Which messages of a mailbox fit a search (RFC 9051 §6.4.4). Runs in a reading thread.

Each key narrows a list of UIDs; what costs least is asked first, and rows, headings and content are read only
for those that are left. Text is compared case-folded (a substring, as IMAP wants), after decoding: the index of words
only says which messages cannot hold it, and the bytes decide (docs/decisions/0012-search.md).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import orjson

from posthouse.base import clock
from posthouse.base.errors import Missing
from posthouse.imapd.progress import Progress
from posthouse.mail import by_uid, lookups, placing, searching, standing
from posthouse.mail import flags as flag
from posthouse.mail.by_uid import FlagsRow
from posthouse.mail.columns import Column
from posthouse.mail.headings import LISTED_ADDRESSES, Heading, headings_of
from posthouse.mail.standing import Kind, Standing, taken
from posthouse.wire.imap import search
from posthouse.wire.imap.search import Key
from posthouse.wire.mime.encoded_words import decode_words
from posthouse.wire.mime.headers import loose, read_header
from posthouse.wire.mime.html_text import html_to_text
from posthouse.wire.mime.part import headers_of, load_structure, walk
from posthouse.wire.mime.text import decode_text

CONTENT_AT_ONCE_BYTES = 8 << 20
WORTH_ASKING = 16
"""So many messages are read sooner than the index is asked."""
MANY = 200
"""From so many messages on, the columns of the whole mailbox are read and kept, sooner than rows of some."""
RARE = 16
"""Of one in so many messages their places are looked up, sooner than each message is looked at."""
_COSTS: dict[type, int] = {
    search.All: 0, search.Numbers: 0, search.Flag: 1, search.Size: 1, search.Within: 1, search.Modseq: 1,
    search.ObjectId: 1, search.Date: 2, search.Saved: 2, search.Header: 3, search.Text: 9,
}  # fmt: skip
_READING = 8

_THREAD = re.compile(r"T(\d{1,18})")
Numbered = Callable[[search.Numbers], Sequence[int]]


class Found(NamedTuple):
    """UIDs ascending, and the numbers of each in the log where the search asked for that."""

    uids: Sequence[int]
    modseqs: dict[int, int] | None = None

    @property
    def modseq(self) -> int:
        """The highest, 0 where the search did not ask for it."""
        return max((self.modseqs or {}).values(), default=0)


def run(
    key: Key,
    mailbox_id: int,
    uids: Sequence[int],
    numbered: Numbered,
    progress: Progress | None = None,
) -> Found:
    """`numbered` gives the UIDs that a set of numbers or UIDs means among `uids`, the session's view, ascending."""
    searcher = _Searcher(mailbox_id, uids, numbered, progress or Progress())
    found = searcher.narrow(key, uids)
    if not _asks_modseq(key):
        return Found(found)
    rows = searcher.rows(found)
    return Found(found, {uid: rows[uid].modseq for uid in found if uid in rows})


def reads_messages(key: Key) -> bool:
    """Whether it takes more than what is known of every message."""
    return _cost(key) >= _READING


def _asks_modseq(key: Key) -> bool:
    return any(isinstance(one, search.Modseq) for one in leaves(key))


def leaves(key: Key) -> Iterator[Key]:
    """The keys that are not made of others."""
    match key:
        case search.And(keys):
            for one in keys:
                yield from leaves(one)
        case search.Or(left, right):
            yield from leaves(left)
            yield from leaves(right)
        case search.Not(inner):
            yield from leaves(inner)
        case _:
            yield key


def _cost(key: Key) -> int:
    match key:
        case search.And(keys):
            return max(map(_cost, keys))
        case search.Or(left, right):
            return max(_cost(left), _cost(right))
        case search.Not(inner):
            return _cost(inner)
        case search.Header(field, value) if field not in _HEADINGS or not value:
            return _READING
    return _COSTS[type(key)]


class _Searcher:
    def __init__(self, mailbox_id: int, uids: Sequence[int], numbered: Numbered, progress: Progress) -> None:
        self._mailbox_id = mailbox_id
        self._all = uids
        self._progress = progress
        self._numbered = numbered
        self._mailbox: Standing | None = None
        self._rows: dict[int, FlagsRow] = {}
        self._headings: dict[int, Heading] = {}
        self._asked: set[int] = set()

    def narrow(self, key: Key, uids: Sequence[int]) -> Sequence[int]:
        """Those of the UIDs that fit, in their order."""
        if not uids:
            return []
        match key:
            case search.All():
                return uids
            case search.And(keys):
                for inner in sorted(keys, key=_cost):
                    uids = self.narrow(inner, uids)
                return uids
            case search.Or(left, right):
                cheap, dear = sorted((left, right), key=_cost)
                fits = set(self.narrow(cheap, uids))
                fits.update(self.narrow(dear, [uid for uid in uids if uid not in fits]))
                return [uid for uid in uids if uid in fits]
            case search.Not(inner):
                fits = set(self.narrow(inner, uids))
                return [uid for uid in uids if uid not in fits]
            case search.Numbers():
                asked = self._numbered(key)
                if uids is self._all:
                    return asked
                fits = set(asked)
                return [uid for uid in uids if uid in fits]
            case search.Text():
                return self._by_text(uids, key)
            case search.Header():
                return self._by_header(uids, key)
            case search.Date(is_sent=True):
                return self._by_date(uids, key)
        return self._by_row(uids, key)

    def _by_row(self, uids: Sequence[int], key: Key) -> Sequence[int]:
        """By what the mailbox in memory knows: a column, and what must be true of its value."""
        mailbox = self.mailbox
        places = mailbox.places_of(uids)
        known = taken(mailbox.uids, places)
        match key:
            case search.Flag(name):
                test = _flag_test(name)
                good = {number for number, kind in enumerate(mailbox.kinds) if test(kind)}
                if not good:
                    return []
                numbers = taken(mailbox.kind_numbers, places)
                return [uid for uid, number in zip(known, numbers, strict=True) if number in good]
            case search.ObjectId("email", value):
                ids, originals = taken(mailbox.email_ids, places), lookups.originals(self._mailbox_id)
                return [
                    uid
                    for uid, email_id in zip(known, ids, strict=True)
                    if f"M{originals.get(email_id, email_id)}" == value
                ]
            case search.ObjectId("thread", value):
                thread = _THREAD.fullmatch(value)
                inside = lookups.uids_of_thread(self._mailbox_id, int(thread[1])) if thread else set()
                return [uid for uid in known if uid in inside]
            case search.Saved():
                low, high = _span(key)
                at = lookups.saved_at_ms(self._mailbox_id, known)
                return [uid for uid in known if uid in at and low <= at[uid] < high]
        asked = _span_of(key)
        if asked is None:
            return []
        column, low, high = asked
        values = taken(getattr(mailbox, column), places)
        return [uid for uid, value in zip(known, values, strict=True) if low <= value < high]

    @property
    def mailbox(self) -> Standing:
        """As it was when first looked at. Nothing is left of one that was deleted meanwhile."""
        if self._mailbox is None:
            try:
                with standing.standing(self._mailbox_id) as found:
                    self._mailbox = found.snapshot()
            except Missing:
                self._mailbox = Standing(self._mailbox_id)
        return self._mailbox

    def rows(self, uids: Sequence[int]) -> dict[int, FlagsRow]:
        missing = [uid for uid in uids if uid not in self._asked]
        if missing:
            places = self.mailbox.places_of(missing)
            self._rows.update((row.uid, row) for row in self.mailbox.rows_at(places))
            self._asked.update(missing)
        return self._rows

    def _by_heading(self, uids: Sequence[int], test: Callable[[Heading], bool]) -> Sequence[int]:
        rows = self.rows(uids)
        ids = {uid: rows[uid].email_id for uid in uids if uid in rows}
        self._headings.update(headings_of(i for i in ids.values() if i not in self._headings))
        return [uid for uid, i in ids.items() if i in self._headings and test(self._headings[i])]

    def _by_date(self, uids: Sequence[int], key: search.Date) -> Sequence[int]:
        """By the Date field; of many from the column."""
        low, high = _span(key)
        if len(uids) < MANY:
            return self._by_heading(
                uids, lambda heading: heading.sent_at_ms is not None and low <= heading.sent_at_ms < high
            )
        places = self.mailbox.places_of(uids)
        known, moments = taken(self.mailbox.uids, places), taken(_SENT.of(self.mailbox), places)
        return [uid for uid, at in zip(known, moments, strict=True) if low <= at < high]

    def _by_header(self, uids: Sequence[int], key: search.Header) -> Sequence[int]:
        """From the row where it holds the whole field, else from the message."""
        column = _HEADINGS.get(key.field)
        if column is None or not key.value:
            perhaps, _ = self._perhaps(uids, key.value)
            return self._by_content(perhaps, _header_test(key))
        needle = key.value.casefold()
        if len(uids) < MANY or column not in _SHOWN:
            return self._by_field(uids, key, column, needle)
        mailbox = self.mailbox
        kept = (_LISTS if _stands_plainly(needle) else _SHOWN).get(column, _SHOWN[column]).of(mailbox)
        places = mailbox.places_of(uids)
        known, texts = taken(mailbox.uids, places), taken(kept, places)
        found = [uid for uid, text in zip(known, texts, strict=True) if needle in text]
        if len(found) == len(known):
            return found
        cut = [
            uid for uid, text in zip(known, texts, strict=True) if text[-1:] == _CUT and needle not in text
        ]
        return sorted([*found, *self._by_content(cut, _header_test(key))]) if cut else found

    def _by_field(self, uids: Sequence[int], key: search.Header, column: str, needle: str) -> Sequence[int]:
        if column in ("subject", "message_id"):
            form = "{}" if column == "subject" else "<{}>"
            return self._by_heading(
                uids, lambda heading: needle in form.format(getattr(heading, column)).casefold()
            )
        long: set[int] = set(self._by_heading(uids, lambda heading: _is_cut(getattr(heading, column))))
        found = set(self._by_heading(uids, lambda heading: _holds_address(getattr(heading, column), needle)))
        found.update(self._by_content([uid for uid in uids if uid in long - found], _header_test(key)))
        return [uid for uid in uids if uid in found]

    def _by_text(self, uids: Sequence[int], key: search.Text) -> Sequence[int]:
        """The bytes are asked of those that the index of words leaves in doubt."""
        perhaps, held = self._perhaps(uids, key.value)
        if held is None:
            return self._by_content(perhaps, _text_test(key))
        ids = taken(self.mailbox.email_ids, self.mailbox.places_of(perhaps))
        sure = held.anywhere if key.everywhere else held.in_body
        doubted = [uid for uid, email_id in zip(perhaps, ids, strict=True) if email_id not in sure]
        found = set(self._by_content(doubted, _text_test(key)))
        return [uid for uid, email_id in zip(perhaps, ids, strict=True) if email_id in sure or uid in found]

    def _perhaps(self, uids: Sequence[int], text: str) -> tuple[Sequence[int], searching.Held | None]:
        """Without those that the index of words knows not to hold a text; and what it knows, if it was asked."""
        if len(uids) < WORTH_ASKING:
            return uids, None
        places = self.mailbox.places_of(uids)
        ids = taken(self.mailbox.email_ids, places)
        account_id = by_uid.account_of(self._mailbox_id)
        held = searching.may_hold(account_id, ids, text.casefold())
        known = taken(self.mailbox.uids, places)
        if len(held.perhaps) * RARE < len(known):
            there = sorted(placing.uids_in(self._mailbox_id, held.perhaps).values())
            return [
                uid for uid in there if (at := bisect_left(known, uid)) < len(known) and known[at] == uid
            ], held
        return [uid for uid, email_id in zip(known, ids, strict=True) if email_id in held.perhaps], held

    def _by_content(self, uids: Sequence[int], test: Callable[[bytes, bytes], bool]) -> Sequence[int]:
        """`test` gets the structure and the bytes of a message."""
        rows = self.rows(uids)
        found: list[int] = []
        progress = self._progress
        progress.total = (progress.total or 0) + len(uids)
        for batch in _batches([rows[uid] for uid in uids if uid in rows]):
            progress.check()
            progress.done += len(batch)
            ids = [row.email_id for row in batch]
            structures, raw = by_uid.structures_of(ids), by_uid.raw_of(ids)
            found += [
                row.uid
                for row in batch
                if row.email_id in structures
                and row.email_id in raw
                and test(structures[row.email_id], raw[row.email_id])
            ]
        return found


def _batches(rows: Sequence[FlagsRow]) -> Iterable[list[FlagsRow]]:
    batch: list[FlagsRow] = []
    size = 0
    for row in rows:
        if batch and size + row.size_bytes > CONTENT_AT_ONCE_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += row.size_bytes
    if batch:
        yield batch


# --- tests of a row --------------------------------------------------------------------------------


def _span_of(key: Key) -> tuple[str, int, int] | None:
    """A column of a mailbox, and from where to before where its values fit; None for what nothing fits."""
    match key:
        case search.Size(is_larger, size):
            return ("sizes", size + 1, _EVER) if is_larger else ("sizes", 0, size)
        case search.Within(is_older, seconds):
            edge = clock.now_ms() - seconds * 1000
            return ("received_at_ms", -_EVER, edge + 1) if is_older else ("received_at_ms", edge, _EVER)
        case search.Date():
            return ("received_at_ms", *_span(key))
        case search.Modseq(least):
            return ("modseqs", least, _EVER)
    return None


def _flag_test(name: str) -> Callable[[Kind], bool]:
    lowered = name.lower()
    if lowered == "\\deleted":
        return lambda kind: kind.is_deleted
    bit = flag.bit_of(name)
    if bit:
        return lambda kind: bool(kind.flags & bit)
    return lambda kind: lowered in kind.keywords.split()


_EVER = 1 << 62


def _span(key: search.Date | search.Saved) -> tuple[int, int]:
    """Milliseconds from and before which the date fits. Days are UTC's, as our INTERNALDATE is."""
    start = datetime(key.day.year, key.day.month, key.day.day, tzinfo=UTC)
    low = round(start.timestamp()) * 1000
    high = low + round(timedelta(days=1).total_seconds()) * 1000
    if key.relation == "before":
        return -_EVER, low
    return low, high if key.relation == "on" else _EVER


_NEVER = -2 * _EVER
_SENT = Column(
    "coalesce(CAST(e.sent_at AS text), '')",
    lambda _, texts: [int(text) if text else _NEVER for text in texts],
)


# --- tests of text ---------------------------------------------------------------------------------

_HEADINGS = {
    "from": "sender",
    "to": "recipients",
    "cc": "copied",
    "subject": "subject",
    "message-id": "message_id",
}


def _is_cut(addresses: str) -> bool:
    return addresses.count('"email":') >= LISTED_ADDRESSES


def _stands_plainly(needle: str) -> bool:
    """Whether it stands in the JSON of addresses exactly if it stands in `Name <address>, ...`."""
    return (
        needle.isascii()
        and needle.isprintable()
        and needle.strip() == needle
        and needle not in "name"
        and needle not in "email"
        and not set(needle) & set('"\\<>,:{}[]')
    )


def _holds_address(addresses: str, needle: str) -> bool:
    """Whether the needle stands in `Name <address>, ...`; most rows are ruled out without reading the JSON."""
    if _stands_plainly(needle) and needle not in addresses.casefold():
        return False
    return needle in _shown(addresses)


def _shown(addresses: str) -> str:
    people = orjson.loads(addresses)
    return ", ".join(
        f"{one['name']} <{one['email']}>" if one["name"] else one["email"] for one in people
    ).casefold()


def _all_shown(_: Sequence[int], lists: Sequence[str]) -> list[str]:
    return [_shown(one) + (_CUT if _is_cut(one) else "") for one in lists]


def _lists(ids: Sequence[int], lists: Sequence[str]) -> list[str]:
    """The JSON itself, but for lists that are long or escape something."""
    return [_all_shown(ids, [one])[0] if len(one) > _LONG or "\\" in one else one.casefold() for one in lists]


_CUT = "\0"
"""Ends a list of addresses that may go on in the message: no needle holds it."""
_LONG = LISTED_ADDRESSES * len('{"name":"","email":""}')
_SHOWN = {
    "subject": Column("e.subject", lambda _, texts: list(map(str.casefold, texts))),
    "sender": Column("e.sender", _all_shown, missing="[]"),
    "recipients": Column("e.recipients", _all_shown, missing="[]"),
    "copied": Column("e.copied", _all_shown, missing="[]"),
}
_LISTS = {name: Column(f"e.{name}", _lists, missing="[]") for name in ("sender", "recipients", "copied")}


def _header_test(key: search.Header) -> Callable[[bytes, bytes], bool]:
    field, needle = key.field.encode("ascii", "replace"), key.value.casefold()

    def test(_: bytes, raw: bytes) -> bool:
        header = read_header(raw, 0, len(raw))
        return any(
            name == field and needle in decode_words(loose(value)).casefold() for name, value in header.fields
        )

    return test


def _text_test(key: search.Text) -> Callable[[bytes, bytes], bool]:
    needle = key.value.casefold()

    def test(structure: bytes, raw: bytes) -> bool:
        return _body_holds(structure, raw, needle) or (
            key.everywhere and _header_holds(structure, raw, needle)
        )

    return test


def _header_holds(structure: bytes, raw: bytes, needle: str) -> bool:
    """In the message's header, or in that of a part (RFC 9051 §6.4.4, TEXT)."""
    return any(
        needle in f"{name.decode('ascii', 'replace')}: {decode_words(loose(value))}".casefold()
        for start, end in headers_of(load_structure(structure))
        for name, value in read_header(raw, start, end).fields
    )


def _body_holds(structure: bytes, raw: bytes, needle: str) -> bool:
    for _, part in walk(load_structure(structure)):
        if part.content_type.startswith("text/"):
            text = decode_text(part, raw)
            if needle in (html_to_text(text) if part.content_type == "text/html" else text).casefold():
                return True
    return False
