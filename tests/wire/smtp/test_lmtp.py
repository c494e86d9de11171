"""LMTP (RFC 2033): its own greeting, and a reply for each recipient."""

from __future__ import annotations

import pytest

from posthouse.wire.smtp.envelope import Service
from posthouse.wire.smtp.reply import Reply
from tests.wire.smtp.drive import MAIL, RCPT, Driven, open_session

HELLO = b"LHLO front.test\r\n"
EVE = b"RCPT TO:<eve@example.test>\r\n"
AWAY = b"RCPT TO:<x@elsewhere.test>\r\n"
FULL = Reply(452, "4.2.2", "The mailbox is full")
KEPT = Reply(250, "2.0.0", "Ok")


def session(**limits: int) -> Driven:
    driven = open_session(Service.LMTP, starttls=False, **limits).feed(HELLO)
    assert b"250-PIPELINING\r\n" in driven.said
    driven.said = b""
    return driven


@pytest.mark.parametrize("hello", [b"EHLO a.test\r\n", b"HELO a.test\r\n"])
def test_smtps_greeting_is_unknown_to_it_and_its_own_to_smtp(hello: bytes) -> None:
    assert open_session(Service.LMTP).feed(hello).codes() == [500]
    assert open_session(Service.MX).feed(HELLO).codes() == [500]


def test_every_recipient_has_a_reply_in_order() -> None:
    driven = session()
    driven.replies = (KEPT, FULL)
    driven.feed(MAIL, RCPT, AWAY, EVE, b"DATA\r\n", b"Subject: x\r\n\r\n.\r\n", b"NOOP\r\n")
    assert driven.codes() == [250, 250, 550, 250, 354, 250, 452, 250]
    assert [(str(one.recipients[0]), one.reply) for one in driven.session.take_turned()][1:] == [
        ("eve@example.test", FULL)
    ]
    assert driven.session.peer.protocol(smtputf8=False) == "LMTP"


def test_one_outcome_for_all_is_said_to_each() -> None:
    driven = session(message_bytes=10)
    driven.feed(MAIL, RCPT, EVE, b"DATA\r\n", b"Subject: far too long\r\n\r\n.\r\n", b"NOOP\r\n")
    assert driven.codes() == [250, 250, 250, 354, 552, 552, 250]
    driven = session().feed(MAIL, RCPT, EVE, b"DATA\r\n", b"bare\nline\r\n.\r\n", b"NOOP\r\n")
    assert driven.codes() == [250, 250, 250, 354, 554, 554, 250]


def test_chunks_have_one_reply_and_the_last_has_one_for_each() -> None:
    driven = session().feed(MAIL, RCPT, EVE, b"BDAT 1\r\na", b"BDAT 0 LAST\r\n", b"NOOP\r\n")
    assert driven.codes() == [250, 250, 250, 250, 250, 250, 250]
    driven = session(message_bytes=10).feed(MAIL, RCPT, EVE, b"BDAT 11\r\n12345678901", b"NOOP\r\n")
    assert driven.codes() == [250, 250, 250, 552, 250]


def test_without_a_recipient_there_is_one_reply() -> None:
    driven = session().feed(MAIL, AWAY, b"DATA\r\n", b"BDAT 1 LAST\r\na", b"NOOP\r\n")
    assert driven.codes() == [250, 550, 503, 503, 250]


@pytest.mark.parametrize("address", [b"bob%elsewhere.test@example.test", b"elsewhere.test!bob@example.test"])
def test_it_is_no_relay(address: bytes) -> None:
    assert session().feed(MAIL, b"RCPT TO:<" + address + b">\r\n").codes() == [250, 550]
