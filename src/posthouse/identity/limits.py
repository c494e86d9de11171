"""Slow down guessing: one limiter for the browser, the API, SMTP and IMAP (base/limits.py).

Failures are counted per address and network together and per network alone, never per address alone, so that
nobody can lock another out (mail.md: "several accounts behind one address").
"""

from __future__ import annotations

from posthouse.base import limits
from posthouse.base.errors import Limited
from posthouse.base.limits import Marks, Rate

PAIR_BURST, PAIR_PERIOD_S = 10, 30.0
NETWORK_BURST, NETWORK_PERIOD_S = 100, 3.0
_PAIR = Rate(PAIR_BURST, PAIR_BURST * PAIR_PERIOD_S)
_NETWORK = Rate(NETWORK_BURST, NETWORK_BURST * NETWORK_PERIOD_S)
FACTOR_BURST, FACTOR_PERIOD_S = 20, 300.0
"""Of one person's second factor, from wherever: who gets this far knows the password, so no stranger locks them out."""
_FACTOR = Rate(FACTOR_BURST, FACTOR_BURST * FACTOR_PERIOD_S)


def check_login(*, email: str, ip: str) -> None:
    """Raises Limited with `retry_after_seconds` when this network has failed too often.

    Ask again once the password is known to be right: of many tries side by side, only as many as one after the
    other would have been allowed may learn anything.
    """
    _refuse(limits.limiter.wait(_marks(email, ip)))


def login_failed(*, email: str, ip: str) -> None:
    """Count a failure. Raises Limited, as `check_login`, when others have used up the tries meanwhile."""
    _refuse(limits.limiter.add(_marks(email, ip)))


def check_second_factor(*, user_id: int, ip: str) -> None:
    """The same for codes and passkeys; raises Limited."""
    _refuse(limits.limiter.wait(_factor_marks(user_id, ip)))


def second_factor_failed(*, user_id: int, ip: str) -> None:
    _refuse(limits.limiter.add(_factor_marks(user_id, ip)))


def _factor_marks(user_id: int, ip: str) -> Marks:
    """A right password clears none of these, else one could guess between log-ins for ever."""
    network = limits.network(ip)
    return [
        (f"factor|{user_id}|{network}", _PAIR),
        (f"factor|{user_id}", _FACTOR),
        (f"login|{network}", _NETWORK),
    ]


def _refuse(wait: float) -> None:
    if wait > 0:
        raise Limited(
            "too_many_attempts",
            "Too many failed log-ins; wait a little.",
            retry_after_seconds=int(wait) + 1,
        )


def login_succeeded(*, email: str, ip: str) -> None:
    limits.limiter.forget(_marks(email, ip)[0][0])


def reset() -> None:
    limits.limiter.reset()


def _marks(email: str, ip: str) -> Marks:
    network = limits.network(ip)
    return [(f"login|{email.strip().lower()[:320]}|{network}", _PAIR), (f"login|{network}", _NETWORK)]
