"""One listener of a mail door: accepts connections, counts them, and ends them in order.

Works on asyncio's own loop and on uvloop. Implicit TLS is done by the connection, not by the listening
socket, so that limits hold before the costly handshake.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

from posthouse.base.net_guard import Network
from posthouse.base.proxied import is_proxy

BACKLOG = 1024
_POLL_SECONDS = 0.02


class Limits(Protocol):
    """What a listener asks of its door's settings."""

    @property
    def implicit_tls(self) -> bool: ...
    @property
    def max_connections(self) -> int: ...
    @property
    def max_connections_per_ip(self) -> int: ...
    @property
    def is_loopback_exempt(self) -> bool: ...
    @property
    def proxies(self) -> Sequence[Network]: ...


class Connected(Protocol):
    """What a listener asks of a connection."""

    def close_in_order(self) -> None:
        """Say why and close, unless something is being worked on, which is answered first."""

    def abort(self) -> None: ...


C = TypeVar("C", bound=Connected)


class Listener(ABC, Generic[C]):
    """`tls` may be replaced while running: later handshakes use the new certificate."""

    def __init__(self, limits: Limits, *, tls: ssl.SSLContext | None) -> None:
        if limits.implicit_tls and tls is None:
            raise ValueError("implicit TLS needs a certificate")
        self._limits = limits
        self.tls = tls
        self.is_closing = False
        self.connections: set[C] = set()
        self._per_ip: Counter[str] = Counter()
        self._listeners: list[asyncio.Server] = []

    @abstractmethod
    def _connection(self) -> asyncio.Protocol:
        """A protocol for a client that has just come; it asks `admit` before anything else."""

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

    def is_proxy(self, ip: str) -> bool:
        """Whether this peer passes on the connections of others, and says whose."""
        return bool(self._limits.proxies) and is_proxy(ip, self._limits.proxies)

    async def close(self, *, grace_seconds: float = 10.0) -> None:
        """Accept no more, tell the idle, let what is under way be answered, then cut what is left."""
        self.is_closing = True
        for listener in self._listeners:
            listener.close()
        for connection in list(self.connections):
            connection.close_in_order()
        loop = asyncio.get_running_loop()
        end = loop.time() + grace_seconds
        while self.connections and loop.time() < end:
            await asyncio.sleep(_POLL_SECONDS)
        for connection in list(self.connections):
            connection.abort()

    def admit(self, connection: C, ip: str) -> bool:
        """Count a new connection; False, and nothing counted, when there are too many.

        One that a proxy passes on has no `ip` at first, and is counted for whom it is once that is known (`admit_for`).
        """
        limits = self._limits
        if self.is_closing or len(self.connections) >= limits.max_connections:
            return False
        if not self.admit_for(ip):
            return False
        self.connections.add(connection)
        return True

    def admit_for(self, ip: str) -> bool:
        """Count one connection for an address."""
        key = self._key(ip)
        if key and self._per_ip[key] >= self._limits.max_connections_per_ip:
            return False
        if key:
            self._per_ip[key] += 1
        return True

    def dismiss(self, connection: C, ip: str) -> None:
        if connection not in self.connections:
            return
        self.connections.discard(connection)
        key = self._key(ip)
        if key:
            self._per_ip[key] -= 1
            if self._per_ip[key] <= 0:
                del self._per_ip[key]

    def _key(self, ip: str) -> str:
        """Whom a connection is counted for; empty for nobody."""
        if self._limits.is_loopback_exempt and (ip.startswith("127.") or ip == "::1"):
            return ""
        if ":" not in ip:
            return ip
        try:
            address = ipaddress.IPv6Address(ip.partition("%")[0])
        except ValueError:
            return ip
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else str(int(address) >> 64)
