"""How much one network may ask of the MX door in a time: connections, messages, recipients, and refusals of any kind.

Counted by IPv4 address and IPv6 /64, in each process for itself, for peers that are not trusted.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from posthouse.base import limits, metrics
from posthouse.base.limits import InProcess, Rate
from posthouse.base.net_guard import Network
from posthouse.smtpd.checked import is_trusted


class Counted(Enum):
    CONNECTIONS = "connections"
    MESSAGES = "messages"
    RECIPIENTS = "recipients"
    ERRORS = "errors"


Rates = Mapping[Counted, Rate]
DEFAULTS: Rates = {
    Counted.CONNECTIONS: Rate(300, 60.0),
    Counted.MESSAGES: Rate(3_000, 60.0),
    Counted.RECIPIENTS: Rate(10_000, 60.0),
    Counted.ERRORS: Rate(300, 60.0),
}

slowed = metrics.Counter("posthouse_peers_slowed", "How often a network had asked for too much.", "counted")


class PeerRates:
    def __init__(self, rates: Rates, *, trusted_peers: tuple[Network, ...] | None) -> None:
        self._rates = rates
        self._trusted_peers = trusted_peers
        self._limiter = InProcess()

    def has_too_many(self, counted: Counted, ip: str, *, by: int = 1) -> bool:
        """Count some more for a peer; whether that is more than it may have."""
        rate = self._rates.get(counted)
        if rate is None or not by or is_trusted(ip, self._trusted_peers):
            return False
        key = f"{counted.value}|{limits.network(ip)}"
        waits = [self._limiter.take(counted.value, key, rate).wait_s for _ in range(min(by, rate.quota + 1))]
        if waits[-1] <= 0:
            return False
        slowed.count(counted.value)
        return True
