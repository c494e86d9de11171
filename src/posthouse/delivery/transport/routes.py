"""Which servers take mail for a domain: the operator's word first, then the DNS (RFC 5321 §5.1)."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from ipaddress import ip_address

from posthouse.base import net
from posthouse.base.net import DnsFailed, MxHost, NameMissing, NetPolicy, NullMx
from posthouse.delivery.transport.outcome import Result, permanent, temporary
from posthouse.wire.smtp.tlsa import Tlsa

SUBMISSIONS_PORT = 465


class Tls(Enum):
    """OPPORTUNISTIC takes any certificate and goes on in clear without one, as mail between domains does
    (RFC 7435); VERIFIED is STARTTLS with a checked certificate or nothing; IMPLICIT is that from the first
    byte; DANE is STARTTLS with the certificate that the domain publishes, or nothing (RFC 7672)."""

    OPPORTUNISTIC = "opportunistic"
    VERIFIED = "verified"
    IMPLICIT = "implicit"
    DANE = "dane"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One server to try. `is_configured`: the operator named it, so no address range is refused.

    `tlsa` are the records of DANE, `names` those a certificate may be for, the one to ask for first; `proof` is what a
    session that TLS was demanded of will have shown. `domain` and `policy` (RFC 8460 §4.4) are for who counts how TLS
    went; a line that was opened for one domain serves all. `is_trial`: what a
    policy in testing mode names is demanded; `is_again` comes after a trial that failed by TLS.
    """

    host: str
    port: int = 25
    tls: Tls = Tls.OPPORTUNISTIC
    username: str = ""
    password: str = field(default="", repr=False)
    is_configured: bool = False
    tlsa: tuple[Tlsa, ...] = ()
    names: tuple[str, ...] = ()
    proof: str = ""
    domain: str = field(default="", compare=False)
    policy: str = field(default="", compare=False)
    is_trial: bool = field(default=False, compare=False)
    is_again: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """A smart host for all mail that no static route takes."""

    host: str
    port: int
    username: str = ""
    password: str = field(default="", repr=False)
    must_verify: bool = False

    @property
    def hop(self) -> Hop:
        return Hop(
            host=self.host,
            port=self.port,
            tls=self._tls(),
            username=self.username,
            password=self.password,
            is_configured=True,
            proof="" if self._tls() is Tls.OPPORTUNISTIC else "certificate",
        )

    def _tls(self) -> Tls:
        if self.port == SUBMISSIONS_PORT:
            return Tls.IMPLICIT
        if self.must_verify or (self.username and not _is_loopback(self.host)):
            return Tls.VERIFIED
        return Tls.OPPORTUNISTIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """The operator's routes: domain to (host, port); `*` stands for every other domain.

    `dane_required`: the domains, in A-labels, whose mail goes to nobody whom DANE does not prove; `*` stands for all.
    """

    static: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    relay: Relay | None = None
    mx_port: int = 25
    dane_required: frozenset[str] = frozenset()

    def demand_dane(self, domain: str) -> bool:
        """Raises RouteFailed for what is no domain."""
        return bool(self.dane_required) and not self.dane_required.isdisjoint({"*", in_ascii(domain).lower()})


class RouteFailed(Exception):
    """No server to ask; `result` says whether to try again."""

    def __init__(self, result: Result) -> None:
        super().__init__(result.text)
        self.result = result


async def hops_for(
    domain: str,
    *,
    routes: Routes,
    policy: NetPolicy | None = None,
    shuffle: Callable[[list[MxHost]], None] = random.shuffle,
) -> list[Hop]:
    """Servers for `domain`, best first: its static route, `*`, the relay, else its MX. Raises RouteFailed."""
    fixed = routes.static.get(domain.lower()) or routes.static.get("*")
    if fixed:
        return [Hop(host=fixed[0], port=fixed[1], is_configured=True)]
    if routes.relay:
        return [routes.relay.hop]
    if domain.startswith("[") and domain.endswith("]"):
        return [Hop(host=domain[1:-1].removeprefix("IPv6:"), port=routes.mx_port)]
    return [Hop(host=mx.host, port=routes.mx_port) for mx in await _mx(domain, policy, shuffle)]


async def _mx(domain: str, policy: NetPolicy | None, shuffle: Callable[[list[MxHost]], None]) -> list[MxHost]:
    try:
        return await net.mx_hosts(in_ascii(domain), policy=policy, shuffle=shuffle)
    except NullMx as error:
        raise RouteFailed(permanent("5.1.10", f"{domain} accepts no mail (null MX)", code=556)) from error
    except NameMissing as error:
        raise RouteFailed(permanent("5.1.2", f"There is no mail domain {domain}")) from error
    except DnsFailed as error:
        raise RouteFailed(temporary("4.4.3", f"The DNS gave no answer about {domain}")) from error


def in_ascii(domain: str) -> str:
    """A domain in A-labels; raises RouteFailed."""
    try:
        return domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise RouteFailed(permanent("5.1.2", "The domain is no valid name")) from error


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
