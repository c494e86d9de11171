"""One message to one server for several recipients, and what became of each (RFC 5321 §4.5.3).

Here is the judgement: whether a failure ends the mail, waits, or goes to the next server; how a server is reached is in
`connecting`, how it is spoken to in `dialogue`.

Invariants: every recipient gets exactly one Outcome; DELIVERED only after the server's reply to the end of the message;
after the message was sent and no reply came, nobody else is asked in this try, since the server may have it; bare CR
and LF leave as CRLF, and leading dots doubled, so nothing is smuggled.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TypeVar

from posthouse.base import net
from posthouse.base.net import NetPolicy
from posthouse.base.spool import Spooled
from posthouse.delivery.transport import downgrade, security
from posthouse.delivery.transport.connecting import SESSION_FAILURES, Line, Timeouts, broken, open_line
from posthouse.delivery.transport.content import Form, blocks, dotted, form_of, let_go
from posthouse.delivery.transport.dsn import Wishes
from posthouse.delivery.transport.lines import Lines
from posthouse.delivery.transport.outcome import (
    Outcome,
    Result,
    SessionFailed,
    Verdict,
    answered,
    permanent,
    temporary,
)
from posthouse.delivery.transport.routes import Hop
from posthouse.wire.auth.message import QUICK_BYTES, with_crlf
from posthouse.wire.smtp.reply_reader import ServerReply

MAX_RECIPIENTS = 100

T = TypeVar("T")
Seal = Callable[[bytes], Awaitable[bytes]]

_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f<>]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What to send. `sender` is empty for a bounce; `message` may have any line ends, or be the map of a file
    (base/spool.py). `head` are fields that go on top of it.

    `seal` gives the signatures of the message in the very form in which it goes to a server; `wishes` are what the
    sender wants to be told of.
    With `requires_tls` it goes over TLS with a proved server only, and with the same demand (RFC 8689);
    with `ignores_tls` whatever its domain demands, and nobody counts how TLS went.
    """

    sender: str
    recipients: Sequence[str]
    message: bytes = field(repr=False)
    head: bytes = field(default=b"", repr=False)
    seal: Seal | None = None
    requires_tls: bool = False
    ignores_tls: bool = False
    wishes: Wishes = field(default_factory=Wishes)

    @property
    def size_bytes(self) -> int:
        return len(self.head) + len(self.message)


async def send(
    mail: Mail,
    *,
    hop: Hop,
    helo: str,
    policy: NetPolicy | None = None,
    timeouts: Timeouts | None = None,
    lines: Lines | None = None,
    ends: float | None = None,
) -> list[Outcome]:
    """Hand `mail` to the server of `hop`; one Outcome per recipient, in their order.

    Raises SessionFailed when the server could not be asked at all. With `lines` an open line of before is used, and the
    one used is kept for the next. `ends` is when to give up, in the loop's time; who has an answer by then keeps it.
    """
    timeouts = timeouts or Timeouts()
    ends = asyncio.get_running_loop().time() + timeouts.whole if ends is None else ends
    line = lines.take(hop) if lines is not None else None
    if line is not None:
        try:
            return await _Session(mail, hop, line, timeouts, lines, ends).run(is_first=False)
        except _LineGone:  # closed, or wanted back, since the last message: nothing of this one was said
            pass
    try:
        async with asyncio.timeout_at(ends):
            line = await open_line(hop, helo=helo, policy=policy or net.policy(), timeouts=timeouts)
    except TimeoutError as error:
        raise SessionFailed(broken(error), host=hop.host) from error
    if lines is not None:
        lines.tell(hop, line.tls_failure or security.misses(hop))
    return await _Session(mail, hop, line, timeouts, lines, ends).run(is_first=True)


class _LineGone(Exception):
    pass


class _Session:
    def __init__(
        self, mail: Mail, hop: Hop, line: Line, timeouts: Timeouts, lines: Lines | None, ends: float
    ) -> None:
        self.mail = mail
        self.hop = hop
        self.line = line
        self.timeouts = timeouts
        self.lines = lines
        self.ends = ends
        self.may_be_gone = False
        self.was_taken = False
        self.form = Form(is_8bit=False, has_8bit_header=False, has_bare_bytes=False)
        self.outcomes: dict[str, Outcome] = {}

    async def run(self, *, is_first: bool) -> list[Outcome]:
        """Raises _LineGone when a line that is not new breaks before the server has heard of the message."""
        self.may_be_gone = not is_first
        try:
            self.form = await _of_whole(form_of, self.mail.message)
            recipients = self._admissible()
            for start in range(0, len(recipients), MAX_RECIPIENTS):
                await self._transaction(recipients[start : start + MAX_RECIPIENTS])
        except BaseException:
            self.line.dialogue.abort()
            raise
        self.line.carried += 1
        # After a refusal, servers are not of one mind where they are.
        if self.lines is not None and self.was_taken:
            self.lines.keep(self.hop, self.line)
        else:
            await self.line.quit()
        return [self.outcomes[recipient] for recipient in self.mail.recipients]

    def _offers(self, extension: str) -> bool:
        return extension in self.line.extensions

    def _admissible(self) -> list[str]:
        """Recipients this server can be asked about; the others get their outcome here."""
        if self.mail.requires_tls and not self._offers("requiretls"):
            words = "The server does not promise to pass the mail on over TLS only (REQUIRETLS)"
            raise SessionFailed(permanent("5.7.30", words), host=self.line.host)
        if limit := _size_limit(self.line.extensions.get("size", ""), self.mail.size_bytes):
            too_large = permanent(
                "5.3.4", f"The message is larger than the {limit} bytes the server takes", code=552
            )
            self._settle(self.mail.recipients, too_large)
            return []
        utf8 = self._offers("smtputf8")
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

    async def _transaction(self, recipients: Sequence[str]) -> None:
        message, form = self.mail.message, self.form
        if form.has_bare_bytes:
            message = await _of_whole(lambda whole: with_crlf(downgrade.without_binary(whole[:])), message)
            form = await _of_whole(form_of, message)
        if form.is_8bit and not self._offers("8bitmime"):
            converted = await _of_whole(lambda whole: downgrade.to_7bit(whole[:]), message)
            if converted is None:
                return self._settle(
                    recipients, permanent("5.6.3", "The server takes no 8-bit content", code=554)
                )
            message = converted
        try:
            async with asyncio.timeout_at(self.ends):
                await self._offered(recipients, message)
        except SESSION_FAILURES as error:
            self._broke(recipients, broken(error))
        return None

    async def _offered(self, recipients: Sequence[str], message: bytes) -> None:
        """The envelope, in one packet where the server takes that; then the content, if it wants it for anybody."""
        at_once, by_chunk = self._offers("pipelining"), self._offers("chunking")
        mail, *others = [self._mail(), *map(self._rcpt, recipients)]
        together = [mail, *others, *([] if by_chunk else [b"DATA"])] if at_once else [mail]
        if not await self._is_begun(together, recipients):
            return None
        accepted: list[str] = []
        for recipient, command in zip(recipients, others, strict=True):
            reply = await self._answer(command, at_once=at_once)
            if reply.code == 421:
                return self._broke(recipients, answered(*reply))
            result = _of_recipient(reply)
            if result.verdict is Verdict.DELIVERED:
                accepted.append(recipient)
            else:
                self._settle([recipient], result)
        leave = None
        if not by_chunk and (at_once or accepted):
            leave = await self._answer(b"DATA", at_once=at_once)
        if accepted:
            result = await self._content(message, leave)
            self.was_taken = result.verdict is Verdict.DELIVERED
            self._settle(accepted, result)
        elif leave is not None and leave.code == 354:  # for nobody: nothing, and its end
            await self._said((b".\r\n",))
        return None

    async def _answer(self, command: bytes, *, at_once: bool) -> ServerReply:
        if not at_once:
            self.line.dialogue.say([command])
        return await self.line.dialogue.reply(self.timeouts.command)

    def _broke(self, recipients: Sequence[str], result: Result) -> None:
        """Whoever has no answer yet gets this one, and the line is used no more."""
        self.was_taken = False
        self._settle([one for one in recipients if one not in self.outcomes], result)
        self.line.dialogue.abort()

    async def _is_begun(self, together: Sequence[bytes], recipients: Sequence[str]) -> bool:
        """Whether MAIL, the first of what is said, was taken. A server that has waited too long says so (421), or has
        gone."""
        try:
            self.line.dialogue.say(together)
            reply = await self.line.dialogue.reply(self.timeouts.command)
        except SESSION_FAILURES as error:
            if self.may_be_gone:
                raise _LineGone from error
            raise
        if reply.code == 421 and self.may_be_gone:
            raise _LineGone
        self.may_be_gone = self.was_taken = False
        result = answered(*reply)
        if result.verdict is not Verdict.DELIVERED:
            self._settle(recipients, result)
        return result.verdict is Verdict.DELIVERED

    def _mail(self) -> bytes:
        sender = _spelled(self.mail.sender, utf8=self._offers("smtputf8")) or b""
        return b" ".join([b"MAIL FROM:<" + sender + b">", *self._options()])

    def _rcpt(self, recipient: str) -> bytes:
        utf8 = self._offers("smtputf8")
        spelled = _spelled(recipient, utf8=utf8) or b""
        wishes = self.mail.wishes.of_recipient(recipient, utf8=utf8) if self._offers("dsn") else []
        return b" ".join([b"RCPT TO:<" + spelled + b">", *wishes])

    def _options(self) -> list[bytes]:
        options: list[bytes] = []
        if self._offers("size"):
            options.append(b"SIZE=%d" % self.mail.size_bytes)
        if self.form.is_8bit and self._offers("8bitmime"):
            options.append(b"BODY=8BITMIME")
        wide = not self.mail.sender.isascii() or not all(one.isascii() for one in self.mail.recipients)
        if self._offers("smtputf8") and (wide or self.form.has_8bit_header):
            options.append(b"SMTPUTF8")
        if self.mail.requires_tls:
            options.append(b"REQUIRETLS")
        if self._offers("dsn"):
            options += self.mail.wishes.of_mail()
        return options

    async def _content(self, message: bytes, leave: ServerReply | None) -> Result:
        """`leave` is the answer to DATA, None where the message goes as a chunk (RFC 3030)."""
        if leave is not None and leave.code != 354:
            refused = answered(*leave)
            return refused if refused.verdict is not Verdict.DELIVERED else _senseless(leave)
        if not isinstance(message, Spooled):
            message = with_crlf(message)
        head = self.mail.head if self.mail.seal is None else await self.mail.seal(message) + self.mail.head
        let_go(message)
        end = b"" if message[-2:] == b"\r\n" else b"\r\n"
        if leave is None:
            chunk = b"BDAT %d LAST\r\n" % (len(head) + len(message) + len(end))
            return answered(*await self._said(chain((chunk, head), blocks(message), (end,))))
        return answered(*await self._said(chain((head,), dotted(message), (end, b".\r\n"))))

    async def _said(self, pieces: Iterable[bytes]) -> ServerReply:
        times = self.timeouts
        return await self.line.dialogue.send(pieces, seconds=times.content, reply_seconds=times.message)

    def _settle(self, recipients: Sequence[str], result: Result) -> None:
        line, tells = self.line, self._offers("dsn")
        for recipient in recipients:
            outcome = result.of(recipient, host=line.host, tls=line.tls, proof=self.hop.proof, tells=tells)
            self.outcomes.setdefault(recipient, outcome)


async def _of_whole(look: Callable[[bytes], T], message: bytes) -> T:
    """What takes as long as the message is large, in a thread where it is."""
    return look(message) if len(message) <= QUICK_BYTES else await asyncio.to_thread(look, message)


def _senseless(reply: ServerReply) -> Result:
    return temporary("4.5.0", f"The server's answer to DATA made no sense: {reply.code} {reply.text}")


def _of_recipient(reply: ServerReply) -> Result:
    code, text = reply
    # 552 at RCPT means "too many recipients" in old servers (RFC 5321 §4.5.3.1.10).
    return temporary("4.5.3", text, code=452) if code == 552 else answered(code, text)


def _size_limit(said: str, size_bytes: int) -> int | None:
    """The server's SIZE if the message is above it (RFC 1870); 0 and nonsense mean no limit."""
    said = said.strip()
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
