"""One client's socket: moves bytes between a transport, the framer and the session.

Invariants
- One command is worked on at a time, in a task that ends when there is nothing left to do: an idle connection
  has a transport, a framer, a session and one timer, but no task and no thread.
- Once TLS is asked for, every byte off the wire belongs to it, and what was read before is forgotten: nothing
  that came in clear reaches the session, however it was split or timed.
- Much input that waits stops the reading, much output that waits stops the working. What comes compressed waits as it
  came, and is inflated a little at a time, with a turn for all others in between.
"""

from __future__ import annotations

import asyncio
import ssl
import zlib
from typing import TYPE_CHECKING, cast

import structlog

from posthouse.base import metrics
from posthouse.base.proxied import HEADER_SECONDS, ProxyHeader
from posthouse.base.tls_pipe import TlsPipe
from posthouse.imapd.commands import dispatch
from posthouse.imapd.compression import DeflatePipe
from posthouse.imapd.session import Session, State
from posthouse.wire.imap.framing import Continue, Framed, Framer, Refused
from posthouse.wire.imap.limits import BEFORE_LOGIN, KIB, Limits

if TYPE_CHECKING:
    from posthouse.imapd.server import ImapServer

log = structlog.get_logger(__name__)

WAITING_BYTES = 256 * KIB
LINGER_SECONDS = 5.0
PIECES_AT_ONCE = 8
"""So much is inflated before others have their turn."""
SAID_BYTES = 16 * KIB
"""So much that is said waits for what is said next within the same turn of the loop."""
TURN = 32
"""Commands of one client that are done before the others have their turn."""
_Event = Framed | Continue | Refused | bytes


class Connection(asyncio.Protocol):
    __slots__ = (
        "_active_at", "_beat_at", "_deflate", "_drained", "_framer", "_ip", "_is_ended", "_is_reading",
        "_loop", "_proxy", "_said",
        "_said_bytes", "_server", "_session", "_since", "_task", "_timer", "_tls", "_transport",
        "_wrote_at",
    )  # fmt: skip

    def __init__(self, server: ImapServer) -> None:
        self._server = server
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._session: Session | None = None
        self._framer = Framer(BEFORE_LOGIN, server.budget, server.spool)
        self._ip = ""
        self._task: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._drained: asyncio.Future[None] | None = None
        self._proxy: ProxyHeader | None = None
        self._tls: TlsPipe | None = None
        self._deflate: DeflatePipe | None = None
        self._is_reading = True
        self._is_ended = False
        self._said: list[bytes] = []
        self._said_bytes = 0
        self._since = self._active_at = self._beat_at = self._wrote_at = self._loop.time()

    # --- what the loop calls ----------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport = cast(asyncio.Transport, transport)
        ip = str((transport.get_extra_info("peername") or ("", 0))[0])
        if not self._server.is_proxy(ip):
            self._begin(transport, ip)
        elif self._server.admit(self, ""):
            self._proxy = ProxyHeader(transport, lambda ip, _: self._begin(transport, ip), door="imap")
            self._timer = self._loop.call_later(HEADER_SECONDS, transport.abort)
        else:
            self._turn_away(transport)

    def _begin(self, transport: asyncio.Transport, ip: str) -> None:
        """The client is known by its address."""
        self._proxy = None
        server, settings = self._server, self._server.settings
        if not (server.admit_for(ip) if self in server.connections else server.admit(self, ip)):
            self._turn_away(transport)
            return
        self._ip = ip
        if self._timer is not None:
            self._timer.cancel()
        metrics.connections.count("imap")
        self._session = Session(self, settings, dispatch, ip=self._ip, has_tls=server.tls is not None)
        self._arm(self._interval())
        if settings.implicit_tls:
            self.start_tls()
        else:
            self._session.greet()

    def _turn_away(self, transport: asyncio.Transport) -> None:
        if not self._server.settings.implicit_tls:
            transport.write(b"* BYE [UNAVAILABLE] Too many connections; try again later.\r\n")
        transport.close()

    def data_received(self, data: bytes) -> None:
        if self._proxy is not None:
            data = self._proxy.feed(data)
            if not data:
                return
        if self._tls is None:
            self._take_in(data)
        else:
            self._through_tls(self._tls, data)

    def eof_received(self) -> bool:
        """A client that has said all it will say still gets the answer that is being worked on."""
        self._is_ended = True
        self._flush()
        return self._task is not None

    def connection_lost(self, error: Exception | None) -> None:
        """The client is gone."""
        session, self._session = self._session, None
        self._transport = None
        self._framer.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self.resume_writing()
        self._server.dismiss(self, self._ip)
        if session is not None:
            metrics.disconnections.count("imap")
            session.close()

    def pause_writing(self) -> None:
        self._wrote_at = self._loop.time()
        if self._drained is None:
            self._drained = self._loop.create_future()

    def resume_writing(self) -> None:
        self._wrote_at = self._loop.time()
        if self._drained is not None:
            if not self._drained.done():
                self._drained.set_result(None)
            self._drained = None

    # --- bytes in ---------------------------------------------------------------------------------

    def _through_tls(self, tls: TlsPipe, data: bytes) -> None:
        session, transport = self._session, self._transport
        if session is None or transport is None:
            return
        was_open = tls.is_open
        try:
            data = tls.feed(data)
        except ssl.SSLError as error:
            log.info("imap.tls_failed", ip=self._ip, reason=error.reason)
            transport.write(tls.outgoing())  # the alert that says why
            transport.close()
            return
        if answer := tls.outgoing():
            transport.write(answer)
        if tls.is_open and not was_open:
            session.is_secure = True
            if self._server.settings.implicit_tls:
                session.greet()
        if data:
            self._take_in(data)
        if tls.is_ended and not self._is_ended:
            self._is_ended = True
            if self._task is None:
                self._settle()

    def _take_in(self, data: bytes) -> None:
        self._active_at = self._loop.time()
        if self._session is not None and self._session.client_or_none is not None:
            self._session.client_or_none.seen()
        if self._deflate is None:
            self._framer.feed(data)
        else:
            self._deflate.feed(data)
        if self._task is None:
            self._kick()
        if self._is_reading and self._waiting > WAITING_BYTES and self._transport is not None:
            self._is_reading = False
            self._transport.pause_reading()

    @property
    def _waiting(self) -> int:
        """Bytes of input that nobody has looked at; of a message that is coming only what is still compressed."""
        buffered = self._framer.buffered if self._task is not None else 0
        return buffered + (self._deflate.waiting if self._deflate is not None else 0)

    # --- what the server asks for -----------------------------------------------------------------

    def close_in_order(self) -> None:
        """The server ends: say so, unless a command is being worked on, which is answered first."""
        if self._tls is not None and not self._tls.is_open:
            self.abort()
        elif self._session is not None and self._task is None:
            self._session.bye("The server is shutting down.")
            self._hang_up()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    # --- what the session asks for (Link) ---------------------------------------------------------

    def write(self, data: bytes) -> None:
        """What is said within one turn of the loop goes out as one piece: a send wakes whoever waits for it."""
        if not self._said:
            self._loop.call_soon(self._flush)
        self._said.append(data)
        self._said_bytes += len(data)
        if self._said_bytes > SAID_BYTES:
            self._flush()

    def _flush(self) -> None:
        if not self._said:
            return
        data = self._said[0] if len(self._said) == 1 else b"".join(self._said)
        self._said, self._said_bytes = [], 0
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        if self._deflate is not None:
            data = self._deflate.deflate(data)
        if self._tls is not None:
            try:
                self._tls.write(data)
            except ssl.SSLError:
                transport.abort()
                return
            data = self._tls.outgoing()
        transport.write(data)

    async def drain(self) -> None:
        """Wait until the client has taken most of what was sent; raises ConnectionError when it is gone."""
        self._flush()
        if self._drained is not None:
            await self._drained
        if self._transport is None:
            raise ConnectionResetError

    def set_limits(self, limits: Limits) -> None:
        self._framer.limits = limits

    def refuse_literal(self) -> None:
        self._framer.refuse()

    @property
    def large(self) -> asyncio.Semaphore:
        return self._server.large

    def bindings(self) -> dict[str, bytes]:
        return {} if self._tls is None else self._tls.bindings()

    def wake(self) -> None:
        if self._task is None:
            self._kick()

    def end(self, message: str) -> None:
        """Say why and close; whoever is in the middle of a command is cut, since its answers are no longer theirs."""
        if self._task is not None:
            self.abort()
        elif self._session is not None:
            self._session.bye(message)
            self._hang_up()

    def start_tls(self) -> None:
        context = self._server.tls
        assert context is not None
        self._flush()
        self._framer.clear()
        self._tls = TlsPipe(context)

    def start_compression(self) -> None:
        """From the next byte on, both ways."""
        self._flush()
        self._deflate = DeflatePipe()

    # --- working ----------------------------------------------------------------------------------

    def _pull(self) -> tuple[bool, _Event | None]:
        """Whether there is something to do, and what: None stands for news of the mailbox."""
        session = self._session
        if session is None or session.state is State.ENDED:
            return False, None
        event = self._next(session)
        if self._deflate is not None:
            for _ in range(PIECES_AT_ONCE):
                if event is not None or not (piece := self._deflate.piece()):
                    break
                self._framer.feed(piece)
                event = self._next(session)
            else:
                self._loop.call_soon(self._kick_on)
        return event is not None or session.has_news, event

    def _next(self, session: Session) -> _Event | None:
        return self._framer.next_command() if session.on_line is None else self._framer.next_line()

    def _kick_on(self) -> None:
        """There is more to inflate."""
        if self._task is None:
            self._kick()
            if self._task is None:
                self._settle()

    def _kick(self) -> None:
        try:
            is_due, event = self._pull()
        except zlib.error:
            log.info("imap.inflate_failed", ip=self._ip)
            self.abort()
            return
        if is_due:
            self._task = self._loop.create_task(self._work(event))

    async def _work(self, event: _Event | None) -> None:
        """Take what is there, one after the other, then end the task and read on.

        Commands that wait for nothing (NOOP) never leave the loop to others, so they are made to now and then.
        """
        is_due, taken = True, 0
        while is_due and (session := self._session) is not None:
            try:
                await session.take(event)
                await self.drain()
                taken += 1
                if taken % TURN == 0:
                    await asyncio.sleep(0)
                is_due, event = self._pull()
            except (ConnectionError, zlib.error):
                break
            except Exception:
                log.exception("imap.connection_failed", ip=self._ip)
                self.abort()
                break
        self._task = None
        self._settle()

    def _settle(self) -> None:
        session, transport = self._session, self._transport
        if session is None or transport is None or transport.is_closing():
            return
        has_more = self._deflate is not None and self._deflate.waiting > 0
        if session.state is State.ENDED or (self._is_ended and not has_more):
            self._hang_up()
        elif self._server.is_closing:
            self.close_in_order()
        elif not self._is_reading and self._waiting <= WAITING_BYTES:
            self._is_reading = True
            transport.resume_reading()

    def _hang_up(self) -> None:
        """Close when all is sent; a client that takes nothing is cut."""
        self._flush()
        transport = self._transport
        if transport is not None and not transport.is_closing():
            if self._tls is not None:
                self._tls.end()
                transport.write(self._tls.outgoing())
            transport.close()
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(LINGER_SECONDS, self.abort)

    # --- time -------------------------------------------------------------------------------------

    def _arm(self, seconds: float) -> None:
        self._timer = self._loop.call_later(seconds, self._check_time)

    def _interval(self) -> float:
        settings = self._server.settings
        return min(settings.stranger_seconds, settings.idle_seconds, settings.heartbeat_seconds)

    def _check_time(self) -> None:
        """Runs when a time may have passed: cheaper than moving a timer at every packet."""
        session, settings, now = self._session, self._server.settings, self._loop.time()
        if session is None:
            return
        if self._drained is not None and now - self._wrote_at >= settings.write_seconds:
            self.abort()
            return
        if self._task is not None:
            self._arm(self._interval())
            return
        is_stranger = session.state is State.STRANGER
        end = (
            self._since + settings.stranger_seconds
            if is_stranger
            else self._active_at + settings.idle_seconds
        )
        if now >= end:
            session.bye("Nothing was heard for too long.")
            self._hang_up()
            return
        if session.is_idle and now - self._beat_at >= settings.heartbeat_seconds:
            self._beat_at = now
            self.write(b"* OK Still here.\r\n")
        self._arm(min(end - now, settings.heartbeat_seconds))
