"""One SMTP listener: accepts connections, counts them, and ends them in order.

Works on asyncio's own loop and on uvloop. Implicit TLS is done by the connection, not by the listening
socket, so that limits hold before the costly handshake.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections import Counter

from posthouse.smtpd.connection import Connection
from posthouse.smtpd.handler import Handler
from posthouse.smtpd.settings import Settings
from posthouse.wire.budget import Budget

BACKLOG = 1024
_POLL_SECONDS = 0.02


class SmtpServer:
    """`tls` may be replaced while running: later handshakes use the new certificate."""

    def __init__(
        self,
        settings: Settings,
        handler: Handler,
        *,
        budget: Budget,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        if settings.implicit_tls and tls is None:
            raise ValueError("implicit TLS needs a certificate")
        self.settings = settings
        self.handler = handler
        self.budget = budget
        self.tls = tls
        self.config = settings.session_config(has_tls=tls is not None)
        self.is_closing = False
        self.connections: set[Connection] = set()
        self._per_ip: Counter[str] = Counter()
        self._listeners: list[asyncio.Server] = []
        self._last_id = 0

    async def listen(
        self, host: str | None = None, port: int = 0, *, sock: socket.socket | None = None
    ) -> int:
        """Begin to accept; return the port (the system chooses one for 0). May be called again."""
        loop = asyncio.get_running_loop()
        if sock is not None:
            listener = await loop.create_server(self._connection, sock=sock, backlog=BACKLOG)
        else:
            listener = await loop.create_server(self._connection, host, port, backlog=BACKLOG)
        self._listeners.append(listener)
        bound: int = listener.sockets[0].getsockname()[1]
        return bound

    async def close(self, *, grace_seconds: float = 10.0) -> None:
        """Accept no more, tell the idle 421, let messages under way be answered, then cut what is left."""
        self.is_closing = True
        for listener in self._listeners:
            listener.close()
        for connection in list(self.connections):
            connection.close_when_idle()
        loop = asyncio.get_running_loop()
        end = loop.time() + grace_seconds
        while self.connections and loop.time() < end:
            await asyncio.sleep(_POLL_SECONDS)
        for connection in list(self.connections):
            connection.abort()

    def admit(self, connection: Connection, ip: str) -> bool:
        """Count a new connection; False, and nothing counted, when there are too many."""
        settings = self.settings
        if self.is_closing or len(self.connections) >= settings.max_connections:
            return False
        key = self._key(ip)
        if key and self._per_ip[key] >= settings.max_connections_per_ip:
            return False
        if key:
            self._per_ip[key] += 1
        self.connections.add(connection)
        return True

    def dismiss(self, connection: Connection, ip: str) -> None:
        if connection not in self.connections:
            return
        self.connections.discard(connection)
        key = self._key(ip)
        if key:
            self._per_ip[key] -= 1
            if self._per_ip[key] <= 0:
                del self._per_ip[key]

    def next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def _connection(self) -> Connection:
        return Connection(self)

    def _key(self, ip: str) -> str:
        """Whom a connection is counted for; empty for nobody."""
        if self.settings.is_loopback_exempt and (ip.startswith("127.") or ip == "::1"):
            return ""
        if ":" not in ip:
            return ip
        try:
            address = ipaddress.IPv6Address(ip.partition("%")[0])
        except ValueError:
            return ip
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else str(int(address) >> 64)
