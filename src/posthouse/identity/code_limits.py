"""How many letters with codes may be asked for: few to one address, some from one network, whoever they are for.

Counted by the address as it was given, known here or not, so that the limit tells nothing either.
"""

from __future__ import annotations

import threading

from posthouse.base import clock
from posthouse.base.errors import Limited
from posthouse.identity.limits import network_of

ADDRESS_BURST, ADDRESS_PERIOD_S = 5, 1_200.0
NETWORK_BURST, NETWORK_PERIOD_S = 20, 180.0
MAX_KEYS = 100_000

_arrivals: dict[str, float] = {}
_lock = threading.Lock()


def check(*, email: str, ip: str) -> None:
    """Count one; raises Limited with `retry_after_seconds` when it is one too many."""
    keys = [
        (f"address {email.strip().lower()[:320]}", ADDRESS_BURST, ADDRESS_PERIOD_S),
        (f"network {network_of(ip)}", NETWORK_BURST, NETWORK_PERIOD_S),
    ]
    now = clock.steady()
    with _lock:
        if len(_arrivals) > MAX_KEYS:
            for key in [key for key, arrival in _arrivals.items() if arrival < now]:
                del _arrivals[key]
        wait = max(_arrivals.get(key, 0.0) - now - (burst - 1) * period for key, burst, period in keys)
        if wait > 0:
            raise Limited(
                "too_many_codes",
                "Too many codes were asked for; wait a little.",
                retry_after_seconds=int(wait) + 1,
            )
        for key, _, period in keys:
            _arrivals[key] = max(_arrivals.get(key, 0.0), now) + period


def reset() -> None:
    with _lock:
        _arrivals.clear()
