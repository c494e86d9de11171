"""Slow down guessing: one limiter for the browser, the API, SMTP and IMAP.

Failures are counted per address and network together and per network alone, never per address alone, so that
nobody can lock another out (mail.md: "several accounts behind one address"). GCRA: each failure moves a
theoretical arrival time forward; once it is a burst ahead of now, the next try must wait.
"""

from __future__ import annotations

import ipaddress
import threading

from posthouse.base import clock
from posthouse.base.errors import Limited

PAIR_BURST, PAIR_PERIOD_S = 10, 30.0
NETWORK_BURST, NETWORK_PERIOD_S = 100, 3.0
FACTOR_BURST, FACTOR_PERIOD_S = 20, 300.0
"""Of one person's second factor, from wherever: who gets this far knows the password, so no stranger locks them out."""
MAX_KEYS = 100_000

_arrivals: dict[str, float] = {}
_lock = threading.Lock()


def check_login(*, email: str, ip: str) -> None:
    """Raises Limited with `retry_after_seconds` when this network has failed too often.

    Ask again once the password is known to be right: of many tries side by side, only as many as one after the
    other would have been allowed may learn anything.
    """
    now = clock.steady()
    with _lock:
        _refuse_too_early(_keys(email, ip), now)


def login_failed(*, email: str, ip: str) -> None:
    """Count a failure. Raises Limited, as `check_login`, when others have used up the tries meanwhile."""
    now, keys = clock.steady(), _keys(email, ip)
    with _lock:
        if len(_arrivals) > MAX_KEYS:
            for key in [key for key, arrival in _arrivals.items() if arrival < now]:
                del _arrivals[key]
        _refuse_too_early(keys, now)
        for key, _, period in keys:
            _arrivals[key] = max(_arrivals.get(key, 0.0), now) + period


def check_second_factor(*, user_id: int, ip: str) -> None:
    """The same for codes and passkeys; raises Limited."""
    with _lock:
        _refuse_too_early(_factor_keys(user_id, ip), clock.steady())


def second_factor_failed(*, user_id: int, ip: str) -> None:
    now, keys = clock.steady(), _factor_keys(user_id, ip)
    with _lock:
        _refuse_too_early(keys, now)
        for key, _, period in keys:
            _arrivals[key] = max(_arrivals.get(key, 0.0), now) + period


def _factor_keys(user_id: int, ip: str) -> list[tuple[str, int, float]]:
    """A right password clears none of these, else one could guess between log-ins for ever."""
    network = _network(ip)
    return [
        (f"factor {user_id}|{network}", PAIR_BURST, PAIR_PERIOD_S),
        (f"factor {user_id}", FACTOR_BURST, FACTOR_PERIOD_S),
        (network, NETWORK_BURST, NETWORK_PERIOD_S),
    ]


def _refuse_too_early(keys: list[tuple[str, int, float]], now: float) -> None:
    wait = max(_arrivals.get(key, 0.0) - now - (burst - 1) * period for key, burst, period in keys)
    if wait > 0:
        raise Limited(
            "too_many_attempts",
            "Too many failed log-ins; wait a little.",
            retry_after_seconds=int(wait) + 1,
        )


def login_succeeded(*, email: str, ip: str) -> None:
    with _lock:
        _arrivals.pop(_keys(email, ip)[0][0], None)


def reset() -> None:
    with _lock:
        _arrivals.clear()


def _keys(email: str, ip: str) -> list[tuple[str, int, float]]:
    network = _network(ip)
    return [
        (f"{email.strip().lower()[:320]}|{network}", PAIR_BURST, PAIR_PERIOD_S),
        (network, NETWORK_BURST, NETWORK_PERIOD_S),
    ]


def _network(ip: str) -> str:
    """An IPv6 customer has a /64 to play with; count it as one."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ip
    if address.version == 6:
        return str(ipaddress.ip_network((int(address) >> 64 << 64, 64)))
    return ip
