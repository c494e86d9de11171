"""STARTTLS and implicit TLS: nothing said in clear is believed after the handshake."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from pathlib import Path

import pytest

from posthouse.wire.smtp.envelope import Service
from tests.smtpd.conftest import Run
from tests.smtpd.door import KeepingHandler, Talker, client_context, open_door, server_context

HELLO = b"EHLO client.test\r\n"
TRANSACTION = b"MAIL FROM:<alice@client.test>\r\nRCPT TO:<bob@example.test>\r\nDATA\r\n"
MESSAGE = b"Subject: x\r\n\r\nhello\r\n.\r\n"
LOGIN = b"AUTH PLAIN AGFsaWNlAGNvcnJlY3QgaG9yc2U=\r\n"


async def greeted(talker: Talker) -> Talker:
    await talker.reply()
    await talker.say(HELLO)
    return talker


def test_a_message_after_starttls(run: Run, certificate: Path) -> None:
    async def scenario() -> None:
        async with open_door(certificate) as door:
            talker = await greeted(await door.connect())
            assert (await talker.say(b"STARTTLS\r\n")).startswith(b"220")
            await talker.start_tls(certificate)
            assert b"STARTTLS" not in await talker.say(HELLO)
            talker.writer.write(TRANSACTION + MESSAGE + b"QUIT\r\n")
            assert b"221 2.0.0" in await talker.rest()
            [(peer, _, _)] = door.handler.messages
            assert peer.tls is not None
            assert peer.tls.version in {"TLSv1.2", "TLSv1.3"}
            assert peer.protocol(smtputf8=False) == "ESMTPS"
            await talker.close()

    run(scenario())


def test_commands_injected_behind_starttls_are_not_run(run: Run, certificate: Path) -> None:
    async def scenario() -> None:
        async with open_door(certificate) as door:
            talker = await greeted(await door.connect())
            assert (await talker.say(b"STARTTLS\r\n" + HELLO + TRANSACTION + b"evil\r\n.\r\n")).startswith(
                b"220"
            )
            await talker.start_tls(certificate)
            assert (await talker.say(b"NOOP\r\n")) == b"250 2.0.0 Ok\r\n"
            assert (await talker.say(b"DATA\r\n")).startswith(b"503")
            assert (await talker.say(b"MAIL FROM:<a@b.test>\r\n")).startswith(b"503 5.5.1 Say EHLO")
            assert door.handler.messages == []
            await talker.close()

    run(scenario())


def test_plaintext_after_the_220_never_reaches_the_session(run: Run, certificate: Path) -> None:
    async def scenario() -> None:
        async with open_door(certificate) as door:
            talker = await greeted(await door.connect())
            assert (await talker.say(b"STARTTLS\r\n")).startswith(b"220")
            talker.writer.write(HELLO + TRANSACTION + MESSAGE)
            rest = await talker.rest()
            assert b"250" not in rest
            assert b"354" not in rest
            assert door.handler.messages == []
            await talker.close()

    run(scenario())


def test_a_command_split_around_starttls_is_not_joined(run: Run, certificate: Path) -> None:
    async def scenario() -> None:
        async with open_door(certificate) as door:
            talker = await greeted(await door.connect())
            assert (await talker.say(b"STARTTLS\r\nEHLO evil.")).startswith(b"220")
            await talker.start_tls(certificate)
            assert (await talker.say(b"test\r\n")).startswith(b"500 ")
            await talker.close()

    run(scenario())


def test_what_comes_in_the_same_flight_as_the_end_of_the_handshake_is_kept(
    run: Run, certificate: Path
) -> None:
    """TLS 1.3 lets a client send its Finished and its first commands in one packet."""

    async def scenario() -> None:
        async with open_door(certificate) as door:
            talker = await greeted(await door.connect())
            assert (await talker.say(b"STARTTLS\r\n")).startswith(b"220")
            incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
            tls = client_context(certificate).wrap_bio(incoming, outgoing, server_hostname="localhost")
            for _ in range(10):
                try:
                    tls.do_handshake()
                    break
                except ssl.SSLWantReadError:
                    talker.writer.write(outgoing.read())
                    incoming.write(await asyncio.wait_for(talker.reader.read(65536), 10))
            tls.write(HELLO + TRANSACTION)
            tls.write(MESSAGE + b"QUIT\r\n")
            talker.writer.write(outgoing.read())
            incoming.write(await talker.rest())
            said = tls.read(65536)
            for _ in range(20):
                try:
                    said += tls.read(65536)
                except (ssl.SSLWantReadError, ssl.SSLZeroReturnError):
                    break
            assert said.endswith(b"221 2.0.0 Bye\r\n")
            assert len(door.handler.messages) == 1
            await talker.close()

    run(scenario())


@pytest.mark.parametrize("junk", [b"\x16\x03\x01\x00\x05hello", b"GET / HTTP/1.1\r\n\r\n", b""])
def test_a_handshake_that_fails_ends_the_connection_only(run: Run, certificate: Path, junk: bytes) -> None:
    async def scenario() -> None:
        async with open_door(certificate, handshake_seconds=0.5) as door:
            talker = await greeted(await door.connect())
            await talker.say(b"STARTTLS\r\n")
            talker.writer.write(junk)
            with contextlib.suppress(ConnectionResetError):
                assert b"220" not in await talker.rest()
            for _ in range(500):
                if not door.server.connections:
                    break
                await asyncio.sleep(0.01)
            assert not door.server.connections
            again = await greeted(await door.connect())
            await again.close()
            await talker.close()

    run(scenario())


def test_implicit_tls_counts_connections_before_the_handshake(run: Run, certificate: Path) -> None:
    async def scenario() -> None:
        async with open_door(certificate, Service.SUBMISSION, implicit_tls=True, max_connections=1) as door:
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", door.port, ssl=client_context(certificate), server_hostname="localhost"
            )
            talker = await greeted(Talker(reader, writer))
            silent = await door.connect()
            assert await silent.rest() == b""
            assert b"STARTTLS" not in await talker.say(HELLO)
            assert (await talker.say(LOGIN)).startswith(b"235")
            talker.writer.write(TRANSACTION + MESSAGE + b"QUIT\r\n")
            assert b"kept 1" in await talker.rest()
            [(peer, _, _)] = door.handler.messages
            assert peer.protocol(smtputf8=False) == "ESMTPSA"
            await talker.close()
            await silent.close()

    run(scenario())


def test_submission_takes_no_password_and_no_mail_in_clear(run: Run, certificate: Path) -> None:
    async def scenario() -> None:
        async with open_door(certificate, Service.SUBMISSION) as door:
            talker = await greeted(await door.connect())
            assert (await talker.say(LOGIN)).startswith(b"538 5.7.11")
            assert (await talker.say(b"MAIL FROM:<alice@example.test>\r\n")).startswith(b"530 5.7.0")
            await talker.say(b"STARTTLS\r\n")
            await talker.start_tls(certificate)
            assert b"AUTH SCRAM-SHA-256 PLAIN LOGIN" in await talker.say(HELLO)
            assert (await talker.say(b"MAIL FROM:<alice@example.test>\r\n")).startswith(b"530 5.7.0")
            door.handler.breaks_at = "authenticate"
            assert (await talker.say(LOGIN)).startswith(b"451 4.3.0")
            door.handler.breaks_at = ""
            assert (await talker.say(LOGIN)).startswith(b"235")
            assert (await talker.say(b"MAIL FROM:<alice@example.test>\r\n")).startswith(b"250")
            await talker.close()

    run(scenario())


def test_a_new_certificate_is_used_by_the_next_handshake(run: Run, certificate: Path) -> None:
    async def scenario() -> None:
        async with open_door(certificate, handler=KeepingHandler()) as door:
            context = server_context(certificate)
            context.maximum_version = ssl.TLSVersion.TLSv1_2
            door.server.tls = context
            talker = await greeted(await door.connect())
            await talker.say(b"STARTTLS\r\n")
            await talker.start_tls(certificate)
            assert talker.writer.get_extra_info("ssl_object").version() == "TLSv1.2"
            await talker.close()

    run(scenario())
