"""What delivery needs to know of the operator's settings; given once at start by `config`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from posthouse.delivery.transport import Relay, Routes, Timeouts


class Reporter(NamedTuple):
    """Who reports to other domains: the address it comes from, and the organisation's name."""

    address: str
    organisation: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2].lower()


class Patience(NamedTuple):
    """Seconds between tries, and until a sender hears that their mail waits."""

    retry_seconds: tuple[int, ...] | None
    delay_notice_seconds: int


class Ways(NamedTuple):
    """How mail leaves: static routes and the smart host as (host, port), and of whom DANE is demanded."""

    routes: Mapping[str, tuple[str, int]]
    relay: tuple[str, int] | None
    dane_required: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    hostname: str = "localhost"
    routes: Routes = field(default_factory=Routes)
    retry_seconds: tuple[int, ...] | None = None
    delay_notice_seconds: int = 4 * 3600
    """After so long a sender hears that their mail still waits; 0 for never."""
    max_message_bytes: int = 50_000_000
    sts_port: int = 443
    timeouts: Timeouts = field(default_factory=Timeouts)
    seals_arc: bool = False
    reporters: Mapping[str, Reporter] = field(default_factory=dict)
    """By the kind of report, `dmarc` or `tls`: of what is not there, none is sent."""


_setup = Setup()


def current() -> Setup:
    return _setup


def configure(
    *,
    hostname: str,
    ways: Ways,
    relay_login: tuple[str, str] | None,
    relay_tls: bool,
    patience: Patience,
    max_message_bytes: int,
    reporters: Mapping[str, tuple[str, str]],
    seals_arc: bool = False,
) -> None:
    """Set everything; called before the first listener is up."""
    global _setup
    user, password = relay_login or ("", "")
    smart_host = (
        Relay(host=ways.relay[0], port=ways.relay[1], username=user, password=password, must_verify=relay_tls)
        if ways.relay
        else None
    )
    _setup = Setup(
        hostname=hostname,
        routes=Routes(static=dict(ways.routes), relay=smart_host, dane_required=ways.dane_required),
        retry_seconds=patience.retry_seconds,
        delay_notice_seconds=patience.delay_notice_seconds,
        max_message_bytes=max_message_bytes,
        seals_arc=seals_arc,
        reporters={kind: Reporter(*named) for kind, named in reporters.items()},
    )
