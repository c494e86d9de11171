"""What an operator may set of one SMTP listener."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from posthouse.base import clock
from posthouse.base.net_guard import Network
from posthouse.wire.smtp.config import Config
from posthouse.wire.smtp.envelope import Service
from posthouse.wire.smtp.limits import Limits

TARPIT_MOST_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Times are in seconds; the defaults are those of RFC 5321 §4.5.3.2, or longer.

    `message_seconds` bounds a whole message: a client sending a byte now and then cannot stay for ever.
    `greeting_delay_seconds` unmasks clients that do not wait for the greeting; 0 greets at once.
    `tarpit_seconds` is what the first refusal of a connection waits, each further one as much longer, up to
    `TARPIT_MOST_SECONDS`; 0 refuses at once.
    `max_connections_per_ip` counts an IPv6 client by its /64; loopback is exempt. Peers in `proxies` must say
    whose connection they pass on (wire/proxy_header.py).
    """

    service: Service
    hostname: str
    implicit_tls: bool = False
    allow_plain_login: bool = False
    postmaster_domain: str = ""
    limits: Limits = field(default_factory=Limits)
    max_connections: int = 5000
    max_connections_per_ip: int = 100
    is_loopback_exempt: bool = True
    proxies: tuple[Network, ...] = ()
    command_seconds: float = 300.0
    data_seconds: float = 300.0
    message_seconds: float = 3600.0
    handshake_seconds: float = 30.0
    linger_seconds: float = 5.0
    greeting_delay_seconds: float = 0.0
    failed_login_seconds: float = 1.0
    tarpit_seconds: float = 0.0

    def session_config(self, *, has_tls: bool) -> Config:
        return Config(
            service=self.service,
            hostname=self.hostname,
            limits=self.limits,
            has_starttls=has_tls and not self.implicit_tls,
            allow_plain_login=self.allow_plain_login,
            postmaster_domain=self.postmaster_domain,
            latest_hold=lambda: clock.now() + timedelta(seconds=self.limits.hold_seconds),
        )
