"""A line to another server: connected, greeted, encrypted as its hop demands, logged in where it must be (RFC 3207).

aiosmtplib opens the line: it drops what a server sent in clear after its answer to STARTTLS, and refuses control
characters in commands; then a Dialogue takes it over. Here is the judgement which failure of a server sends us to the
next, now or later.
"""

from __future__ import annotations

import asyncio
import functools
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

import aiosmtplib

from posthouse.base import net
from posthouse.base.errors import Failure
from posthouse.base.net import Address, NameMissing, NetPolicy, Refused
from posthouse.delivery.transport import security
from posthouse.delivery.transport.dialogue import Dialogue
from posthouse.delivery.transport.outcome import Result, SessionFailed, permanent, temporary
from posthouse.delivery.transport.routes import Hop, Tls
from posthouse.wire.smtp.reply_reader import BadReply

GOODBYE_SECONDS = 5.0
HANDSHAKE_FAILURES = (ssl.SSLError, ConnectionError, TimeoutError, aiosmtplib.SMTPException)
SESSION_FAILURES = (OSError, aiosmtplib.SMTPException, ValueError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds for one reply, for a piece of the content to go out, for the reply to all of it (RFC 5321 §4.5.3.2: 10
    minutes), and for everything together."""

    command: float = 120.0
    content: float = 180.0
    message: float = 600.0
    whole: float = 720.0


@dataclass(slots=True, eq=False)
class Line:
    """`host` is the server's name with its address, `tls` the protocol version or None, `carried` counts messages.

    `extensions` are what the server offers, by names in lower case, with what follows them.
    `tls_failure` is why it is in clear (RFC 8460 §4.3).
    """

    dialogue: Dialogue
    host: str
    tls: str | None = None
    extensions: Mapping[str, str] = field(default_factory=dict)
    carried: int = 0
    tls_failure: str = ""

    @property
    def is_open(self) -> bool:
        return self.dialogue.is_open

    async def quit(self) -> None:
        """Say goodbye, if anybody is there to hear it, and close."""
        try:
            if self.is_open:
                await self.dialogue.ask(b"QUIT", seconds=GOODBYE_SECONDS)
        except SESSION_FAILURES:
            pass
        finally:
            self.dialogue.close()


async def open_line(hop: Hop, *, helo: str, policy: NetPolicy, timeouts: Timeouts) -> Line:
    """Raises SessionFailed. A failed opportunistic TLS handshake is tried once more in clear."""
    opening = _Opening(hop, helo, policy.for_operator() if hop.is_configured else policy, timeouts)
    try:
        return await opening.run(try_tls=True)
    except _TlsFailed as error:
        if hop.tls is not Tls.OPPORTUNISTIC:
            raise SessionFailed(
                temporary("4.7.5", str(error)), host=opening.host, tls_failure=error.kind
            ) from error
        kind = error.kind
    line = await opening.run(try_tls=False)
    line.tls_failure = kind
    return line


class _TlsFailed(Exception):
    """`kind` is the result type of RFC 8460 §4.3."""

    def __init__(self, words: str, kind: str) -> None:
        super().__init__(words)
        self.kind = kind


def _kind_of(error: BaseException) -> str:
    """OpenSSL's numbers (x509_vfy.h) of what a certificate lacked."""
    found: BaseException | None = error
    for _ in range(8):
        if isinstance(found, ssl.SSLCertVerificationError):
            return _VERIFY_KINDS.get(found.verify_code, "validation-failure")
        found = None if found is None else found.__cause__ or found.__context__
    return "validation-failure"


_VERIFY_KINDS = {
    10: "certificate-expired",
    62: "certificate-host-mismatch",
    64: "certificate-host-mismatch",
    **dict.fromkeys((2, 18, 19, 20, 21, 27), "certificate-not-trusted"),
}


class _Opening:
    def __init__(self, hop: Hop, helo: str, policy: NetPolicy, timeouts: Timeouts) -> None:
        self.hop = hop
        self.helo = helo
        self.policy = policy
        self.timeouts = timeouts
        self.host = hop.host

    async def run(self, *, try_tls: bool) -> Line:
        client = await self._connected()
        try:
            version = await self._greeted(client, try_tls=try_tls)
            assert client.protocol is not None
            dialogue = Dialogue(cast(asyncio.Transport, client.protocol.transport))
            missing = "" if version else "starttls-not-supported"
            return Line(dialogue, self.host, version, dict(client.esmtp_extensions), tls_failure=missing)
        except BaseException:
            client.close()
            raise

    async def _connected(self) -> aiosmtplib.SMTP:
        try:
            sock, address = await net.open_socket(self.hop.host, self.hop.port, policy=self.policy)
        except (Refused, NameMissing) as error:
            raise SessionFailed(permanent("5.4.4", error.message), host=self.host) from error
        except Failure as error:
            raise SessionFailed(temporary("4.4.1", error.message), host=self.host) from error
        self.host = _named(self.hop.host, address)
        client = aiosmtplib.SMTP(
            hostname=self.hop.host,
            sock=sock,
            local_hostname=self.helo,
            timeout=self.timeouts.command,
            use_tls=self.hop.tls is Tls.IMPLICIT,
            start_tls=False,
            tls_context=self._context(),
        )
        try:
            await client.connect()  # the transport owns the socket from here on, failed or not
        except aiosmtplib.SMTPConnectResponseError as error:
            # A 5xx greeting speaks of this server, not of the recipient: ask the next, or later.
            result = temporary("4.3.2", f"{error.code} {error.message}", code=421)
            raise SessionFailed(result, host=self.host) from error
        except SESSION_FAILURES as error:
            raise SessionFailed(broken(error), host=self.host) from error
        return client

    def _context(self) -> ssl.SSLContext:
        """With DANE the certificate is compared when it has been shown; authorities and dates do not count there."""
        if self.hop.tls in (Tls.OPPORTUNISTIC, Tls.DANE):
            return _any_certificate()
        return net.tls_context(self.policy.ca_file)

    async def _greeted(self, client: aiosmtplib.SMTP, *, try_tls: bool) -> str | None:
        """EHLO, TLS, EHLO again, credentials; the version of TLS."""
        try:
            await _hello(client)
            if try_tls and self.hop.tls is not Tls.IMPLICIT:
                await self._start_tls(client)
            if self.hop.username:
                await client.login(self.hop.username, self.hop.password)
            session = client.get_transport_info("ssl_object")
            return str(session.version()) if session else None
        except aiosmtplib.SMTPAuthenticationError as error:
            # The operator's password is wrong, not the recipient: keep the mail until he mends it.
            raise SessionFailed(temporary("4.7.8", "The relay refused our login"), host=self.host) from error
        except aiosmtplib.SMTPResponseException as error:
            result = temporary("4.3.2", f"{error.code} {error.message}", code=421)
            raise SessionFailed(result, host=self.host) from error
        except SESSION_FAILURES as error:
            raise SessionFailed(broken(error), host=self.host) from error

    async def _start_tls(self, client: aiosmtplib.SMTP) -> None:
        if not client.supports_extension("starttls"):
            if self.hop.tls is not Tls.OPPORTUNISTIC:
                words = "The server offers no TLS, which its domain or this route demands"
                raise _TlsFailed(words, "starttls-not-supported")
            return
        try:
            await client.starttls(
                server_hostname=self.hop.names[0] if self.hop.names else None, tls_context=self._context()
            )
        except HANDSHAKE_FAILURES as error:
            raise _TlsFailed("The TLS handshake with the server failed", _kind_of(error)) from error
        if self.hop.tls is Tls.DANE and not security.is_vouched_for(
            client.get_transport_info("ssl_object"), self.hop
        ):
            words = "The server's certificate is not the one its domain publishes (DANE)"
            raise _TlsFailed(words, "validation-failure")
        await _hello(client)


async def _hello(client: aiosmtplib.SMTP) -> None:
    try:
        await client.ehlo()
    except aiosmtplib.SMTPHeloError as error:
        if error.code // 100 != 5:
            raise
        await client.helo()


def broken(error: BaseException) -> Result:
    """What a session that broke off comes to."""
    if isinstance(error, TimeoutError):
        return temporary("4.4.2", "The server took too long to answer", code=421)
    if isinstance(error, aiosmtplib.SMTPServerDisconnected | ConnectionError):
        return temporary("4.4.2", "The server closed the connection", code=421)
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return temporary("4.5.0", f"The server's answer made no sense: {error.message}", code=421)
    if isinstance(error, BadReply):
        return temporary("4.5.0", f"The server's answer made no sense: {error}", code=421)
    return temporary("4.4.2", "The conversation with the server failed", code=421)


def _named(host: str, address: Address) -> str:
    return host if host == str(address) else f"{host} [{address}]"


@functools.lru_cache(maxsize=1)
def _any_certificate() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
