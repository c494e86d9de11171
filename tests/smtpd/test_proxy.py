"""Connections that a proxy passes on: whose they are, who may say so, and what is held against whom."""

from __future__ import annotations

import asyncio
from ipaddress import ip_network
from pathlib import Path

import pytest

from posthouse.smtpd.settings import Settings
from posthouse.wire.proxy_header import SIGNATURE
from posthouse.wire.smtp.envelope import Service
from tests.smtpd.conftest import Run
from tests.smtpd.door import PASSWORD, Talker, client_context, open_door

PROXIES = (ip_network("127.0.0.0/8"),)
V1 = b"PROXY TCP4 192.0.2.7 198.51.100.1 4321 25\r\n"
V2 = SIGNATURE + b"\x21\x11\x00\x0c" + bytes([192, 0, 2, 7, 198, 51, 100, 1, 16, 225, 0, 25])
MAIL = (
    b"EHLO client.test\r\nMAIL FROM:<a@client.test>\r\nRCPT TO:<bob@example.test>\r\n"
    b"DATA\r\nSubject: x\r\n\r\n.\r\nQUIT\r\n"
)


@pytest.mark.parametrize("header", [V1, V2], ids=["v1", "v2"])
def test_the_true_peer_is_known_in_one_packet_and_byte_by_byte(
    run: Run, certificate: Path, header: bytes
) -> None:
    async def scenario() -> None:
        async with open_door(certificate, proxies=PROXIES) as door:
            at_once = await door.connect()
            at_once.writer.write(header + MAIL)
            assert (await at_once.rest()).endswith(b"221 2.0.0 Bye\r\n")
            slowly = await door.connect()
            for byte in header + MAIL:
                slowly.writer.write(bytes([byte]))
                await asyncio.sleep(0)
            assert (await slowly.rest()).endswith(b"221 2.0.0 Bye\r\n")
            assert [(peer.ip, peer.port) for peer, _, _ in door.handler.messages] == [("192.0.2.7", 4321)] * 2
            for talker in (at_once, slowly):
                await talker.close()

    run(scenario())


def test_a_proxy_that_speaks_for_itself_is_its_own_peer(run: Run, certificate: Path) -> None:
    async def scenario() -> None:
        async with open_door(certificate, proxies=PROXIES) as door:
            talker = await door.connect()
            talker.writer.write(b"PROXY UNKNOWN\r\n" + MAIL)
            await talker.rest()
            assert [peer.ip for peer, _, _ in door.handler.messages] == ["127.0.0.1"]
            await talker.close()

    run(scenario())


@pytest.mark.parametrize("said", [MAIL, b"PROXY TCP4 nonsense\r\n" + MAIL, SIGNATURE + b"\x21\x12\x00\x00"])
def test_a_proxy_that_does_not_say_whose_it_is_is_cut_off(run: Run, certificate: Path, said: bytes) -> None:
    async def scenario() -> None:
        async with open_door(certificate, proxies=PROXIES) as door:
            talker = await door.connect()
            talker.writer.write(said)
            with pytest.raises(ConnectionResetError):
                assert await talker.rest() == b""
                raise ConnectionResetError
            assert door.handler.messages == []
            await talker.close()

    run(scenario())


@pytest.mark.parametrize("header", [V1, V2], ids=["v1", "v2"])
def test_a_stranger_who_sends_the_header_is_refused(run: Run, certificate: Path, header: bytes) -> None:
    async def scenario() -> None:
        others = (ip_network("192.0.2.0/24"),)
        async with open_door(certificate, proxies=others) as door:
            talker = await door.connect()
            await talker.reply()
            talker.writer.write(header + MAIL)
            said = await talker.rest()
            assert said.endswith(b"554 5.5.1 This is a mail server\r\n") and b"250" not in said
            assert door.handler.messages == []
            await talker.close()

    run(scenario())


def test_connections_are_counted_for_the_true_peer(run: Run, certificate: Path) -> None:
    async def passed_on(talker: Talker, ip: bytes) -> bytes:
        return await talker.say(b"PROXY TCP4 " + ip + b" 198.51.100.1 4321 25\r\n")

    async def scenario() -> None:
        async with open_door(certificate, proxies=PROXIES, max_connections_per_ip=1) as door:
            first, second, third = [await door.connect() for _ in range(3)]
            assert (await passed_on(first, b"192.0.2.7")).startswith(b"220 ")
            assert (await passed_on(second, b"192.0.2.7")).startswith(b"421 4.7.0 ")
            assert (await passed_on(third, b"192.0.2.8")).startswith(b"220 ")
            await first.say(b"QUIT\r\n")
            await first.close()
            again = await door.connect()
            assert (await passed_on(again, b"192.0.2.7")).startswith(b"220 ")
            for talker in (second, third, again):
                await talker.close()

    run(scenario())


def test_the_header_comes_before_tls(run: Run, certificate: Path) -> None:
    async def scenario() -> None:
        async with open_door(certificate, Service.SUBMISSION, implicit_tls=True, proxies=PROXIES) as door:
            talker = await door.connect()
            talker.writer.write(V2)
            await talker.start_tls(certificate)
            assert (await talker.reply()).startswith(b"220 ")
            await talker.say(b"EHLO client.test\r\n")
            assert (await talker.say(b"AUTH PLAIN AGFsaWNlAGNvcnJlY3QgaG9yc2U=\r\n")).startswith(b"235 ")
            talker.writer.write(MAIL)
            await talker.rest()
            assert [peer.ip for peer, _, _ in door.handler.messages] == ["192.0.2.7"]
            await talker.close()

    assert PASSWORD == "correct horse" and client_context(certificate)
    run(scenario())


def test_nobody_is_a_proxy_by_default() -> None:
    assert Settings(service=Service.MX, hostname="mx.example.test").proxies == ()
