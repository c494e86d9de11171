"""GETMETADATA and SETMETADATA (RFC 5464)."""

from __future__ import annotations

from dataclasses import dataclass, field

from posthouse.wire.imap.errors import Malformed
from posthouse.wire.imap.limits import MAX_NUMBER
from posthouse.wire.imap.scanner import Scanner

MAX_ENTRIES = 100
DEPTHS = {"0": 0, "1": 1, "INFINITY": 1_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class GetMetadata:
    """`mailbox` is empty for the server; `depth` counts the levels below each entry."""

    mailbox: str
    entries: tuple[str, ...]
    max_size: int | None = None
    depth: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SetMetadata:
    mailbox: str
    entries: dict[str, bytes | None] = field(repr=False)


def parse_get(scanner: Scanner) -> GetMetadata:
    """Options stand before the mailbox (§5), or behind it as in the examples of §4.2."""
    options: dict[str, int] = {}
    if scanner.peek() == b"(":
        options = _options(scanner)
        scanner.space()
    mailbox = scanner.mailbox()
    scanner.space()
    if (
        not options
        and scanner.peek() == b"("
        and not scanner.text.startswith((b"(/", b'("', b"({"), scanner.position)
    ):
        options = _options(scanner)
        scanner.space()
    entries = (_name(scanner),) if scanner.peek() != b"(" else _names(scanner)
    return GetMetadata(
        mailbox=mailbox, entries=entries, max_size=options.get("MAXSIZE"), depth=options.get("DEPTH", 0)
    )


def _options(scanner: Scanner) -> dict[str, int]:
    scanner.expect(b"(")
    options: dict[str, int] = {}
    while not scanner.accept(b")"):
        word = scanner.word()
        scanner.space()
        if word == "MAXSIZE":
            options[word] = scanner.number(highest=MAX_NUMBER)
        elif word == "DEPTH" and (depth := scanner.word()) in DEPTHS:
            options[word] = DEPTHS[depth]
        else:
            raise Malformed("That option is not known.")
        scanner.skip_spaces()
    return options


def _name(scanner: Scanner) -> str:
    return scanner.astring().decode("utf-8", "replace")


def _names(scanner: Scanner) -> tuple[str, ...]:
    scanner.expect(b"(")
    names = [_name(scanner)]
    while not scanner.accept(b")"):
        scanner.space()
        names.append(_name(scanner))
        if len(names) > MAX_ENTRIES:
            raise Malformed("There are too many entries.")
    return tuple(names)


def parse_set(scanner: Scanner) -> SetMetadata:
    mailbox = scanner.mailbox()
    scanner.space()
    scanner.expect(b"(")
    entries: dict[str, bytes | None] = {}
    while True:
        name = _name(scanner)
        scanner.space()
        entries[name] = scanner.nstring()
        if len(entries) > MAX_ENTRIES:
            raise Malformed("There are too many entries.")
        if scanner.accept(b")"):
            return SetMetadata(mailbox=mailbox, entries=entries)
        scanner.space()
