"""Connections that a proxy passes on: whose they are is known once its header is read (wire/proxy_header.py)."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address

from posthouse.base.net_guard import Network
from posthouse.wire.proxy_header import Proxied, read_proxy_header

HEADER_SECONDS = 10.0
"""A proxy that has said nothing for so long is broken."""


class ProxyHeader:
    """Gathers the first bytes of one connection until the header is whole."""

    __slots__ = ("_data",)

    def __init__(self) -> None:
        self._data = b""

    def feed(self, data: bytes) -> tuple[Proxied, bytes] | None:
        """Whose connection it is and what came behind the header, or None yet. Raises BadProxyHeader."""
        self._data += data
        found = read_proxy_header(self._data)
        return None if found is None else (found, self._data[found.length :])


def is_proxy(ip: str, proxies: Iterable[Network]) -> bool:
    """Whether the operator named this peer."""
    try:
        address = ip_address(ip.partition("%")[0])
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address in network for network in proxies)
