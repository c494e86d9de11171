"""Receipts of reading (RFC 8098): who asks for one, and the one that a person lets go.

Nobody is told anything by itself: what says that a mail was read says also when, and that the address is read.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from posthouse.wire.mime.addresses import Address, parse_people
from posthouse.wire.mime.automatic import Fields, wants_no_answer
from posthouse.wire.mime.build import (
    Entity,
    id_field,
    message_bytes,
    multipart,
    report_fields,
    text_entity,
    text_field,
)
from posthouse.wire.mime.headers import loose, read_header

FIELD = b"disposition-notification-to"
OPTIONS = b"disposition-notification-options"


class ReadReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """`reader` is the address the mail was for."""

    reader: Address
    to: str
    message_id: str
    date: datetime
    subject: str
    text: str
    agent: str
    about_message_id: str | None = None


def asked_by(raw: bytes) -> str | None:
    """The address that wants to hear that this was read; None where nobody may be told.

    That is mail without a sender to answer (RFC 8098 §2.1), of programs and lists, to several addresses at once, or
    with an option that must be understood (§2.2). Whether a person is asked, and what they say, is another matter.
    """
    if FIELD not in raw.lower():
        return None
    fields = read_header(raw, 0, len(raw)).fields
    named = [value for name, value in fields if name == FIELD]
    if len(named) != 1 or not _return_path(fields) or wants_no_answer(fields):
        return None
    if any("required" in loose(value).lower() for name, value in fields if name == OPTIONS):
        return None
    people = parse_people(named[0])
    return people[0].email if len(people) == 1 and "@" in people[0].email[1:-1] else None


def _return_path(fields: Fields) -> str:
    """Of mail that came in: the topmost field, which whoever stored it wrote."""
    for name, value in fields:
        return loose(value).strip("<> ") if name == b"return-path" else ""
    return ""


def build_receipt(receipt: ReadReceipt, *, boundary: str) -> bytes:
    """As a message; it is to be sent with the null reverse-path (RFC 8098 §3). Raises ValueError for odd addresses."""
    fields = report_fields(
        date=receipt.date,
        from_=receipt.reader,
        to=receipt.to,
        subject=receipt.subject,
        message_id=receipt.message_id,
        about=receipt.about_message_id,
    )
    parts = [text_entity(receipt.text, "plain"), _disposition(receipt)]
    report = multipart("report", parts, f"{boundary}m", extra="; report-type=disposition-notification")
    return message_bytes(fields, report)


def _disposition(receipt: ReadReceipt) -> Entity:
    block = [
        text_field("Reporting-UA", receipt.agent),
        f"Final-Recipient: rfc822; {receipt.reader.email}",
        "Disposition: manual-action/MDN-sent-manually; displayed",
    ]
    if receipt.about_message_id:
        block.insert(2, id_field("Original-Message-ID", [receipt.about_message_id]))
    is_plain = receipt.reader.email.isascii()
    kind = "disposition-notification" if is_plain else "global-disposition-notification"
    body = "\r\n".join(block).encode() + b"\r\n"
    encoding = "7bit" if body.isascii() else "8bit"
    return Entity([f"Content-Type: message/{kind}", f"Content-Transfer-Encoding: {encoding}"], body)
