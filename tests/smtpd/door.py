"""A running SMTP door on a free loopback port, with a handler that keeps what it is given."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from posthouse.smtpd.handler import Verdict
from posthouse.smtpd.server import SmtpServer
from posthouse.smtpd.settings import Settings
from posthouse.wire.budget import Budget
from posthouse.wire.smtp import reply as say
from posthouse.wire.smtp.address import Mailbox
from posthouse.wire.smtp.envelope import Envelope, Login, Peer, Service
from posthouse.wire.smtp.limits import Limits
from posthouse.wire.smtp.reply import Reply

PASSWORD = "correct horse"
STEP_SECONDS = 10.0  # no single step of a test waits longer


def make_certificate(folder: Path) -> Path:
    """A self-signed certificate and its key for localhost, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1"))]
            ),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    path = folder / "localhost.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


def server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def client_context(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


@dataclass
class KeepingHandler:
    """Takes mail for example.test on MX, for anybody on submission. `gate` holds messages until it is set."""

    messages: list[tuple[Peer, Envelope, bytes]] = field(default_factory=list)
    gate: asyncio.Event | None = None
    asks_later: bool = False
    breaks_at: str = ""

    def sender(self, peer: Peer, address: Mailbox | None) -> Verdict:
        self._break_at("sender")
        return None

    def recipient(self, peer: Peer, address: Mailbox, *, sender: Mailbox | None) -> Any:
        self._break_at("recipient")
        verdict = None if peer.login or address.domain == "example.test" else say.RELAYING_DENIED
        return self._later(verdict) if self.asks_later else verdict

    async def authenticate(self, peer: Peer, mechanism: str, username: str, password: str) -> Login | None:
        self._break_at("authenticate")
        return Login(username) if password == PASSWORD else None

    async def message(self, peer: Peer, envelope: Envelope, content: bytes) -> Reply:
        if self.gate is not None:
            await self.gate.wait()
        self._break_at("message")
        self.messages.append((peer, envelope, content))
        return Reply(250, "2.0.0", f"kept {len(self.messages)}")

    async def _later(self, verdict: Verdict) -> Verdict:
        await asyncio.sleep(0)
        return verdict

    def _break_at(self, place: str) -> None:
        if self.breaks_at == place:
            raise LookupError("a secret detail")


@dataclass
class Door:
    server: SmtpServer
    handler: KeepingHandler
    port: int
    certificate: Path

    async def connect(self) -> Talker:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        return Talker(reader, writer)


@dataclass
class Talker:
    """A client that says exactly the bytes it is told to."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def reply(self) -> bytes:
        """The next reply, all its lines; empty when the server has hung up."""
        lines = b""
        for _ in range(50):
            line = await asyncio.wait_for(self.reader.readline(), STEP_SECONDS)
            lines += line
            if line[3:4] != b"-":
                break
        return lines

    async def say(self, data: bytes) -> bytes:
        self.writer.write(data)
        return await self.reply()

    async def rest(self) -> bytes:
        """All until the server hangs up."""
        return await asyncio.wait_for(self.reader.read(), STEP_SECONDS)

    async def start_tls(self, certificate: Path) -> None:
        await asyncio.wait_for(
            self.writer.start_tls(client_context(certificate), server_hostname="localhost"), STEP_SECONDS
        )

    def reset(self) -> None:
        """Leave without a good-bye."""
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    async def close(self) -> None:
        self.writer.close()
        with contextlib.suppress(OSError):
            await asyncio.wait_for(self.writer.wait_closed(), STEP_SECONDS)


@contextlib.asynccontextmanager
async def open_door(
    certificate: Path,
    service: Service = Service.MX,
    *,
    handler: KeepingHandler | None = None,
    limits: Limits | None = None,
    budget_bytes: int = 10**9,
    **settings: Any,
) -> AsyncIterator[Door]:
    handler = handler or KeepingHandler()
    server = SmtpServer(
        Settings(
            service=service,
            hostname="mx.example.test",
            limits=limits or Limits(),
            failed_login_seconds=0,
            **settings,
        ),
        handler,
        budget=Budget(budget_bytes),
        tls=server_context(certificate),
    )
    port = await server.listen("127.0.0.1")
    try:
        yield Door(server, handler, port, certificate)
    finally:
        await server.close(grace_seconds=0)
        for _ in range(500):
            if not server.connections:
                break
            await asyncio.sleep(0.01)
        assert not server.connections
        assert server.budget.free == server.budget.total
