"""One SMTP connection as a server sees it, as a pure machine: bytes in, events and bytes out.

RFC 5321 with PIPELINING (2920), SIZE (1870), 8BITMIME (6152), SMTPUTF8 (6531), ENHANCEDSTATUSCODES (2034),
STARTTLS (3207), AUTH (4954), DSN (3461), CHUNKING and BINARYMIME (3030), REQUIRETLS (8689), FUTURERELEASE (4865),
LIMITS (9422); submission rules of RFC 6409; LMTP (2033).

Invariants:
- How bytes are cut into packets never changes what happens.
- While an event waits for its answer nothing is read: pipelined commands keep their order.
- Bytes that came with or after STARTTLS in clear are never read, and TLS forgets all that was said before it
  (RFC 3207 §4.2).
- Bytes of a message, also of a refused one, never become commands; where that cannot be known (a BDAT that
  cannot be read) the connection ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import Enum, auto

from posthouse.wire import scram
from posthouse.wire.budget import Budget
from posthouse.wire.smtp import reply as say
from posthouse.wire.smtp.commands import Mail, read_mail, read_rcpt
from posthouse.wire.smtp.config import Config
from posthouse.wire.smtp.content import BdatReader
from posthouse.wire.smtp.envelope import Login, Peer, Recipient, Service, Tls
from posthouse.wire.smtp.events import (
    Closed,
    Event,
    LoginTried,
    MessageEnded,
    RecipientGiven,
    SaltAsked,
    SenderGiven,
    TlsAsked,
    Turned,
)
from posthouse.wire.smtp.lines import TLS_HANDSHAKE, Lines
from posthouse.wire.smtp.parameters import MailParameters
from posthouse.wire.smtp.reply import Reply
from posthouse.wire.smtp.sasl import MECHANISMS, Exchange, Named, Outcome, Refusal, ScramExchange
from posthouse.wire.smtp.transaction import Transaction, read_bdat
from posthouse.wire.spooling import Spool

MAX_HELLO = 255
_OTHER_PROTOCOLS = frozenset(
    {"GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "CONNECT", "PATCH", "PRI", "PROXY"}
)
_PROXY_MARK = b"\0\r\n"  # of the PROXY protocol's binary header, which is nobody's to send here


class _Mode(Enum):
    UNGREETED = auto()
    COMMAND = auto()
    AUTH = auto()
    DATA = auto()
    BDAT = auto()
    TLS = auto()
    CLOSED = auto()


class Session:
    """Feed it with `receive`, send what `take` gives, answer its events."""

    def __init__(self, config: Config, peer: Peer, budget: Budget, spool: Spool | None = None) -> None:
        self.config = config
        self.peer = peer
        self._limits = config.limits
        self._mode = _Mode.UNGREETED
        self._waiting: Event | None = None
        self._input = Lines()
        self._output: list[bytes] = []
        self._exchange: Exchange | ScramExchange | Refusal | Login | None = None
        self._asked: Mail | Recipient | None = None
        self._transaction = Transaction(config.limits, budget, spool)
        self._bad_commands = self._refusals = self._idle_commands = 0
        self._transactions = self._failed_logins = 0
        self._turned: list[Turned] = []

    # What the driver calls

    @property
    def is_waiting(self) -> bool:
        return self._waiting is not None

    @property
    def in_message(self) -> bool:
        """Whether bytes of a message are being read: other time limits hold then."""
        return self._mode is _Mode.DATA or self._mode is _Mode.BDAT

    def greet(self) -> None:
        if self._mode is _Mode.UNGREETED:
            self._mode = _Mode.COMMAND
            self._output.append(self.config.greeting())

    def receive(self, data: bytes) -> Event | None:
        """Take bytes off the wire; give the next event if there is one."""
        mode = self._mode
        if mode is _Mode.TLS or mode is _Mode.CLOSED:
            return None
        if mode is _Mode.UNGREETED:
            return self._hang_up(say.TALKED_EARLY)
        self._input.add(data)
        return self._advance() if self._waiting is None else None

    def take(self) -> bytes:
        """All that is to be sent now."""
        if len(self._output) == 1:
            return self._output.pop()
        output = b"".join(self._output)
        self._output.clear()
        return output

    @property
    def refusals(self) -> int:
        """How many replies of this session were refusals."""
        return self._refusals

    def take_turned(self) -> Sequence[Turned]:
        """Mail that was turned away since this was asked last."""
        turned, self._turned = self._turned, []
        return turned

    def answer(self, reply: Reply | None, *more: Reply) -> Event | None:
        """Answer SenderGiven, RecipientGiven or MessageEnded; give the next event if there is one.

        By LMTP a message has a reply for each recipient; one alone holds for all of them.
        """
        event, self._waiting = self._waiting, None
        if isinstance(event, MessageEnded):
            self._end_message(reply or say.OK, *more)
        elif reply is not None and not reply.is_positive:
            if isinstance(self._asked, Recipient):
                self._note_turned(reply, self._asked)
            self._refuse(reply)
        elif isinstance(self._asked, Mail):
            self._transactions += 1
            self._transaction.mail = self._asked
            self._say(say.SENDER_OK)
        elif isinstance(self._asked, Recipient):
            self._transaction.recipients.append(self._asked)
            self._say(say.RECIPIENT_OK)
        else:
            raise RuntimeError("no such question was asked")
        self._asked = None
        if reply is not None and reply.code == 421:
            return self._close()
        return self._advance()

    def admit(
        self, login: Login | None, *, refusal: Reply = say.LOGIN_FAILED, challenge: str = ""
    ) -> Event | None:
        """Answer LoginTried. With a challenge, that is said first, and the outcome once the client has answered it."""
        if not isinstance(self._waiting, LoginTried):
            raise RuntimeError("nobody tried to log in")
        self._waiting = None
        if login is not None and challenge:
            self._mode, self._exchange = _Mode.AUTH, login
            self._say(Reply(334, "", challenge))
        elif login is not None:
            self._let_in(login)
        else:
            self._failed_logins += 1
            if self._failed_logins >= self._limits.failed_logins:
                return self._hang_up(refusal)
            if challenge:
                self._mode, self._exchange = _Mode.AUTH, Refusal(refusal)
                self._say(Reply(334, "", challenge))
            else:
                self._refuse(refusal)
        return self._advance()

    def _let_in(self, login: Login) -> None:
        self.peer = replace(self.peer, login=login)
        self._say(say.LOGGED_IN)

    def challenge(self, salt: bytes, iterations: int, *, nonce: str) -> Event | None:
        """Answer SaltAsked."""
        if not isinstance(self._waiting, SaltAsked) or not isinstance(self._exchange, ScramExchange):
            raise RuntimeError("nobody asked for a salt")
        self._waiting = None
        self._say(self._exchange.challenge(salt, iterations, nonce=nonce))
        return self._advance()

    def cannot_challenge(self, reply: Reply) -> Event | None:
        """Answer SaltAsked when there is no answer now."""
        self._waiting = None
        self._mode, self._exchange = _Mode.COMMAND, None
        self._refuse(reply)
        return self._advance()

    def secured(self, tls: Tls) -> None:
        """The handshake is done: begin anew (RFC 3207 §4.2)."""
        self._waiting = None
        self._input.clear()
        self._transaction.forget()
        self.peer = replace(self.peer, tls=tls, login=None, helo="", is_esmtp=False)
        if self._mode is _Mode.TLS:
            self._mode = _Mode.COMMAND

    def shut(self, reply: Reply) -> Event | None:
        """End the session from our side, unless it has ended: time-out, shutdown."""
        return None if self._mode is _Mode.CLOSED else self._hang_up(reply)

    def release(self) -> None:
        """Give back what memory budget is held; the driver calls it when the connection is gone."""
        self._transaction.release()

    # Lines

    def _advance(self) -> Event | None:
        event: Event | None
        limits = self._limits
        while self._waiting is None:
            mode = self._mode
            if mode is _Mode.DATA or mode is _Mode.BDAT:
                if self._input.is_empty:
                    return None
                event = self._read_content()
            elif mode is _Mode.CLOSED or mode is _Mode.TLS:
                return None
            else:
                if self._bad_commands > limits.bad_commands or self._refusals > limits.refusals:
                    return self._hang_up(say.TOO_MANY_ERRORS)
                limit = limits.auth_line_bytes if mode is _Mode.AUTH else limits.command_line_bytes
                line = self._input.next(limit, auth_limit=limits.auth_line_bytes)
                if line is None:
                    return None
                event = self._read_line(line)
            if event is not None:
                if not isinstance(event, Closed):
                    self._waiting = event
                return event
        return None

    def _read_line(self, line: bytes) -> Event | None:
        if self._input.is_swallowing:
            self._mode, self._exchange = _Mode.COMMAND, None
            self._input.swallowed()
            if self._input.is_endless:
                return self._hang_up(say.LINE_TOO_LONG)
            self._blame(say.LINE_TOO_LONG)
        elif line[0] == TLS_HANDSHAKE:
            return self._close()
        elif line == _PROXY_MARK and not self.peer.helo:
            return self._hang_up(say.NOT_SMTP)
        elif line[-2:] != b"\r\n" or line.count(b"\r") != 1 or 0 in line:
            self._mode, self._exchange = _Mode.COMMAND, None
            self._blame(say.BARE_LINE_END)
        else:
            try:
                text = line[:-2].decode("utf-8")
            except UnicodeDecodeError:
                self._mode, self._exchange = _Mode.COMMAND, None
                self._blame(say.NOT_UTF8)
            else:
                return self._step_login(text) if self._mode is _Mode.AUTH else self._command(text)
        return None

    def _command(self, text: str) -> Event | None:
        verb, _, rest = text.partition(" ")
        verb = verb.upper()
        command = _COMMANDS.get(verb)
        if command is not None:
            return command(self, rest)
        if verb in _OTHER_PROTOCOLS:
            return self._hang_up(say.NOT_SMTP)
        self._blame(say.NOT_IMPLEMENTED if verb in _NOT_IMPLEMENTED else say.UNKNOWN_COMMAND)
        return None

    # Replies and counters

    def _say(self, reply: Reply) -> None:
        self._output.append(reply.encode())

    def _refuse(self, reply: Reply) -> None:
        self._refusals += 1
        self._output.append(reply.encode())

    def _blame(self, reply: Reply) -> None:
        """Refuse what no proper client sends."""
        self._bad_commands += 1
        self._refuse(reply)

    def _count_idle(self) -> Event | None:
        self._idle_commands += 1
        if self._idle_commands > self._limits.idle_commands:
            return self._hang_up(say.TOO_MANY_ERRORS)
        return None

    def _hang_up(self, reply: Reply) -> Event:
        self._say(reply)
        return self._close()

    def _close(self) -> Event:
        self._mode = _Mode.CLOSED
        self._waiting = None
        self._input.clear()
        self.release()
        return Closed()

    # Commands

    def _ehlo(self, rest: str) -> Event | None:
        return self._hello(rest, is_esmtp=True, is_lmtp=False)

    def _helo(self, rest: str) -> Event | None:
        return self._hello(rest, is_esmtp=False, is_lmtp=False)

    def _lhlo(self, rest: str) -> Event | None:
        return self._hello(rest, is_esmtp=True, is_lmtp=True)

    def _hello(self, rest: str, *, is_esmtp: bool, is_lmtp: bool) -> Event | None:
        if is_lmtp is not (self.config.service is Service.LMTP):  # RFC 2033 §4.1
            self._blame(say.UNKNOWN_COMMAND)
            return None
        name = rest.strip(" ")
        if not name or len(name) > MAX_HELLO or " " in name or not name.isprintable():
            self._blame(say.BAD_HELLO)
            return None
        if self.peer.helo and (event := self._count_idle()):
            return event
        self._transaction.forget()
        self.peer = replace(self.peer, helo=name, is_esmtp=is_esmtp)
        if is_esmtp:
            self._output.append(self.config.hello(self.peer))
        else:
            self._output.append(f"250 {self.config.hostname} at your service\r\n".encode("ascii"))
        return None

    def _mail(self, rest: str) -> Event | None:
        refusal = self._why_no_mail()
        if refusal is not None:
            self._refuse(refusal)
            return None
        if self._transactions >= self._limits.transactions:
            return self._hang_up(say.TOO_MANY_TRANSACTIONS)
        asked = read_mail(rest)
        refusal = asked if isinstance(asked, Reply) else self._why_not_such_mail(asked.parameters)
        if refusal is not None:
            self._refuse(refusal)
            return None
        assert isinstance(asked, Mail)
        self._asked = asked
        return SenderGiven(asked.sender)

    def _why_no_mail(self) -> Reply | None:
        peer = self.peer
        if not peer.helo:
            return say.HELLO_FIRST
        if self.config.service is Service.SUBMISSION and peer.login is None:
            return say.LOGIN_FIRST if self.config.may_log_in(peer) else say.TLS_FIRST
        return say.NESTED_MAIL if self._transaction.mail is not None else None

    def _why_not_such_mail(self, given: MailParameters) -> Reply | None:
        """What the parameters ask for, of this service at this time."""
        if given.requires_tls and self.peer.tls is None:
            return say.NEEDS_TLS
        if given.hold is not None:
            latest = self.config.latest_hold
            if latest is None or self.config.service is not Service.SUBMISSION:
                return say.NO_SUCH_PARAMETER
            longest = self._limits.hold_seconds if isinstance(given.hold, int) else latest()
            if given.hold > longest:  # type: ignore[operator]  # both are seconds, or both are moments
                return say.HELD_TOO_LONG
        return self._transaction.why_not_so_big(given.size_bytes)

    def _rcpt(self, rest: str) -> Event | None:
        refusal = self._transaction.why_no_recipient()
        if refusal is not None:
            self._refuse(refusal)
            return None
        mail = self._transaction.mail
        assert mail is not None
        home = self.config.postmaster_domain or self.config.hostname
        asked = read_rcpt(rest, home_domain=home, smtputf8=mail.parameters.smtputf8)
        if isinstance(asked, Reply):
            self._refuse(asked)
            return None
        if self.config.service is not Service.SUBMISSION and asked.address.has_relay_marks:
            self._note_turned(say.RELAYING_DENIED, asked)
            self._refuse(say.RELAYING_DENIED)
            return None
        self._asked = asked
        return RecipientGiven(asked.address, mail.sender)

    def _data(self, rest: str) -> Event | None:
        if rest.strip(" "):
            self._blame(say.NO_PARAMETER)
        elif refusal := self._transaction.begin_data():
            self._refuse(refusal)
        else:
            self._mode = _Mode.DATA
            self._say(say.GO_AHEAD)
        return None

    def _bdat(self, rest: str) -> Event | None:
        chunk = read_bdat(rest)
        if chunk is None:
            return self._hang_up(say.BAD_BDAT)
        reader = self._transaction.begin_chunk(chunk[0], is_last=chunk[1])
        if reader is None:
            return self._hang_up(say.TOO_MUCH_DATA)
        self._mode = _Mode.BDAT
        return self._end_chunk(reader) if not chunk[0] else None

    def _starttls(self, rest: str) -> Event | None:
        if rest.strip(" "):
            self._blame(say.NO_PARAMETER)
        elif self.peer.tls is not None:
            self._refuse(say.ALREADY_TLS)
        elif not self.config.has_starttls:
            self._refuse(say.NOT_IMPLEMENTED)
        else:
            self._say(say.READY_FOR_TLS)
            self._mode = _Mode.TLS
            self._input.clear()
            self._transaction.forget()
            return TlsAsked()
        return None

    def _auth(self, rest: str) -> Event | None:
        words = rest.split()
        if self.config.service is not Service.SUBMISSION:
            self._refuse(say.NOT_IMPLEMENTED)
        elif not self.peer.helo:
            self._refuse(say.HELLO_FIRST)
        elif self.peer.login is not None:
            self._refuse(say.ALREADY_LOGGED_IN)
        elif not self.config.may_log_in(self.peer):
            self._refuse(say.LOGIN_NEEDS_TLS)
        elif not 1 <= len(words) <= 2:
            self._refuse(say.BAD_AUTH)
        elif words[0].upper() not in (*MECHANISMS, *scram.MECHANISMS):
            self._refuse(say.UNKNOWN_MECHANISM)
        else:
            exchange = self._exchange_of(words[0].upper())
            self._exchange = exchange
            return self._react(exchange.begin(words[1] if len(words) == 2 else None))
        return None

    def _exchange_of(self, mechanism: str) -> Exchange | ScramExchange:
        if mechanism in scram.MECHANISMS:
            return ScramExchange(mechanism, {} if self.peer.tls is None else self.peer.tls.bindings)
        return Exchange(mechanism)

    def _step_login(self, line: str) -> Event | None:
        assert self._exchange is not None
        if isinstance(self._exchange, Login):
            return self._acknowledged(self._exchange, line)
        return self._react(self._exchange.step(line))

    def _acknowledged(self, login: Login, line: str) -> Event | None:
        """The client has seen that we know its password, or that we do not: then we may be somebody else to it."""
        self._mode, self._exchange = _Mode.COMMAND, None
        if line == "*":
            return self._hang_up(say.DISTRUSTED)
        self._let_in(login)
        return None

    def _react(self, outcome: Outcome) -> Event | None:
        if isinstance(outcome, Named):
            self._mode = _Mode.AUTH
            return SaltAsked(outcome.username)
        if isinstance(outcome, Reply) and outcome.code == 334:
            self._mode = _Mode.AUTH
            self._say(outcome)
            return None
        self._mode, self._exchange = _Mode.COMMAND, None
        if isinstance(outcome, Reply):
            self._blame(outcome)
            return None
        return LoginTried(outcome)

    def _rset(self, rest: str) -> Event | None:
        if rest.strip(" "):
            self._blame(say.NO_PARAMETER)
            return None
        self._transaction.forget()
        self._say(say.OK)
        return self._count_idle()

    def _noop(self, rest: str) -> Event | None:
        self._say(say.OK)
        return self._count_idle()

    def _vrfy(self, rest: str) -> Event | None:
        self._say(say.CANNOT_VERIFY if rest else say.BAD_VRFY)
        return self._count_idle()

    def _help(self, rest: str) -> Event | None:
        self._say(say.HELP)
        return self._count_idle()

    def _quit(self, rest: str) -> Event | None:
        if rest.strip(" "):
            self._blame(say.NO_PARAMETER)
            return None
        self._hang_up(say.BYE)
        return Closed(after_quit=True)

    # Content

    def _read_content(self) -> Event | None:
        reader, coming = self._transaction.reader, self._input
        assert reader is not None
        end = reader.feed(coming.data, coming.position)
        if reader.is_beyond_patience:
            return self._hang_up(say.TOO_MUCH_DATA)
        if end < 0:
            coming.clear()
            return None
        coming.position = end
        if isinstance(reader, BdatReader):
            return self._end_chunk(reader)
        self._mode = _Mode.COMMAND
        return self._finish()

    def _end_chunk(self, reader: BdatReader) -> Event | None:
        self._mode = _Mode.COMMAND
        if reader.refusal is not None and not reader.is_last:
            self._note_turned(reader.refusal)
            self._transaction.forget()
            self._refuse(reader.refusal)
            return None
        if reader.is_last:
            return self._finish()
        self._say(Reply(250, "2.0.0", f"{reader.seen_bytes} octets so far"))
        return None

    def _finish(self) -> Event | None:
        outcome = self._transaction.finish()
        if isinstance(outcome, Reply):
            self._end_message(outcome)
            return None
        return MessageEnded(*outcome)

    def _end_message(self, *replies: Reply) -> None:
        """One reply, or by LMTP one for each recipient (RFC 2033 §4.2)."""
        recipients = self._transaction.recipients
        if self.config.service is not Service.LMTP or not recipients:
            self._note_turned(replies[0])
        else:
            replies = replies if len(replies) == len(recipients) else replies[:1] * len(recipients)
            for reply, recipient in zip(replies, recipients, strict=True):
                self._note_turned(reply, recipient)
        self._transaction.forget()
        for reply in replies:
            if reply.is_positive:
                self._idle_commands = 0
                self._say(reply)
            else:
                self._refuse(reply)

    def _note_turned(self, reply: Reply, recipient: Recipient | None = None) -> None:
        turned = self._transaction.turned(reply, recipient)
        if turned is not None:
            self._turned.append(turned)


_COMMANDS: dict[str, Callable[[Session, str], Event | None]] = {
    "EHLO": Session._ehlo,
    "HELO": Session._helo,
    "LHLO": Session._lhlo,
    "MAIL": Session._mail,
    "RCPT": Session._rcpt,
    "DATA": Session._data,
    "BDAT": Session._bdat,
    "STARTTLS": Session._starttls,
    "AUTH": Session._auth,
    "RSET": Session._rset,
    "NOOP": Session._noop,
    "VRFY": Session._vrfy,
    "HELP": Session._help,
    "QUIT": Session._quit,
}
_NOT_IMPLEMENTED = frozenset({"EXPN", "TURN", "ETRN", "SEND", "SOML", "SAML", "XCLIENT", "XFORWARD", "BURL"})
