"""Who asks for a receipt of reading, and the receipt: read by Python's own parser and by our own."""

from __future__ import annotations

import email
from datetime import UTC, datetime

import pytest

from posthouse.wire.mime.addresses import Address
from posthouse.wire.mime.mdn import ReadReceipt, asked_by, build_receipt
from posthouse.wire.mime.reports import read_report

CAME = b"Return-Path: <zoe@there.test>\r\n"
ASKS = b"Disposition-Notification-To: Zoe <zoe@there.test>\r\n"


@pytest.mark.parametrize(
    ("header", "to"),
    [
        (CAME + ASKS, "zoe@there.test"),
        (CAME + b"disposition-notification-to:\r\n zoe@there.test\r\n", "zoe@there.test"),
        (CAME + b"Disposition-Notification-To: desk@there.test\r\n", "desk@there.test"),
        (CAME, None),
        (ASKS, None),
        (b"Return-Path: <>\r\n" + ASKS, None),
        (b"Subject: x\r\nReturn-Path: <>\r\n" + CAME + ASKS, None),
        (CAME + ASKS + ASKS, None),
        (CAME + b"Disposition-Notification-To: a@b.test, c@d.test\r\n", None),
        (CAME + b"Disposition-Notification-To: nobody\r\n", None),
        (CAME + b"Disposition-Notification-To:\r\n", None),
        (CAME + ASKS + b"List-Id: <news.there.test>\r\n", None),
        (CAME + ASKS + b"Auto-Submitted: auto-generated\r\n", None),
        (CAME + ASKS + b"Precedence: bulk\r\n", None),
        (CAME + ASKS + b"Disposition-Notification-Options: sign=Required,x\r\n", None),
        (CAME + ASKS + b"Disposition-Notification-Options: sign=optional,x\r\n", "zoe@there.test"),
    ],
)
def test_who_may_be_told(header: bytes, to: str | None) -> None:
    assert asked_by(header + b"\r\nDisposition-Notification-To: evil@there.test\r\n") == to


def receipt(**fields: object) -> bytes:
    base = {
        "reader": Address("Alice", "alice@house.test"),
        "to": "zoe@there.test",
        "message_id": "r@house.test",
        "date": datetime(2026, 11, 28, tzinfo=UTC),
        "subject": "Read: Plates",
        "text": "Your mail was shown.",
        "agent": "house.test; Posthouse",
        "about_message_id": "plates@there.test",
    }
    return build_receipt(ReadReceipt(**{**base, **fields}), boundary="abcdefgh12")  # type: ignore[arg-type]


def test_the_receipt_is_what_the_rfc_says() -> None:
    message = email.message_from_bytes(receipt())
    assert message.get_content_type() == "multipart/report"
    assert message.get_param("report-type") == "disposition-notification"
    assert message["Auto-Submitted"] == "auto-replied" and message["In-Reply-To"] == "<plates@there.test>"
    text, told = message.get_payload()
    assert text.get_content_type() == "text/plain"
    assert told.get_content_type() == "message/disposition-notification"
    fields = told.get_payload()[0] if told.is_multipart() else email.message_from_string(told.get_payload())
    assert fields["Final-Recipient"] == "rfc822; alice@house.test"
    assert fields["Original-Message-ID"] == "<plates@there.test>"
    assert fields["Disposition"] == "manual-action/MDN-sent-manually; displayed"


def test_we_understand_our_own() -> None:
    found = read_report(receipt(), is_null_sender=True)
    assert found is not None and found.message_id == "plates@there.test"
    assert [(one.action, one.recipient) for one in found.fates] == [("read", "alice@house.test")]


@pytest.mark.parametrize("to", ["zoe@there.test\r\nBcc: x@y.test", "a b"])
def test_an_address_that_cannot_be_written_is_not(to: str) -> None:
    with pytest.raises(ValueError):
        receipt(to=to)
