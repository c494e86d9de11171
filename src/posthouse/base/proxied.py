"""Connections that a proxy passes on: whose they are is known once its header is read (wire/proxy_header.py)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from ipaddress import ip_address

import structlog

from posthouse.base.net_guard import Network
from posthouse.wire.proxy_header import BadProxyHeader, read_proxy_header

log = structlog.get_logger(__name__)

HEADER_SECONDS = 10.0
"""A proxy that has said nothing for so long is broken."""


class ProxyHeader:
    """What stands before a connection that a proxy passes on. `begin` is told whose it is, by address and port."""

    __slots__ = ("_begin", "_data", "_door", "_transport")

    def __init__(self, transport: asyncio.Transport, begin: Callable[[str, int], None], *, door: str) -> None:
        self._transport = transport
        self._begin = begin
        self._door = door
        self._data = b""

    def feed(self, data: bytes) -> bytes:
        """What came behind the header, once it is whole; whoever passes on a connection without one is cut off."""
        self._data += data
        try:
            found = read_proxy_header(self._data)
        except BadProxyHeader as error:
            log.warning("proxy.bad_header", door=self._door, reason=str(error))
            self._transport.abort()
            return b""
        if found is None:
            return b""
        address = self._transport.get_extra_info("peername")
        ip, port = (found.ip, found.port) if found.ip else (str(address[0]), int(address[1]))
        self._begin(ip, port)
        return self._data[found.length :]


def is_proxy(ip: str, proxies: Iterable[Network]) -> bool:
    """Whether the operator named this peer."""
    try:
        address = ip_address(ip.partition("%")[0])
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address in network for network in proxies)
