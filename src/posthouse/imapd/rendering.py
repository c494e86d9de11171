"""FETCH answers, made of what was prepared at arrival: rows, ready bytes, slices (RFC 9051 §6.4.5, §7.5.2).

Runs in a reading thread: one crossing gives up to about a megabyte of answer, so a whole mailbox can be
fetched without holding it in memory, and a slow client slows only itself. Each item is made for all messages of
a batch at once, and the lines are formatted from the columns: per message this costs a third of going item by item.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from posthouse.base.errors import Missing
from posthouse.imapd import contents
from posthouse.imapd.contents import ContentItem, Room, content_item
from posthouse.imapd.flags import flags_text
from posthouse.imapd.row_items import READERS
from posthouse.mail import by_uid, standing
from posthouse.mail import flags as flag
from posthouse.mail.by_uid import PARTS, Parts
from posthouse.mail.standing import Standing, taken
from posthouse.wire.imap import response
from posthouse.wire.imap.fetch import FetchItem, Item
from posthouse.wire.mime.part import Extent

ANSWER_BYTES = 1 << 20
ROWS_AT_ONCE = 2_000
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
        self.room = Room()
        self.contents = [None if isinstance(item, Item) else content_item(item, self.room) for item in wanted]
        sections = [item for item in wanted if not isinstance(item, Item)]
        self.sets_seen = may_set_seen and any(section.sets_seen for section in sections)
        makers = [content.from_fields for content in self.contents if content is not None]
        self.from_fields = bool(sections) and all(makers) and not self.sets_seen
        self.needs_raw = bool(sections) and not self.from_fields
        self.needs_tree = any(content is not None and content.needs_tree for content in self.contents)
        needs_extent = any(content is not None and content.needs_extent for content in self.contents)
        self.is_partial = any(section.partial is not None for section in sections)
        self.changed_since = changed_since
        self.mark = mark
        self.is_fixed = (
            changed_since is None
            and not self.needs_raw
            and all(item in _FIXED or not isinstance(item, Item) for item in wanted)
        )
        columns = {_READY[item] for item in wanted if isinstance(item, Item) and item in _READY}
        self.columns = frozenset(columns | ({"fields"} if self.from_fields else set()))
        self.content_columns = frozenset(columns | ({"structure"} if needs_extent else set()))
        self.looks = [_LOOKS.get(item) if isinstance(item, Item) else None for item in wanted]
        self.readers = [READERS.get(item) if isinstance(item, Item) else None for item in wanted]
        self.needs_rows = any(self.readers)
        self.parts = [_READY.get(item, "") if isinstance(item, Item) else "fields" for item in wanted]
        forms = [_form(item, content) for item, content in zip(wanted, self.contents, strict=True)]
        extra = b""
        if self.sets_seen:
            extra = self._show_as_seen(wanted)
        word = b"UIDFETCH" if is_uid_only else b"FETCH"
        self.template = b"* %d " + word + b" (" + b" ".join(forms) + extra + b")\r\n"

    def _show_as_seen(self, wanted: Sequence[FetchItem]) -> bytes:
        """Flags as they will be; where they were not asked for, of those that become \\Seen. Gives what is added."""
        if Item.FLAGS in wanted:
            self.looks[wanted.index(Item.FLAGS)] = _seen_texts
            return b""
        self.contents.append(None)
        self.looks.append(_newly_seen_texts)
        self.readers.append(None)
        self.parts.append("")
        return b"%b"


class _KeptParts:
    """The ready answers of the e-mails looked at last, so that looking again needs no database.

    They never change. The oldest go when there are too many bytes. Filled by reading threads, read by the loop.
    """

    def __init__(self) -> None:
        self._parts: dict[tuple[int, frozenset[str]], Parts] = {}
        self._bytes = 0
        self._lock = threading.Lock()

    def add(self, parts: dict[int, Parts], columns: frozenset[str]) -> None:
        with self._lock:
            for email_id, row in parts.items():
                if (email_id, columns) not in self._parts:
                    self._parts[email_id, columns] = row
                    self._bytes += self._cost(row)
            while self._bytes > KEPT_PARTS_BYTES:
                oldest = next(iter(self._parts))
                self._bytes -= self._cost(self._parts.pop(oldest))

    def of(self, email_ids: Iterable[int], columns: frozenset[str]) -> dict[int, Parts] | None:
        """All of them, or None when one is not here."""
        parts = self._parts
        try:
            return {email_id: parts[email_id, columns] for email_id in email_ids}
        except KeyError:
            return None

    @staticmethod
    def _cost(row: Parts) -> int:
        return _KEPT_PART_BYTES + sum(len(part or b"") for part in row)


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
    looked, rows = _beside(looked, parts) if plan.columns else (looked, ())
    if plan.from_fields and not _are_ready(plan, rows):
        return None
    return _written(plan, looked, rows, uids, numbers)


def render(plan: Plan, mailbox_id: int, uids: Sequence[int], numbers: Sequence[int]) -> Rendered:
    """Answer for as many of the messages, from the first, as one crossing should; at least one."""
    asked, numbers = uids[:ROWS_AT_ONCE], numbers[:ROWS_AT_ONCE]
    try:
        with standing.standing(mailbox_id, mark=plan.mark) as mailbox:
            looked = _look(plan, mailbox, asked)
    except Missing:
        return Rendered(b"", len(asked), [], has_missing=True)
    if plan.needs_raw:
        return _with_content(plan, mailbox_id, looked, asked, numbers)
    looked = _with_rows(plan, looked, mailbox_id)
    rows: Sequence[Parts] = ()
    if plan.columns:
        ready = _neighbours(plan.columns, mailbox_id, looked.uids)
        looked, rows = (
            (looked, ready) if ready else _beside(looked, _parts_of(plan.columns, looked.email_ids))
        )
    if plan.from_fields and not _are_ready(plan, rows):
        return _with_content(plan, mailbox_id, looked, asked, numbers)
    return _written(plan, looked, rows, asked, numbers)


def _neighbours(columns: frozenset[str], mailbox_id: int, uids: Sequence[int]) -> Sequence[Parts] | None:
    """The parts of many neighbours, in their order, by one walk along the mailbox; None where that gives others."""
    if len(uids) <= KEPT_AT_ONCE or uids[-1] - uids[0] > 2 * len(uids):
        return None
    rows = by_uid.parts_between(mailbox_id, uids[0], uids[-1], columns)
    return rows if [row[-1] for row in rows] == list(uids) else None


def _beside(looked: _Looked, parts: dict[int, Parts]) -> tuple[_Looked, Sequence[Parts]]:
    """What was looked at without what has no parts any more, and the parts of the rest."""
    if len(parts) < len(looked.email_ids):
        there = [at for at, email_id in enumerate(looked.email_ids) if email_id in parts]
        looked = looked._replace(
            uids=[looked.uids[at] for at in there],
            email_ids=[looked.email_ids[at] for at in there],
            columns=[None if column is None else [column[at] for at in there] for column in looked.columns],  # type: ignore[misc]
            has_missing=True,
        )
    return looked, [parts[email_id] for email_id in looked.email_ids]


def _are_ready(plan: Plan, rows: Iterable[Parts]) -> bool:
    at = _place("fields", plan.columns)
    return all(row[at] is not None for row in rows)


def _place(name: str, columns: frozenset[str]) -> int:
    """Where a part is among those that were read."""
    return [part for part in PARTS if part in columns].index(name)


def _parts_of(columns: frozenset[str], email_ids: Sequence[int]) -> dict[int, Parts]:
    if not columns:
        return {}
    if len(email_ids) > KEPT_AT_ONCE:
        return by_uid.parts_of(email_ids, columns)
    parts = _kept_parts.of(email_ids, columns)
    if parts is None:
        parts = by_uid.parts_of(email_ids, columns)
        _kept_parts.add(parts, columns)
    return parts


class _Looked(NamedTuple):
    """What a mailbox in memory says of the messages to be shown; of an item that it does not know, None."""

    uids: Sequence[int]
    email_ids: Sequence[int]
    columns: list[Sequence[int] | Sequence[bytes] | None]
    has_missing: bool
    sizes: Sequence[int] = ()
    is_seen: Sequence[bool] = ()


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
        taken(mailbox.sizes, places) if plan.needs_raw or plan.from_fields else (),
        _are_seen(mailbox, places) if plan.sets_seen else (),
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
    plan: Plan, looked: _Looked, rows: Sequence[Parts], asked: Sequence[int], numbers: Sequence[int]
) -> Rendered:
    """All lines by one format: what is written for each message costs less than a call for each."""
    uids, columns = looked.uids, looked.columns
    numbers = _numbers_of(uids, asked, numbers)
    values: list[Iterable[int | bytes]] = []
    for column, part, content in zip(columns, plan.parts, plan.contents, strict=True):
        if column is not None:
            values.append(column)
            continue
        ready = _column(rows, part, plan.columns)
        values.append(
            ready if content is None or content.from_fields is None else map(content.from_fields, ready)
        )
    flat = tuple(chain.from_iterable(zip(numbers, *values, strict=True)))
    return Rendered(plan.template * len(uids) % flat, len(asked), [], looked.has_missing)


def _column(rows: Sequence[Parts], part: str, columns: frozenset[str]) -> list[bytes]:
    at = _place(part, columns)
    return [row[at] or b"" for row in rows]


def _numbers_of(uids: Sequence[int], asked: Sequence[int], numbers: Sequence[int]) -> Sequence[int]:
    if len(uids) == len(asked):
        return numbers
    number_of = dict(zip(asked, numbers, strict=True))
    return [number_of[uid] for uid in uids]


def _with_content(
    plan: Plan, mailbox_id: int, looked: _Looked, asked: Sequence[int], numbers: Sequence[int]
) -> Rendered:
    """As many as make about a megabyte, read some megabyte at once."""
    uids, email_ids, has_missing = looked.uids, looked.email_ids, looked.has_missing
    numbers = _numbers_of(uids, asked, numbers)
    lines: list[bytes] = []
    seen: list[int] = []
    size = 0
    for low, high in contents.spans_by_size(looked.sizes):
        raw = contents.raw_of(email_ids[low:high], is_partial=plan.is_partial)
        plan.room.begin(sum(map(len, raw.values())))
        parts = _parts_of(plan.content_columns, email_ids[low:high])
        there: Sequence[int] = range(low, high)
        if len(raw) < len(there) or (
            plan.content_columns and len(parts) < len(there)
        ):  # gone between two reads
            is_there = parts.keys() & raw.keys() if plan.content_columns else raw.keys()
            there = [at for at in there if email_ids[at] in is_there]
            has_missing = True
        columns = _content_columns(plan, mailbox_id, looked, raw, parts, there)
        flat = tuple(chain.from_iterable(zip(taken(numbers, there), *columns, strict=True)))
        lines.append(plan.template * len(there) % flat)
        if plan.sets_seen:
            seen += [uids[at] for at in there if not looked.is_seen[at]]
        size += len(lines[-1])
        if size >= ANSWER_BYTES and high < len(uids):
            return Rendered(b"".join(lines), bisect_left(asked, uids[high - 1]) + 1, seen, has_missing)
    return Rendered(b"".join(lines), len(asked), seen, has_missing)


def _content_columns(
    plan: Plan,
    mailbox_id: int,
    looked: _Looked,
    raw: dict[int, bytes],
    parts: dict[int, Parts],
    there: Sequence[int],
) -> list[Iterable[int | bytes]]:
    ids = taken(looked.email_ids, there)
    bodies = [raw[email_id] for email_id in ids]
    known = [parts[email_id] for email_id in ids] if plan.content_columns else []
    roots: Sequence[Extent] = ()
    if "structure" in plan.content_columns:
        roots = contents.structures(
            _column(known, "structure", plan.content_columns), as_tree=plan.needs_tree
        )
    columns: list[Iterable[int | bytes]] = []
    for content, read, column, part in zip(
        plan.contents, plan.readers, looked.columns, plan.parts, strict=True
    ):
        if content is not None:
            columns += content.make(roots, bodies)
        elif read is not None:
            columns.append(read(mailbox_id, taken(looked.uids, there), ids))
        elif column is not None:
            columns.append([column[at] for at in there])
        else:
            columns.append(_column(known, part, plan.content_columns))
    return columns


# --- items ---------------------------------------------------------------------------------------

_FORMS: dict[Item, bytes] = {
    Item.UID: b"UID %d",
    Item.FLAGS: b"FLAGS %b",
    Item.INTERNALDATE: b"INTERNALDATE %b",
    Item.SIZE: b"RFC822.SIZE %d",
    Item.MODSEQ: b"MODSEQ (%d)",
    Item.ENVELOPE: b"ENVELOPE %b",
    Item.BODY: b"BODY %b",
    Item.BODYSTRUCTURE: b"BODYSTRUCTURE %b",
} | {item: item.value + b" %b" for item in READERS}
_READY = {Item.ENVELOPE: "envelope", Item.BODY: "body", Item.BODYSTRUCTURE: "bodystructure"}


def _form(item: FetchItem, content: ContentItem | None) -> bytes:
    return content.form if content is not None else _FORMS[item] if isinstance(item, Item) else b""


def _flag_texts(mailbox: Standing, places: Sequence[int]) -> list[bytes]:
    texts = list(map(flags_text, mailbox.kinds))
    return [texts[number] for number in taken(mailbox.kind_numbers, places)]


def _seen_texts(mailbox: Standing, places: Sequence[int]) -> list[bytes]:
    texts = [flags_text(kind._replace(flags=kind.flags | flag.SEEN)) for kind in mailbox.kinds]
    return [texts[number] for number in taken(mailbox.kind_numbers, places)]


def _newly_seen_texts(mailbox: Standing, places: Sequence[int]) -> list[bytes]:
    return [
        b"" if is_seen else b" FLAGS " + text
        for text, is_seen in zip(_seen_texts(mailbox, places), _are_seen(mailbox, places), strict=True)
    ]


def _are_seen(mailbox: Standing, places: Sequence[int]) -> list[bool]:
    are_seen = [bool(kind.flags & flag.SEEN) for kind in mailbox.kinds]
    return [are_seen[number] for number in taken(mailbox.kind_numbers, places)]


def _dates(mailbox: Standing, places: Sequence[int]) -> list[bytes]:
    return response.internal_dates(taken(mailbox.received_at_ms, places))


_LOOKS: dict[Item, Look] = {
    Item.UID: lambda mailbox, places: taken(mailbox.uids, places),
    Item.FLAGS: _flag_texts,
    Item.INTERNALDATE: _dates,
    Item.SIZE: lambda mailbox, places: taken(mailbox.sizes, places),
    Item.MODSEQ: lambda mailbox, places: taken(mailbox.modseqs, places),
}
_FIXED = frozenset({*_READY, Item.UID, Item.INTERNALDATE, Item.SIZE})


def is_supported(item: FetchItem) -> bool:
    return not isinstance(item, Item) or item in _FORMS
