"""Sending to real sockets: what each recipient is told of, and what must never go over the wire."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.base.net import NetPolicy
from posthouse.delivery.transport import Hop, Mail, Outcome, Routes, Timeouts, Tls, Verdict, deliver
from posthouse.delivery.transport.outcome import SessionFailed
from posthouse.delivery.transport.smtp_client import send

from .peer import HANG_UP, SILENCE, Peer, certificate

MESSAGE = b"From: alice@a.test\r\nTo: bob@b.test\r\nSubject: Hi\r\n\r\nHello\r\n.dot\r\n"
QUICK = Timeouts(command=1.0, message=1.0)
BOB, EVE = "bob@b.test", "eve@b.test"


def hop_of(peer: Peer, **options: object) -> Hop:
    return Hop(host="127.0.0.1", port=peer.port, is_configured=True, **options)  # type: ignore[arg-type]  # test options


def handed(
    peer: Peer,
    *recipients: str,
    sender: str = "alice@a.test",
    message: bytes = MESSAGE,
    policy: NetPolicy | None = None,
    **hop: object,
) -> list[Outcome]:
    async def scenario() -> list[Outcome]:
        async with peer.running():
            mail = Mail(sender=sender, recipients=recipients or (BOB,), message=message)
            return await send(
                mail, hop=hop_of(peer, **hop), helo="us.test", policy=policy or NetPolicy(), timeouts=QUICK
            )

    return asyncio.run(scenario())


def verdicts(outcomes: Sequence[Outcome]) -> list[str]:
    return [outcome.verdict.name for outcome in outcomes]


def test_a_message_is_taken_and_told_with_the_servers_words() -> None:
    peer = Peer(replies={"DOT": b"250 2.6.0 queued as 7"})
    (outcome,) = handed(peer)
    assert (outcome.verdict, outcome.code, outcome.enhanced) == (Verdict.DELIVERED, 250, "2.6.0")
    assert (outcome.text, outcome.host, outcome.tls) == ("2.6.0 queued as 7", "127.0.0.1", None)
    assert peer.messages == [MESSAGE.replace(b"\r\n.dot", b"\r\n..dot") + b".\r\n"]
    assert peer.commands[0] == b"EHLO us.test\r\n"
    assert peer.commands[-1] == b"QUIT\r\n"


def test_each_recipient_has_its_own_answer_in_its_place() -> None:
    peer = Peer(
        replies={
            "RCPT bob@b.test": b"550 5.1.1 nobody here",
            "RCPT carol@b.test": b"450 4.2.1 greylisted",
            "RCPT dan@b.test": b"552 too many",
        }
    )
    outcomes = handed(peer, BOB, "carol@b.test", EVE, "dan@b.test")
    assert [one.recipient for one in outcomes] == [BOB, "carol@b.test", EVE, "dan@b.test"]
    assert verdicts(outcomes) == ["PERMANENT", "TEMPORARY", "DELIVERED", "TEMPORARY"]
    assert outcomes[0].enhanced == "5.1.1"
    assert outcomes[0].is_remote
    assert len(peer.messages) == 1


def test_no_data_is_sent_when_no_recipient_was_taken() -> None:
    peer = Peer(replies={"RCPT": b"550 no"})
    assert verdicts(handed(peer, BOB, EVE)) == ["PERMANENT", "PERMANENT"]
    assert not any(command.startswith(b"DATA") for command in peer.commands)


@pytest.mark.parametrize(
    ("verb", "reply", "verdict"),
    [
        ("MAIL", b"550 5.7.1 blocked", "PERMANENT"),
        ("MAIL", b"451 4.3.0 later", "TEMPORARY"),
        ("DATA", b"554 5.7.1 no", "PERMANENT"),
        ("DATA", b"451 later", "TEMPORARY"),
        ("DOT", b"554 5.6.0 spam", "PERMANENT"),
        ("DOT", b"452 4.2.2 full", "TEMPORARY"),
        ("DOT", HANG_UP, "TEMPORARY"),
        ("DOT", SILENCE, "TEMPORARY"),
        ("RCPT", HANG_UP, "TEMPORARY"),
        ("MAIL", SILENCE, "TEMPORARY"),
        ("DOT", b"999 what", "TEMPORARY"),
        ("DOT", b"nonsense", "TEMPORARY"),
        ("DOT", b"354 again", "TEMPORARY"),
        ("RCPT", b"250" + b"-x" * 20_000, "TEMPORARY"),
    ],
    ids=repr,
)
def test_failures_on_the_way_are_judged(verb: str, reply: bytes, verdict: str) -> None:
    assert verdicts(handed(Peer(replies={verb: reply}), BOB, EVE)) == [verdict, verdict]


def test_a_connection_lost_within_the_message_is_temporary() -> None:
    big = MESSAGE + b"x" * 70 + b"\r\n" * 100_000
    (outcome,) = handed(Peer(read_data_bytes=1_000), message=big)
    assert outcome.verdict is Verdict.TEMPORARY


def test_what_the_server_says_is_kept_short_and_on_one_line() -> None:
    reply = b"550-5.1.1 a\x1b[31m\r\n550 5.1.1 " + b"long " * 1_000
    (outcome,) = handed(Peer(replies={"RCPT": reply}))
    assert outcome.text.isprintable()
    assert len(outcome.text) <= 480


@pytest.mark.parametrize("greeting", [b"554 go away", b"421 later", HANG_UP, SILENCE, b"hello"], ids=repr)
def test_a_server_that_does_not_greet_was_not_asked(greeting: bytes) -> None:
    with pytest.raises(SessionFailed) as failed:
        handed(Peer(greeting=greeting))
    assert failed.value.result.verdict is Verdict.TEMPORARY


def test_an_old_server_is_greeted_with_helo() -> None:
    peer = Peer(replies={"EHLO": b"502 what"})
    assert verdicts(handed(peer)) == ["DELIVERED"]
    assert peer.commands[1] == b"HELO us.test\r\n"
    assert peer.commands[2] == b"MAIL FROM:<alice@a.test>\r\n"


def test_a_bounce_has_the_null_sender() -> None:
    peer = Peer()
    handed(peer, sender="")
    assert peer.commands[1].startswith(b"MAIL FROM:<>")


@given(
    st.lists(st.sampled_from([b"\r\n", b"\n", b"\r", b".", b"..", b"x", b"\x00", b"\r\n.\r\n"]), max_size=12)
)
@settings(max_examples=25, deadline=None)
def test_bare_line_ends_never_leave_and_no_second_message_is_born(parts: list[bytes]) -> None:
    peer = Peer()
    handed(peer, message=b"Subject: x\r\n\r\n" + b"".join(parts) + b"MAIL FROM:<evil@x.test>")
    (sent,) = peer.messages
    rest = sent.replace(b"\r\n", b"")
    assert b"\r" not in rest
    assert b"\n" not in rest
    assert sent.find(b"\r\n.\r\n") == len(sent) - 5
    assert sum(command.startswith(b"MAIL") for command in peer.commands) == 1


@pytest.mark.parametrize(
    "address", ["bob@b.test\r\nDATA", "bob@b.test>\r\nRSET", "a\x00@b.test", "<a@b.test", "a\n"]
)
def test_addresses_cannot_carry_commands(address: str) -> None:
    peer = Peer()
    assert verdicts(handed(peer, address, EVE)) == ["PERMANENT", "DELIVERED"]
    assert verdicts(handed(peer, BOB, sender=address)) == ["PERMANENT"]
    assert sum(command.startswith(b"RCPT") for command in peer.commands) == 1


def test_many_recipients_go_in_several_transactions_of_one_session() -> None:
    peer = Peer()
    outcomes = handed(peer, *[f"u{i}@b.test" for i in range(150)])
    assert verdicts(outcomes) == ["DELIVERED"] * 150
    assert (len(peer.messages), peer.sessions) == (2, 1)


def test_a_message_above_the_servers_size_is_not_sent() -> None:
    peer = Peer(extensions=["SIZE 10"])
    (outcome,) = handed(peer)
    assert (outcome.verdict, outcome.enhanced) == (Verdict.PERMANENT, "5.3.4")
    assert not any(command.startswith(b"MAIL") for command in peer.commands)


@pytest.mark.parametrize("size", ["SIZE", "SIZE 0", "SIZE abc", "SIZE " + "9" * 30, "SIZE ²"])
def test_odd_sizes_are_no_limit(size: str) -> None:
    assert verdicts(handed(Peer(extensions=[size]))) == ["DELIVERED"]


WIDE = (
    "Subject: Grüße\r\nContent-Type: text/plain; charset=utf-8\r\n"
    "Content-Transfer-Encoding: 8bit\r\n\r\nÄ\r\n"
).encode()


def test_8bit_content_is_declared() -> None:
    peer = Peer()
    handed(peer, message=WIDE)
    assert b"BODY=8BITMIME" in peer.commands[1]
    assert b"SMTPUTF8" in peer.commands[1]
    assert peer.messages[0].startswith(WIDE)


def test_8bit_content_is_reencoded_for_a_server_of_seven_bits() -> None:
    peer = Peer(extensions=[])
    assert verdicts(handed(peer, message=WIDE)) == ["DELIVERED"]
    assert peer.messages[0].isascii()
    assert b"BODY" not in peer.commands[1]
    assert b"=C3=84" in peer.messages[0] or b"w4QNCg==" in peer.messages[0].replace(b"\r\n", b"")


def test_wide_addresses_need_a_server_that_can_say_them() -> None:
    can, cannot = Peer(), Peer(extensions=["8BITMIME"])
    assert verdicts(handed(can, "jörg@b.test")) == ["DELIVERED"]
    assert b"SMTPUTF8" in can.commands[1]
    outcomes = handed(cannot, "jörg@b.test", "bob@bücher.test")
    assert [(one.verdict.name, one.enhanced) for one in outcomes] == [
        ("PERMANENT", "5.6.7"),
        ("DELIVERED", "2.0.0"),
    ]
    assert b"RCPT TO:<bob@xn--bcher-kva.test>\r\n" in cannot.commands
    assert handed(cannot, BOB, sender="jörg@a.test")[0].enhanced == "5.6.7"


def test_tls_is_taken_where_offered_whatever_the_certificate(tmp_path: Path) -> None:
    context, _ = certificate(tmp_path)
    peer = Peer(tls=context)
    (outcome,) = handed(peer)
    assert outcome.tls == "TLSv1.3"
    assert peer.tls_sessions == 1
    assert [command[:4] for command in peer.commands[:3]] == [b"EHLO", b"STAR", b"EHLO"]


def test_what_was_said_in_clear_after_starttls_is_forgotten(tmp_path: Path) -> None:
    """A man in the middle appends to the 220; that must not answer the EHLO under TLS (CVE-2011-0411)."""
    context, _ = certificate(tmp_path)
    for injected in (b"250-evil\r\n250 SIZE 1\r\n", b"250 SIZE 1\r\n554 5.0.0 no\r\n"):
        peer = Peer(tls=context, replies={"STAR": b"220 go\r\n" + injected.rstrip()})
        try:
            (outcome,) = handed(peer)
        except SessionFailed:
            continue
        assert (outcome.verdict, outcome.text) == (Verdict.DELIVERED, "2.0.0 ok")


def test_a_broken_handshake_is_followed_by_a_try_in_clear(tmp_path: Path) -> None:
    context, _ = certificate(tmp_path)
    peer = Peer(tls=context, replies={"STAR": [b"454 4.7.0 TLS not available"]})
    (outcome,) = handed(peer)
    assert (outcome.verdict, outcome.tls, peer.sessions) == (Verdict.DELIVERED, None, 2)


def test_a_relay_that_must_be_verified_is(tmp_path: Path) -> None:
    context, authority = certificate(tmp_path)
    peer = Peer(tls=context)
    with pytest.raises(SessionFailed) as failed:
        handed(peer, tls=Tls.VERIFIED)
    assert failed.value.result.enhanced == "4.7.5"
    trusting = NetPolicy(ca_file=str(authority))
    assert handed(Peer(tls=context), policy=trusting, tls=Tls.VERIFIED)[0].tls == "TLSv1.3"
    with pytest.raises(SessionFailed):
        handed(Peer(), policy=trusting, tls=Tls.VERIFIED)
    assert handed(Peer(tls=context, implicit_tls=True), policy=trusting, tls=Tls.IMPLICIT)[0].tls == "TLSv1.3"


def test_credentials_are_given_under_tls_and_a_refusal_keeps_the_mail(tmp_path: Path) -> None:
    context, authority = certificate(tmp_path)
    policy = NetPolicy(ca_file=str(authority))
    peer = Peer(tls=context, extensions=["STARTTLS", "AUTH PLAIN"], replies={"AUTH": b"235 ok"})
    options = {"policy": policy, "tls": Tls.VERIFIED, "username": "us", "password": "secret"}
    assert verdicts(handed(peer, **options)) == ["DELIVERED"]  # type: ignore[arg-type]  # options of several types
    peer = Peer(tls=context, extensions=["STARTTLS", "AUTH PLAIN"], replies={"AUTH": b"535 5.7.8 no"})
    with pytest.raises(SessionFailed) as failed:
        handed(peer, **options)  # type: ignore[arg-type]  # as above
    assert failed.value.result.verdict is Verdict.TEMPORARY
    assert "secret" not in str(failed.value)


def test_strangers_cannot_send_us_inside() -> None:
    async def scenario() -> list[Outcome]:
        async with Peer().running() as peer:
            mail = Mail(sender="", recipients=("bob@[127.0.0.1]",), message=MESSAGE)
            routes = Routes(mx_port=peer.port)
            outcomes = await deliver(
                mail, domain="[127.0.0.1]", routes=routes, helo="us.test", policy=NetPolicy()
            )
            assert peer.sessions == 0
            return outcomes

    (outcome,) = asyncio.run(scenario())
    assert (outcome.verdict, outcome.enhanced) == (Verdict.PERMANENT, "5.4.4")


class Keep:
    def __init__(self) -> None:
        self.kept: list[object] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:
        self.kept.append(envelope.content)
        return "250 2.0.0 kept"


def test_another_implementation_understands_us() -> None:
    handler = Keep()

    async def scenario() -> list[Outcome]:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(handler, enable_SMTPUTF8=True), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        mail = Mail(sender="alice@a.test", recipients=(BOB, "jörg@b.test"), message=MESSAGE)
        hop = Hop(host="127.0.0.1", port=port, is_configured=True)
        try:
            return await send(mail, hop=hop, helo="us.test", timeouts=QUICK)
        finally:
            server.close()

    assert verdicts(asyncio.run(scenario())) == ["DELIVERED", "DELIVERED"]
    assert handler.kept == [MESSAGE]
