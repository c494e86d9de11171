"""What rules may ask of an e-mail, each read when it is first asked for.

The same whether the e-mail arrives or is here already: everything comes of its bytes and of the small row that was
made of them, so a preview tells what the arrival would have been.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable
from functools import cached_property
from typing import NamedTuple

import msgspec

from posthouse.filters.spam.judging import Verdict
from posthouse.wire.mime.addresses import parse_people
from posthouse.wire.mime.digest import list_id_of
from posthouse.wire.mime.encoded_words import decode_words
from posthouse.wire.mime.headers import loose, read_header
from posthouse.wire.mime.part import load_extent, load_structure
from posthouse.wire.mime.text import body_text

MAX_TEXT_BYTES = 256 * 1024
MAX_TEXT_CHARS = 100_000
MAX_VALUE_CHARS = 10_000
MAX_VALUES = 300
LISTED = 25
"""So many addresses of a field stand in the small row at most; a field that has as many is read anew."""


class Person(msgspec.Struct, frozen=True):
    name: str
    email: str


_people = msgspec.json.Decoder(list[Person])


class Bytes(NamedTuple):
    """An e-mail as received, and its structure as the store keeps it."""

    raw: bytes
    structure: bytes


def normal(text: str) -> str:
    """As texts are compared: letters that look alike are alike, and so are large and small ones."""
    return text.casefold() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


class Facts:
    """`sender`, `recipients` and `copied` are JSON as the small row has them; `own` are the account's addresses."""

    def __init__(
        self,
        *,
        subject: str,
        sender: str,
        recipients: str,
        copied: str,
        size_bytes: int,
        has_attachment: bool,
        read: Callable[[], Bytes],
        own: Callable[[], Collection[str]],
        spam: Callable[[], Verdict | None],
    ) -> None:
        self.size_bytes, self.has_attachment = size_bytes, has_attachment
        self._rows = {b"from": sender, b"to": recipients, b"cc": copied}
        self._subject, self._read, self._own, self._spam = subject, read, own, spam
        self._named: dict[str, tuple[str, ...]] = {}

    @cached_property
    def subject(self) -> tuple[str, ...]:
        return (normal(self._subject[:MAX_VALUE_CHARS]),)

    @cached_property
    def sender(self) -> tuple[str, ...]:
        return _names(self._people(b"from"))

    @cached_property
    def to(self) -> tuple[str, ...]:
        return _names((*self._people(b"to"), *self._people(b"cc")))

    @cached_property
    def recipients(self) -> tuple[str, ...]:
        return _names((*self._people(b"to"), *self._people(b"cc"), *self._people(b"bcc")))

    @cached_property
    def is_alone(self) -> bool:
        """Whether every recipient it names is the account's own; one that names none was sent to many."""
        named = {_bare(p.email) for field in (b"to", b"cc", b"bcc") for p in self._people(field)}
        return bool(named) and named <= {_bare(address) for address in self._own()}

    @cached_property
    def text(self) -> tuple[str, ...]:
        root = load_structure(self._bytes.structure)
        return (normal(body_text(root, self._bytes.raw, limit=MAX_TEXT_BYTES)[:MAX_TEXT_CHARS]),)

    @cached_property
    def list_id(self) -> tuple[str, ...]:
        found = list_id_of(next((loose(v) for n, v in self._fields if n == b"list-id"), None))
        return (normal(found),) if found else ()

    def header(self, name: str) -> tuple[str, ...]:
        """The values of every field of that name."""
        if name not in self._named:
            wanted = name.lower().encode()
            values = [decode_words(loose(value)) for field, value in self._fields if field == wanted]
            self._named[name] = tuple(normal(value[:MAX_VALUE_CHARS]) for value in values[:MAX_VALUES])
        return self._named[name]

    @cached_property
    def _verdict(self) -> Verdict | None:
        return self._spam()

    @property
    def is_junk(self) -> bool:
        """What the spam filter said at arrival, wherever it lies now."""
        return self._verdict is not None and self._verdict.is_junk

    @property
    def spam_score(self) -> float | None:
        return None if self._verdict is None else self._verdict.score

    @cached_property
    def _bytes(self) -> Bytes:
        return self._read()

    @cached_property
    def _fields(self) -> list[tuple[bytes, bytes]]:
        extent = load_extent(self._bytes.structure)
        return read_header(self._bytes.raw, extent.header_start, extent.body_start).fields

    def _people(self, field: bytes) -> list[Person]:
        if field in self._rows:
            listed = _people.decode(self._rows[field])
            if len(listed) < LISTED:
                return listed
        values = [value for name, value in self._fields if name == field]
        return [Person(a.name, a.email) for value in values for a in parse_people(value)][:MAX_VALUES]


def _names(people: Iterable[Person]) -> tuple[str, ...]:
    """How one may mean somebody: by address, by name, or by both as mail programs show them."""
    found: dict[str, None] = {}
    for person in people:
        for text in (person.email, person.name, f"{person.name} <{person.email}>"):
            if text:
                found[normal(text[:MAX_VALUE_CHARS])] = None
    return tuple(found)


def _bare(address: str) -> str:
    """An address without what stands behind its plus (RFC 5233)."""
    local, _, domain = normal(address).rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
