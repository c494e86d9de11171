"""The two doors' rules, with the rest of the house played by plain callables."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from posthouse.base.errors import Conflict, Denied, Failure, Invalid, Limited, Missing, TooLarge, Unavailable
from posthouse.smtpd.handlers import MxHandler, Place, SubmissionHandler
from posthouse.smtpd.replies import reply_for
from posthouse.wire.smtp.address import Mailbox, read_mailbox
from posthouse.wire.smtp.envelope import Envelope, Login, Peer, Recipient, Service

STRANGER = Peer(ip="192.0.2.1", port=1, service=Service.MX, helo="client.test")
ALICE = Login("alice@example.test")
MEMBER = Peer(ip="192.0.2.1", port=1, service=Service.SUBMISSION, helo="client.test", login=ALICE)
PLACES = {"bob@example.test": Place.LOCAL, "full@example.test": Place.FULL}


def lookup(address: Mailbox) -> Place:
    if address.domain != "example.test":
        return Place.FOREIGN
    return PLACES.get(str(address), Place.UNKNOWN)


async def lookup_later(address: Mailbox) -> Place:
    return lookup(address)


class Kept:
    def __init__(self) -> None:
        self.mail: list[tuple[Any, ...]] = []

    async def __call__(self, *given: Any) -> str:
        self.mail.append(given)
        return f"id{len(self.mail)}"


def envelope(recipient: str) -> Envelope:
    return Envelope(mail_from=None, recipients=(Recipient(read_mailbox(recipient)),))


@pytest.mark.parametrize("how", [lookup, lookup_later])
@pytest.mark.parametrize(
    ("address", "code", "enhanced"),
    [
        ("bob@example.test", None, ""),
        ("nobody@example.test", 550, "5.1.1"),
        ("bob@elsewhere.test", 550, "5.7.1"),
        ("full@example.test", 452, "4.2.2"),
    ],
)
def test_mx_takes_mail_for_our_own_only(how: Any, address: str, code: int | None, enhanced: str) -> None:
    verdict = MxHandler(lookup=how, accept=Kept()).recipient(STRANGER, read_mailbox(address), sender=None)
    if how is lookup_later:
        assert asyncio.iscoroutine(verdict)
        verdict = asyncio.run(verdict)
    assert (verdict.code, verdict.enhanced) == (code, enhanced) if code else verdict is None


@pytest.mark.parametrize("how", [lookup, lookup_later])
@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("bob@example.test", None),
        ("nobody@example.test", 550),
        ("x@elsewhere.test", None),
        ("full@example.test", None),
    ],
)
def test_submission_takes_mail_for_anybody_who_can_exist(how: Any, address: str, code: int | None) -> None:
    verdict = submission(lookup=how).recipient(MEMBER, read_mailbox(address), sender=None)
    if how is lookup_later:
        verdict = asyncio.run(verdict)
    assert (verdict and verdict.code) == code


def submission(**given: Any) -> SubmissionHandler:
    async def authenticate(username: str, password: str, ip: str) -> Login | None:
        return ALICE if (username, password, ip) == ("alice", "right", "192.0.2.1") else None

    return SubmissionHandler(
        lookup=given.get("lookup", lookup),
        authenticate=authenticate,
        may_send_as=lambda login, address: str(address) == login.username,
        submit=given.get("submit", Kept()),
    )


def test_people_send_only_as_themselves() -> None:
    handler = submission()
    assert handler.sender(MEMBER, read_mailbox("alice@example.test")) is None
    assert handler.sender(MEMBER, None) is None
    refusal = handler.sender(MEMBER, read_mailbox("bob@example.test"))
    assert refusal is not None
    assert (refusal.code, refusal.enhanced) == (553, "5.7.1")


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (b"From: Alice <alice@example.test>\r\n", 250),
        (b"from :\r\n alice@example.test\r\n", 250),
        (b"Subject: no author, so the envelope's\r\n", 250),
        (b'From: "bob@example.test" <alice@example.test>\r\n', 250),
        (b"From: bob@example.test\r\n", 550),
        (b"From: alice@example.test, bob@example.test\r\n", 550),
        (b"From: alice@example.test <bob@example.test>\r\n", 550),
        (b"From: alice@example.test\r\n, bob@example.test\r\n", 250),
        (b"From: alice@example.test,\r\n\tbob@example.test\r\n", 550),
        (b"From: alice@example.test\r\nFROM : bob@example.test\r\n", 554),
        (b"From: alice@example.test\r\nFrom: alice@example.test\r\n", 554),
        (b"From:\r\n", 554),
        (b"From: nobody in particular\r\n", 554),
        (b"X: " + b"x" * 2_000_000 + b"\r\nFrom: bob@example.test\r\n", 554),
    ],
)
def test_the_from_of_a_submitted_message_is_the_senders_own(header: bytes, code: int) -> None:
    given = Envelope(mail_from=read_mailbox("alice@example.test"), recipients=())
    kept = Kept()
    reply = asyncio.run(
        submission(submit=kept).message(MEMBER, given, header + b"\r\nFrom: bob@example.test\r\n")
    )
    assert reply.code == code
    assert len(kept.mail) == (code == 250)


def test_a_message_with_neither_sender_nor_author_is_refused() -> None:
    given = Envelope(mail_from=None, recipients=())
    assert asyncio.run(submission().message(MEMBER, given, b"Subject: x\r\n\r\n")).code == 554


def test_without_a_login_nothing_is_taken_even_if_the_session_let_it_through() -> None:
    stranger = Peer(ip="192.0.2.1", port=1, service=Service.SUBMISSION)
    kept = Kept()
    handler = submission(submit=kept)
    assert handler.sender(stranger, None).code == 530
    assert handler.recipient(stranger, read_mailbox("bob@example.test"), sender=None).code == 530
    assert asyncio.run(handler.message(stranger, envelope("bob@example.test"), b"x")).code == 530
    assert kept.mail == []


def test_what_was_kept_is_named_in_the_answer() -> None:
    kept = Kept()
    given = envelope("bob@example.test")
    reply = asyncio.run(MxHandler(lookup=lookup, accept=kept).message(STRANGER, given, b"x"))
    assert reply.encode() == b"250 2.0.0 Ok, kept as id1\r\n"
    assert kept.mail == [(given, b"x", STRANGER)]
    mine = b"From: alice@example.test\r\n\r\n"
    reply = asyncio.run(submission(submit=kept).message(MEMBER, given, mine))
    assert reply.encode() == b"250 2.0.0 Ok, kept as id2\r\n"
    assert kept.mail[1] == (ALICE, given, mine, MEMBER)


def test_who_logs_in_is_asked_with_the_address_they_come_from() -> None:
    assert asyncio.run(submission().authenticate(MEMBER, "PLAIN", "alice", "right")) == ALICE
    assert asyncio.run(submission().authenticate(MEMBER, "PLAIN", "alice", "wrong")) is None
    mx = MxHandler(lookup=lookup, accept=Kept())
    assert asyncio.run(mx.authenticate(STRANGER, "PLAIN", "alice", "right")) is None


@pytest.mark.parametrize(
    ("failure", "code", "enhanced"),
    [
        (Invalid("x", "x"), 554, "5.6.0"),
        (Denied("x", "x"), 550, "5.7.1"),
        (Missing("x", "x"), 550, "5.1.1"),
        (Conflict("x", "x"), 451, "4.3.0"),
        (Limited("x", "x"), 452, "4.2.2"),
        (TooLarge("x", "x"), 552, "5.3.4"),
        (Unavailable("x", "x"), 451, "4.3.0"),
    ],
)
def test_every_kind_of_failure_has_its_reply(failure: Failure, code: int, enhanced: str) -> None:
    reply = reply_for(failure)
    assert (reply.code, reply.enhanced) == (code, enhanced)
