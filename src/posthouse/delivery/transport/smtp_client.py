"""One message to one server for several recipients, and what became of each (RFC 5321 §4.5.3, RFC 3207).

aiosmtplib speaks the protocol: it normalises bare CR and LF to CRLF and doubles leading dots, so nothing is
smuggled; it drops what a server sent in clear after its answer to STARTTLS; it refuses control characters
in commands. Here is the judgement: whether a failure ends the mail, waits, or goes to the next server.

Invariants: every recipient gets exactly one Outcome; DELIVERED only after the server's reply to the final
dot; after the message was sent and no reply came, nobody else is asked in this try, since the server may
have it.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field

import aiosmtplib

from posthouse.base import net
from posthouse.base.errors import Failure
from posthouse.base.net import Address, NameMissing, NetPolicy, Refused
from posthouse.delivery.transport import downgrade, security
from posthouse.delivery.transport.outcome import (
    Outcome,
    Result,
    SessionFailed,
    Verdict,
    answered,
    permanent,
    temporary,
)
from posthouse.delivery.transport.routes import Hop, Tls

MAX_RECIPIENTS = 100

_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f<>]")
_HANDSHAKE_FAILURES = (ssl.SSLError, ConnectionError, TimeoutError, aiosmtplib.SMTPException)
_SESSION_FAILURES = (OSError, aiosmtplib.SMTPException, ValueError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What to send. `sender` is empty for a bounce; `message` may have any line ends."""

    sender: str
    recipients: Sequence[str]
    message: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds for one reply, and for the reply to the whole message (RFC 5321 §4.5.3.2 allows 10 minutes)."""

    command: float = 120.0
    message: float = 600.0


async def send(
    mail: Mail,
    *,
    hop: Hop,
    helo: str,
    policy: NetPolicy | None = None,
    timeouts: Timeouts | None = None,
) -> list[Outcome]:
    """Hand `mail` to the server of `hop`; one Outcome per recipient, in their order.

    Raises SessionFailed when the server could not be asked at all. A failed opportunistic TLS handshake is
    tried once more in clear.
    """
    session = _Session(mail, hop, helo, policy or net.policy(), timeouts or Timeouts())
    try:
        return await session.run(try_tls=True)
    except _TlsFailed as error:
        if hop.tls is not Tls.OPPORTUNISTIC:
            raise SessionFailed(temporary("4.7.5", str(error)), host=session.host) from error
    return await session.run(try_tls=False)


class _TlsFailed(Exception):
    pass


class _Session:
    def __init__(self, mail: Mail, hop: Hop, helo: str, policy: NetPolicy, timeouts: Timeouts) -> None:
        self.mail = mail
        self.hop = hop
        self.helo = helo
        self.policy = policy.for_operator() if hop.is_configured else policy
        self.timeouts = timeouts
        self.host = hop.host
        self.tls: str | None = None
        self.outcomes: dict[str, Outcome] = {}

    async def run(self, *, try_tls: bool) -> list[Outcome]:
        client = await self._connected()
        try:
            await self._greeted(client, try_tls=try_tls)
            recipients = self._admissible(client)
            for start in range(0, len(recipients), MAX_RECIPIENTS):
                await self._transaction(client, recipients[start : start + MAX_RECIPIENTS])
            await self._quit(client)
        finally:
            client.close()
        return [self.outcomes[recipient] for recipient in self.mail.recipients]

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
        except _SESSION_FAILURES as error:
            raise SessionFailed(_broken(error), host=self.host) from error
        return client

    def _context(self) -> ssl.SSLContext:
        """With DANE the certificate is compared when it has been shown; authorities and dates do not count there."""
        if self.hop.tls in (Tls.OPPORTUNISTIC, Tls.DANE):
            return _any_certificate()
        return net.tls_context(self.policy.ca_file)

    async def _greeted(self, client: aiosmtplib.SMTP, *, try_tls: bool) -> None:
        """EHLO, TLS, EHLO again, credentials."""
        try:
            await _hello(client)
            if try_tls and self.hop.tls is not Tls.IMPLICIT:
                await self._start_tls(client)
            transport_tls = client.get_transport_info("ssl_object")
            self.tls = transport_tls.version() if transport_tls else None
            if self.hop.username:
                await client.login(self.hop.username, self.hop.password)
        except aiosmtplib.SMTPAuthenticationError as error:
            # The operator's password is wrong, not the recipient: keep the mail until he mends it.
            raise SessionFailed(temporary("4.7.8", "The relay refused our login"), host=self.host) from error
        except aiosmtplib.SMTPResponseException as error:
            result = temporary("4.3.2", f"{error.code} {error.message}", code=421)
            raise SessionFailed(result, host=self.host) from error
        except _SESSION_FAILURES as error:
            raise SessionFailed(_broken(error), host=self.host) from error

    async def _start_tls(self, client: aiosmtplib.SMTP) -> None:
        if not client.supports_extension("starttls"):
            if self.hop.tls is not Tls.OPPORTUNISTIC:
                raise _TlsFailed("The server offers no TLS, which its domain or this route demands")
            return
        try:
            await client.starttls(tls_context=self._context())
        except _HANDSHAKE_FAILURES as error:
            raise _TlsFailed("The TLS handshake with the server failed") from error
        if self.hop.tls is Tls.DANE and not security.is_vouched_for(
            client.get_transport_info("ssl_object"), self.hop
        ):
            raise _TlsFailed("The server's certificate is not the one its domain publishes (DANE)")
        await _hello(client)

    def _admissible(self, client: aiosmtplib.SMTP) -> list[str]:
        """Recipients this server can be asked about; the others get their outcome here."""
        if limit := _size_limit(client, len(self.mail.message)):
            too_large = permanent(
                "5.3.4", f"The message is larger than the {limit} bytes the server takes", code=552
            )
            self._settle(self.mail.recipients, too_large)
            return []
        utf8 = client.supports_extension("smtputf8")
        unspeakable = permanent("5.6.7", "The server cannot take addresses that are not ASCII", code=553)
        if _FORBIDDEN.search(self.mail.sender):
            self._settle(self.mail.recipients, permanent("5.1.7", "The sender is no valid address", code=553))
            return []
        if _spelled(self.mail.sender, utf8=utf8) is None:
            self._settle(self.mail.recipients, unspeakable)
            return []
        invalid = [one for one in self.mail.recipients if _FORBIDDEN.search(one)]
        self._settle(invalid, permanent("5.1.3", "This is no valid address", code=553))
        bad = [one for one in self.mail.recipients if _spelled(one, utf8=utf8) is None]
        self._settle(bad, unspeakable)
        return [one for one in dict.fromkeys(self.mail.recipients) if one not in self.outcomes]

    async def _transaction(self, client: aiosmtplib.SMTP, recipients: Sequence[str]) -> None:
        utf8 = client.supports_extension("smtputf8")
        message = self.mail.message
        if downgrade.is_8bit(message) and not client.supports_extension("8bitmime"):
            converted = downgrade.to_7bit(message)
            if converted is None:
                return self._settle(
                    recipients, permanent("5.6.3", "The server takes no 8-bit content", code=554)
                )
            message = converted
        accepted: list[str] = []
        try:
            sender = _spelled(self.mail.sender, utf8=utf8) or b""
            reply = answered(
                *await client.execute_command(b"MAIL", b"FROM:<" + sender + b">", *self._options(client))
            )
            if reply.verdict is not Verdict.DELIVERED:
                return self._settle(recipients, reply)
            for recipient in recipients:
                spelled = _spelled(recipient, utf8=utf8) or b""
                reply = _of_recipient(await client.execute_command(b"RCPT", b"TO:<" + spelled + b">"))
                if reply.verdict is Verdict.DELIVERED:
                    accepted.append(recipient)
                else:
                    self._settle([recipient], reply)
            if accepted:
                self._settle(accepted, await self._data(client, message))
            else:
                await client.execute_command(b"RSET")
        except _SESSION_FAILURES as error:
            self._settle([one for one in recipients if one not in self.outcomes], _broken(error))
        return None

    def _options(self, client: aiosmtplib.SMTP) -> list[bytes]:
        message = self.mail.message
        options: list[bytes] = []
        if client.supports_extension("size"):
            options.append(b"SIZE=%d" % len(message))
        if downgrade.is_8bit(message) and client.supports_extension("8bitmime"):
            options.append(b"BODY=8BITMIME")
        wide = not self.mail.sender.isascii() or not all(one.isascii() for one in self.mail.recipients)
        if client.supports_extension("smtputf8") and (wide or downgrade.has_8bit_headers(message)):
            options.append(b"SMTPUTF8")
        return options

    async def _data(self, client: aiosmtplib.SMTP, message: bytes) -> Result:
        try:
            return answered(*await client.data(message, timeout=self.timeouts.message))
        except aiosmtplib.SMTPDataError as error:
            return answered(error.code, error.message)

    async def _quit(self, client: aiosmtplib.SMTP) -> None:
        try:
            if client.is_connected:
                await client.quit(timeout=5)
        except _SESSION_FAILURES:
            pass

    def _settle(self, recipients: Sequence[str], result: Result) -> None:
        for recipient in recipients:
            self.outcomes.setdefault(
                recipient, result.of(recipient, host=self.host, tls=self.tls, proof=self.hop.proof)
            )


async def _hello(client: aiosmtplib.SMTP) -> None:
    try:
        await client.ehlo()
    except aiosmtplib.SMTPHeloError as error:
        if error.code // 100 != 5:
            raise
        await client.helo()


def _of_recipient(reply: tuple[int, str]) -> Result:
    code, text = reply
    # 552 at RCPT means "too many recipients" in old servers (RFC 5321 §4.5.3.1.10).
    return temporary("4.5.3", text, code=452) if code == 552 else answered(code, text)


def _size_limit(client: aiosmtplib.SMTP, size_bytes: int) -> int | None:
    """The server's SIZE if the message is above it (RFC 1870); 0 and nonsense mean no limit."""
    said = client.esmtp_extensions.get("size", "").strip()
    limit = int(said) if said.isascii() and said.isdigit() and len(said) < 19 else 0
    return limit if 0 < limit < size_bytes else None


def _spelled(address: str, *, utf8: bool) -> bytes | None:
    """The address for this server: as it is, with its domain in A-labels, or None if it cannot be said."""
    if address.isascii():
        return address.encode("ascii")
    if utf8:
        return address.encode("utf-8", "surrogatepass")
    local, _, domain = address.rpartition("@")
    try:
        return local.encode("ascii") + b"@" + domain.encode("idna")
    except UnicodeError:
        return None


def _broken(error: BaseException) -> Result:
    if isinstance(error, TimeoutError):
        return temporary("4.4.2", "The server took too long to answer", code=421)
    if isinstance(error, aiosmtplib.SMTPServerDisconnected | ConnectionError):
        return temporary("4.4.2", "The server closed the connection", code=421)
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return temporary("4.5.0", f"The server's answer made no sense: {error.message}", code=421)
    return temporary("4.4.2", "The conversation with the server failed", code=421)


def _named(host: str, address: Address) -> str:
    return host if host == str(address) else f"{host} [{address}]"


def _any_certificate() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
