"""Pipelining, chunks and DSN as they stand on the wire, and servers that take liberties with them."""

from __future__ import annotations

import asyncio
import tracemalloc
from collections.abc import Sequence

import pytest

from posthouse.base.net import NetPolicy
from posthouse.delivery.transport import Hop, Mail, Outcome, Timeouts, Wish, Wishes, send
from tests.delivery.transport.peer import HANG_UP, Peer

MESSAGE = b"From: alice@a.test\r\nSubject: Hi\r\n\r\nHello\r\n.dot\r\n"
BOB, EVE = "bob@b.test", "eve@b.test"
QUICK = Timeouts(command=1.0, message=1.0, content=1.0)


class Listener:
    """Takes whatever comes until nothing has come for a moment, answers with the next of its words, and so on."""

    def __init__(self, *answers: bytes) -> None:
        self.answers, self.heard = list(answers), list[bytes]()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 them.test\r\n")
        for answer in self.answers:
            heard = await reader.read(65_536)
            try:
                while more := await asyncio.wait_for(reader.read(65_536), 0.1):
                    heard += more
            except TimeoutError:
                pass
            self.heard.append(heard)
            writer.write(answer)
        writer.close()


def carried(listener: Listener, mail: Mail) -> list[Outcome]:
    async def scenario() -> list[Outcome]:
        server = await asyncio.start_server(listener.serve, "127.0.0.1", 0)
        hop = Hop(host="127.0.0.1", port=server.sockets[0].getsockname()[1], is_configured=True)
        try:
            return await send(mail, hop=hop, helo="us.test", policy=NetPolicy(), timeouts=QUICK)
        finally:
            server.close()

    return asyncio.run(scenario())


def mail(*to: str, **fields: object) -> Mail:
    return Mail(sender="alice@a.test", recipients=to or (BOB,), message=MESSAGE, **fields)  # type: ignore[arg-type]


def verdicts(outcomes: Sequence[Outcome]) -> list[str]:
    return [outcome.verdict.name for outcome in outcomes]


PIPELINING = b"250-them.test\r\n250 PIPELINING\r\n"
CHUNKING = b"250-them.test\r\n250-PIPELINING\r\n250 CHUNKING\r\n"
OK = b"250 2.0.0 ok\r\n"
GO = b"354 go\r\n"


def test_the_envelope_is_one_packet_and_the_content_another() -> None:
    them = Listener(PIPELINING, OK * 3 + GO, OK)
    assert verdicts(carried(them, mail(BOB, EVE))) == ["DELIVERED"] * 2
    assert them.heard[1:] == [
        b"MAIL FROM:<alice@a.test>\r\nRCPT TO:<bob@b.test>\r\nRCPT TO:<eve@b.test>\r\nDATA\r\n",
        MESSAGE.replace(b"\r\n.", b"\r\n..") + b".\r\n",
    ]


def test_each_recipient_has_the_answer_to_his_own_command() -> None:
    them = Listener(PIPELINING, OK + b"550 5.1.1 no\r\n" + OK + b"450 4.2.1 later\r\n" + GO, OK)
    assert verdicts(carried(them, mail(BOB, EVE, "dan@b.test"))) == ["PERMANENT", "DELIVERED", "TEMPORARY"]


def test_leave_to_send_to_nobody_is_answered_with_nothing() -> None:
    them = Listener(PIPELINING, OK + b"550 5.1.1 no\r\n" + GO, b"554 5.5.1 nobody\r\n", b"221 bye\r\n")
    assert verdicts(carried(them, mail())) == ["PERMANENT"]
    assert them.heard[2:] == [b".\r\n", b"QUIT\r\n"]


def test_a_server_that_leaves_in_the_middle_has_refused_the_rest_for_now() -> None:
    them = Listener(PIPELINING, OK + b"550 5.1.1 no\r\n" + b"421 4.3.2 going down\r\n")
    outcomes = carried(them, mail(BOB, EVE, "dan@b.test"))
    assert verdicts(outcomes) == ["PERMANENT", "TEMPORARY", "TEMPORARY"]
    assert {one.text for one in outcomes[1:]} == {"4.3.2 going down"}


@pytest.mark.parametrize(
    ("answers", "heard"),
    [
        ((PIPELINING, OK * 5), 2),
        ((PIPELINING, OK + GO + OK), 2),
        ((PIPELINING, OK * 2 + GO + OK), 2),
        ((PIPELINING, OK + b"hello\r\n"), 2),
    ],
    ids=["more than was asked", "leave before the recipient", "taken before it was sent", "nonsense"],
)
def test_answers_out_of_step_are_believed_for_nobody(answers: tuple[bytes, ...], heard: int) -> None:
    them = Listener(*answers)
    assert verdicts(carried(them, mail())) == ["TEMPORARY"]
    assert not any(b"Hello" in said for said in them.heard[:heard])


def test_a_chunk_has_its_dots_as_they_are() -> None:
    them = Listener(CHUNKING, OK * 2, OK)
    assert verdicts(carried(them, mail())) == ["DELIVERED"]
    assert them.heard[1:] == [
        b"MAIL FROM:<alice@a.test>\r\nRCPT TO:<bob@b.test>\r\n",
        b"BDAT %d LAST\r\n" % len(MESSAGE) + MESSAGE,
    ]
    them = Listener(CHUNKING, OK + b"550 5.1.1 no\r\n", b"221 bye\r\n")
    assert verdicts(carried(them, mail())) == ["PERMANENT"]
    assert them.heard[2:] == [b"QUIT\r\n"]


def test_a_server_that_has_enough_in_the_middle_of_a_message_is_heard() -> None:
    large = Mail(sender="alice@a.test", recipients=(BOB,), message=MESSAGE + b"x" * 70 * 300_000)

    class Full(Listener):
        async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"220 them.test\r\n")
            await reader.readline()
            writer.write(PIPELINING)
            await reader.readuntil(b"DATA\r\n")
            writer.write(OK * 2 + GO)
            await reader.readexactly(1_000)
            writer.write(b"552 5.3.4 that is too much\r\n")
            await writer.drain()
            await reader.read(-1)

    (outcome,) = carried(Full(), large)
    assert (outcome.verdict.name, outcome.text) == ("PERMANENT", "5.3.4 that is too much")


@pytest.mark.parametrize(("extensions", "is_said"), [(["DSN", "SMTPUTF8"], True), (["SMTPUTF8"], False)])
def test_wishes_are_told_to_servers_that_know_of_them(extensions: list[str], *, is_said: bool) -> None:
    wishes = Wishes(
        envelope_id="a+b=c",
        returns_headers_only=True,
        of={BOB: Wish("SUCCESS", "rfc822;Bob+B@b.test"), EVE: Wish("NEVER")},
    )
    peer = Peer(extensions=extensions)

    async def scenario() -> list[Outcome]:
        async with peer.running():
            hop = Hop(host="127.0.0.1", port=peer.port, is_configured=True)
            return await send(mail(BOB, EVE, wishes=wishes), hop=hop, helo="us.test", timeouts=QUICK)

    outcomes = asyncio.run(scenario())
    assert [one.tells for one in outcomes] == [is_said] * 2
    asked = [line for line in peer.commands if line[:4] in (b"MAIL", b"RCPT")]
    if is_said:
        assert asked == [
            b"MAIL FROM:<alice@a.test> RET=HDRS ENVID=a+2Bb+3Dc\r\n",
            b"RCPT TO:<bob@b.test> NOTIFY=SUCCESS ORCPT=rfc822;Bob+2BB@b.test\r\n",
            b"RCPT TO:<eve@b.test> NOTIFY=NEVER\r\n",
        ]
    else:
        assert not any(word in line for line in asked for word in (b"RET", b"ENVID", b"NOTIFY", b"ORCPT"))


def test_who_was_meant_keeps_his_letters_or_has_them_escaped() -> None:
    wishes = Wishes(of={BOB: Wish("", "utf-8;jörg@b.test")})
    assert wishes.of_recipient(BOB, utf8=True) == ["ORCPT=utf-8;jörg@b.test".encode()]
    assert wishes.of_recipient(BOB, utf8=False) == [rb"ORCPT=utf-8;j\x{F6}rg@b.test"]


def test_a_line_that_was_closed_meanwhile_is_replaced_when_everything_is_said_at_once() -> None:
    from posthouse.delivery.transport import Lines

    peer = Peer(extensions=["PIPELINING"], replies={"MAIL": [b"250 ok", HANG_UP, b"250 ok"]})

    async def scenario() -> list[str]:
        async with peer.running():
            hop, lines = Hop(host="127.0.0.1", port=peer.port, is_configured=True), Lines()
            try:
                found = [
                    await send(mail(), hop=hop, helo="us.test", timeouts=QUICK, lines=lines) for _ in range(2)
                ]
            finally:
                await lines.close()
            return verdicts([one for (one,) in found])

    assert asyncio.run(scenario()) == ["DELIVERED"] * 2
    assert (peer.sessions, len(peer.messages)) == (2, 2)


def test_a_server_that_reads_nothing_costs_no_second_copy_of_the_message() -> None:
    message = MESSAGE.replace(b".dot", b"dot") + b"x" * 76 + (b"\r\n" + b"x" * 76) * 500_000 + b"\r\n"
    grown = 0

    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 them.test\r\n")
        for answer in (b"250 them.test\r\n", OK, OK, GO):
            await reader.readline()
            writer.write(answer)
        await asyncio.sleep(5)
        writer.close()

    async def scenario() -> list[Outcome]:
        nonlocal grown
        server = await asyncio.start_server(deaf, "127.0.0.1", 0, limit=4096)
        hop = Hop(host="127.0.0.1", port=server.sockets[0].getsockname()[1], is_configured=True)
        letter = Mail(sender="alice@a.test", recipients=(BOB,), message=message)
        tracemalloc.start()
        try:
            return await send(letter, hop=hop, helo="us.test", policy=NetPolicy(), timeouts=QUICK)
        finally:
            grown = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            server.close()

    assert verdicts(asyncio.run(scenario())) == ["TEMPORARY"]
    assert grown < len(message) // 4
