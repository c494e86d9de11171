"""What a submitted message says about its author, and what it forgot to say (RFC 6409 §6.1, §8; RFC 5322 §3.6).

Read more strictly than mail is read for show: two From fields, or a header nobody would read to its end, are
how a message shows one author to the checker and another to the reader.
"""

from __future__ import annotations

from datetime import datetime

from posthouse.wire.mime.addresses import parse_people
from posthouse.wire.smtp.address import BadAddress, Mailbox, read_mailbox
from posthouse.wire.smtp.trace import format_date

MAX_HEADER_BYTES = 1024 * 1024
MAX_AUTHORS = 100


class BadAuthor(ValueError):
    """The message does not say clearly whose it is; the text is fit for the peer."""


def authors(content: bytes) -> list[Mailbox]:
    """All mailboxes of the one From field; empty when there is no such field. Raises BadAuthor."""
    fields = _fields(content, b"from")
    if not fields:
        return []
    if len(fields) > 1:
        raise BadAuthor("The message has more than one From")
    people = parse_people(fields[0])
    if not 0 < len(people) <= MAX_AUTHORS:
        raise BadAuthor("The message has a From that cannot be read")
    try:
        return [read_mailbox(person.email) for person in people]
    except BadAddress:
        raise BadAuthor("The message has a From that cannot be read") from None


def missing_headers(content: bytes, *, sender: Mailbox | None, hostname: str, id: str, at: datetime) -> bytes:
    """The From, Date and Message-ID lines the author's program left out; to be put before `content`."""
    lines = []
    if sender is not None and not _fields(content, b"from"):
        lines.append(f"From: <{sender}>\r\n")
    if not _fields(content, b"date"):
        lines.append(f"Date: {format_date(at)}\r\n")
    if not _fields(content, b"message-id"):
        lines.append(f"Message-ID: <{id}@{hostname}>\r\n")
    return "".join(lines).encode("utf-8")


def _fields(content: bytes, name: bytes) -> list[bytes]:
    """The values of all fields of that lower-case name, unfolded; a blank before the colon is let pass."""
    values: list[bytes] = []
    is_wanted = False
    for line in _header(content).split(b"\r\n"):
        if line[:1] in (b" ", b"\t"):
            if is_wanted:
                values[-1] += line
            continue
        before, colon, value = line.partition(b":")
        is_wanted = bool(colon) and before.rstrip(b" \t").lower() == name
        if is_wanted:
            values.append(value)
    return values


def _header(content: bytes) -> bytes:
    if content.startswith(b"\r\n"):
        return b""
    end = content.find(b"\r\n\r\n", 0, MAX_HEADER_BYTES)
    if end < 0 and len(content) > MAX_HEADER_BYTES:
        raise BadAuthor("The message has a header without end")
    return content if end < 0 else content[:end]
