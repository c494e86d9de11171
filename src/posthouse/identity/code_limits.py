"""How many letters of the house may be asked for: few to one address, some from one network, whoever they are for.

Counted (base/limits.py) by the address as it was given, known here or not, so that the limit tells nothing either.
"""

from __future__ import annotations

from posthouse.base import limits
from posthouse.base.errors import Limited
from posthouse.base.limits import Rate

ADDRESS_BURST, ADDRESS_PERIOD_S = 5, 1_200.0
NETWORK_BURST, NETWORK_PERIOD_S = 20, 180.0
INVITATIONS = Rate(200, 86_400.0)
"""Of one organisation: the house writes them, so the limits of sending do not count them."""
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


def check_invitation(*, email: str, organisation_id: int) -> None:
    """Count a letter that asks a stranger in: few to one address, so many of an organisation in a day.

    Raises Limited.
    """
    marks = [(f"code|to|{email.lower()[:320]}", _ADDRESS), (f"invitation|{organisation_id}", INVITATIONS)]
    wait = limits.limiter.add(marks)
    if wait > 0:
        raise Limited(
            "too_many_requests",
            "Too many invitations were sent; wait a little.",
            retry_after_seconds=int(wait) + 1,
        )
