"""What other servers and programs report of a mail: delivery status, read receipts, complaints.

RFC 3464 and 6533 (delivery status), RFC 8098 (receipts), RFC 5965 (complaints), also inside other messages;
bounces of no such form are read by `loose_reports`. Never raises, linear in the message, and believes nothing: whoever
uses a report asks its tokens whether it speaks of a mail of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from posthouse.wire.mime import loose_reports
from posthouse.wire.mime.headers import loose, read_header
from posthouse.wire.mime.part import Part
from posthouse.wire.mime.scan import Scan, scan
from posthouse.wire.mime.text import decode_body

MAX_FATES = 500
MAX_TOKENS = 5
MAX_REPORT_BYTES = 256 * 1024
MAX_TEXT_CHARS = 480
TOKEN = re.compile(rb"ph1-[a-z2-7]{39}(?![a-z2-7])", re.IGNORECASE)
"""What mail of ours carries with it (delivery/fate/traces.py)."""

_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
_RECEIPT_TYPES = ("message/disposition-notification", "message/global-disposition-notification")
_COMPLAINT_TYPE = "message/feedback-report"
_COPIES = ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers")
_COMPLAINTS = frozenset({"abuse", "fraud", "virus", "other"})
_ACTIONS = frozenset({"failed", "delayed", "delivered", "relayed", "expanded"})
_BY_CLASS = {"2": "delivered", "4": "delayed", "5": "failed"}
_STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")
_WORD = re.compile(r"[a-z-]+")

Fields = dict[bytes, list[str]]


class Fate(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """What a report says of one recipient: `action` is one of RFC 3464's five, "read" or "complained".

    `recipient` and `original` are addresses, empty where the report names none; `answer` is one line.
    """

    action: str
    recipient: str = ""
    original: str = ""
    status: str = ""
    answer: str = ""
    host: str = ""


class Report(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """`tokens` are those found anywhere in it, `message_id` the mail's as the report gives it."""

    fates: tuple[Fate, ...]
    tokens: tuple[str, ...] = ()
    message_id: str = ""


def read_report(raw: bytes, *, is_null_sender: bool) -> Report | None:
    """The report that a message is, or None. `is_null_sender`: its envelope had the null reverse-path."""
    found = scan(raw)
    parts = list(_leaves(found.root))
    bodies = [(part, _fields_of(part, raw)) for part in parts if part.content_type in _READERS]
    fates: list[Fate] = []
    message_id = ""
    for part, blocks in bodies:
        fates += _READERS[part.content_type](blocks)
        message_id = message_id or _id_in(blocks)
    if not bodies:
        fates = [
            Fate(action=one.action, recipient=one.recipient, status=one.status, answer=one.answer)
            for one in loose_reports.read(found, raw, is_null_sender=is_null_sender)
        ]
    if not fates:
        return None
    message_id = message_id or _id_of_copy(found, raw)
    return Report(fates=tuple(fates[:MAX_FATES]), tokens=_tokens(raw, parts), message_id=message_id)


def looks_like_report(raw: bytes) -> bool:
    """A cheap look, at the door, at whether a message from somebody is worth reading as a report."""
    head = raw[: 16 * 1024].lower()
    return b"multipart/report" in head or b"mailer-daemon" in head or b"postmaster" in head


def _leaves(root: Part) -> Iterator[Part]:
    """All parts, also those of messages inside, in the order of the message."""
    ahead = [root]
    while ahead:
        part = ahead.pop()
        yield part
        ahead += reversed(part.children)


def _fields_of(part: Part, raw: bytes) -> list[Fields]:
    """The blocks of fields that a report consists of, with blank lines between (RFC 3464 §2.1)."""
    body = decode_body(part, raw, limit=MAX_REPORT_BYTES)
    blocks: list[Fields] = []
    position = 0
    while position < len(body) and len(blocks) <= MAX_FATES:
        header = read_header(body, position, len(body))
        if header.fields:
            fields: Fields = {}
            for name, value in header.fields:
                fields.setdefault(name, []).append(loose(value))
            blocks.append(fields)
        if header.body_start <= position:
            line_end = body.find(b"\n", position)
            position = len(body) if line_end < 0 else line_end + 1
        else:
            position = header.body_start
    return blocks


def _first(fields: Fields, name: bytes) -> str:
    return fields.get(name, [""])[0]


def _status_fates(blocks: Sequence[Fields]) -> Iterator[Fate]:
    reporter = next((host for block in blocks if (host := _typed(_first(block, b"reporting-mta")))), "")
    for block in blocks:
        recipient = address_of(_first(block, b"final-recipient"))
        original = address_of(_first(block, b"original-recipient"))
        if not recipient and not original:
            continue
        status = _STATUS.search(_first(block, b"status"))
        word = _WORD.match(_first(block, b"action").lower())
        action = word[0] if word else ""
        if action not in _ACTIONS:
            action = _BY_CLASS.get(status[1], "") if status else ""
        if action:
            yield Fate(
                action=action,
                recipient=recipient,
                original=original,
                status=status[0] if status else "",
                answer=_typed(_first(block, b"diagnostic-code"))[:MAX_TEXT_CHARS],
                host=(_typed(_first(block, b"remote-mta")) or reporter)[:255],
            )


def _receipt_fates(blocks: Sequence[Fields]) -> Iterator[Fate]:
    """Only what was displayed was read; the other dispositions (RFC 8098 §3.2.6) say nothing of a person."""
    for block in blocks:
        kind = _first(block, b"disposition").rpartition(";")[2].partition("/")[0].strip().lower()
        if kind == "displayed":
            yield Fate(
                action="read",
                recipient=address_of(_first(block, b"final-recipient")),
                original=address_of(_first(block, b"original-recipient")),
            )


def _complaint_fates(blocks: Sequence[Fields]) -> Iterator[Fate]:
    for block in blocks:
        kind = _first(block, b"feedback-type").strip().lower()
        if kind not in _COMPLAINTS:
            continue
        named = [address_of(value) for value in block.get(b"original-rcpt-to", [])]
        host = _typed(_first(block, b"reporting-mta"))[:255]
        for address in named or [""]:
            yield Fate(action="complained", recipient=address, answer=kind, host=host)


_READERS = {
    **dict.fromkeys(_STATUS_TYPES, _status_fates),
    **dict.fromkeys(_RECEIPT_TYPES, _receipt_fates),
    _COMPLAINT_TYPE: _complaint_fates,
}


def _typed(value: str) -> str:
    """What follows the type in `smtp; 550 no` and `dns; mx.example`."""
    kind, semicolon, rest = value.partition(";")
    return (rest if semicolon and kind.strip().replace("-", "").isalnum() else value).strip()


def address_of(value: str) -> str:
    """The address of `rfc822; <ann@example.org>`, in whatever dress it comes."""
    text = _typed(value).strip("<> \t")
    return text if "@" in text[1:-1] and " " not in text and len(text) <= 320 else ""


def _id_in(blocks: Sequence[Fields]) -> str:
    for block in blocks:
        for name in (b"original-message-id", b"x-original-message-id"):
            if value := _first(block, name):
                return value.strip("<> ")[:998]
    return ""


def _id_of_copy(found: Scan, raw: bytes) -> str:
    """The Message-ID of the innermost message that lies in the report."""
    last = ""
    for header in found.inner_headers:
        for name, value in header.fields:
            if name == b"message-id":
                last = loose(value).strip("<> ")[:998]
                break
    for part in _leaves(found.root):
        if part.content_type in _COPIES and not part.children:
            copied = decode_body(part, raw, limit=MAX_REPORT_BYTES)
            for name, value in read_header(copied, 0, len(copied)).fields:
                if name == b"message-id":
                    return loose(value).strip("<> ")[:998]
    return last


def _tokens(raw: bytes, parts: Sequence[Part]) -> tuple[str, ...]:
    """Each once; also from parts that came encoded, since a line end may stand inside a token there."""
    found = dict.fromkeys(token.lower() for token in TOKEN.findall(raw))
    for part in parts:
        if (
            part.encoding in ("base64", "quoted-printable")
            and not part.is_multipart
            and len(found) < MAX_TOKENS
        ):
            body = decode_body(part, raw, limit=MAX_REPORT_BYTES)
            found |= dict.fromkeys(token.lower() for token in TOKEN.findall(body))
    return tuple(token.decode("ascii") for token in list(found)[:MAX_TOKENS])
