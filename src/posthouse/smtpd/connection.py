"""One client of an SMTP listener: moves bytes between a transport, a session and the handler.

Invariants:
- A question to the handler is answered before anything more of this client is read, so pipelined commands are
  done in order and a flooding client fills its own socket, not our memory.
- From the moment a client asks for TLS every byte off the wire goes to the TLS engine. What came in clear
  behind STARTTLS was dropped by the session; what still comes in clear breaks the handshake.
- A message whose client has gone is still committed: the client will send it again rather than lose it.
"""

from __future__ import annotations

import asyncio
import base64
import math
import secrets
import ssl
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, cast

import structlog

from posthouse.base import metrics
from posthouse.base.errors import Failure
from posthouse.base.proxied import HEADER_SECONDS, ProxyHeader
from posthouse.base.tls_pipe import TlsPipe
from posthouse.smtpd.handler import Verdict
from posthouse.smtpd.peer_rates import Counted
from posthouse.smtpd.replies import reply_for
from posthouse.smtpd.settings import TARPIT_MOST_SECONDS
from posthouse.wire import sasl_bearer
from posthouse.wire.smtp import reply as say
from posthouse.wire.smtp.envelope import Login, Peer
from posthouse.wire.smtp.events import (
    Closed,
    Event,
    LoginTried,
    MessageEnded,
    RecipientGiven,
    SaltAsked,
    SenderGiven,
    TlsAsked,
)
from posthouse.wire.smtp.reply import Reply
from posthouse.wire.smtp.sasl import Credentials, Proven
from posthouse.wire.smtp.session import Session

if TYPE_CHECKING:
    from posthouse.smtpd.server import SmtpServer

log = structlog.get_logger(__name__)

NONCE_BYTES = 18

messages = metrics.Counter("posthouse_smtp_messages", "Messages that were handed in.", "door", "outcome")


class Connection(asyncio.Protocol):
    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._settings = server.settings
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._session: Session | None = None
        self._ip = ""
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._proxy: ProxyHeader | None = None
        self._tls: TlsPipe | None = None
        self._handshake_from = 0.0
        self._is_ended = False
        self._is_leaving = False
        self._is_reading = True
        self._is_writable = True
        self._is_stuck = False
        self._refusals = 0
        self._active_at = self._spoke_at = self._loop.time()
        self._accepted = 0
        self._detach: Callable[[], None] | None = None

    # What the loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport = cast(asyncio.Transport, transport)  # uvloop's is none by inheritance
        self._transport = transport
        address = transport.get_extra_info("peername")
        ip, port = (str(address[0]), int(address[1])) if isinstance(address, tuple) else ("", 0)
        if not self._server.is_proxy(ip):
            self._begin(transport, ip, port)
        elif self._server.admit(self, ""):
            self._proxy = ProxyHeader(
                transport, lambda ip, port: self._begin(transport, ip, port), door="smtp"
            )
            self._timer = self._loop.call_later(HEADER_SECONDS, self.abort)
        else:
            self._turn_away(transport)

    def _begin(self, transport: asyncio.Transport, ip: str, port: int) -> None:
        """The client is known by its address."""
        self._proxy = None
        server = self._server
        if not (server.admit_for(ip) if self in server.connections else server.admit(self, ip)):
            self._turn_away(transport)
            return
        self._ip = ip
        if self._has_too_many(Counted.CONNECTIONS):
            self._turn_away(transport)
            return
        service = self._settings.service
        peer = Peer(ip=ip, port=port, service=service, connection_id=server.next_id())
        self._session = Session(server.config, peer, server.budget, server.spool)
        metrics.connections.count(service.value)
        self._arm()
        if self._settings.implicit_tls:
            self._begin_tls()
        elif self._settings.greeting_delay_seconds:
            self._loop.call_later(self._settings.greeting_delay_seconds, self._greet)
        else:
            self._greet()

    def _turn_away(self, transport: asyncio.Transport) -> None:
        if not self._settings.implicit_tls:
            transport.write(say.TOO_MANY_CONNECTIONS.encode())
        transport.close()

    def data_received(self, data: bytes) -> None:
        if self._is_leaving:
            return
        if self._proxy is not None:
            data = self._proxy.feed(data)
            if not data:
                return
        if self._tls is None:
            self._take_in(data)
        else:
            self._through_tls(self._tls, data)

    def connection_lost(self, error: Exception | None) -> None:
        """The client is gone."""
        if self._detach is not None:
            self._detach()
            self._detach = None
        session, self._session = self._session, None
        self._transport = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._server.dismiss(self, self._ip)
        if session is None:
            return
        metrics.disconnections.count(self._settings.service.value)
        if self._task is None or not session.is_waiting:
            session.release()
        if not self._accepted:
            log.info("smtp.connection", **self._facts(session.peer), accepted=0)

    def eof_received(self) -> bool:
        """A client that has said all it will say still gets the answer that is being worked on."""
        self._is_ended = True
        return self._session is not None and self._session.is_waiting

    def pause_writing(self) -> None:
        self._is_writable = False
        self._pause_reading()

    def resume_writing(self) -> None:
        self._is_writable = True
        self._spoke_at = self._loop.time()
        self._settle()

    # What the server calls

    def close_in_order(self) -> None:
        session = self._session
        if self._is_shaking_hands():
            self.abort()
        elif session is not None and not session.is_waiting and not session.in_message:
            self._go_on(session.shut(say.CLOSING))

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    # Events

    def _take_in(self, data: bytes) -> None:
        session = self._session
        if session is None:
            return
        self._active_at = self._loop.time()
        if session.is_waiting:
            self._pause_reading()
            session.receive(data)
        else:
            self._go_on(session.receive(data))

    def _greet(self) -> None:
        if self._session is not None:
            self._session.greet()
            self._settle()

    def _go_on(self, event: Event | None) -> None:
        while event is not None:
            event = self._react(event)
        self._settle()

    def _react(self, event: Event) -> Event | None:
        """Deal with one event; give the next if this one was answered at once."""
        session = self._session
        if session is None:
            return None
        handler = self._server.handler
        match event:
            case RecipientGiven() if self._has_too_many(Counted.RECIPIENTS):
                return session.answer(say.TOO_MANY_FROM_YOU)
            case SenderGiven() if self._has_too_many(Counted.MESSAGES):
                return session.answer(say.TOO_MANY_FROM_YOU)
            case RecipientGiven():
                return self._ask(lambda: handler.recipient(session.peer, event.address, sender=event.sender))
            case SenderGiven():
                return self._ask(lambda: handler.sender(session.peer, event.address))
            case MessageEnded():
                self._start(self._deliver(session, event))
            case SaltAsked():
                self._start(self._challenge(session, event))
            case LoginTried():
                self._start(self._log_in(session, event))
            case TlsAsked():
                self._begin_tls()
            case Closed():
                self._hang_up(is_polite=event.after_quit)
        return None

    def _has_too_many(self, counted: Counted, *, by: int = 1) -> bool:
        rates = self._server.rates
        return rates is not None and rates.has_too_many(counted, self._ip, by=by)

    def _ask(self, question: Callable[[], Verdict | Awaitable[Verdict]]) -> Event | None:
        session = self._session
        assert session is not None
        try:
            verdict = question()
        except Exception as error:  # noqa: BLE001 the top of a question
            verdict = self._reply_to(error, session.peer)
        if verdict is None or isinstance(verdict, Reply):
            return session.answer(verdict)
        self._start(self._wait_for(session, verdict))
        return None

    async def _wait_for(self, session: Session, verdict: Awaitable[Verdict]) -> None:
        try:
            reply = await verdict
        except Exception as error:  # noqa: BLE001 the top of a question
            reply = self._reply_to(error, session.peer)
        if self._session is session and session.is_waiting:
            self._go_on(session.answer(reply))

    async def _deliver(self, session: Session, event: MessageEnded) -> None:
        peer, envelope, size = session.peer, event.envelope, len(event.content)
        begun = time.perf_counter()
        replies: Sequence[Reply]
        try:
            answer = await self._server.handler.message(peer, envelope, event.content)
            replies = (answer,) if isinstance(answer, Reply) else answer
        except Exception as error:  # noqa: BLE001 the top of a message
            replies = (self._reply_to(error, peer),)
        reply = max(replies, key=lambda one: one.code)
        log.info(
            "smtp.message",
            **self._facts(peer),
            code=reply.code,
            enhanced=reply.enhanced,
            reply=reply.text,
            recipients=len(envelope.recipients),
            size_bytes=size,
            ms=round((time.perf_counter() - begun) * 1000, 1),
        )
        self._accepted += any(one.is_positive for one in replies)
        outcome = "accepted" if reply.is_positive else "deferred" if reply.code < 500 else "refused"
        messages.count(peer.service.value, outcome)
        if self._session is session and session.is_waiting:
            self._go_on(session.answer(*replies))
        else:
            session.release()

    async def _challenge(self, session: Session, event: SaltAsked) -> None:
        try:
            salt, iterations = await self._server.handler.salt(event.username)
        except Exception as error:  # noqa: BLE001 the top of a question
            if self._session is session and session.is_waiting:
                self._go_on(session.cannot_challenge(self._reply_to(error, session.peer)))
            return
        if self._session is session and session.is_waiting:
            self._go_on(session.challenge(salt, iterations, nonce=secrets.token_urlsafe(NONCE_BYTES)))

    async def _authenticate(self, peer: Peer, tried: Credentials | Proven) -> tuple[Login | None, str]:
        """Who it is, and our own proof where they gave one."""
        handler = self._server.handler
        if isinstance(tried, Credentials):
            return await handler.authenticate(peer, tried.mechanism, tried.username, tried.password), ""
        proved = await handler.prove(peer, tried.username, tried.proof)
        if proved is None:
            return None, ""
        login, answer = proved
        return login, base64.b64encode(answer).decode()

    async def _log_in(self, session: Session, event: LoginTried) -> None:
        peer, tried = session.peer, event.credentials
        login: Login | None = None
        refusal, scope, challenge = say.LOGIN_FAILED, "", ""
        try:
            login, challenge = await self._authenticate(peer, tried)
        except Failure as failure:
            refusal, scope = reply_for(failure), str(failure.facts.get("scope", ""))
        except Exception as error:  # noqa: BLE001 the top of a login
            refusal = self._reply_to(error, peer)
        metrics.logins.count("smtp", "refused" if login is None else "ok")
        log.info("smtp.login", **self._facts(peer), mechanism=tried.mechanism, ok=login is not None)
        if login is None and self._settings.failed_login_seconds:
            await asyncio.sleep(self._settings.failed_login_seconds)
        if self._session is session and session.is_waiting:
            if login is not None and login.attach is not None:
                self._detach = login.attach(self._end_login)
            is_bearer = tried.mechanism in sasl_bearer.MECHANISMS and not refusal.is_temporary
            if login is None:
                challenge = sasl_bearer.refusal(scope=scope).decode() if is_bearer else ""
            self._go_on(session.admit(login, refusal=refusal, challenge=challenge))

    def _end_login(self) -> None:
        """What the client came in with was taken back."""
        session, detach = self._session, self._detach
        if session is None:
            return
        if detach is not None:
            detach()
        if session.is_waiting or session.in_message:
            self.abort()
        else:
            self._go_on(session.shut(say.LOGIN_REVOKED))

    # TLS

    def _begin_tls(self) -> None:
        """Send what was said in clear; from here on every byte off the wire belongs to TLS."""
        context = self._server.tls
        assert context is not None
        self._settle()
        self._tls = TlsPipe(context)
        self._handshake_from = self._loop.time()
        self._arm(self._settings.handshake_seconds)

    def _through_tls(self, tls: TlsPipe, data: bytes) -> None:
        session, transport = self._session, self._transport
        if session is None or transport is None:
            return
        was_open = tls.is_open
        try:
            data = tls.feed(data)
        except ssl.SSLError as error:
            log.info("smtp.tls_failed", **self._facts(session.peer), reason=error.reason)
            transport.write(tls.outgoing())  # the alert that says why
            transport.close()
            return
        if answer := tls.outgoing():
            transport.write(answer)
        if tls.is_open and not was_open:
            session.secured(tls.facts)
            self._greet()
        if data:
            self._take_in(data)
        if tls.is_ended and not self._is_ended:
            self._is_ended = True
            self._settle()

    # Plumbing

    def _start(self, work: Awaitable[None]) -> None:
        self._task = asyncio.ensure_future(work)

    def _settle(self) -> None:
        """Send what is to be sent, and read on if nothing waits. Reading stops only where a client floods."""
        session, transport = self._session, self._transport
        if (
            session is None
            or transport is None
            or self._is_leaving
            or transport.is_closing()
            or self._is_stuck
        ):
            return
        if session.refusals > self._refusals:
            self._note_turned_away(session)
            if self._slow_down(session):
                return
        output = session.take()
        if output:
            self._spoke_at = self._loop.time()
            self._write(transport, output)
        if session.is_waiting or transport.is_closing():
            return
        if self._is_ended:
            transport.close()
        elif self._server.is_closing:
            self.close_in_order()
        elif self._is_writable:
            self._resume_reading()

    def _note_turned_away(self, session: Session) -> None:
        for turned in session.take_turned():
            if self._server.turned_away is not None:
                self._server.turned_away.note(session.peer, turned)

    def _slow_down(self, session: Session) -> bool:
        """Count refusals that are about to be said; whether they are kept back for a while, or are the last word."""
        fresh, self._refusals = session.refusals - self._refusals, session.refusals
        if self._has_too_many(Counted.ERRORS, by=fresh) and not session.is_waiting:
            self._go_on(session.shut(say.TOO_MANY_ERRORS))
            return True
        seconds = min(self._settings.tarpit_seconds * session.refusals, TARPIT_MOST_SECONDS)
        if not seconds:
            return False
        self._is_stuck = True
        self._pause_reading()
        self._loop.call_later(seconds, self._come_unstuck)
        return True

    def _come_unstuck(self) -> None:
        self._is_stuck = False
        self._settle()

    def _write(self, transport: asyncio.Transport, data: bytes) -> None:
        if self._tls is not None:
            try:
                self._tls.write(data)
            except ssl.SSLError:
                transport.abort()
                return
            data = self._tls.outgoing()
        transport.write(data)

    def _is_shaking_hands(self) -> bool:
        return self._tls is not None and not self._tls.is_open

    def _resume_reading(self) -> None:
        if not self._is_reading and self._transport is not None:
            self._is_reading = True
            self._transport.resume_reading()

    def _pause_reading(self) -> None:
        transport = self._transport
        if self._is_reading and not self._is_leaving and transport is not None and not transport.is_closing():
            self._is_reading = False
            transport.pause_reading()

    def _hang_up(self, *, is_polite: bool) -> None:
        """Close, but read on for a while where the client may still be sending.

        Closing a socket with unread input resets it, and the client would lose our last reply.
        """
        session, transport = self._session, self._transport
        if session is None or transport is None or transport.is_closing():
            return
        self._note_turned_away(session)
        output = session.take()
        if output:
            self._write(transport, output)
        if self._tls is not None:
            self._tls.end()
            transport.write(self._tls.outgoing())
        if is_polite or self._server.is_closing:
            transport.close()
        else:
            self._is_leaving = True
            transport.write_eof()
            self._resume_reading()
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(self._settings.linger_seconds, self.abort)

    def _arm(self, seconds: float = math.inf) -> None:
        if self._timer is not None:
            self._timer.cancel()
        settings = self._settings
        seconds = min(seconds, settings.command_seconds, settings.data_seconds, settings.message_seconds)
        self._timer = self._loop.call_later(seconds, self._check_time)

    def _check_time(self) -> None:
        """Runs when a time-out may have passed: cheaper than moving a timer at every packet."""
        session = self._session
        if session is None:
            return
        settings, now = self._settings, self._loop.time()
        is_ours = session.is_waiting or self._is_stuck
        if is_ours and self._is_writable and not self._is_shaking_hands():
            self._arm()
            return
        end = self._spoke_at + settings.command_seconds
        if session.in_message:
            end = min(self._active_at + settings.data_seconds, self._spoke_at + settings.message_seconds)
        if self._is_shaking_hands():
            end = self._handshake_from + settings.handshake_seconds
        if now < end:
            self._arm(end - now)
        elif not self._is_writable or self._is_shaking_hands():
            self.abort()
        else:
            self._go_on(session.shut(say.TIMED_OUT))

    def _reply_to(self, error: Exception, peer: Peer) -> Reply:
        if isinstance(error, Failure):
            return reply_for(error)
        incident = secrets.token_hex(4)
        log.error("smtp.incident", incident=incident, **self._facts(peer), exc_info=error)
        return Reply(say.INCIDENT.code, say.INCIDENT.enhanced, f"{say.INCIDENT.text} (incident {incident})")

    def _facts(self, peer: Peer) -> dict[str, object]:
        facts: dict[str, object] = {
            "service": peer.service.value,
            "connection": peer.connection_id,
            "ip": peer.ip,
        }
        if peer.login is not None:
            facts["login"] = peer.login.username
        return facts
