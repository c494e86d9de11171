"""Everything the store needs to know of a message, read once at its arrival.

The hot path: each arriving mail goes through `digest` once; no list, thread or IMAP answer parses it again.
"""

from __future__ import annotations

import re

import msgspec

from posthouse.wire.mime import imap
from posthouse.wire.mime.addresses import Address, Mailbox, parse_addresses, people
from posthouse.wire.mime.dates import parse_date
from posthouse.wire.mime.encoded_words import decode_words
from posthouse.wire.mime.headers import MAX_FIELD_BYTES, loose, message_ids
from posthouse.wire.mime.part import Part, dump_structure
from posthouse.wire.mime.preview import message_preview
from posthouse.wire.mime.scan import scan
from posthouse.wire.mime.subject import MAX_SUBJECT_CHARS, base_subject
from posthouse.wire.mime.text import bodies, has_attachment

MAX_REFERENCES = 20
"""The newest are kept, and the first, which names the thread."""

_LIST_ID = re.compile(r"<([^<>\s]{1,255})>")
_ADDRESS_FIELDS = {b"from", b"sender", b"reply-to", b"to", b"cc", b"bcc"}
_WANTED = frozenset(
    {*_ADDRESS_FIELDS, b"date", b"subject", b"message-id", b"in-reply-to", b"references", b"auto-submitted",
     b"precedence", b"list-id", b"list-unsubscribe"}
)  # fmt: skip


class Digest(msgspec.Struct, frozen=True, kw_only=True):
    """What a message says, decoded for people and ready-made for IMAP.

    Message ids are without angle brackets. `envelope`, `body` and `bodystructure` are IMAP's answers in
    ASCII, `structure` is for load_structure. `list_unsubscribe` is the unfolded field. Texts hold no control
    characters. `defects` are short codes such as "open_multipart".
    """

    message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    subject: str = ""
    base_subject: str = ""
    from_: tuple[Address, ...] = ()
    sender: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    sent_at_ms: int | None = None
    preview: str = ""
    has_attachment: bool = False
    is_auto_submitted: bool = False
    list_id: str | None = None
    list_unsubscribe: str | None = None
    envelope: bytes
    body: bytes
    bodystructure: bytes
    structure: bytes
    defects: tuple[str, ...] = ()


def digest(raw: bytes) -> Digest:
    """Read a message. Never raises: what cannot be understood is one opaque text, and `defects` says so."""
    try:
        return _digest(raw)
    except Exception:  # noqa: BLE001 - a fault in here must never lose a mail; `defects` shows it
        return _opaque(raw)


def _digest(raw: bytes) -> Digest:
    found = scan(raw)
    values = _values(found.header.fields)
    lists = {name: parse_addresses(values[name]) for name in _ADDRESS_FIELDS if name in values}
    envelopes = {header.start: imap.envelope(_envelope_of(header.fields)) for header in found.inner_headers}
    body, bodystructure = imap.structures(found.root, envelopes)
    chosen = bodies(found.root)
    subject = " ".join(decode_words(values.get(b"subject", "")).split())[:MAX_SUBJECT_CHARS]
    defects = found.defects if lists.get(b"from") else (*found.defects, "no_from")
    get = values.get
    return Digest(
        message_id=next(iter(message_ids(get(b"message-id", ""))), None),
        in_reply_to=message_ids(get(b"in-reply-to", ""))[:MAX_REFERENCES],
        references=_references(get(b"references", "")),
        subject=subject,
        base_subject=base_subject(subject),
        from_=people(lists.get(b"from", [])),
        sender=people(lists.get(b"sender", [])),
        reply_to=people(lists.get(b"reply-to", [])),
        to=people(lists.get(b"to", [])),
        cc=people(lists.get(b"cc", [])),
        bcc=people(lists.get(b"bcc", [])),
        sent_at_ms=parse_date(values[b"date"]) if b"date" in values else None,
        preview=message_preview(chosen, raw),
        has_attachment=has_attachment(chosen),
        is_auto_submitted=_is_auto_submitted(values),
        list_id=list_id_of(get(b"list-id")),
        list_unsubscribe=get(b"list-unsubscribe"),
        envelope=imap.envelope(_envelope(values, lists)).encode("ascii"),
        body=body.encode("ascii"),
        bodystructure=bodystructure.encode("ascii"),
        structure=dump_structure(found.root),
        defects=defects,
    )


def _values(fields: list[tuple[bytes, bytes]]) -> dict[bytes, str]:
    """The fields we want, unfolded. Repeated address fields count as one list, of others the first counts."""
    first: dict[bytes, bytes] = {}
    for name, value in fields:
        if name not in _WANTED:
            continue
        if name not in first:
            first[name] = value
        elif name in _ADDRESS_FIELDS and len(first[name]) < MAX_FIELD_BYTES:
            first[name] += b"," + value
    return {name: loose(value) for name, value in first.items()}


def _envelope_of(fields: list[tuple[bytes, bytes]]) -> imap.Envelope:
    values = _values(fields)
    return _envelope(
        values, {name: parse_addresses(values[name]) for name in _ADDRESS_FIELDS if name in values}
    )


def _envelope(values: dict[bytes, str], lists: dict[bytes, list[Mailbox]]) -> imap.Envelope:
    """Empty fields are as good as absent (RFC 9051 §7.5.2)."""
    made = imap.Envelope()
    made.date = values.get(b"date") or None
    made.subject = values.get(b"subject")
    made.in_reply_to = values.get(b"in-reply-to") or None
    made.message_id = values.get(b"message-id") or None
    made.from_ = lists.get(b"from", [])
    made.sender = lists.get(b"sender", [])
    made.reply_to = lists.get(b"reply-to", [])
    made.to = lists.get(b"to", [])
    made.cc = lists.get(b"cc", [])
    made.bcc = lists.get(b"bcc", [])
    return made


def _references(value: str) -> tuple[str, ...]:
    ids = message_ids(value)
    return ids if len(ids) <= MAX_REFERENCES else (ids[0], *ids[-MAX_REFERENCES:])


def _is_auto_submitted(values: dict[bytes, str]) -> bool:
    """Was it written by a program (RFC 3834 §5, and the older Precedence)?"""
    keyword = values.get(b"auto-submitted", "").partition(";")[0].strip().lower()
    return keyword not in ("", "no") or values.get(b"precedence", "").lower() in (
        "bulk",
        "junk",
        "auto_reply",
    )


def list_id_of(value: str | None) -> str | None:
    """The identifier of a List-Id field (RFC 2919), without the list's name."""
    if not value:
        return None
    found = _LIST_ID.search(value)
    return found[1].lower() if found else value[:255].lower()


def _opaque(raw: bytes) -> Digest:
    root = Part(header_start=0, body_start=0, body_end=len(raw), lines=raw.count(b"\n"))
    body, bodystructure = imap.structures(root, {})
    return Digest(
        envelope=imap.envelope(imap.Envelope()).encode("ascii"),
        body=body.encode("ascii"),
        bodystructure=bodystructure.encode("ascii"),
        structure=dump_structure(root),
        defects=("unreadable",),
    )
