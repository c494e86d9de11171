"""Delivery status notifications: the bounce, the delay warning, the receipt (RFC 3461 to 3464, RFC 6522)."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import format_datetime
from typing import Literal

import msgspec

from posthouse.wire.mime.addresses import Address
from posthouse.wire.mime.build import (
    Entity,
    message_bytes,
    multipart,
    report_fields,
    text_entity,
)

MAX_DIAGNOSTIC_CHARS = 900
MAX_HEADER_BYTES_RETURNED = 64 * 1024
MAX_RECIPIENTS = 1_000

_NOT_PRINTABLE = re.compile(r"[^\x20-\x7e]+")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")

Action = Literal["failed", "delayed", "delivered", "relayed", "expanded"]


class RecipientStatus(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one recipient. `status` is an enhanced code such as "5.1.1"; `answer` the peer's own words."""

    recipient: str
    action: Action
    status: str
    original_recipient: str | None = None
    remote_mta: str | None = None
    answer: str | None = None
    last_attempt: datetime | None = None
    will_retry_until: datetime | None = None


class Notification(msgspec.Struct, frozen=True, kw_only=True):
    """A notification to compose. `original` is the message it is about; its body is returned only if asked."""

    from_: Address
    to: str
    message_id: str
    date: datetime
    subject: str
    text: str
    reporting_mta: str
    recipients: tuple[RecipientStatus, ...]
    original: bytes = b""
    original_message_id: str | None = None
    envelope_id: str | None = None
    arrival_date: datetime | None = None
    returns_body: bool = False


def build_dsn(notification: Notification, *, boundary: str) -> bytes:
    """The notification as a message; it is to be sent with the null reverse-path (RFC 3464 §2).

    Text taken from a peer is folded into one ASCII line. Raises ValueError where an address cannot be written.
    """
    fields = report_fields(
        date=notification.date,
        from_=notification.from_,
        to=notification.to,
        subject=notification.subject,
        message_id=notification.message_id,
        about=notification.original_message_id,
    )
    parts = [text_entity(notification.text, "plain"), _delivery_status(notification)]
    if notification.original:
        parts.append(_returned(notification))
    report = multipart("report", parts, f"{boundary}d", extra="; report-type=delivery-status")
    return message_bytes(fields, report)


def _delivery_status(notification: Notification) -> Entity:
    """One block for the message, one for each recipient (RFC 3464 §2.2, §2.3)."""
    block = [f"Reporting-MTA: dns; {_plain(notification.reporting_mta)}"]
    if notification.envelope_id:
        block.insert(0, f"Original-Envelope-Id: {_plain(notification.envelope_id)}")
    if notification.arrival_date:
        block.append(f"Arrival-Date: {format_datetime(notification.arrival_date)}")
    blocks = [block, *[_recipient_block(each) for each in notification.recipients[:MAX_RECIPIENTS]]]
    body = "\r\n\r\n".join("\r\n".join(lines) for lines in blocks) + "\r\n"
    return Entity(["Content-Type: message/delivery-status"], body.encode("ascii"))


def _recipient_block(each: RecipientStatus) -> list[str]:
    status = each.status if _STATUS.fullmatch(each.status) else f"{_CLASS[each.action]}.0.0"
    lines = []
    if each.original_recipient:
        lines.append(f"Original-Recipient: rfc822; {_plain(each.original_recipient)}")
    lines += [
        f"Final-Recipient: rfc822; {_plain(each.recipient)}",
        f"Action: {each.action}",
        f"Status: {status}",
    ]
    if each.remote_mta:
        lines.append(f"Remote-MTA: dns; {_plain(each.remote_mta)}")
    if each.answer:
        lines.append(f"Diagnostic-Code: smtp; {_plain(each.answer)}")
    if each.last_attempt:
        lines.append(f"Last-Attempt-Date: {format_datetime(each.last_attempt)}")
    if each.will_retry_until and each.action == "delayed":
        lines.append(f"Will-Retry-Until: {format_datetime(each.will_retry_until)}")
    return lines


_CLASS: dict[Action, str] = {"failed": "5", "delayed": "4", "delivered": "2", "relayed": "2", "expanded": "2"}


def _plain(text: str) -> str:
    return _NOT_PRINTABLE.sub(" ", text).strip()[:MAX_DIAGNOSTIC_CHARS]


def _returned(notification: Notification) -> Entity:
    """The message, or its header alone (RFC 6522 §4). What cannot travel in 7 bits goes quoted, as text."""
    original = notification.original
    if notification.returns_body and original.isascii() and _has_short_lines(original):
        return Entity(["Content-Type: message/rfc822", "Content-Transfer-Encoding: 7bit"], original)
    header = _header_of(original)
    if header.isascii() and _has_short_lines(header):
        return Entity(["Content-Type: text/rfc822-headers", "Content-Transfer-Encoding: 7bit"], header)
    return text_entity(header.decode("utf-8", "replace"), "rfc822-headers")


def _has_short_lines(data: bytes) -> bool:
    if b"\0" in data or data.count(b"\r\n") != data.count(b"\n") or data.count(b"\r") != data.count(b"\n"):
        return False
    return all(len(line) <= 998 for line in data.split(b"\r\n"))


def _header_of(original: bytes) -> bytes:
    ends = [
        at
        for mark in (b"\r\n\r\n", b"\n\n")
        if (at := original.find(mark, 0, MAX_HEADER_BYTES_RETURNED)) >= 0
    ]
    if ends:
        return original[: min(ends)] + b"\r\n"
    cut = original.rfind(b"\n", 0, MAX_HEADER_BYTES_RETURNED)
    return original[: cut + 1]
