"""How often: one limiter for every door.

GCRA: each key has a theoretical arrival time that every take moves forward; once it is a window ahead of now, the next
must wait. One float per key, and a take costs two microseconds. Whoever comes evenly is never refused, whoever pauses
may come in a burst.

Counted in this process. Many processes count apart until a `Limiter` over a shared store takes this one's place
(`use`), which must keep each call atomic.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from ipaddress import ip_address, ip_network
from typing import NamedTuple, Protocol

from posthouse.base import clock
from posthouse.base.errors import Limited

MAX_KEYS = 100_000
GENERAL, SEARCH, SEND, CHAT = "general", "search", "send", "chat"


class Rate(NamedTuple):
    """So many in so many seconds, all at once or evenly."""

    quota: int
    window_s: float


class Standing(NamedTuple):
    """How a key stands after a take: how many more it may have now, when it may have all again, and how long it must
    wait (0 when this one was given)."""

    bucket: str
    rate: Rate
    remaining: int
    reset_s: float
    wait_s: float


Marks = Sequence[tuple[str, Rate]]


class Limiter(Protocol):
    def take(self, bucket: str, key: str, rate: Rate) -> Standing: ...

    def wait(self, marks: Marks) -> float:
        """Seconds until each of the keys may have one more."""

    def add(self, marks: Marks) -> float:
        """Count one on each key; or on none, and give the seconds to wait."""

    def forget(self, key: str) -> None: ...

    def reset(self) -> None: ...


class InProcess:
    """A dictionary under a lock; keys whose time has come are forgotten when it grows."""

    def __init__(self) -> None:
        self.arrivals: dict[str, float] = {}
        self._lock = threading.Lock()

    def take(self, bucket: str, key: str, rate: Rate) -> Standing:
        quota, window = rate
        period = window / quota
        now = clock.steady()
        with self._lock:
            arrival = self.arrivals.get(key, 0.0)
            ahead = (arrival - now if arrival > now else 0.0) + period
            # A breath of tolerance: sums of floats must not refuse the last of a burst.
            if ahead > window + 1e-6:
                return Standing(bucket, rate, 0, ahead - period, ahead - window)
            if len(self.arrivals) > MAX_KEYS:
                self._tidy(now)
            self.arrivals[key] = now + ahead
        return Standing(bucket, rate, int((window - ahead + 1e-6) / period), ahead, 0.0)

    def wait(self, marks: Marks) -> float:
        now = clock.steady()
        with self._lock:
            return self._longest(marks, now)

    def add(self, marks: Marks) -> float:
        now = clock.steady()
        with self._lock:
            if len(self.arrivals) > MAX_KEYS:
                self._tidy(now)
            wait = self._longest(marks, now)
            if wait <= 0:
                for key, (quota, window) in marks:
                    self.arrivals[key] = max(self.arrivals.get(key, 0.0), now) + window / quota
            return wait

    def forget(self, key: str) -> None:
        with self._lock:
            self.arrivals.pop(key, None)

    def reset(self) -> None:
        with self._lock:
            self.arrivals.clear()

    def _longest(self, marks: Marks, now: float) -> float:
        return max(
            self.arrivals.get(key, 0.0) - now - window + window / quota for key, (quota, window) in marks
        )

    def _tidy(self, now: float) -> None:
        for key in [key for key, arrival in self.arrivals.items() if arrival < now]:
            del self.arrivals[key]


DEFAULTS: Mapping[str, Rate] = {
    GENERAL: Rate(1_200, 60.0),
    SEARCH: Rate(240, 60.0),
    SEND: Rate(500, 3_600.0),
    CHAT: Rate(300, 60.0),
}
_rates: dict[str, Rate] = dict(DEFAULTS)
limiter: Limiter = InProcess()


def configure(rates: Mapping[str, Rate] | None) -> None:
    """The operator's own rates beside ours; None: no limits but those of log-ins."""
    _rates.clear()
    if rates is not None:
        _rates.update({**DEFAULTS, **rates})


def use(other: Limiter) -> None:
    """Count elsewhere from now on."""
    global limiter
    limiter = other


def take(bucket: str, who: str) -> Standing | None:
    """One more of a bucket for somebody; None when it has no limit."""
    rate = _rates.get(bucket)
    return None if rate is None else limiter.take(bucket, f"{bucket}|{who}", rate)


def insist(bucket: str, who: str) -> None:
    """`take` for doors without headers; raises Limited."""
    standing = take(bucket, who)
    if standing is not None and standing.wait_s > 0:
        raise too_many(standing)


def too_many(standing: Standing) -> Limited:
    return Limited(
        "too_many_requests",
        "That was too much at once; wait a little.",
        retry_after_seconds=int(standing.wait_s) + 1,
        violated_policies=[standing.bucket],
    )


def user(user_id: int) -> str:
    return f"user:{user_id}"


def network(ip: str) -> str:
    """An IPv6 customer has a /64 to play with; count it as one."""
    try:
        address = ip_address(ip)
    except ValueError:
        return ip
    if address.version == 6:
        return str(ip_network((int(address) >> 64 << 64, 64)))
    return ip
