"""Debian's Postfix relays to Posthouse and takes mail from it; what was said on one side is seen on the other.

The line of servers: whoever writes → Postfix → Posthouse, and alice → Posthouse → Postfix → a sink that keeps every
byte. Postfix stands for the outside world (outside.test, by a route) and is the smart host for all else.
"""

from __future__ import annotations

import email
import imaplib
import smtplib
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from email.message import Message

import pytest

from tests.delivery.outside import until
from tests.delivery.transport.authority import Authority
from tests.peers import PeerUnavailable, Postfix, Posthouse, Sink, dovecot, postfix, posthouse, sink
from tests.peers.process import own_folder
from tests.programs import missing

ALICE, WRITER = "alice@example.test", "writer@outside.test"
HOST = "mail.posthouse.test"
WAIT_SECONDS = 60.0

pytestmark = pytest.mark.conformance


@dataclass(frozen=True, slots=True)
class Chain:
    ours: Posthouse
    theirs: Postfix
    end: Sink

    def write(self, message: bytes, to: Sequence[str] = (ALICE,), **options: list[str]) -> None:
        """By Postfix to people here."""
        with smtplib.SMTP("127.0.0.1", self.theirs.smtp_port, timeout=WAIT_SECONDS) as client:
            assert client.sendmail(WRITER, list(to), message, **options) == {}

    def answer(self, message: bytes, *to: str, **options: list[str]) -> None:
        """Alice, to the outside."""
        with smtplib.SMTP("127.0.0.1", self.ours.submission_port, timeout=WAIT_SECONDS) as client:
            client.login(ALICE, self.ours.password)
            assert client.sendmail(ALICE, list(to), message, **options) == {}

    def received(self, word: str, count: int = 1) -> list[bytes]:
        """What lies in alice's inbox with a word in its subject."""
        box = imaplib.IMAP4("127.0.0.1", self.ours.imap_port, timeout=WAIT_SECONDS)
        try:
            box.login(ALICE, self.ours.password)

            def look() -> list[bytes]:
                box.select("INBOX")
                found = box.uid("SEARCH", "SUBJECT", word)[1][0].split()
                whole = [box.uid("FETCH", uid.decode(), "(BODY.PEEK[])")[1][0][1] for uid in found]
                return whole if len(whole) >= count else []

            return until(look, seconds=WAIT_SECONDS)
        finally:
            box.shutdown()

    def sent(self, word: str) -> bytes:
        """What has come to the end with a word in it, dots as they were."""

        def look() -> list[bytes]:
            return [one for one in self.end.messages if word.encode() in one]

        (found,) = until(look, seconds=WAIT_SECONDS)
        return found.replace(b"\r\n..", b"\r\n.")

    def log_of(self, word: str) -> str:
        """The lines of Postfix's log with a word."""

        def look() -> str:
            return "\n".join(
                line for line in self.theirs.log.read_text(errors="replace").splitlines() if word in line
            )

        return until(look, seconds=WAIT_SECONDS)


@pytest.fixture(scope="module")
def chain() -> Iterator[Chain]:
    with ExitStack() as stack:
        folder = stack.enter_context(own_folder("chain"))
        authority = Authority(folder)
        end = stack.enter_context(sink())
        end.keep_messages = True
        try:
            accounts = stack.enter_context(dovecot(user="house@posthouse.test"))
            ours = stack.enter_context(posthouse(folder, start=False))
            settings = _settings(ours, end, authority, auth_port=accounts.auth_port)
            theirs = stack.enter_context(postfix(domain="outside.test", settings=settings))
        except PeerUnavailable as reason:
            missing(reason)
        path, _ = authority.chain(HOST)
        ours.env |= {
            "POSTHOUSE_HOSTNAME": HOST,
            "POSTHOUSE_TLS_CERTIFICATE": str(path),
            "POSTHOUSE_TLS_KEY": str(path),
            "POSTHOUSE_ROUTES": f"outside.test=127.0.0.1:{theirs.smtp_port}",
            "POSTHOUSE_RELAY": f"localhost:{theirs.smtp_port}",
            "POSTHOUSE_RELAY_USER": accounts.user,
            "POSTHOUSE_RELAY_PASSWORD": accounts.password,
            "EMAIL_USE_TLS": "1",
            "SSL_CERT_FILE": str(authority.file),
        }
        ours.start()
        ours.lift_sending_limits()
        yield Chain(ours, theirs, end)


def _settings(ours: Posthouse, end: Sink, authority: Authority, *, auth_port: int) -> dict[str, str]:
    path, _ = authority.chain("localhost", "mx.outside.test")
    door = f"[127.0.0.1]:{ours.mx_port}"
    return {
        "transport_maps": f"inline:{{ {{ example.test = smtp:{door} }} }}",
        "default_transport": f"smtp:[127.0.0.1]:{end.port}",
        "virtual_transport": f"smtp:[127.0.0.1]:{end.port}",
        "smtpd_relay_restrictions": "permit_sasl_authenticated, reject_unauth_destination",
        "relay_domains": "example.test",
        "smtpd_sasl_auth_enable": "yes",
        "smtpd_sasl_type": "dovecot",
        "smtpd_sasl_path": f"inet:127.0.0.1:{auth_port}",
        "smtpd_tls_security_level": "may",
        "smtpd_tls_auth_only": "yes",
        "smtpd_tls_chain_files": str(path),
        "smtpd_tls_loglevel": "1",
        "smtp_tls_loglevel": "1",
        "smtp_tls_CAfile": str(authority.file),
        "smtp_tls_policy_maps": f"inline:{{ {{ {door} = secure match={HOST} }} }}",
        "smtp_destination_recipient_limit": "500",
        "smtputf8_enable": "yes",
    }


def letter(subject: str, body: bytes = b"Hello\r\n.dot\r\n..dots\r\n", *, fields: str = "") -> bytes:
    head = (
        f"From: {WRITER}\r\nTo: {ALICE}\r\nSubject: {subject}\r\nMessage-ID: <{subject}@chain.test>\r\n"
        f"Date: Sat, 28 Nov 2026 02:00:00 +0000\r\n{fields}\r\n"
    )
    return head.encode() + body


def ours_of(subject: str, body: bytes = b"Hello\r\n.dot\r\n", *, fields: str = "") -> bytes:
    return letter(subject, body, fields=fields).replace(WRITER.encode(), ALICE.encode(), 1)


EIGHT_BIT = (
    "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
)


# In


def test_postfix_verifies_our_certificate_and_every_byte_arrives(chain: Chain) -> None:
    message = letter("plain-in")
    chain.write(message)
    (found,) = chain.received("plain-in")
    assert found.endswith(message)
    trace = found.removesuffix(message).decode()
    assert f"Return-Path: <{WRITER}>" in trace and "with ESMTPS" in trace
    assert (
        f"Verified TLS connection established to 127.0.0.1[127.0.0.1]:{chain.ours.mx_port}"
        in chain.log_of("TLS connection established to")
    )


def test_eight_bits_and_names_beyond_ascii_arrive(chain: Chain) -> None:
    body = "Grüße aus Köln\r\n".encode()
    message = letter("eight-in", body, fields=EIGHT_BIT)
    chain.write(message, mail_options=["BODY=8BITMIME"])
    (found,) = chain.received("eight-in")
    assert found.endswith(message)

    wide = letter("wide-in", body, fields=EIGHT_BIT).replace(b"From: writer@", "From: jörg@".encode())
    with smtplib.SMTP("127.0.0.1", chain.theirs.smtp_port, timeout=WAIT_SECONDS) as client:
        client.ehlo()
        assert (
            client.sendmail("jörg@outside.test", [ALICE], wide, mail_options=["SMTPUTF8", "BODY=8BITMIME"])
            == {}
        )
    (found,) = chain.received("wide-in")
    assert found.endswith(wide)
    assert "Return-Path: <jörg@outside.test>" in found.decode() and b"UTF8SMTPS" in found


def test_thirty_megabytes_arrive(chain: Chain) -> None:
    message = letter(
        "large-in", b"".join(b"%07d " % number + b"x" * 66 + b"\r\n" for number in range(400_000))
    )
    assert len(message) > 30_000_000
    chain.write(message)
    (found,) = chain.received("large-in")
    assert found.endswith(message)


def test_five_hundred_recipients_arrive_in_one_message(chain: Chain) -> None:
    message = letter("many-in")
    chain.write(message, [f"alice+{number}@example.test" for number in range(500)])
    (found,) = chain.received("many-in")
    assert found.endswith(message)
    log = until(
        lambda: (text := chain.log_of("to=<alice+")).count("status=sent") >= 500 and text,
        seconds=WAIT_SECONDS,
    )
    assert log.count("status=sent") == 500


def test_a_sender_who_asked_is_told_that_it_arrived(chain: Chain) -> None:
    """Whoever offers DSN and delivers, tells (RFC 3461 §5.2): either of the two servers, once."""
    options = {
        "mail_options": ["ENVID=QQ314159", "RET=HDRS"],
        "rcpt_options": ["NOTIFY=SUCCESS", f"ORCPT=rfc822;{ALICE}"],
    }
    chain.write(letter("told-in"), **options)
    chain.received("told-in")
    notice = email.message_from_bytes(chain.sent("QQ314159"))
    assert notice["To"] == WRITER
    (status,) = _statuses(notice)
    assert (status["Action"], status["Original-Recipient"]) in (
        ("delivered", f"rfc822; {ALICE}"),
        ("relayed", f"rfc822;{ALICE}"),
    )


# Out


def test_postfix_takes_what_alice_sends_to_the_byte(chain: Chain) -> None:
    for name, body, options in (
        ("plain-out", b"Hello\r\n.dot\r\n..dots\r\n.\r\n", []),
        ("eight-out", "Grüße\r\n.\r\n".encode(), ["BODY=8BITMIME"]),
    ):
        message = ours_of(name, body, fields=EIGHT_BIT)
        chain.answer(message, "zoe@outside.test", mail_options=options)
        assert chain.sent(name).endswith(message), name
    assert "Anonymous TLS connection established from" in chain.log_of("TLS connection established from")


def test_names_beyond_ascii_leave(chain: Chain) -> None:
    message = ours_of("wide-out", "Grüße\r\n".encode(), fields=EIGHT_BIT).replace(
        b"To: alice@example.test", "To: jörg@outside.test".encode()
    )
    with smtplib.SMTP("127.0.0.1", chain.ours.submission_port, timeout=WAIT_SECONDS) as client:
        client.login(ALICE, chain.ours.password)
        client.sendmail(ALICE, ["jörg@outside.test"], message, mail_options=["SMTPUTF8", "BODY=8BITMIME"])
    assert chain.sent("wide-out").endswith(message)
    assert ("<wide-out@chain.test>", "jörg@outside.test") in chain.end.seen


def test_thirty_megabytes_leave_as_one_chunk(chain: Chain) -> None:
    message = ours_of(
        "large-out", b"".join(b"%07d " % number + b"x" * 66 + b"\r\n" for number in range(400_000))
    )
    chain.answer(message, "zoe@outside.test")
    assert chain.sent("large-out").endswith(message)
    assert "disconnect from" in chain.log_of(" bdat="), "Postfix offers CHUNKING"


def test_five_hundred_recipients_leave_each_once(chain: Chain) -> None:
    names = [f"u{number}@outside.test" for number in range(500)]
    chain.answer(ours_of("many-out"), *names)
    wanted = {("<many-out@chain.test>", name) for name in names}
    assert chain.end.wait_for(wanted, seconds=WAIT_SECONDS) == set()
    assert {chain.end.seen[one] for one in wanted} == {1}


def test_what_the_sender_wants_to_be_told_of_goes_with_the_mail(chain: Chain) -> None:
    """Postfix, behind whom nobody offers DSN, tells alice herself, by the names she gave it."""
    chain.answer(
        ours_of("told-out"),
        "zoe@outside.test",
        mail_options=["ENVID=AB+2B42", "RET=HDRS"],
        rcpt_options=["NOTIFY=SUCCESS,FAILURE", "ORCPT=rfc822;Zoe+2BFirst@outside.test"],
    )
    chain.sent("told-out")
    (raw,) = chain.received("Successful")
    notice = email.message_from_bytes(raw)
    (status,) = _statuses(notice)
    assert (status["Action"], status["Original-Recipient"]) == ("relayed", "rfc822;Zoe+First@outside.test")
    assert b"Original-Envelope-Id: AB+42" in raw
    assert b"Hello" not in raw, "headers alone were asked for"


def test_the_smart_host_takes_mail_of_whom_it_knows_under_a_certificate_that_holds(chain: Chain) -> None:
    message = ours_of("relayed-out")
    chain.answer(message, "zoe@anywhere.test")
    assert chain.sent("relayed-out").endswith(message)
    assert "sasl_method=PLAIN, sasl_username=house@posthouse.test" in chain.log_of("sasl_username")


def test_whom_nobody_may_tell_is_not_told(chain: Chain) -> None:
    """NOTIFY=NEVER holds when the server behind Postfix refuses; without it Postfix tells."""
    chain.end.answer = b"550 5.7.1 no\r\n"
    try:
        chain.answer(ours_of("never-out"), "zoe@outside.test", rcpt_options=["NOTIFY=NEVER"])
        chain.answer(ours_of("failing-out"), "zoe@outside.test")
        until(lambda: chain.log_of("said: 550").count("status=bounced") >= 2, seconds=WAIT_SECONDS)
    finally:
        chain.end.answer = b"250 2.0.0 ok\r\n"
    notices = chain.received("Undelivered")
    time.sleep(0.5)
    notices = chain.received("Undelivered")
    assert len(notices) == 1 and b"failing-out" in notices[0]


def _statuses(notice: Message) -> list[Message]:
    """The fields of each recipient of a notification."""
    assert notice.get_content_type() == "multipart/report"
    (report,) = [part for part in notice.walk() if part.get_content_type() == "message/delivery-status"]
    _, *recipients = report.get_payload()
    return recipients
