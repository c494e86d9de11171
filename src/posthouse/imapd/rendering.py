"""FETCH answers, made of what was prepared at arrival: rows, ready bytes, slices (RFC 9051 §6.4.5, §7.5.2).

Runs in a reading thread: one crossing gives up to about a megabyte of answer, so a whole mailbox can be
fetched without holding it in memory, and a slow client slows only itself. Each item is made for all messages of
a batch at once, and the lines are formatted from the columns: per message this costs a third of going item by item.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from posthouse.base.errors import Missing
from posthouse.imapd.flags import flags_text
from posthouse.imapd.row_items import READERS, ReadRows
from posthouse.mail import by_uid, standing
from posthouse.mail import flags as flag
from posthouse.mail.by_uid import PartsRow
from posthouse.mail.ready import ReadyRow
from posthouse.mail.standing import Standing, taken
from posthouse.wire.imap import response
from posthouse.wire.imap.fetch import Binary, FetchItem, Item, Section
from posthouse.wire.mime.part import Part, find_part, load_structure
from posthouse.wire.mime.section import header_fields, section_range
from posthouse.wire.mime.text import decode_body

ANSWER_BYTES = 1 << 20
ROWS_AT_ONCE = 2_000
RAW_AT_ONCE_BYTES = 1 << 20
KEPT_FROM_BYTES = 64 << 10
KEPT_TOTAL_BYTES = 64 << 20
KEPT_AT_ONCE = 256
KEPT_PARTS_BYTES = 16 << 20
_KEPT_PART_BYTES = 400


class Rendered(NamedTuple):
    """Lines for the first `taken` of the messages asked for.

    `seen` holds UIDs shown as \\Seen that the store does not have so yet; `has_missing` that some are gone.
    """

    data: bytes
    taken: int
    seen: list[int]
    has_missing: bool


class _Batch(NamedTuple):
    """Messages that are answered together; `raw` and `roots` are empty where no section is asked for."""

    mailbox_id: int
    rows: list[ReadyRow]
    raw: list[bytes]
    roots: list[Part]


Values = Iterable[int | bytes]
Column = Callable[[_Batch], Values]
Look = Callable[[Standing, Sequence[int]], Sequence[int] | Sequence[bytes]]
"""What an item is of the e-mails at some places of a mailbox in memory."""


class Plan:
    """What a FETCH needs and how each item is written. Made once per command."""

    def __init__(
        self,
        items: Sequence[FetchItem],
        *,
        is_uid: bool,
        may_set_seen: bool,
        changed_since: int | None = None,
        mark: int = 0,
        is_uid_only: bool = False,
    ) -> None:
        """`mark` is the hub's of the account, or 0: what is read may be kept until it changes.

        With `is_uid_only` UIDs are given as numbers, and stand in the answer without being asked for (RFC 9586 §3.3).
        """
        wanted = list(items)
        if is_uid and not is_uid_only and Item.UID not in wanted:
            wanted.insert(0, Item.UID)
        if changed_since is not None and Item.MODSEQ not in wanted:
            wanted.append(Item.MODSEQ)
        sections = [item for item in wanted if isinstance(item, Section | Binary)]
        self.sets_seen = may_set_seen and any(section.sets_seen for section in sections)
        self.shows_flags = Item.FLAGS in wanted
        self.needs_raw = bool(sections)
        self.is_partial = any(section.partial is not None for section in sections)
        self.changed_since = changed_since
        self.mark = mark
        self.is_fixed = changed_since is None and not sections and _FIXED.issuperset(wanted)
        columns = {_READY[item] for item in wanted if isinstance(item, Item) and item in _READY}
        self.columns = frozenset({*columns, "structure"} if self.needs_raw else columns)
        self.looks = [_LOOKS.get(item) if isinstance(item, Item) else None for item in wanted]
        self.readers = [READERS.get(item) if isinstance(item, Item) else None for item in wanted]
        self.needs_rows = any(self.readers)
        self.fields = [_FIELDS.get(item, -1) if isinstance(item, Item) else -1 for item in wanted]
        made = [_column(item) for item in wanted]
        self.makers = [maker for _, maker in made]
        extra = b"%b" if self.sets_seen and not self.shows_flags else b""
        word = b"UIDFETCH" if is_uid_only else b"FETCH"
        self.template = b"* %d " + word + b" (" + b" ".join(form for form, _ in made) + extra + b")\r\n"


class _KeptParts:
    """The ready answers of the e-mails looked at last, so that looking again needs no database.

    They never change. The oldest go when there are too many bytes. Filled by reading threads, read by the loop.
    """

    def __init__(self) -> None:
        self._parts: dict[tuple[int, frozenset[str]], PartsRow] = {}
        self._bytes = 0
        self._lock = threading.Lock()

    def add(self, parts: dict[int, PartsRow], columns: frozenset[str]) -> None:
        with self._lock:
            for email_id, row in parts.items():
                if (email_id, columns) not in self._parts:
                    self._parts[email_id, columns] = row
                    self._bytes += self._cost(row)
            while self._bytes > KEPT_PARTS_BYTES:
                oldest = next(iter(self._parts))
                self._bytes -= self._cost(self._parts.pop(oldest))

    def of(self, email_ids: Iterable[int], columns: frozenset[str]) -> dict[int, PartsRow] | None:
        """All of them, or None when one is not here."""
        parts = self._parts
        try:
            return {email_id: parts[email_id, columns] for email_id in email_ids}
        except KeyError:
            return None

    @staticmethod
    def _cost(row: PartsRow) -> int:
        return _KEPT_PART_BYTES + sum(map(len, row))


_kept_parts = _KeptParts()


def render_known(plan: Plan, mailbox_id: int, uids: Sequence[int], numbers: Sequence[int]) -> Rendered | None:
    """The whole answer without a database, where all of it is known and nothing of it can have changed.

    For the event loop: not too many messages.
    """
    most = KEPT_AT_ONCE if plan.columns else ROWS_AT_ONCE
    if plan.needs_raw or plan.needs_rows or len(uids) > most or not (plan.mark or plan.is_fixed):
        return None
    with standing.known(mailbox_id) as mailbox:
        if mailbox is None or not (plan.is_fixed or mailbox.mark == plan.mark):
            return None
        looked = _look(plan, mailbox, uids)
    parts = _kept_parts.of(looked.email_ids, plan.columns) if plan.columns else {}
    if parts is None or (plan.is_fixed and len(looked.uids) != len(uids)):
        return None
    return _written(plan, looked, parts, uids, numbers)


def render(plan: Plan, mailbox_id: int, uids: Sequence[int], numbers: Sequence[int]) -> Rendered:
    """Answer for as many of the messages, from the first, as one crossing should; at least one."""
    asked, numbers = uids[:ROWS_AT_ONCE], numbers[:ROWS_AT_ONCE]
    try:
        with standing.standing(mailbox_id, mark=plan.mark) as mailbox:
            if plan.needs_raw:
                places, has_missing = _places(plan, mailbox, asked)
                rows = mailbox.rows_at(places)
            else:
                looked = _look(plan, mailbox, asked)
    except Missing:
        return Rendered(b"", len(asked), [], has_missing=True)
    if not plan.needs_raw:
        looked = _with_rows(plan, looked, mailbox_id)
        return _written(plan, looked, _parts_of(plan, looked.email_ids), asked, numbers)
    parts = by_uid.parts_of([row.email_id for row in rows], plan.columns)
    ready = [ReadyRow(*row, *parts[row.email_id]) for row in rows if row.email_id in parts]
    number_of = dict(zip(asked, numbers, strict=True))
    return _render_with_raw(
        plan,
        mailbox_id,
        asked,
        ready,
        [number_of[row.uid] for row in ready],
        has_missing=has_missing or len(ready) != len(rows),
    )


def _parts_of(plan: Plan, email_ids: Sequence[int]) -> dict[int, PartsRow]:
    if not plan.columns:
        return {}
    if len(email_ids) > KEPT_AT_ONCE:
        return by_uid.parts_of(email_ids, plan.columns)
    parts = _kept_parts.of(email_ids, plan.columns)
    if parts is None:
        parts = by_uid.parts_of(email_ids, plan.columns)
        _kept_parts.add(parts, plan.columns)
    return parts


class _Looked(NamedTuple):
    """What a mailbox in memory says of the messages to be shown; of an item that it does not know, None."""

    uids: Sequence[int]
    email_ids: Sequence[int]
    columns: list[Sequence[int] | Sequence[bytes] | None]
    has_missing: bool


def _places(plan: Plan, mailbox: Standing, asked: Sequence[int]) -> tuple[Sequence[int], bool]:
    """Where those to be shown are, and whether some of the messages are gone."""
    places = mailbox.places_of(asked)
    has_missing = len(places) != len(asked)
    if plan.changed_since is not None:
        modseqs, since = mailbox.modseqs, plan.changed_since
        places = [at for at in places if modseqs[at] > since]
    return places, has_missing


def _look(plan: Plan, mailbox: Standing, asked: Sequence[int]) -> _Looked:
    places, has_missing = _places(plan, mailbox, asked)
    return _Looked(
        taken(mailbox.uids, places),
        taken(mailbox.email_ids, places),
        [None if look is None else look(mailbox, places) for look in plan.looks],
        has_missing,
    )


def _with_rows(plan: Plan, looked: _Looked, mailbox_id: int) -> _Looked:
    """With what must be read from rows."""
    if not plan.needs_rows:
        return looked
    return looked._replace(
        columns=[
            column if read is None else read(mailbox_id, looked.uids, looked.email_ids)
            for read, column in zip(plan.readers, looked.columns, strict=True)
        ]
    )


def _written(
    plan: Plan, looked: _Looked, parts: dict[int, PartsRow], asked: Sequence[int], numbers: Sequence[int]
) -> Rendered:
    """All lines by one format: what is written for each message costs less than a call for each."""
    uids, email_ids, columns, has_missing = looked
    if plan.columns and len(parts) < len(email_ids):
        there = [at for at, email_id in enumerate(email_ids) if email_id in parts]
        uids, email_ids = [uids[at] for at in there], [email_ids[at] for at in there]
        columns = [None if column is None else [column[at] for at in there] for column in columns]  # type: ignore[misc]
        has_missing = True
    if len(uids) != len(asked):
        number_of = dict(zip(asked, numbers, strict=True))
        numbers = [number_of[uid] for uid in uids]
    values = [
        column if column is not None else [parts[email_id][field] for email_id in email_ids]
        for column, field in zip(columns, plan.fields, strict=True)
    ]
    flat = tuple(chain.from_iterable(zip(numbers, *values, strict=True)))
    return Rendered(plan.template * len(uids) % flat, len(asked), [], has_missing)


def _render_with_raw(
    plan: Plan,
    mailbox_id: int,
    asked: Sequence[int],
    rows: list[ReadyRow],
    numbers: Sequence[int],
    *,
    has_missing: bool,
) -> Rendered:
    lines: list[bytes] = []
    seen: list[int] = []
    size = at = 0
    for some in _by_size(rows):
        found = _raw_of(some, is_partial=plan.is_partial)
        shown = [row for row in some if row.email_id in found]  # else gone between two reads
        raw = [found[row.email_id] for row in shown]
        batch = _Batch(mailbox_id, shown, raw, [load_structure(row.structure) for row in shown])
        is_whole = len(shown) == len(some)
        here = numbers[at : at + len(some)]
        if not is_whole:
            here = [n for n, row in zip(here, some, strict=True) if row.email_id in found]
        made = _lines(plan, batch, here, seen)
        lines += made
        size += sum(map(len, made))
        at += len(some)
        if size >= ANSWER_BYTES and at < len(rows):
            return Rendered(b"".join(lines), bisect_left(asked, some[-1].uid) + 1, seen, has_missing)
    return Rendered(b"".join(lines), len(asked), seen, has_missing)


def _lines(plan: Plan, batch: _Batch, numbers: Sequence[int], seen: list[int]) -> list[bytes]:
    template = plan.template
    if not plan.sets_seen:
        columns = [make(batch) for make in plan.makers]
        return [template % values for values in zip(numbers, *columns, strict=True)]
    fresh = [not row.flags & flag.SEEN for row in batch.rows]
    rows = [row._replace(flags=row.flags | flag.SEEN) for row in batch.rows]
    seen += [row.uid for row, is_fresh in zip(rows, fresh, strict=True) if is_fresh]
    batch = batch._replace(rows=rows)
    columns = [make(batch) for make in plan.makers]
    if not plan.shows_flags:
        columns.append(
            [
                b" FLAGS " + flags_text(row) if is_fresh else b""
                for row, is_fresh in zip(rows, fresh, strict=True)
            ]
        )
    return [template % values for values in zip(numbers, *columns, strict=True)]


def _by_size(rows: Sequence[ReadyRow]) -> Iterable[list[ReadyRow]]:
    batch: list[ReadyRow] = []
    size = 0
    for row in rows:
        if batch and size + row.size_bytes > RAW_AT_ONCE_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += row.size_bytes
    if batch:
        yield batch


# --- large messages in pieces --------------------------------------------------------------------

_kept: OrderedDict[int, bytes] = OrderedDict()
_kept_lock = threading.Lock()


def _raw_of(rows: Sequence[ReadyRow], *, is_partial: bool) -> dict[int, bytes]:
    """The bytes of messages. Clients fetch a large one in dozens of pieces, so it is kept for a while."""
    found: dict[int, bytes] = {}
    if is_partial:
        with _kept_lock:
            found = {row.email_id: _kept[row.email_id] for row in rows if row.email_id in _kept}
    missing = [row.email_id for row in rows if row.email_id not in found]
    if missing:
        found |= by_uid.raw_of(missing)
    if is_partial:
        _keep(found)
    return found


def _keep(found: dict[int, bytes]) -> None:
    with _kept_lock:
        for email_id, raw in found.items():
            if len(raw) >= KEPT_FROM_BYTES:
                _kept[email_id] = raw
                _kept.move_to_end(email_id)
        while len(_kept) > 1 and sum(map(len, _kept.values())) > KEPT_TOTAL_BYTES:
            _kept.popitem(last=False)


def _row_column(read: ReadRows) -> Column:
    return lambda batch: read(
        batch.mailbox_id, [row.uid for row in batch.rows], [row.email_id for row in batch.rows]
    )


# --- items ---------------------------------------------------------------------------------------

_COLUMNS: dict[Item, tuple[bytes, Column]] = {
    Item.UID: (b"UID %d", lambda batch: [row.uid for row in batch.rows]),
    Item.FLAGS: (b"FLAGS %b", lambda batch: map(flags_text, batch.rows)),
    Item.INTERNALDATE: (
        b"INTERNALDATE %b",
        lambda batch: [response.internal_date(row.received_at_ms) for row in batch.rows],
    ),
    Item.SIZE: (b"RFC822.SIZE %d", lambda batch: [row.size_bytes for row in batch.rows]),
    Item.MODSEQ: (b"MODSEQ (%d)", lambda batch: [row.modseq for row in batch.rows]),
    Item.ENVELOPE: (b"ENVELOPE %b", lambda batch: [row.envelope for row in batch.rows]),
    Item.BODY: (b"BODY %b", lambda batch: [row.body for row in batch.rows]),
    Item.BODYSTRUCTURE: (b"BODYSTRUCTURE %b", lambda batch: [row.bodystructure for row in batch.rows]),
}
_COLUMNS |= {item: (item.value + b" %b", _row_column(read)) for item, read in READERS.items()}
_READY = {Item.ENVELOPE: "envelope", Item.BODY: "body", Item.BODYSTRUCTURE: "bodystructure"}


def _flag_texts(mailbox: Standing, places: Sequence[int]) -> list[bytes]:
    texts = list(map(flags_text, mailbox.kinds))
    return [texts[number] for number in taken(mailbox.kind_numbers, places)]


def _dates(mailbox: Standing, places: Sequence[int]) -> list[bytes]:
    return list(map(response.internal_date, taken(mailbox.received_at_ms, places)))


_LOOKS: dict[Item, Look] = {
    Item.UID: lambda mailbox, places: taken(mailbox.uids, places),
    Item.FLAGS: _flag_texts,
    Item.INTERNALDATE: _dates,
    Item.SIZE: lambda mailbox, places: taken(mailbox.sizes, places),
    Item.MODSEQ: lambda mailbox, places: taken(mailbox.modseqs, places),
}
_FIXED = frozenset({*_READY, Item.UID, Item.INTERNALDATE, Item.SIZE})
_FIELDS = {item: PartsRow._fields.index(name) for item, name in _READY.items()}


def is_supported(item: FetchItem) -> bool:
    return not isinstance(item, Item) or item in _COLUMNS


def _column(item: FetchItem) -> tuple[bytes, Column]:
    if isinstance(item, Item):
        return _COLUMNS[item]
    return b"%b", _section_column(item) if isinstance(item, Section) else _binary_column(item)


def _section_column(section: Section) -> Column:
    number = ".".join(map(str, section.path)) or None
    is_fields = section.kind.startswith("HEADER.FIELDS")
    is_excluding = section.kind.endswith(".NOT")
    what = "HEADER" if is_fields else section.kind
    label = _label(section)

    def write(root: Part, raw: bytes) -> bytes:
        where = section_range(root, len(raw), number=number, what=what)
        if where is None:
            return label + b"NIL"
        low, high = where
        if is_fields:
            raw = header_fields(raw[low:high], section.fields, is_excluding=is_excluding)
            low, high = 0, len(raw)
        if section.partial is not None:
            low = min(low + section.partial[0], high)
            high = min(low + section.partial[1], high)
        return b"%b{%d}\r\n%b" % (label, high - low, raw[low:high])

    return lambda batch: map(write, batch.roots, batch.raw)


def _label(section: Section | Binary) -> bytes:
    return section.label + (b"<%d> " % section.partial[0] if section.partial else b" ")


def _binary_column(binary: Binary) -> Column:
    """Transfer encodings we do not know are left as they are."""
    number = ".".join(map(str, binary.path))
    label = _label(binary)

    def write(root: Part, raw: bytes) -> bytes:
        part = find_part(root, number) if number else None
        if number and part is None:
            return label + b"NIL" if not binary.is_size else label + b"0"
        content = raw if part is None else decode_body(part, raw)
        if binary.is_size:
            return label + b"%d" % len(content)
        if binary.partial is not None:
            low, count = binary.partial
            content = content[low : low + count]
        mark = b"~" if b"\0" in content else b""
        return b"%b%b{%d}\r\n%b" % (label, mark, len(content), content)

    return lambda batch: map(write, batch.roots, batch.raw)
