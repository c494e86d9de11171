"""Real clients against the door: smtplib, aiosmtplib and, where there is one, swaks."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiosmtplib
import pytest

from posthouse.wire.smtp.envelope import Notify, Service
from tests.programs import need
from tests.smtpd.conftest import Run
from tests.smtpd.door import PASSWORD, Door, client_context, open_door

MAIL = "From: alice@example.test\r\nSubject: x\r\n\r\nline\r\n.dot\r\n..dots\r\n.\r\nend\r\n"


def with_smtplib(door: Door, use: Callable[[smtplib.SMTP], Any]) -> Any:
    client = smtplib.SMTP("127.0.0.1", door.port, local_hostname="client.test", timeout=10)
    try:
        return use(client)
    finally:
        client.close()


def test_smtplib_sends_with_starttls_and_login(run: Run, certificate: Path) -> None:
    def send(client: smtplib.SMTP) -> None:
        with pytest.raises(smtplib.SMTPNotSupportedError):
            client.login("alice", PASSWORD)
        context = client_context(certificate)
        client._host = "localhost"  # type: ignore[attr-defined]  # the name the certificate is for
        client.starttls(context=context)
        with pytest.raises(smtplib.SMTPAuthenticationError):
            client.login("alice", "wrong")
        client.login("alice", PASSWORD)
        refused = client.sendmail(
            "alice@example.test",
            ["bob@example.test", "eve@elsewhere.test"],
            MAIL,
            mail_options=["BODY=8BITMIME"],
            rcpt_options=["NOTIFY=FAILURE"],
        )
        assert refused == {}

    async def scenario() -> None:
        async with open_door(certificate, Service.SUBMISSION) as door:
            await asyncio.to_thread(with_smtplib, door, send)
            [(peer, envelope, content)] = door.handler.messages
            assert content == MAIL.encode()
            assert peer.login is not None
            assert [recipient.notify for recipient in envelope.recipients] == [{Notify.FAILURE}] * 2

    run(scenario())


def test_smtplib_over_implicit_tls(run: Run, certificate: Path) -> None:
    def send(port: int) -> None:
        context = client_context(certificate)
        with smtplib.SMTP_SSL("localhost", port, timeout=10, context=context) as client:
            client.login("alice", PASSWORD)
            client.sendmail("alice@example.test", ["bob@example.test"], MAIL)

    async def scenario() -> None:
        async with open_door(certificate, Service.SUBMISSION, implicit_tls=True) as door:
            await asyncio.to_thread(send, door.port)
            assert [content for _, _, content in door.handler.messages] == [MAIL.encode()]

    run(scenario())


def test_smtplib_meets_a_closed_relay(run: Run, certificate: Path) -> None:
    def send(client: smtplib.SMTP) -> None:
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            client.sendmail("alice@client.test", ["eve@elsewhere.test"], MAIL)
        client.sendmail("alice@client.test", ["bob@example.test"], MAIL)

    async def scenario() -> None:
        async with open_door(certificate) as door:
            await asyncio.to_thread(with_smtplib, door, send)
            assert len(door.handler.messages) == 1

    run(scenario())


def test_aiosmtplib_sends_utf8_addresses_over_starttls(run: Run, certificate: Path) -> None:
    async def scenario() -> None:
        async with open_door(certificate) as door:
            client = aiosmtplib.SMTP(
                hostname="localhost", port=door.port, start_tls=True, tls_context=client_context(certificate)
            )
            async with client:
                await client.sendmail(
                    "j\u00f6rg@client.test", ["b\u00f6b@example.test"], MAIL, mail_options=["SMTPUTF8"]
                )
            [(peer, envelope, _)] = door.handler.messages
            assert peer.tls is not None
            assert str(envelope.recipients[0].address) == "b\u00f6b@example.test"
            assert envelope.smtputf8

    run(scenario())


@pytest.mark.conformance
@pytest.mark.parametrize("options", [["--auth", "PLAIN"], ["--auth", "LOGIN", "--pipeline"]])
def test_swaks_submits(run: Run, certificate: Path, options: list[str]) -> None:
    """In clear, which a test may allow: Debian's swaks comes without TLS."""
    need("swaks")

    async def scenario() -> None:
        async with open_door(certificate, Service.SUBMISSION, allow_plain_login=True) as door:
            process = await asyncio.create_subprocess_exec(
                "swaks",
                *["--server", "127.0.0.1", "--port", str(door.port), "--timeout", "10"],
                *["--from", "alice@example.test", "--to", "bob@example.test", "--helo", "client.test"],
                *["--auth-user", "alice", "--auth-password", PASSWORD, *options],
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            output, _ = await asyncio.wait_for(process.communicate(), 30)
            assert process.returncode == 0, output.decode()
            [(peer, _, _)] = door.handler.messages
            assert peer.login is not None

    run(scenario())


def test_a_client_that_does_not_trust_us_leaves_no_connection_behind(run: Run, certificate: Path) -> None:
    def refuse(client: smtplib.SMTP) -> None:
        with pytest.raises(ssl.SSLError):
            client.starttls(context=ssl.create_default_context())

    async def scenario() -> None:
        async with open_door(certificate) as door:
            await asyncio.to_thread(with_smtplib, door, refuse)
            for _ in range(500):
                if not door.server.connections:
                    break
                await asyncio.sleep(0.01)
            assert not door.server.connections

    run(scenario())
