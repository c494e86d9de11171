"""A scripted SMTP server on loopback: says what a test wants, keeps what it was told, byte for byte."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HANG_UP = b"HANG UP"
SILENCE = b"SILENCE"


@dataclass(slots=True)
class Peer:
    """`replies` by verb, or by verb and address (`RCPT bob@b.test`); a list is used up one by one."""

    replies: dict[str, bytes | list[bytes]] = field(default_factory=dict)
    extensions: list[str] = field(default_factory=lambda: ["8BITMIME", "SMTPUTF8", "SIZE 0", "STARTTLS"])
    greeting: bytes = b"220 peer.test ESMTP"
    tls: ssl.SSLContext | None = None
    implicit_tls: bool = False
    after_starttls: bytes = b""
    read_data_bytes: int | None = None
    port: int = 0
    commands: list[bytes] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)
    tls_sessions: int = 0
    sessions: int = 0
    most_at_once: int = 0
    _open: int = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Peer]:
        context = self.tls if self.implicit_tls else None
        server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=context)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.sessions += 1
        self._open += 1
        self.most_at_once = max(self.most_at_once, self._open)
        try:
            if await self._say(writer, self.greeting):
                await self._converse(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ssl.SSLError):
            pass
        finally:
            self._open -= 1
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            self.commands.append(line)
            verb = line[:4].decode().strip().upper()
            address = line[line.find(b"<") + 1 : line.find(b">")].decode(errors="replace")
            if not await self._say(writer, self._reply(verb, address)):
                return
            if verb == "DATA" and not self._scripted("DATA", address):
                await self._take(reader, writer)
            if verb == "STAR" and self.tls:
                writer.write(self.after_starttls)
                await writer.start_tls(self.tls)
                self.tls_sessions += 1
            if verb == "QUIT":
                return

    def _scripted(self, verb: str, address: str) -> bytes | list[bytes] | None:
        return self.replies.get(f"{verb} {address}") or self.replies.get(verb)

    def _reply(self, verb: str, address: str) -> bytes:
        scripted = self._scripted(verb, address)
        if isinstance(scripted, list):
            return scripted.pop(0) if scripted else b"250 2.0.0 ok"
        if scripted is not None:
            return scripted
        if verb == "EHLO":
            said = [word for word in self.extensions if word != "STARTTLS" or self.tls]
            return b"\r\n".join([b"250-peer.test", *(b"250-" + word.encode() for word in said), b"250 HELP"])
        return {"DATA": b"354 go on", "QUIT": b"221 bye", "STAR": b"220 go"}.get(verb, b"250 2.0.0 ok")

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.read_data_bytes is not None:
            await reader.readexactly(self.read_data_bytes)
            raise OSError
        self.messages.append(await reader.readuntil(b"\r\n.\r\n"))
        if not await self._say(writer, self._reply("DOT", "")):
            raise OSError

    async def _say(self, writer: asyncio.StreamWriter, reply: bytes) -> bool:
        if reply == HANG_UP:
            return False
        if reply == SILENCE:
            await asyncio.sleep(5)
            return False
        writer.write(reply + b"\r\n")
        await writer.drain()
        return True


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server context for 127.0.0.1 and localhost, and the file of the certificate to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = folder / "cert.pem", folder / "key.pem"
    cert_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    key_file.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert_file, key_file)
    return context, cert_file
