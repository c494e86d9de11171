"""One message to one server for several recipients, and what became of each (RFC 5321 §4.5.3, RFC 3207).

aiosmtplib speaks the protocol: it normalises bare CR and LF to CRLF and doubles leading dots, so nothing is
smuggled; it drops what a server sent in clear after its answer to STARTTLS; it refuses control characters
in commands. Here is the judgement: whether a failure ends the mail, waits, or goes to the next server; how a server is
reached is in `connecting`.

Invariants: every recipient gets exactly one Outcome; DELIVERED only after the server's reply to the final
dot; after the message was sent and no reply came, nobody else is asked in this try, since the server may
have it.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

import aiosmtplib

from posthouse.base import net
from posthouse.base.net import NetPolicy
from posthouse.delivery.transport import downgrade
from posthouse.delivery.transport.connecting import SESSION_FAILURES, Line, Timeouts, broken, open_line
from posthouse.delivery.transport.lines import Lines
from posthouse.delivery.transport.outcome import (
    Outcome,
    Result,
    Verdict,
    answered,
    permanent,
    temporary,
)
from posthouse.delivery.transport.routes import Hop
from posthouse.wire.smtp.parameters import encode_xtext

MAX_RECIPIENTS = 100

Seal = Callable[[bytes], Awaitable[bytes]]

_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f<>]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the sender asked for one recipient (RFC 3461 §4.1, §4.2), as it came: `NOTIFY` and `type;address`."""

    notify: str = ""
    original: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What to send. `sender` is empty for a bounce; `message` may have any line ends.

    `seal` signs it, in the very form in which it goes to a server. `envelope_id` and `wishes` are for servers that know
    DSN.
    """

    sender: str
    recipients: Sequence[str]
    message: bytes = field(repr=False)
    seal: Seal | None = None
    envelope_id: str = ""
    returns_headers_only: bool = False
    wishes: Mapping[str, Wish] = field(default_factory=dict)


async def send(
    mail: Mail,
    *,
    hop: Hop,
    helo: str,
    policy: NetPolicy | None = None,
    timeouts: Timeouts | None = None,
    lines: Lines | None = None,
) -> list[Outcome]:
    """Hand `mail` to the server of `hop`; one Outcome per recipient, in their order.

    Raises SessionFailed when the server could not be asked at all. With `lines` an open line of before is used, and the
    one used is kept for the next.
    """
    timeouts = timeouts or Timeouts()
    line = lines.take(hop) if lines is not None else None
    if line is not None:
        try:
            return await _Session(mail, hop, line, timeouts, lines).run(is_first=False)
        except (
            _LineGone
        ):  # it was closed, or is wanted back, since the last message: nothing of this one was said
            pass
    line = await open_line(hop, helo=helo, policy=policy or net.policy(), timeouts=timeouts)
    return await _Session(mail, hop, line, timeouts, lines).run(is_first=True)


class _LineGone(Exception):
    pass


class _Session:
    def __init__(self, mail: Mail, hop: Hop, line: Line, timeouts: Timeouts, lines: Lines | None) -> None:
        self.mail = mail
        self.hop = hop
        self.line = line
        self.timeouts = timeouts
        self.lines = lines
        self.may_be_gone = False
        self.was_taken = False
        self.outcomes: dict[str, Outcome] = {}

    async def run(self, *, is_first: bool) -> list[Outcome]:
        """Raises _LineGone when a line that is not new breaks before the server has heard of the message."""
        client = self.line.client
        self.may_be_gone = not is_first
        try:
            recipients = self._admissible(client)
            for start in range(0, len(recipients), MAX_RECIPIENTS):
                await self._transaction(client, recipients[start : start + MAX_RECIPIENTS])
        except BaseException:
            client.close()
            raise
        self.line.carried += 1
        if (
            self.lines is not None and self.was_taken
        ):  # after a refusal, servers are not of one mind where they are
            self.lines.keep(self.hop, self.line)
        else:
            await self.line.quit()
        return [self.outcomes[recipient] for recipient in self.mail.recipients]

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
            reply = await self._begun(client, sender)
            if reply.verdict is not Verdict.DELIVERED:
                return self._settle(recipients, reply)
            for recipient in recipients:
                spelled = _spelled(recipient, utf8=utf8) or b""
                asked = self._wishes(client, recipient)
                reply = _of_recipient(await client.execute_command(b"RCPT", b"TO:<" + spelled + b">", *asked))
                if reply.verdict is Verdict.DELIVERED:
                    accepted.append(recipient)
                else:
                    self._settle([recipient], reply)
            if accepted:
                if self.mail.seal is not None:
                    message = await self.mail.seal(message)
                result = await self._data(client, message)
                self.was_taken = result.verdict is Verdict.DELIVERED
                self._settle(accepted, result)
            else:
                await client.execute_command(b"RSET")
        except SESSION_FAILURES as error:
            self.was_taken = False
            self._settle([one for one in recipients if one not in self.outcomes], broken(error))
        return None

    async def _begun(self, client: aiosmtplib.SMTP, sender: bytes) -> Result:
        """MAIL, with which a server that has waited too long for it says so (421), or has gone."""
        try:
            code, text = await client.execute_command(
                b"MAIL", b"FROM:<" + sender + b">", *self._options(client)
            )
        except SESSION_FAILURES as error:
            if self.may_be_gone:
                raise _LineGone from error
            raise
        if code == 421 and self.may_be_gone:
            raise _LineGone
        self.may_be_gone = self.was_taken = False
        return answered(code, text)

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
        if client.supports_extension("dsn"):
            if self.mail.returns_headers_only:
                options.append(b"RET=HDRS")
            if self.mail.envelope_id:
                options.append(b"ENVID=" + encode_xtext(self.mail.envelope_id).encode("ascii"))
        return options

    def _wishes(self, client: aiosmtplib.SMTP, recipient: str) -> list[bytes]:
        """What a server that knows DSN is told; without an original address ours is the one (RFC 3461 §5.2.2)."""
        if not client.supports_extension("dsn"):
            return []
        wish = self.mail.wishes.get(recipient, Wish())
        original = wish.original or f"rfc822;{recipient}"
        kind, _, address = original.partition(";")
        options = [f"NOTIFY={wish.notify}".encode("ascii")] if wish.notify else []
        if original.isascii() and original.isprintable() and address:
            options.append(f"ORCPT={kind};{encode_xtext(address)}".encode("ascii"))
        return options

    async def _data(self, client: aiosmtplib.SMTP, message: bytes) -> Result:
        try:
            return answered(*await client.data(message, timeout=self.timeouts.message))
        except aiosmtplib.SMTPDataError as error:
            return answered(error.code, error.message)

    def _settle(self, recipients: Sequence[str], result: Result) -> None:
        for recipient in recipients:
            self.outcomes.setdefault(
                recipient, result.of(recipient, host=self.line.host, tls=self.line.tls, proof=self.hop.proof)
            )


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
