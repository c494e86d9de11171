"""Which addresses a stranger may make us talk to: the ordinary public ones, and what the operator allowed.

A message, a user or a linked account names hosts; we sit inside somebody's network. Refused are all ranges
of the IANA special-purpose registries (RFC 6890, RFC 8190), and IPv6 forms that carry an IPv4 address are
judged by the address they carry (RFC 4291 §2.5.5.2, RFC 6052, RFC 3056). The table is our own because
`ipaddress.is_global` changed its mind between Python's patch releases.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from posthouse.base.errors import Denied

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class Refused(Denied):
    """The target lies where strangers may not send us."""

    def __init__(self, target: object) -> None:
        super().__init__("address_refused", "This address may not be contacted.", target=str(target))


@dataclass(frozen=True, slots=True, kw_only=True)
class NetPolicy:
    """How this process talks to the outside; set once at start by `posthouse.base.net.configure`.

    `dns_server` is (address, port) or None for the system's resolvers; `ca_file` adds certificate
    authorities; times are seconds. `trusts_dnssec`: whether what the resolver says is proved, is; None: when it is at a
    loopback address. `any_address` is for hosts the operator named himself, and looks names
    up as the system does, so that `/etc/hosts` counts.
    """

    allow_nets: tuple[Network, ...] = ()
    dns_server: tuple[str, int] | None = None
    dns_timeout: float = 5.0
    connect_timeout: float = 15.0
    ca_file: str | None = None
    any_address: bool = False
    trusts_dnssec: bool | None = None

    def for_operator(self) -> NetPolicy:
        """The same policy for a host that stands in the configuration: no range is refused."""
        return replace(self, any_address=True)


def parse_nets(text: str) -> tuple[Network, ...]:
    """`10.0.0.0/8, ::1` as networks. ValueError on what is none."""
    return tuple(ip_network(part, strict=False) for part in re.split(r"[,\s]+", text) if part)


_SPECIAL_V4 = parse_nets(
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24"
    " 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4"
)
_GLOBAL_V6 = IPv6Network("2000::/3")
# IETF protocol assignments with Teredo and ORCHID, documentation, 6to4.
_SPECIAL_V6 = parse_nets("2001::/23 2001:db8::/32 2002::/16 3fff::/20")
_NAT64 = IPv6Network("64:ff9b::/96")
_LOW_32 = 0xFFFF_FFFF


def guard(ip: Address | str, *, policy: NetPolicy) -> Address:
    """The address, if we may connect to it; raises Refused."""
    address = _plain(ip)
    if policy.any_address or any(address in net for net in policy.allow_nets):
        return address
    if is_special(address):
        raise Refused(address)
    return address


def is_special(address: Address) -> bool:
    """Whether an address is anything but ordinary, globally reachable unicast."""
    if isinstance(address, IPv4Address):
        return any(address in net for net in _SPECIAL_V4)
    if address.ipv4_mapped is not None:
        return is_special(address.ipv4_mapped)
    if address.scope_id is not None:
        return True
    if address in _NAT64:
        return is_special(IPv4Address(int(address) & _LOW_32))
    return address not in _GLOBAL_V6 or any(address in net for net in _SPECIAL_V6)


def _plain(ip: Address | str) -> Address:
    address = ip_address(ip)
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


_NUMERIC_END = re.compile(r"(?:\A|\.)(?:\d+|0x[0-9a-f]*)\.?\Z", re.IGNORECASE)
_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\Z", re.IGNORECASE)
MAX_HOST_CHARS = 253


def host_or_address(host: str) -> str | Address:
    """A host name in its DNS form, or the address that `host` spells.

    Raises Refused for what other programs read as an address though it is no plain one: `127.1`,
    `0x7f000001`, `2130706433`, `0177.0.0.1` (WHATWG URL "ends in a number"), and for what is no host name
    at all.
    """
    bare = host.removeprefix("[").removesuffix("]")
    try:
        return _plain(bare)
    except ValueError:
        pass
    try:
        name = bare.encode("idna").decode("ascii").removesuffix(".").lower()
    except UnicodeError as error:
        raise Refused(host) from error
    try:
        return _plain(name)  # full-width digits come out of IDNA as plain ones
    except ValueError:
        pass
    if len(name) > MAX_HOST_CHARS or _NUMERIC_END.search(name) or not _HOST.match(name):
        raise Refused(host)
    return name
