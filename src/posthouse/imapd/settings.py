"""What an operator may set of one IMAP listener."""

from __future__ import annotations

from dataclasses import dataclass

from posthouse.base.net_guard import Network
from posthouse.wire.imap.limits import MIB


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Times are in seconds. `idle_seconds` is the autologout of RFC 9051 §5.4, at least 30 minutes.

    `stranger_seconds` is all the time there is to log in, however often the client speaks. While a client
    IDLEs, a word every `heartbeat_seconds` keeps address translators from forgetting it (Outlook expects
    that). A command that takes longer than `progress_after_seconds` says so, and again every `progress_every_seconds`.
    `max_connections_per_ip` counts an IPv6 client by its /64; loopback is exempt. Peers in `proxies` must say
    whose connection they pass on (wire/proxy_header.py).
    """

    hostname: str
    implicit_tls: bool = False
    allow_plain_login: bool = False
    append_bytes: int = 50 * MIB
    max_connections: int = 20_000
    max_connections_per_ip: int = 500
    is_loopback_exempt: bool = True
    proxies: tuple[Network, ...] = ()
    stranger_seconds: float = 120.0
    idle_seconds: float = 1860.0
    heartbeat_seconds: float = 120.0
    write_seconds: float = 300.0
    progress_after_seconds: float = 1.0
    progress_every_seconds: float = 10.0
    failed_login_seconds: float = 1.0
    failed_logins: int = 3
    bad_commands: int = 20
