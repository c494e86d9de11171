"""How many letters with codes may be asked for: few to one address, some from one network, whoever they are for.

Counted (base/limits.py) by the address as it was given, known here or not, so that the limit tells nothing either.
"""

from __future__ import annotations

from posthouse.base import limits
from posthouse.base.errors import Limited
from posthouse.base.limits import Rate

ADDRESS_BURST, ADDRESS_PERIOD_S = 5, 1_200.0
NETWORK_BURST, NETWORK_PERIOD_S = 20, 180.0
_ADDRESS = Rate(ADDRESS_BURST, ADDRESS_BURST * ADDRESS_PERIOD_S)
_NETWORK = Rate(NETWORK_BURST, NETWORK_BURST * NETWORK_PERIOD_S)


def check(*, email: str, ip: str) -> None:
    """Count one; raises Limited with `retry_after_seconds` when it is one too many."""
    address, network = email.strip().lower()[:320], limits.network(ip)
    wait = limits.limiter.add([(f"code|to|{address}", _ADDRESS), (f"code|from|{network}", _NETWORK)])
    if wait > 0:
        raise Limited(
            "too_many_codes",
            "Too many codes were asked for; wait a little.",
            retry_after_seconds=int(wait) + 1,
        )
