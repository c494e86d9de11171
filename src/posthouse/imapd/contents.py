"""FETCH items that are made of a message's bytes: sections and decoded parts (RFC 9051 §6.4.5, §7.5.2).

Each item is a form and what stands in it, for all messages of a batch at once.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from posthouse.base.errors import Invalid, Limited
from posthouse.mail import by_uid
from posthouse.mail.listed import NAMES, picker
from posthouse.wire.imap.fetch import Binary, Section
from posthouse.wire.mime.part import Extent, Part, find_part, load_extent, load_structure
from posthouse.wire.mime.section import header_picker, section_range
from posthouse.wire.mime.text import DECODED_ENCODINGS, decode_body

RAW_AT_ONCE_BYTES = 1 << 20
KEPT_FROM_BYTES = 64 << 10
KEPT_TOTAL_BYTES = 64 << 20
TIMES_OVER, SPARE_BYTES = 2, 16 << 20
"""What a piece of an answer may hold beside whole messages: so many times what was read for it, and so much more."""

Values = Iterable[int | bytes]
Make = Callable[[Sequence[Extent], Sequence[bytes]], Iterable[Values]]
"""From the structures and bytes of messages to the columns that the form takes."""


class Room:
    """Bytes left for a piece of an answer: two hundred items may each name all of one large message.

    Raises Limited when they are used up.
    """

    __slots__ = ("_left",)

    def __init__(self) -> None:
        self._left = 0

    def begin(self, raw_bytes: int) -> None:
        self._left = TIMES_OVER * raw_bytes + SPARE_BYTES

    def take(self, size_bytes: int) -> None:
        self._left -= size_bytes
        if self._left < 0:
            raise Limited("too_much_at_once", "That is too much of a message at once.")


class ContentItem(NamedTuple):
    """`needs_tree`: asks for a part by its number. `needs_extent`: for where header and body lie.

    `from_fields` makes it of the header fields that are kept ready, where it asks for no others.
    """

    form: bytes
    make: Make
    needs_extent: bool
    needs_tree: bool
    from_fields: Callable[[bytes], bytes] | None = None


def content_item(item: Section | Binary, room: Room) -> ContentItem:
    if isinstance(item, Binary):
        return ContentItem(b"%b", _binary(item, room), needs_extent=True, needs_tree=True)
    needs_tree = bool(item.path)
    if not needs_tree and not item.kind and item.partial is None:
        return ContentItem(
            _escaped(item.label) + b" {%d}\r\n%b", _whole, needs_extent=False, needs_tree=False
        )
    return ContentItem(
        b"%b", _section(item, room), needs_extent=True, needs_tree=needs_tree, from_fields=_from_fields(item)
    )


def _from_fields(section: Section) -> Callable[[bytes], bytes] | None:
    if section.path or section.kind != "HEADER.FIELDS":
        return None
    if section.partial is not None or not NAMES.issuperset(name.lower() for name in section.fields):
        return None
    label, pick = _label(section), picker(section.fields)

    def write(fields: bytes) -> bytes:
        found = pick(fields)
        return b"%b{%d}\r\n%b" % (label, len(found), found)

    return write


def structures(data: Iterable[bytes], *, as_tree: bool) -> Sequence[Extent]:
    return list(map(load_structure if as_tree else load_extent, data))


def spans_by_size(sizes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Neighbours whose bytes are read together, some megabyte; at least one."""
    first = size = 0
    for at, one in enumerate(sizes):
        if at > first and size + one > RAW_AT_ONCE_BYTES:
            yield first, at
            first, size = at, 0
        size += one
    if first < len(sizes):
        yield first, len(sizes)


def _escaped(label: bytes) -> bytes:
    return label.replace(b"%", b"%%")


def _label(section: Section | Binary) -> bytes:
    return section.label + (b"<%d> " % section.partial[0] if section.partial else b" ")


def _whole(_: Sequence[Extent], raw: Sequence[bytes]) -> Iterable[Values]:
    return map(len, raw), raw


def _section(section: Section, room: Room) -> Make:
    number = ".".join(map(str, section.path)) or None
    is_fields = section.kind.startswith("HEADER.FIELDS")
    is_excluding = section.kind.endswith(".NOT")
    what = "HEADER" if is_fields else section.kind
    label = _label(section)
    pick = header_picker(section.fields, is_excluding=is_excluding)

    def write(root: Extent, raw: bytes) -> bytes:
        where = section_range(root, len(raw), number=number, what=what)
        if where is None:
            return label + b"NIL"
        low, high = where
        if is_fields:
            raw = pick(raw[low:high])
            low, high = 0, len(raw)
        if section.partial is not None:
            low = min(low + section.partial[0], high)
            high = min(low + section.partial[1], high)
        room.take(high - low)
        return b"%b{%d}\r\n%b" % (label, high - low, raw[low:high])

    return lambda roots, raw: (map(write, roots, raw),)


def _binary(binary: Binary, room: Room) -> Make:
    """Raises Invalid for a transfer encoding that is not known (RFC 3516 §4.3, UNKNOWN-CTE)."""
    number = ".".join(map(str, binary.path))
    label = _label(binary)

    def write(root: Extent, raw: bytes) -> bytes:
        part = find_part(root, number) if number and isinstance(root, Part) else None
        if number and part is None:
            return label + b"NIL" if not binary.is_size else label + b"0"
        if part is not None and part.encoding not in DECODED_ENCODINGS:
            raise Invalid("unknown_encoding", "The encoding of that part is not known here.")
        room.take(len(raw) if part is None else part.body_end - part.body_start)
        content = raw if part is None else decode_body(part, raw)
        if binary.is_size:
            return label + b"%d" % len(content)
        if binary.partial is not None:
            low, count = binary.partial
            content = content[low : low + count]
        mark = b"~" if b"\0" in content else b""
        return b"%b%b{%d}\r\n%b" % (label, mark, len(content), content)

    return lambda roots, raw: (map(write, roots, raw),)


# --- large messages in pieces --------------------------------------------------------------------

_kept: OrderedDict[int, bytes] = OrderedDict()
_kept_lock = threading.Lock()


def raw_of(email_ids: Sequence[int], *, is_partial: bool) -> dict[int, bytes]:
    """The bytes of messages. Clients fetch a large one in dozens of pieces, so it is kept for a while."""
    found: dict[int, bytes] = {}
    if is_partial:
        with _kept_lock:
            found = {email_id: _kept[email_id] for email_id in email_ids if email_id in _kept}
    missing = [email_id for email_id in email_ids if email_id not in found]
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
