"""FETCH answers, made of what was prepared at arrival: rows, ready bytes, slices (RFC 9051 §6.4.5, §7.5.2).

Runs in a reading thread: one crossing gives up to about a megabyte of answer, so a whole mailbox can be
fetched without holding it in memory, and a slow client slows only itself.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from posthouse.imapd.flags import flags_text
from posthouse.mail import by_uid
from posthouse.mail import flags as flag
from posthouse.mail.by_uid import FlagsRow, PartsRow
from posthouse.wire.imap import response
from posthouse.wire.imap.fetch import Binary, FetchItem, Item, Section
from posthouse.wire.mime.part import Part, load_structure
from posthouse.wire.mime.section import header_fields, section_range

ANSWER_BYTES = 1 << 20
ROWS_AT_ONCE = 1_000
RAW_AT_ONCE_BYTES = 4 << 20
KEPT_FROM_BYTES = 64 << 10
KEPT_TOTAL_BYTES = 64 << 20


class Rendered(NamedTuple):
    """Lines for the first `taken` of the messages asked for.

    `seen` holds UIDs shown as \\Seen that the store does not have so yet; `has_missing` that some are gone.
    """

    data: bytes
    taken: int
    seen: list[int]
    has_missing: bool


class _Message:
    """One message while its answer is put together."""

    __slots__ = ("_root", "flags", "parts", "raw", "row")

    def __init__(self, row: FlagsRow, flags: bytes, parts: PartsRow | None, raw: bytes | None) -> None:
        self.row = row
        self.flags = flags
        self.parts = parts
        self.raw = raw
        self._root: Part | None = None

    @property
    def root(self) -> Part:
        if self._root is None:
            assert self.parts is not None
            self._root = load_structure(self.parts.structure)
        return self._root


Writer = Callable[[_Message], bytes]


class Plan:
    """What a FETCH needs and how each item is written. Made once per command."""

    def __init__(
        self,
        items: Sequence[FetchItem],
        *,
        is_uid: bool,
        may_set_seen: bool,
        changed_since: int | None = None,
    ) -> None:
        wanted = list(items)
        if is_uid and Item.UID not in wanted:
            wanted.insert(0, Item.UID)
        if changed_since is not None and Item.MODSEQ not in wanted:
            wanted.append(Item.MODSEQ)
        sections = [item for item in wanted if isinstance(item, Section | Binary)]
        self.sets_seen = may_set_seen and any(section.sets_seen for section in sections)
        self.shows_flags = Item.FLAGS in wanted
        self.needs_raw = bool(sections)
        self.needs_parts = self.needs_raw or not _READY.isdisjoint(wanted)
        self.is_partial = any(section.partial is not None for section in sections)
        self.changed_since = changed_since
        self.writers = [_writer(item) for item in wanted]


def render(plan: Plan, mailbox_id: int, uids: Sequence[int], numbers: Sequence[int]) -> Rendered:
    """Answer for as many of the messages, from the first, as one crossing should; at least one."""
    asked = uids[:ROWS_AT_ONCE]
    rows = by_uid.flags_of(mailbox_id, asked)
    has_missing = len(rows) != len(asked)
    if plan.changed_since is not None:
        rows = [row for row in rows if row.modseq > plan.changed_since]
    number_of = dict(zip(asked, numbers, strict=False))
    parts = by_uid.parts_of([row.email_id for row in rows]) if plan.needs_parts else {}
    lines: list[bytes] = []
    seen: list[int] = []
    size = 0
    for row, raw in _with_raw(plan, rows):
        line = _line(plan, number_of[row.uid], row, parts.get(row.email_id), raw, seen)
        lines.append(line)
        size += len(line)
        if size >= ANSWER_BYTES and row.uid != asked[-1]:
            return Rendered(b"".join(lines), asked.index(row.uid) + 1, seen, has_missing)
    return Rendered(b"".join(lines), len(asked), seen, has_missing)


def _line(
    plan: Plan, number: int, row: FlagsRow, parts: PartsRow | None, raw: bytes | None, seen: list[int]
) -> bytes:
    if plan.needs_parts and (parts is None or (plan.needs_raw and raw is None)):
        return b""  # gone between two reads; the session will be told by EXPUNGE
    becomes_seen = plan.sets_seen and not row.flags & flag.SEEN
    if becomes_seen:
        row = row._replace(flags=row.flags | flag.SEEN)
        seen.append(row.uid)
    message = _Message(row, flags_text(row), parts, raw)
    pieces = [write(message) for write in plan.writers]
    if becomes_seen and not plan.shows_flags:
        pieces.append(b"FLAGS " + message.flags)
    return b"* %d FETCH (%b)\r\n" % (number, b" ".join(pieces))


def _with_raw(plan: Plan, rows: Sequence[FlagsRow]) -> Iterable[tuple[FlagsRow, bytes | None]]:
    if not plan.needs_raw:
        for row in rows:
            yield row, None
        return
    for batch in _batches(rows):
        found = _raw_of(batch, is_partial=plan.is_partial)
        for row in batch:
            yield row, found.get(row.email_id)


def _batches(rows: Sequence[FlagsRow]) -> Iterable[list[FlagsRow]]:
    batch: list[FlagsRow] = []
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


def _raw_of(rows: Sequence[FlagsRow], *, is_partial: bool) -> dict[int, bytes]:
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


# --- items ---------------------------------------------------------------------------------------


def _ready(message: _Message) -> PartsRow:
    assert message.parts is not None
    return message.parts


_WRITERS: dict[Item, Writer] = {
    Item.UID: lambda m: b"UID %d" % m.row.uid,
    Item.FLAGS: lambda m: b"FLAGS " + m.flags,
    Item.INTERNALDATE: lambda m: b"INTERNALDATE " + response.internal_date(m.row.received_at_ms),
    Item.SIZE: lambda m: b"RFC822.SIZE %d" % m.row.size_bytes,
    Item.MODSEQ: lambda m: b"MODSEQ (%d)" % m.row.modseq,
    Item.EMAILID: lambda m: b"EMAILID (M%d)" % m.row.email_id,
    Item.ENVELOPE: lambda m: b"ENVELOPE " + _ready(m).envelope,
    Item.BODY: lambda m: b"BODY " + _ready(m).body,
    Item.BODYSTRUCTURE: lambda m: b"BODYSTRUCTURE " + _ready(m).bodystructure,
}
_READY = frozenset({Item.ENVELOPE, Item.BODY, Item.BODYSTRUCTURE})


def is_supported(item: FetchItem) -> bool:
    return isinstance(item, Section) or (isinstance(item, Item) and item in _WRITERS)


def _writer(item: FetchItem) -> Writer:
    if isinstance(item, Item):
        return _WRITERS[item]
    assert isinstance(item, Section)
    return _section_writer(item)


def _section_writer(section: Section) -> Writer:
    number = ".".join(map(str, section.path)) or None
    is_fields = section.kind.startswith("HEADER.FIELDS")
    is_excluding = section.kind.endswith(".NOT")
    what = "HEADER" if is_fields else section.kind
    label = section.label + (b"<%d> " % section.partial[0] if section.partial else b" ")

    def write(message: _Message) -> bytes:
        raw = message.raw
        assert raw is not None
        where = (
            section_range(message.root, len(raw), number=number, what=what)
            if number or what
            else (0, len(raw))
        )
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

    return write
