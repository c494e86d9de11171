"""The door over real sockets: order, time, numbers, faults, shutdown."""

from __future__ import annotations

import asyncio
import socket
import struct
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from posthouse.wire.smtp.envelope import Service
from posthouse.wire.smtp.limits import Limits
from tests.smtpd.conftest import Run
from tests.smtpd.door import KeepingHandler, Talker, open_door

HELLO = b"EHLO client.test\r\n"
TRANSACTION = b"MAIL FROM:<alice@client.test>\r\nRCPT TO:<bob@example.test>\r\nDATA\r\n"
MESSAGE = b"Subject: x\r\n\r\nhello\r\n.\r\n"


async def greeted(talker: Talker) -> Talker:
    assert (await talker.reply()).startswith(b"220 mx.example.test")
    assert (await talker.say(HELLO)).startswith(b"250")
    return talker


def test_everything_in_one_packet_is_answered_in_order(run: Run, certificate: Path) -> None:
    async def scenario() -> None:
        async with open_door(certificate, handler=KeepingHandler(asks_later=True)) as door:
            talker = await door.connect()
            talker.writer.write(HELLO + (TRANSACTION + MESSAGE) * 3 + b"RCPT TO:<x@y.test>\r\nQUIT\r\n")
            said = await talker.rest()
            codes = [line[:3] for line in said.split(b"\r\n") if line[3:4] == b" "]
            assert codes == [b"220", b"250"] + [b"250", b"250", b"354", b"250"] * 3 + [b"503", b"221"]
            assert said.index(b"kept 1") < said.index(b"kept 2") < said.index(b"kept 3")
            assert [content for _, _, content in door.handler.messages] == [
                b"Subject: x\r\n\r\nhello\r\n"
            ] * 3
            await talker.close()

    run(scenario())


def test_byte_by_byte_over_the_wire(run: Run, certificate: Path) -> None:
    async def scenario() -> None:
        async with open_door(certificate) as door:
            talker = await door.connect()
            for byte in HELLO + TRANSACTION + MESSAGE + b"QUIT\r\n":
                talker.writer.write(bytes([byte]))
                await asyncio.sleep(0)
            assert (await talker.rest()).endswith(b"221 2.0.0 Bye\r\n")
            assert len(door.handler.messages) == 1
            await talker.close()

    run(scenario())


def test_a_large_message_arrives_whole(run: Run, certificate: Path) -> None:
    content = b"Subject: big\r\n\r\n" + (b"0123456789" * 7 + b"\r\n") * 100_000

    async def scenario() -> None:
        async with open_door(certificate) as door:
            talker = await greeted(await door.connect())
            talker.writer.write(TRANSACTION + content + b".\r\nQUIT\r\n")
            assert (await talker.rest()).endswith(b"221 2.0.0 Bye\r\n")
            assert door.handler.messages[0][2] == content
            await talker.close()

    run(scenario())


def test_the_answer_waits_for_the_commit_and_a_client_that_left_loses_nothing(
    run: Run, certificate: Path
) -> None:
    async def scenario() -> None:
        gate = asyncio.Event()
        async with open_door(certificate, handler=KeepingHandler(gate=gate)) as door:
            stays, leaves = await greeted(await door.connect()), await greeted(await door.connect())
            for talker in (stays, leaves):
                talker.writer.write(TRANSACTION)
                for _ in range(3):
                    await talker.reply()
                talker.writer.write(MESSAGE)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(stays.reader.read(1), 0.2)
            leaves.reset()
            for _ in range(500):
                if len(door.server.connections) == 1:
                    break
                await asyncio.sleep(0.01)
            assert len(door.server.connections) == 1
            assert door.server.budget.free < door.server.budget.total
            gate.set()
            assert (await stays.reply()).startswith(b"250 2.0.0 kept")
            for _ in range(500):
                if len(door.handler.messages) == 2:
                    break
                await asyncio.sleep(0.01)
            assert len(door.handler.messages) == 2
            await stays.close()

    run(scenario())


def test_a_client_that_floods_while_a_message_is_committed_fills_its_own_socket(
    run: Run, certificate: Path
) -> None:
    async def scenario() -> None:
        gate = asyncio.Event()
        async with open_door(
            certificate, handler=KeepingHandler(gate=gate), limits=Limits(idle_commands=10**7)
        ) as door:
            talker = await greeted(await door.connect())
            talker.writer.write(TRANSACTION + MESSAGE)
            for _ in range(3):
                await talker.reply()
            talker.writer.transport.set_write_buffer_limits(high=0)
            talker.writer.write(b"NOOP\r\n" * 4_000_000)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(talker.writer.drain(), 0.5)
            [connection] = door.server.connections
            assert connection._session is not None
            assert len(connection._session._input.data) < 2**21
            gate.set()
            assert (await talker.reply()).startswith(b"250 2.0.0 kept")
            assert (await talker.reply()) == b"250 2.0.0 Ok\r\n"
            talker.writer.transport.abort()

    run(scenario())


@pytest.mark.parametrize("place", ["sender", "recipient", "message"])
def test_a_fault_behind_the_door_is_temporary_and_the_connection_goes_on(
    run: Run, certificate: Path, place: str
) -> None:
    async def scenario() -> None:
        async with open_door(certificate, handler=KeepingHandler(breaks_at=place)) as door:
            talker = await greeted(await door.connect())
            with capture_logs() as logs:
                talker.writer.write(TRANSACTION + (MESSAGE if place == "message" else b""))
                replies = [await talker.reply() for _ in range(4 if place == "message" else 3)]
            [broken] = [reply for reply in replies if reply.startswith(b"451")]
            assert broken.startswith(b"451 4.3.0 ")
            assert b"secret" not in broken
            [incident] = [entry for entry in logs if entry["event"] == "smtp.incident"]
            assert str(incident["incident"]).encode() in broken
            door.handler.breaks_at = ""
            assert (await talker.say(b"RSET\r\n")).startswith(b"250")
            await talker.close()

    run(scenario())


def test_logs_hold_neither_content_nor_addresses_nor_passwords(run: Run, certificate: Path) -> None:
    async def scenario() -> None:
        with capture_logs() as logs:
            async with open_door(certificate, Service.SUBMISSION, allow_plain_login=True) as door:
                talker = await greeted(await door.connect())
                await talker.say(b"AUTH PLAIN AGFsaWNlAHdyb25nLWNhbmFyeQ==\r\n")
                await talker.say(b"AUTH PLAIN AGFsaWNlAGNvcnJlY3QgaG9yc2U=\r\n")
                talker.writer.write(TRANSACTION + MESSAGE + b"QUIT\r\n")
                await talker.rest()
                await talker.close()
        text = repr(logs)
        [message] = [entry for entry in logs if entry["event"] == "smtp.message"]
        assert (message["login"], message["code"], message["reply"]) == ("alice", 250, "kept 1")
        assert [entry["ok"] for entry in logs if entry["event"] == "smtp.login"] == [False, True]
        for secret in ("wrong-canary", "correct horse", "hello", "bob@", "Subject"):
            assert secret not in text

    run(scenario())


# Time


def test_a_silent_client_is_told_and_sent_away(run: Run, certificate: Path) -> None:
    async def scenario() -> None:
        async with open_door(certificate, command_seconds=0.2) as door:
            talker = await greeted(await door.connect())
            assert (await talker.rest()).startswith(b"421 4.4.2")
            await talker.close()

    run(scenario())


def test_dribbling_a_command_does_not_buy_time_but_finishing_commands_does(
    run: Run, certificate: Path
) -> None:
    async def dribble(talker: Talker, data: bytes) -> int:
        for count in range(200):
            talker.writer.write(data)
            await asyncio.sleep(0.02)
            if talker.reader.at_eof() or b"421" in talker.reader._buffer:  # type: ignore[attr-defined]
                return count
        return 200

    async def scenario() -> None:
        async with open_door(certificate, command_seconds=0.4, limits=Limits(idle_commands=10**6)) as door:
            assert await dribble(await greeted(await door.connect()), b"x") < 100
            busy = await greeted(await door.connect())
            for _ in range(40):
                assert (await busy.say(b"NOOP\r\n")).startswith(b"250")
                await asyncio.sleep(0.02)
            await busy.close()

    run(scenario())


def test_a_message_that_stops_or_never_ends_runs_out_of_time(run: Run, certificate: Path) -> None:
    async def scenario() -> None:
        async with open_door(certificate, data_seconds=0.3, message_seconds=0.6) as door:
            stops, dribbles = await greeted(await door.connect()), await greeted(await door.connect())
            for talker in (stops, dribbles):
                talker.writer.write(TRANSACTION)
                for _ in range(3):
                    await talker.reply()
            stopped = asyncio.create_task(stops.rest())
            for _ in range(100):
                dribbles.writer.write(b"x")
                await asyncio.sleep(0.02)
                if dribbles.reader._buffer:  # type: ignore[attr-defined]
                    break
            assert (await dribbles.rest()).startswith(b"421 4.4.2")
            assert (await stopped).startswith(b"421 4.4.2")
            assert door.handler.messages == []
            await stops.close()
            await dribbles.close()

    run(scenario())


def test_a_client_that_does_not_read_is_cut_off(run: Run, certificate: Path) -> None:
    async def scenario() -> None:
        limits = Limits(idle_commands=10**8)
        async with open_door(certificate, command_seconds=0.3, limits=limits) as door:
            deaf = socket.create_connection(("127.0.0.1", door.port))
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            deaf.setblocking(False)
            loop = asyncio.get_running_loop()
            flood = asyncio.create_task(loop.sock_sendall(deaf, HELLO + b"HELP\r\n" * 2_000_000))
            for _ in range(1000):
                await asyncio.sleep(0.01)
                if not door.server.connections and flood.done():
                    break
            assert not door.server.connections
            with pytest.raises(OSError):
                await flood
            deaf.close()

    run(scenario())


def test_who_speaks_before_a_delayed_greeting_is_sent_away(run: Run, certificate: Path) -> None:
    async def scenario() -> None:
        async with open_door(certificate, greeting_delay_seconds=0.2) as door:
            early = await door.connect()
            assert (await early.say(HELLO)).startswith(b"554 ")
            patient = await greeted(await door.connect())
            await early.close()
            await patient.close()

    run(scenario())


# Numbers


def test_connections_are_counted_in_all_and_per_address(run: Run, certificate: Path) -> None:
    async def scenario() -> None:
        settings = {"max_connections": 4, "max_connections_per_ip": 2, "is_loopback_exempt": False}
        async with open_door(certificate, **settings) as door:
            first, second = await door.connect(), await door.connect()
            assert (await first.reply()).startswith(b"220")
            assert (await second.reply()).startswith(b"220")
            third = await door.connect()
            assert (await third.rest()).startswith(b"421 4.7.0")
            await first.say(b"QUIT\r\n")
            await first.close()
            for _ in range(500):
                if len(door.server.connections) == 1:
                    break
                await asyncio.sleep(0.01)
            fourth = await door.connect()
            assert (await fourth.reply()).startswith(b"220")
            for talker in (second, third, fourth):
                await talker.close()
        async with open_door(certificate, max_connections=1) as door:
            first, second = await door.connect(), await door.connect()
            assert (await first.reply()).startswith(b"220")
            assert (await second.rest()).startswith(b"421 4.7.0")
            await first.close()
            await second.close()

    run(scenario())


def test_all_sessions_share_one_budget_of_memory(run: Run, certificate: Path) -> None:
    async def scenario() -> None:
        async with open_door(certificate, budget_bytes=100_000) as door:
            hog, other = await greeted(await door.connect()), await greeted(await door.connect())
            hog.writer.write(TRANSACTION + b"x" * 80_000)
            for _ in range(3):
                await hog.reply()
            for _ in range(500):
                if door.server.budget.free <= 20_000:
                    break
                await asyncio.sleep(0.01)
            other.writer.write(TRANSACTION + b"y" * 30_000 + b"\r\n.\r\n")
            replies = [await other.reply() for _ in range(4)]
            assert replies[3].startswith(b"452 4.3.1")
            assert (await hog.say(b"\r\n.\r\n")).startswith(b"250")
            hog.writer.write(TRANSACTION + b"x" * 80_000)
            for _ in range(3):
                await hog.reply()
            hog.writer.transport.abort()
            await other.close()

    run(scenario())


# Ends


def test_a_client_that_half_closes_still_gets_its_answer(run: Run, certificate: Path) -> None:
    async def scenario() -> None:
        gate = asyncio.Event()
        async with open_door(certificate, handler=KeepingHandler(gate=gate)) as door:
            talker = await greeted(await door.connect())
            talker.writer.write(TRANSACTION + MESSAGE)
            talker.writer.write_eof()
            for _ in range(3):
                await talker.reply()
            await asyncio.sleep(0.05)
            gate.set()
            assert (await talker.rest()).startswith(b"250 2.0.0 kept")
            await talker.close()

    run(scenario())


def test_a_reset_connection_frees_its_place(run: Run, certificate: Path) -> None:
    async def scenario() -> None:
        async with open_door(certificate) as door:
            rude = socket.create_connection(("127.0.0.1", door.port))
            rude.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            rude.sendall(HELLO + TRANSACTION + b"half a mess")
            await asyncio.sleep(0.05)
            rude.close()
            for _ in range(500):
                if not door.server.connections:
                    break
                await asyncio.sleep(0.01)
            assert not door.server.connections
            assert door.handler.messages == []

    run(scenario())


def test_shutdown_tells_the_idle_and_waits_for_messages_under_way(run: Run, certificate: Path) -> None:
    async def scenario() -> None:
        gate = asyncio.Event()
        async with open_door(certificate, handler=KeepingHandler(gate=gate)) as door:
            idle, busy = await greeted(await door.connect()), await greeted(await door.connect())
            busy.writer.write(TRANSACTION + MESSAGE)
            for _ in range(3):
                await busy.reply()
            closing = asyncio.create_task(door.server.close(grace_seconds=10))
            assert (await idle.rest()).startswith(b"421 4.3.2")
            gate.set()
            assert (await busy.reply()).startswith(b"250 2.0.0 kept")
            assert (await busy.rest()).startswith(b"421 4.3.2")
            await closing
            with pytest.raises(OSError):
                await door.connect()
            await idle.close()
            await busy.close()

    run(scenario())
