"""The session: dialogue, limits, relay spellings, log-in."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from posthouse.wire.budget import Budget
from posthouse.wire.smtp.envelope import Body, Login, Notify, Return, Service
from posthouse.wire.smtp.sasl import Credentials
from tests.wire.smtp.drive import HELLO, MAIL, PASSWORD, RCPT, TLS, TRANSACTION, Driven, in_data, open_session


def b64(text: str) -> bytes:
    return base64.b64encode(text.encode())


def test_a_pipelined_transaction_gives_one_message_with_its_envelope() -> None:
    driven = open_session().feed(HELLO)
    driven.said = b""
    driven.feed(
        b"MAIL FROM:<alice@client.test> SIZE=20 BODY=8BITMIME RET=HDRS ENVID=a+2Bb\r\n"
        b"RCPT TO:<bob@Example.TEST> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;bob+40example.test\r\n"
        b"RCPT TO:<eve@elsewhere.test>\r\n"
        b"DATA\r\n"
    )
    assert driven.codes() == [250, 250, 550, 354]
    driven.feed(b"Subject: x\r\n\r\n..dot\r\n.\r\nQUIT\r\n")
    assert driven.codes()[4:] == [250, 221]
    assert driven.is_closed
    [(envelope, content)] = driven.messages
    assert content == b"Subject: x\r\n\r\n.dot\r\n"
    assert str(envelope.mail_from) == "alice@client.test"
    assert (envelope.body, envelope.ret, envelope.envid) == (Body.EIGHT_BIT, Return.HEADERS, "a+b")
    [recipient] = envelope.recipients
    assert str(recipient.address) == "bob@example.test"
    assert recipient.notify == {Notify.SUCCESS, Notify.FAILURE}
    assert recipient.orcpt == "rfc822;bob@example.test"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (b".\r\n", b""),
        (b"a\r\n.\r\n", b"a\r\n"),
        (b"..\r\n.\r\n", b".\r\n"),
        (b"...\r\n.\r\n", b"..\r\n"),
        (b".a\r\n.\r\n", b"a\r\n"),
        (b"\r\n..\r\n..\r\n\r\n.\r\n", b"\r\n.\r\n.\r\n\r\n"),
        (b"a\r\n.. \r\n.\r\n", b"a\r\n. \r\n"),
        ("grüß\r\n.\r\n".encode("latin-1"), "grüß\r\n".encode("latin-1")),
        (b"x" * 100_000 + b"\r\n.\r\n", b"x" * 100_000 + b"\r\n"),
    ],
)
def test_dots_are_unstuffed_and_nothing_else_is_touched(sent: bytes, kept: bytes) -> None:
    assert [content for _, content in in_data().feed(sent).messages] == [kept]


def test_ehlo_tells_what_there_is() -> None:
    words = open_session().feed(HELLO).said.replace(b"-", b" ").split(b"\r\n")
    for word in (
        b"PIPELINING",
        b"8BITMIME",
        b"SMTPUTF8",
        b"ENHANCEDSTATUSCODES",
        b"DSN",
        b"CHUNKING",
        b"BINARYMIME",
        b"STARTTLS",
    ):
        assert b"250 " + word in words
    assert b"250 SIZE 52428800" in words
    assert b"AUTH" not in b"".join(words)
    assert b"STARTTLS" not in open_session(tls=True).feed(HELLO).said


def test_helo_gives_one_line_and_plain_smtp() -> None:
    driven = open_session().feed(b"HELO client.test\r\n")
    assert driven.said == b"250 mx.example.test at your service\r\n"
    assert driven.session.peer.protocol(smtputf8=False) == "SMTP"


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        (b"NOOP anything", b"250 2.0.0"),
        (b"RSET", b"250 2.0.0"),
        (b"rset", b"250 2.0.0"),
        (b"VRFY bob", b"252 2.5.0"),
        (b"VRFY", b"501 5.5.4"),
        (b"HELP", b"214 2.0.0"),
        (b"EXPN staff", b"502 5.5.1"),
        (b"XCLIENT ADDR=1.2.3.4", b"502 5.5.1"),
        (b"FROBNICATE", b"500 5.5.1"),
        (b"", b"500 5.5.1"),
        (b"AUTH PLAIN", b"502 5.5.1"),
        (b"DATA", b"503 5.5.1"),
        (b"RCPT TO:<bob@example.test>", b"503 5.5.1"),
        (b"EHLO", b"501 5.5.4"),
        (b"EHLO a b", b"501 5.5.4"),
        (b"RSET x", b"501 5.5.4"),
        (b"QUIT x", b"501 5.5.4"),
        (b"STARTTLS now", b"501 5.5.4"),
        (b"NOOP \0", b"500 5.5.2"),
        (b"NOOP a\rb", b"500 5.5.2"),
        (b"NOOP \xff", b"500 5.5.2"),
    ],
)
def test_single_commands(line: bytes, reply: bytes) -> None:
    driven = open_session().feed(HELLO)
    driven.said = b""
    assert driven.feed(line + b"\r\n").said.startswith(reply)
    assert not driven.is_closed


def test_a_line_ended_by_lf_alone_is_refused() -> None:
    driven = open_session().feed(b"EHLO client.test\n")
    assert driven.codes() == [500]


def test_mail_needs_a_greeting_and_does_not_nest() -> None:
    driven = open_session().feed(MAIL, HELLO)
    driven.said = b""
    assert driven.feed(MAIL, MAIL, b"RSET\r\n", MAIL).codes() == [250, 503, 250, 250]


@pytest.mark.parametrize(
    ("parameters", "reply"),
    [
        (b"SIZE=52428801", b"552 5.3.4"),
        (b"SIZE=52428800", b"250"),
        (b"SIZE=x", b"501"),
        (b"SIZE=" + b"9" * 30, b"501"),
        (b"SIZE=1 SIZE=2", b"501"),
        (b"BODY=TEXT", b"501"),
        (b"BODY=8bitmime", b"250"),
        (b"RET=MAYBE", b"501"),
        (b"ENVID=+0D+0A", b"501"),
        (b"ENVID=" + b"x" * 101, b"501"),
        (b"SMTPUTF8=1", b"501"),
        (b"SMTPUTF8", b"250"),
        (b"AUTH=<>", b"250"),
        (b"NOTIFY=NEVER", b"555"),
        (b"REQUIRETLS", b"530"),
        (b"=x", b"501"),
        (b"A= ", b"501"),
        (b"SIZE==1", b"501"),
    ],
)
def test_mail_parameters(parameters: bytes, reply: bytes) -> None:
    driven = open_session().feed(HELLO)
    driven.said = b""
    assert driven.feed(b"MAIL FROM:<alice@client.test> " + parameters + b"\r\n").said.startswith(reply)


@pytest.mark.parametrize(
    ("parameters", "reply"),
    [
        (b"NOTIFY=NEVER", b"250"),
        (b"NOTIFY=never", b"250"),
        (b"NOTIFY=NEVER,DELAY", b"501"),
        (b"NOTIFY=DELAY,DELAY", b"501"),
        (b"NOTIFY=", b"501"),
        (b"NOTIFY=WHENEVER", b"501"),
        (b"ORCPT=rfc822;x@y.test", b"250"),
        (b"ORCPT=rfc822;x+0Ay", b"501"),
        (b"ORCPT=x@y.test", b"501"),
        (b"ORCPT=rfc822;" + b"x" * 500, b"501"),
        (b"SIZE=1", b"555"),
    ],
)
def test_rcpt_parameters(parameters: bytes, reply: bytes) -> None:
    driven = open_session().feed(HELLO + MAIL)
    driven.said = b""
    assert driven.feed(b"RCPT TO:<bob@example.test> " + parameters + b"\r\n").said.startswith(reply)


RELAY_SPELLINGS = [
    "<victim@elsewhere.test>",
    "<victim%elsewhere.test@example.test>",
    "<elsewhere.test!victim@example.test>",
    "<@example.test:victim@elsewhere.test>",
    "<@example.test,@b.test:victim@elsewhere.test>",
    '<"victim@elsewhere.test"@example.test>',
    '<"victim%elsewhere.test"@example.test>',
    '<"@elsewhere.test:victim"@example.test>',
    "<victim@elsewhere.test@example.test>",
    "<victim@elsewhere.test%example.test>",
    "<victim@[198.51.100.7]>",
    "<victim@[IPv6:2001:db8::7]>",
    "<victim@[127.0.0.1]>",
    "<victim@elsewhere.test.>",
    "<victim@example.test.>",
    "<victim@.example.test>",
    "<victim@example..test>",
    "<victim@example.test >",
    "<victim@example.test\0.elsewhere.test>",
    "<victim>",
    "<>",
    "< >",
    "<victim@>",
    "<@example.test>",
    "<@example.test:>",
    "<victim@example.test",
    "victim@example.test",
    '<"victim@example.test>',
    "<victim@2130706433>",
    "<vic tim@example.test>",
    "<.victim@example.test>",
    "<victim.@example.test>",
    "<vic..tim@example.test>",
    "<victim@ex\u00e4mple.test>",
    "<v\u00edctim@example.test>",
]


@pytest.mark.parametrize("path", RELAY_SPELLINGS)
def test_no_spelling_relays(path: str) -> None:
    driven = open_session().feed(HELLO + MAIL)
    driven.said = b""
    driven.feed(f"RCPT TO:{path}\r\n".encode(), b"DATA\r\n")
    first, data = driven.codes()
    assert 500 <= first < 600
    assert data == 503


def test_a_source_route_before_one_of_ours_is_thrown_away() -> None:
    driven = open_session().feed(
        HELLO + MAIL, b"RCPT TO:<@b.test,@c.test:bob@example.test>\r\nDATA\r\nx\r\n.\r\n"
    )
    [(envelope, _)] = driven.messages
    assert str(envelope.recipients[0].address) == "bob@example.test"


def test_postmaster_needs_no_domain_and_the_null_sender_is_taken() -> None:
    driven = open_session().feed(HELLO, b"MAIL FROM:<>\r\nRCPT TO:<PostMaster>\r\nDATA\r\nx\r\n.\r\n")
    [(envelope, _)] = driven.messages
    assert envelope.mail_from is None
    assert str(envelope.recipients[0].address) == "PostMaster@example.test"


def test_outlooks_blank_after_the_colon_is_let_pass() -> None:
    driven = open_session().feed(HELLO, b"MAIL FROM: <a@b.test>\r\n", b"RCPT TO: <bob@example.test>\r\n")
    assert driven.codes()[1:] == [250, 250]


def test_smtputf8_addresses_need_the_parameter() -> None:
    driven = open_session().feed(HELLO)
    driven.said = b""
    driven.feed("MAIL FROM:<j\u00f6rg@client.test>\r\n".encode())
    assert driven.said.startswith(b"553 5.6.7")
    driven.feed(
        "MAIL FROM:<j\u00f6rg@b\u00fccher.test> SMTPUTF8\r\n".encode(),
        "RCPT TO:<\u7528\u6237@example.test>\r\n".encode(),
    )
    driven.feed(b"DATA\r\nx\r\n.\r\n")
    [(envelope, _)] = driven.messages
    assert str(envelope.mail_from) == "j\u00f6rg@xn--bcher-kva.test"
    assert envelope.smtputf8
    assert driven.session.peer.protocol(smtputf8=True) == "UTF8SMTP"


# Limits


def test_an_over_long_message_is_swallowed_then_refused() -> None:
    driven = in_data(message_bytes=100).feed(b"x" * 99, b"x" * 50, b"\r\n.\r\n" + b"NOOP\r\n")
    assert driven.said.startswith(b"552 5.3.4")
    assert driven.codes() == [552, 250]


def test_a_message_of_just_the_limit_is_taken() -> None:
    assert in_data(message_bytes=100).feed(b"x" * 98 + b"\r\n.\r\n").codes() == [250]
    assert in_data(message_bytes=100).feed(b"x" * 99 + b"\r\n.\r\n").codes() == [552]


def test_endless_data_ends_the_connection() -> None:
    driven = in_data(message_bytes=100).feed(*[b"x" * 50] * 20)
    assert driven.codes() == [421]
    assert driven.is_closed


def test_the_shared_budget_is_kept_and_given_back() -> None:
    budget = Budget(1000)
    first = open_session(budget=budget).feed(HELLO, TRANSACTION, b"x" * 900)
    second = open_session(budget=budget).feed(HELLO, TRANSACTION)
    second.said = b""
    second.feed(b"y" * 200, b"\r\n.\r\n")
    assert second.said.startswith(b"452 4.3.1")
    assert second.feed(b"MAIL FROM:<a@b.test> SIZE=200\r\n").codes()[-1] == 452
    assert first.feed(b"\r\n.\r\n").codes()[-1] == 250
    assert budget.free == budget.total
    assert second.feed(TRANSACTION, b"y" * 200, b"\r\n.\r\n").codes()[-1] == 250
    third = open_session(budget=budget).feed(HELLO, TRANSACTION, b"z" * 500)
    assert budget.free == 500
    third.session.release()
    assert budget.free == budget.total


def test_too_many_recipients_are_put_off_and_the_rest_is_taken() -> None:
    driven = open_session(recipients=2).feed(HELLO + MAIL)
    driven.said = b""
    driven.feed(RCPT, RCPT, RCPT, b"DATA\r\nx\r\n.\r\n")
    assert driven.codes() == [250, 250, 452, 354, 250]
    assert len(driven.messages[0][0].recipients) == 2


@pytest.mark.parametrize(
    ("line", "limit"),
    [(b"BOGUS\r\n", {"bad_commands": 5}), (b"NOOP\r\n", {"idle_commands": 5}), (HELLO, {"idle_commands": 5})],
)
def test_a_client_that_only_talks_is_sent_away(line: bytes, limit: dict[str, Any]) -> None:
    driven = open_session(**limit).feed(HELLO)
    driven.said = b""
    driven.feed(line * 20)
    assert driven.codes()[-1] == 421
    assert len(driven.codes()) <= 7
    assert driven.is_closed


def test_a_client_that_guesses_names_is_sent_away() -> None:
    driven = open_session(refusals=10).feed(HELLO + MAIL)
    driven.said = b""
    driven.feed(b"RCPT TO:<x@elsewhere.test>\r\n" * 50)
    assert driven.codes() == [550] * 11 + [421]


def test_transactions_are_counted() -> None:
    driven = open_session(transactions=2).feed(HELLO, *[TRANSACTION, b"x\r\n.\r\n"] * 2)
    assert driven.feed(MAIL).codes()[-1] == 421
    assert len(driven.messages) == 2


def test_an_over_long_line_is_one_error_and_an_endless_one_the_end() -> None:
    driven = open_session().feed(HELLO)
    driven.said = b""
    driven.feed(b"NOOP " + b"x" * 5000, b"x" * 5000 + b"\r\n", b"NOOP\r\n")
    assert driven.codes() == [500, 250]
    driven.feed(*[b"x" * 100_000] * 12)
    assert driven.codes() == [500, 250, 500]
    assert driven.is_closed


def test_http_is_sent_away_at_once() -> None:
    driven = open_session().feed(b"POST / HTTP/1.1\r\nHost: x\r\n\r\n" + HELLO + TRANSACTION)
    assert driven.codes() == [554]
    assert driven.is_closed


def test_a_tls_hello_on_a_plain_port_is_hung_up_on_without_a_word() -> None:
    driven = open_session().feed(b"\x16\x03\x01\x02\x00\x01\x00")
    assert driven.said == b""
    assert driven.is_closed


def test_who_speaks_before_the_greeting_is_sent_away() -> None:
    driven = open_session()
    session = type(driven.session)(driven.session.config, driven.session.peer, Budget(1))
    early = type(driven)(session).feed(HELLO)
    assert early.codes() == [554]
    assert early.is_closed


def test_a_message_in_a_loop_is_refused() -> None:
    hops = b"Received: by x; y\r\n"
    assert in_data().feed(hops * 50 + b"\r\nx\r\n.\r\n").codes() == [250]
    driven = in_data().feed(hops * 51 + b"\r\nx\r\n.\r\n")
    assert driven.said.startswith(b"554 5.4.6")
    assert in_data().feed(b"Subject: x\r\n\r\n" + hops * 99 + b".\r\n").codes() == [250]


# Log-in


def submission() -> Driven:
    driven = open_session(Service.SUBMISSION, tls=True).feed(HELLO)
    driven.said = b""
    return driven


@pytest.mark.parametrize(
    "lines",
    [
        [b"AUTH PLAIN " + b64(f"\0alice\0{PASSWORD}")],
        [b"auth plain " + b64(f"alice\0alice\0{PASSWORD}")],
        [b"AUTH PLAIN", b64(f"\0alice\0{PASSWORD}")],
        [b"AUTH LOGIN", b64("alice"), b64(PASSWORD)],
        [b"AUTH LOGIN " + b64("alice"), b64(PASSWORD)],
    ],
)
def test_every_form_of_login(lines: list[bytes]) -> None:
    driven = submission().feed(*[line + b"\r\n" for line in lines])
    assert driven.codes() == [334] * (len(lines) - 1) + [235]
    assert driven.session.peer.login == Login("alice")
    assert driven.session.peer.protocol(smtputf8=False) == "ESMTPSA"
    assert driven.feed(b"MAIL FROM:<alice@example.test>\r\nRCPT TO:<x@elsewhere.test>\r\n").codes()[-2:] == [
        250,
        250,
    ]


@pytest.mark.parametrize(
    ("lines", "last"),
    [
        ([b"AUTH"], b"501 5.5.4"),
        ([b"AUTH "], b"501 5.5.4"),
        ([b"AUTH CRAM-MD5"], b"504 5.5.4"),
        ([b"AUTH PLAIN !!!!"], b"501 5.5.2"),
        ([b"AUTH PLAIN ="], b"501 5.5.2"),
        ([b"AUTH PLAIN " + b64("alice")], b"501 5.5.2"),
        ([b"AUTH PLAIN " + b64(f"bob\0alice\0{PASSWORD}")], b"535 5.7.8"),
        ([b"AUTH PLAIN " + b64("\0alice\0wrong")], b"535 5.7.8"),
        ([b"AUTH PLAIN " + base64.b64encode(b"\0\xff\0x")], b"501 5.5.2"),
        ([b"AUTH PLAIN", b"*"], b"501 5.7.0"),
        ([b"AUTH LOGIN", b64("alice"), b"*"], b"501 5.7.0"),
        ([b"AUTH LOGIN", b64("alice"), b64("wrong")], b"535 5.7.8"),
        ([b"AUTH LOGIN", b64("alice"), b64("a\0b")], b"501 5.5.2"),
        ([b"AUTH PLAIN", b"x" * 13_000], b"500 5.5.2"),
        ([b"AUTH PLAIN", b"\0"], b"500 5.5.2"),
    ],
)
def test_a_login_that_fails_leaves_nobody_logged_in(lines: list[bytes], last: bytes) -> None:
    driven = submission().feed(*[line + b"\r\n" for line in lines])
    assert driven.said.split(b"\r\n")[-2].startswith(last)
    assert driven.session.peer.login is None
    assert driven.feed(b"NOOP\r\n", MAIL).codes()[-2:] == [250, 530]


def test_a_long_initial_response_is_within_the_limits() -> None:
    driven = submission().feed(b"AUTH PLAIN " + b64("\0alice\0" + "x" * 6000) + b"\r\n")
    assert driven.codes() == [535]


def test_a_guesser_of_passwords_is_sent_away() -> None:
    driven = submission().feed(*[b"AUTH PLAIN " + b64("\0alice\0wrong") + b"\r\n"] * 9)
    assert driven.codes() == [535] * 3
    assert driven.is_closed


def test_nobody_logs_in_in_clear() -> None:
    driven = open_session(Service.SUBMISSION).feed(HELLO)
    assert b"AUTH" not in driven.said
    driven.feed(b"AUTH PLAIN " + b64(f"\0alice\0{PASSWORD}") + b"\r\n", MAIL)
    assert driven.codes()[1:] == [538, 530]
    assert driven.logins == []
    driven.feed(b"STARTTLS\r\n").secure().feed(HELLO)
    assert b"AUTH SCRAM-SHA-256 PLAIN LOGIN" in driven.said


def test_a_login_does_not_outlive_starttls() -> None:
    driven = open_session(Service.SUBMISSION, plain_login=True).feed(HELLO)
    driven.feed(b"AUTH PLAIN " + b64(f"\0alice\0{PASSWORD}") + b"\r\n", b"STARTTLS\r\n").secure()
    assert driven.session.peer.login is None
    assert driven.session.peer.tls == TLS


def test_a_second_login_is_refused() -> None:
    line = b"AUTH PLAIN " + b64(f"\0alice\0{PASSWORD}") + b"\r\n"
    assert submission().feed(line, line).codes() == [235, 503]


def test_credentials_do_not_show_their_password() -> None:
    assert PASSWORD not in repr(Credentials("PLAIN", "alice", PASSWORD))
