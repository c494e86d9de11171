"""FETCH items (RFC 9051 §6.4.5, RFC 3501 §6.4.5, RFC 3516 BINARY, RFC 7162 MODSEQ,
RFC 8474 OBJECTID, RFC 8514 SAVEDATE, RFC 8970 PREVIEW)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from posthouse.wire.imap import response
from posthouse.wire.imap.errors import Malformed
from posthouse.wire.imap.limits import (
    MAX_FETCH_ITEMS,
    MAX_HEADER_FIELDS,
    MAX_LONG,
    MAX_NUMBER,
    MAX_SECTION_DEPTH,
)
from posthouse.wire.imap.scanner import Scanner


class Item(Enum):
    """Items without arguments; the value is their name on the wire."""

    UID = b"UID"
    FLAGS = b"FLAGS"
    INTERNALDATE = b"INTERNALDATE"
    SIZE = b"RFC822.SIZE"
    ENVELOPE = b"ENVELOPE"
    BODY = b"BODY"
    BODYSTRUCTURE = b"BODYSTRUCTURE"
    MODSEQ = b"MODSEQ"
    EMAILID = b"EMAILID"
    THREADID = b"THREADID"
    SAVEDATE = b"SAVEDATE"
    PREVIEW = b"PREVIEW"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Bytes of the message or of a part.

    `path` is empty for the whole message; `kind` is empty, HEADER, TEXT, MIME, HEADER.FIELDS or
    HEADER.FIELDS.NOT; `label` is how the answer names the item, without a partial's origin.
    """

    path: tuple[int, ...] = ()
    kind: str = ""
    fields: tuple[bytes, ...] = ()
    partial: tuple[int, int] | None = None
    sets_seen: bool
    label: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Binary:
    """A part with its transfer encoding undone, or with `is_size` its decoded size."""

    path: tuple[int, ...]
    partial: tuple[int, int] | None = None
    sets_seen: bool
    is_size: bool
    label: bytes


FetchItem = Item | Section | Binary

_MACROS: dict[str, tuple[FetchItem, ...]] = {
    "ALL": (Item.FLAGS, Item.INTERNALDATE, Item.SIZE, Item.ENVELOPE),
    "FAST": (Item.FLAGS, Item.INTERNALDATE, Item.SIZE),
    "FULL": (Item.FLAGS, Item.INTERNALDATE, Item.SIZE, Item.ENVELOPE, Item.BODY),
}
_NAMES: Mapping[str, FetchItem] = {item.value.decode("ascii"): item for item in Item} | {
    "RFC822": Section(sets_seen=True, label=b"RFC822"),
    "RFC822.HEADER": Section(kind="HEADER", sets_seen=False, label=b"RFC822.HEADER"),
    "RFC822.TEXT": Section(kind="TEXT", sets_seen=True, label=b"RFC822.TEXT"),
}
_WORD = re.compile(rb"[A-Za-z0-9.]+")
_PATH = re.compile(rb"([1-9]\d{0,9}(?:\.[1-9]\d{0,9})*)(?:\.(?=[A-Za-z])|(?=\]))")
_LAZY = re.compile(rb" \(LAZY\)", re.I)
_KINDS = frozenset({"", "HEADER", "TEXT", "MIME", "HEADER.FIELDS", "HEADER.FIELDS.NOT"})


def parse(scanner: Scanner) -> tuple[FetchItem, ...]:
    """A macro, one item, or items in parentheses, in the order asked for and each once."""
    if not scanner.accept(b"("):
        return _item_or_macro(scanner)
    items: dict[FetchItem, None] = {}
    while True:
        scanner.skip_spaces()
        items[_item(scanner)] = None
        if len(items) > MAX_FETCH_ITEMS:
            raise Malformed("There are too many FETCH items.")
        scanner.skip_spaces()
        if scanner.accept(b")"):
            return tuple(items)


def _item_or_macro(scanner: Scanner) -> tuple[FetchItem, ...]:
    ahead = _WORD.match(scanner.text, scanner.position)
    macro = _MACROS.get(ahead[0].decode("ascii").upper()) if ahead is not None else None
    if macro is not None:
        scanner.match(_WORD)
        return macro
    return (_item(scanner),)


def _item(scanner: Scanner) -> FetchItem:
    found = scanner.match(_WORD)
    if found is None:
        raise Malformed("Expected a FETCH item.")
    name = found[0].decode("ascii").upper()
    if scanner.peek() == b"[":
        if name in ("BODY", "BODY.PEEK"):
            return _body_section(scanner, sets_seen=name == "BODY")
        if name in ("BINARY", "BINARY.PEEK", "BINARY.SIZE"):
            return _binary_section(scanner, name)
    if name == "PREVIEW":
        scanner.match(_LAZY)
    item = _NAMES.get(name)
    if item is None:
        raise Malformed("That FETCH item is not known.")
    return item


def _body_section(scanner: Scanner, *, sets_seen: bool) -> Section:
    scanner.expect(b"[")
    path = _path(scanner)
    found = scanner.match(_WORD)
    kind = found[0].decode("ascii").upper() if found is not None else ""
    if kind not in _KINDS or (kind == "MIME" and not path):
        raise Malformed("That section is not known.")
    fields: tuple[bytes, ...] = ()
    if kind.startswith("HEADER.FIELDS"):
        scanner.space()
        fields = _fields(scanner)
    scanner.expect(b"]")
    name = ".".join([*map(str, path), kind] if kind else map(str, path)).encode("ascii")
    if fields:
        name += b" (" + b" ".join(response.astring(field) for field in fields) + b")"
    return Section(
        path=path,
        kind=kind,
        fields=fields,
        partial=_partial(scanner),
        sets_seen=sets_seen,
        label=b"BODY[" + name + b"]",
    )


def _binary_section(scanner: Scanner, name: str) -> Binary:
    scanner.expect(b"[")
    path = _path(scanner)
    scanner.expect(b"]")
    is_size = name == "BINARY.SIZE"
    label = b"BINARY.SIZE[" if is_size else b"BINARY["
    return Binary(
        path=path,
        partial=None if is_size else _partial(scanner),
        sets_seen=name == "BINARY",
        is_size=is_size,
        label=label + ".".join(map(str, path)).encode("ascii") + b"]",
    )


def _path(scanner: Scanner) -> tuple[int, ...]:
    found = scanner.match(_PATH)
    if found is None:
        return ()
    numbers = tuple(map(int, found[1].split(b".")))
    if len(numbers) > MAX_SECTION_DEPTH or max(numbers) > MAX_NUMBER:
        raise Malformed("The section number is out of range.")
    return numbers


def _fields(scanner: Scanner) -> tuple[bytes, ...]:
    scanner.expect(b"(")
    fields: list[bytes] = []
    while not scanner.accept(b")"):
        fields.append(scanner.astring())
        if len(fields) > MAX_HEADER_FIELDS:
            raise Malformed("There are too many header fields.")
        scanner.skip_spaces()
    if not fields:
        raise Malformed("Expected the names of header fields.")
    return tuple(fields)


def _partial(scanner: Scanner) -> tuple[int, int] | None:
    if not scanner.accept(b"<"):
        return None
    origin = scanner.number(highest=MAX_LONG)
    scanner.expect(b".")
    count = scanner.number(highest=MAX_LONG)
    scanner.expect(b">")
    if not count:
        raise Malformed("A partial FETCH asks for at least one byte.")
    return origin, count
