"""The only way out: every outbound connection whose target a user, a message or a peer chose is made here.

Resolve once, refuse private and special ranges, connect to exactly that address. Between the check and the
connection nobody is asked again, so an answer that changes (DNS rebinding) changes nothing. The operator
may allow ranges (`POSTHOUSE_ALLOW_NETS`); hosts he configured himself use `policy().for_operator()`.
"""

from __future__ import annotations

import asyncio
import functools
import random
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address

from posthouse.base.errors import Unavailable
from posthouse.base.net_dns import DnsFailed, MxHost, NameMissing, NullMx, Proved, query_mx
from posthouse.base.net_dns import query as dns_query
from posthouse.base.net_dns import query_in_part as dns_in_part
from posthouse.base.net_dns import query_proved as dns_proved
from posthouse.base.net_dns import query_ptr as dns_ptr
from posthouse.base.net_dns import query_txt as dns_txt
from posthouse.base.net_guard import (
    Address,
    NetPolicy,
    Network,
    Refused,
    guard,
    host_or_address,
    is_special,
    parse_nets,
)

__all__ = [
    "Address",
    "Connection",
    "DnsFailed",
    "MxHost",
    "NameMissing",
    "NetPolicy",
    "Network",
    "NullMx",
    "Proved",
    "Refused",
    "Unreachable",
    "configure",
    "connect_blocking",
    "dns_in_part",
    "dns_proved",
    "dns_ptr",
    "dns_query",
    "dns_txt",
    "guard",
    "host_or_address",
    "is_special",
    "mx_hosts",
    "open_connection",
    "open_socket",
    "parse_nets",
    "policy",
    "resolve",
    "resolve_blocking",
    "tls_context",
]

MAX_ADDRESSES = 6

_policy = NetPolicy()


class Unreachable(Unavailable):
    """Nobody answered at any address of the host."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        message = "The host could not be reached."
        super().__init__("host_unreachable", message, host=host, port=port)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    address: Address


def configure(policy: NetPolicy) -> None:
    """Set this process's policy, once, at start."""
    global _policy
    _policy = policy


def policy() -> NetPolicy:
    return _policy


async def resolve(host: str, *, policy: NetPolicy | None = None) -> list[Address]:
    """Addresses of `host` that we may connect to, IPv4 first, at most MAX_ADDRESSES.

    Raises Refused when every address it has is forbidden, NameMissing when it has none, DnsFailed.
    """
    chosen = policy or _policy
    name = host_or_address(host)
    if not isinstance(name, str):
        return [guard(name, policy=chosen)]
    found = await _addresses(name, chosen)
    if not found:
        raise NameMissing(name)
    allowed: list[Address] = []
    for address in found:
        with suppress(Refused):
            allowed.append(guard(address, policy=chosen))
    if not allowed:
        raise Refused(host)
    return allowed[:MAX_ADDRESSES]


async def _addresses(name: str, policy: NetPolicy) -> list[Address]:
    if policy.any_address and policy.dns_server is None:
        return await _as_the_system_does(name)
    if name == "localhost" or name.endswith(".localhost"):  # RFC 6761 §6.3
        return [IPv4Address("127.0.0.1"), ip_address("::1")]
    v4, v6 = await asyncio.gather(
        dns_query(name, "A", policy=policy), dns_query(name, "AAAA", policy=policy), return_exceptions=True
    )
    if isinstance(v4, BaseException) and (isinstance(v6, BaseException) or not v6):
        raise v4
    if isinstance(v6, BaseException) and not v4:
        raise v6
    texts = (v4 if isinstance(v4, list) else []) + (v6 if isinstance(v6, list) else [])
    return [ip_address(text) for text in texts]


async def _as_the_system_does(name: str) -> list[Address]:
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno in {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}:
            raise NameMissing(name) from error
        raise DnsFailed(name) from error
    addresses = dict.fromkeys(ip_address(str(entry[4][0])) for entry in found)
    return sorted(addresses, key=lambda address: address.version)


async def mx_hosts(
    domain: str,
    *,
    policy: NetPolicy | None = None,
    shuffle: Callable[[list[MxHost]], None] = random.shuffle,
) -> list[MxHost]:
    """Where mail for `domain` goes, best first; see `net_dns.query_mx` for the failures."""
    return await query_mx(domain, policy=policy or _policy, shuffle=shuffle)


async def open_socket(
    host: str, port: int, *, policy: NetPolicy | None = None
) -> tuple[socket.socket, Address]:
    """A connected, non-blocking socket to an address of `host` that was checked, and that address.

    Tries each allowed address in turn. Raises Unreachable, and what `resolve` raises.
    """
    chosen = policy or _policy
    reason = "no address"
    for address in await resolve(host, policy=chosen):
        try:
            return await _connected(address, port, chosen.connect_timeout), address
        except OSError as error:  # TimeoutError is one too
            reason = error.strerror or type(error).__name__
    raise Unreachable(host, port, reason)


async def _connected(address: Address, port: int, timeout: float) -> socket.socket:
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.settimeout(0)
        loop = asyncio.get_running_loop()
        await asyncio.wait_for(loop.sock_connect(sock, (str(address), port)), timeout)
    except BaseException:
        sock.close()
        raise
    return sock


async def open_connection(
    host: str, port: int, *, policy: NetPolicy | None = None, tls: ssl.SSLContext | None = None
) -> Connection:
    """Streams to a checked address of `host`; with `tls` the certificate is checked against `host`.

    Raises Unreachable (a failed handshake too), and what `resolve` raises.
    """
    chosen = policy or _policy
    sock, address = await open_socket(host, port, policy=chosen)
    name = host.removeprefix("[").removesuffix("]") if tls else None
    try:
        reader, writer = await asyncio.wait_for(
            asyncio.open_connection(sock=sock, ssl=tls, server_hostname=name), chosen.connect_timeout
        )
    except OSError as error:  # the transport has closed the socket
        raise Unreachable(host, port, type(error).__name__) from error
    return Connection(reader=reader, writer=writer, address=address)


def resolve_blocking(host: str, *, policy: NetPolicy | None = None) -> list[Address]:
    """`resolve` for code in a worker thread."""
    return asyncio.run(resolve(host, policy=policy))


def connect_blocking(host: str, port: int, *, policy: NetPolicy | None = None) -> socket.socket:
    """`open_socket` for code in a worker thread; the socket blocks, with the connect timeout set on it."""
    chosen = policy or _policy
    sock, _ = asyncio.run(open_socket(host, port, policy=chosen))
    sock.settimeout(chosen.connect_timeout)
    return sock


@functools.lru_cache(maxsize=8)
def tls_context(ca_file: str | None = None) -> ssl.SSLContext:
    """Verifying client context: the system's authorities, and those of `ca_file`."""
    context = ssl.create_default_context()
    if ca_file:
        context.load_verify_locations(ca_file)
    return context
