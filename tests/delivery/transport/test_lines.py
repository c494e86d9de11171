"""Lines that carry more than one message, and when they do not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from posthouse.base.net import NetPolicy
from posthouse.delivery.transport import Hop, Lines, Mail, Outcome, Timeouts, Tls, Verdict, send
from posthouse.delivery.transport import lines as lines_module
from tests.delivery.transport.peer import HANG_UP, Peer, certificate

MAIL = Mail(sender="a@us.test", recipients=("b@them.test",), message=b"Subject: Hi\r\n\r\nHello\r\n")
QUICK = Timeouts(command=1.0, message=1.0)
Send = Callable[..., Awaitable[Outcome]]


def carried(peer: Peer, scenario: Callable[[Send, Lines], Awaitable[None]]) -> None:
    """Runs a scenario with a way to send one message to the peer; nothing stays open behind it."""

    async def run() -> None:
        async with peer.running():
            lines = Lines()

            async def one(mail: Mail = MAIL, **options: object) -> Outcome:
                hop = Hop(host="127.0.0.1", port=peer.port, is_configured=True, **options)  # type: ignore[arg-type]
                (outcome,) = await send(
                    mail, hop=hop, helo="us.test", policy=NetPolicy(), timeouts=QUICK, lines=lines
                )
                return outcome

            try:
                await scenario(one, lines)
            finally:
                await lines.close()
            assert not lines._ends and not lines._idle

    asyncio.run(run())


def test_one_line_carries_many_messages_and_says_goodbye_once() -> None:
    peer = Peer()

    async def scenario(one: Send, _: Lines) -> None:
        for _number in range(5):
            assert (await one()).verdict is Verdict.DELIVERED

    carried(peer, scenario)
    assert (peer.sessions, len(peer.messages)) == (1, 5)
    assert [line[:4] for line in peer.commands].count(b"QUIT") == 1
    assert [line[:4] for line in peer.commands].count(b"EHLO") == 1


@pytest.mark.parametrize(
    "scripted", [{"RCPT": [b"550 5.1.1 no"]}, {"DOT": [b"554 5.6.0 no"]}, {"MAIL": [b"451 4.3.0 no"]}]
)
def test_after_a_refusal_the_next_begins_anew(scripted: dict[str, bytes | list[bytes]]) -> None:
    peer = Peer(replies=scripted)

    async def scenario(one: Send, _: Lines) -> None:
        assert (await one()).verdict is not Verdict.DELIVERED
        assert (await one()).verdict is Verdict.DELIVERED

    carried(peer, scenario)
    assert peer.sessions == 2


@pytest.mark.parametrize("end", [HANG_UP, b"421 4.4.2 waited too long"])
def test_a_line_that_ended_meanwhile_is_replaced(end: bytes) -> None:
    peer = Peer(replies={"MAIL": [b"250 ok", end, b"250 ok"]})

    async def scenario(one: Send, _: Lines) -> None:
        assert (await one()).verdict is Verdict.DELIVERED
        assert (await one()).verdict is Verdict.DELIVERED

    carried(peer, scenario)
    assert (peer.sessions, len(peer.messages)) == (2, 2)


def test_what_breaks_after_the_server_heard_of_it_is_not_sent_again() -> None:
    peer = Peer(replies={"DOT": [b"250 ok", HANG_UP]})

    async def scenario(one: Send, _: Lines) -> None:
        assert (await one()).verdict is Verdict.DELIVERED
        assert (await one()).verdict is Verdict.TEMPORARY

    carried(peer, scenario)
    assert (peer.sessions, len(peer.messages)) == (1, 2)


def test_a_line_is_for_its_own_hop_alone(tmp_path: Path) -> None:
    context, _ = certificate(tmp_path)
    peer = Peer(tls=context)

    async def scenario(one: Send, _: Lines) -> None:
        await one()
        await one(proof="dane", tls=Tls.DANE)
        await one()

    carried(peer, scenario)
    assert peer.sessions == 2


def test_two_at_once_have_a_line_each() -> None:
    peer = Peer()

    async def scenario(one: Send, _: Lines) -> None:
        await asyncio.gather(*(one() for _number in range(4)))
        await asyncio.gather(*(one() for _number in range(4)))

    carried(peer, scenario)
    assert (peer.sessions, len(peer.messages)) == (4, 8)


def test_a_line_ends_with_its_time_and_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines_module, "MAX_MESSAGES", 3)
    monkeypatch.setattr(lines_module, "IDLE_SECONDS", 0.05)
    peer = Peer()

    async def scenario(one: Send, lines: Lines) -> None:
        for _number in range(4):
            await one()
        assert peer.sessions == 2
        async with asyncio.timeout(5):
            while lines._ends:
                await asyncio.sleep(0.01)
        await one()

    carried(peer, scenario)
    assert peer.sessions == 3
