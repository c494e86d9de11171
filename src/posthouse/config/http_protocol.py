"""uvicorn's protocol, with limits for strangers, and with answers whose head and body leave together.

uvicorn bounds neither how long the head of a request may be nor how long it may take, nor how many connections there
are. Nobody is known before the head is whole, so anybody could have our memory, or all descriptors.

uvicorn writes the head of an answer and then the body; the first write would go out by itself and wake the client for
nothing: two system calls and two wakings for each answer.

Invariants: what is read of a request beside its body (head, framing, trailers) stays below `MAX_HEAD_BYTES` and one
packet. A head that is not whole after `head_seconds`, and a body of which nothing comes for `body_seconds`, end the
connection. An IPv6 client is counted by its /64; loopback and the operator's proxies are not counted.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from enum import Enum, auto
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from posthouse.base.limits import network
from posthouse.base.net_guard import Network
from posthouse.base.proxied import is_proxy

HELD_BYTES = 64 * 1024
"""What is longer goes out at once, so that a stream still feels how fast its client takes it."""
MAX_HEAD_BYTES = 64 * 1024
CHUNK_BYTES = 64
"""So much framing may stand around a chunk of a body."""


class _Reading(Enum):
    """What of a request is being read."""

    HEAD = auto()
    BODY = auto()
    NOTHING = auto()


class _Together:
    """A transport that writes what was said within one turn of the loop at its end."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self.transport = transport
        self._loop = loop
        self._held: list[bytes] = []
        self._bytes = 0

    def write(self, data: bytes) -> None:
        if not self._held:
            self._loop.call_soon(self._flush)
        self._held.append(data)
        self._bytes += len(data)
        if self._bytes > HELD_BYTES:
            self._flush()

    def close(self) -> None:
        self._flush()
        self.transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.transport, name)

    def _flush(self) -> None:
        held, self._held, self._bytes = self._held, [], 0
        if held and not self.transport.is_closing():
            self.transport.write(held[0] if len(held) == 1 else b"".join(held))


class HttpProtocol(HttpToolsProtocol):
    proxies: Sequence[Network] = ()
    """Whose connections carry those of many others (POSTHOUSE_TRUSTED_PROXIES)."""
    head_seconds = 30.0
    body_seconds = 60.0
    max_connections = 10_000
    max_connections_per_ip = 500
    is_loopback_exempt = True
    per_ip: Counter[str] = Counter()

    _counted = ""
    _left = MAX_HEAD_BYTES
    _reads = _Reading.HEAD
    _timer: asyncio.TimerHandle | None = None
    _is_upgraded = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.transport = cast(asyncio.Transport, _Together(transport, self.loop))
        if self._is_admitted():
            self._arm(self.head_seconds)
        else:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._leave()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        self._left -= len(data)
        super().data_received(data)
        if self._is_upgraded or self.transport.is_closing():
            return
        if self._left < 0:
            self._refuse()
        elif self._reads is _Reading.BODY:
            self._arm(self.body_seconds)
        elif self._timer is None and (self._reads is _Reading.HEAD or self._is_answered()):
            self._arm(self.head_seconds)

    def handle_websocket_upgrade(self) -> None:
        self._is_upgraded = True
        self._leave()
        self.transport = cast(_Together, self.transport).transport
        super().handle_websocket_upgrade()

    # What the parser found

    def on_message_begin(self) -> None:
        self._left, self._reads = MAX_HEAD_BYTES, _Reading.HEAD
        self._disarm()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._reads = _Reading.BODY
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._left += len(body) + CHUNK_BYTES
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._reads = _Reading.NOTHING
        self._disarm()
        super().on_message_complete()

    # Limits

    def _is_admitted(self) -> bool:
        if len(self.connections) > self.max_connections:
            return False
        ip = self.client[0] if self.client else ""
        is_near = self.is_loopback_exempt and (ip.startswith("127.") or ip == "::1")
        if not ip or is_near or is_proxy(ip, self.proxies):
            return True
        key = network(ip)
        if self.per_ip[key] >= self.max_connections_per_ip:
            return False
        self._counted = key
        self.per_ip[key] += 1
        return True

    def _leave(self) -> None:
        self._disarm()
        if self._counted:
            self.per_ip[self._counted] -= 1
            if self.per_ip[self._counted] <= 0:
                del self.per_ip[self._counted]
            self._counted = ""

    def _arm(self, seconds: float) -> None:
        self._disarm()
        self._timer = self.loop.call_later(seconds, self._give_up, seconds)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _is_answered(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _give_up(self, seconds: float) -> None:
        """Unless it is we who do not read: what waits then is not the client's fault."""
        if self.flow.read_paused:
            self._arm(seconds)
        else:
            self._timer = None
            self.transport.abort()

    def _refuse(self) -> None:
        """Behind an answer that is under way nothing more can be said than that it ends."""
        if self._reads is _Reading.HEAD and self._is_answered():
            self.transport.write(STATUS_LINE[431] + b"connection: close\r\ncontent-length: 0\r\n\r\n")
            self.transport.close()
        else:
            self.transport.abort()
