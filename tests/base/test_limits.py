"""The limiter: a burst, then evenly; never refused for coming evenly; and cheap."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from posthouse.base import clock
from posthouse.base.limits import InProcess, Rate, network

Advance = Callable[[float], None]


@pytest.fixture
def advance() -> Iterator[Advance]:
    moment = [1_000.0]
    clock.set_steady_source(lambda: moment[0])

    def by(seconds: float) -> None:
        moment[0] += seconds

    yield by
    clock.set_steady_source(None)


def test_a_quota_may_come_at_once_and_not_one_more(advance: Advance) -> None:
    limiter, rate = InProcess(), Rate(7, 60.0)
    standings = [limiter.take("b", "k", rate) for _ in range(8)]
    assert [s.remaining for s in standings] == [6, 5, 4, 3, 2, 1, 0, 0]
    assert [s.wait_s > 0 for s in standings] == [False] * 7 + [True]
    assert standings[-1].wait_s == pytest.approx(60 / 7)
    assert limiter.take("b", "other", rate).remaining == 6
    advance(standings[-1].wait_s)
    assert limiter.take("b", "k", rate).wait_s == 0
    advance(60)
    assert limiter.take("b", "k", rate).remaining == 6


def test_who_comes_evenly_is_never_refused(advance: Advance) -> None:
    limiter, rate = InProcess(), Rate(3, 10.0)
    for _ in range(500):
        assert limiter.take("b", "k", rate).wait_s == 0
        advance(10 / 3 + 1e-9)


def test_a_take_is_cheap() -> None:
    """The mean of the best of many short runs, so that a busy machine is not taken for a slow limiter."""
    limiter, rate, best = InProcess(), Rate(1_000_000, 60.0), 1.0
    for _ in range(50):
        started = time.perf_counter()
        for _ in range(200):
            limiter.take("general", "user:1", rate)
        best = min(best, (time.perf_counter() - started) / 200)
    assert best < 5e-6


def test_networks() -> None:
    assert network("2001:db8:1:2::5") == network("2001:db8:1:2::9") != network("2001:db8:1:3::5")
    assert network("192.0.2.1") != network("192.0.2.2")
