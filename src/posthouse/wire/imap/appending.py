"""New messages in APPEND and REPLACE (RFC 9051 §6.3.12; RFC 3502 MULTIAPPEND; RFC 3516; RFC 6855 §4; RFC 8508)."""

from __future__ import annotations

from dataclasses import dataclass, field

from posthouse.wire.imap.errors import Malformed
from posthouse.wire.imap.scanner import Scanner
from posthouse.wire.imap.sequence import SequenceSet


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """`received_at_ms` is None when the client left the date to us; `is_utf8` is the `UTF8 (~{n}` form."""

    flags: tuple[str, ...] = ()
    received_at_ms: int | None = None
    message: bytes = field(repr=False)
    is_utf8: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Append:
    mailbox: str
    messages: tuple[NewMessage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replace:
    """`number` is one message number or UID."""

    number: SequenceSet
    mailbox: str
    message: NewMessage
    is_uid: bool


def parse_append(scanner: Scanner) -> Append:
    mailbox = scanner.mailbox()
    scanner.space()
    messages = [_message(scanner)]
    while scanner.peek() == b" " and not scanner.is_trailing_space:
        scanner.space()
        messages.append(_message(scanner))
    return Append(mailbox=mailbox, messages=tuple(messages))


def announced_mailbox(scanner: Scanner) -> str:
    """Where the message of a command goes of which no more is there than what stands before it. Raises Malformed."""
    scanner.space()
    verb = scanner.word()
    if verb == "UID":
        scanner.space()
        verb = scanner.word()
    scanner.space()
    if verb == "REPLACE":
        scanner.sequence_set()
        scanner.space()
    return scanner.mailbox()


def parse_replace(scanner: Scanner, *, is_uid: bool) -> Replace:
    """What follows the word REPLACE: one message, or `*`, and one in its place."""
    scanner.space()
    number = scanner.sequence_set()
    if number.is_saved or len(number.ranges) != 1 or number.ranges[0][0] != number.ranges[0][1]:
        raise Malformed("REPLACE takes one message.")
    scanner.space()
    mailbox = scanner.mailbox()
    scanner.space()
    message = _message(scanner)
    scanner.end()
    return Replace(number=number, mailbox=mailbox, message=message, is_uid=is_uid)


def _message(scanner: Scanner) -> NewMessage:
    flags: tuple[str, ...] = ()
    received_at_ms = None
    if scanner.peek() == b"(":
        flags = scanner.flag_list()
        scanner.space()
    if scanner.peek() == b'"':
        received_at_ms = scanner.date_time()
        scanner.space()
    is_utf8 = scanner.peek() in (b"U", b"u")
    if is_utf8:
        if scanner.word() != "UTF8":
            raise Malformed("Expected a message.")
        scanner.space()
        scanner.expect(b"(")
        if scanner.peek() != b"~":
            raise Malformed("Expected a binary literal.")
    message = scanner.literal()
    if is_utf8:
        scanner.expect(b")")
    return NewMessage(flags=flags, received_at_ms=received_at_ms, message=message, is_utf8=is_utf8)
