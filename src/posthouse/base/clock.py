"""The one clock: aware UTC for people, integer milliseconds for rows, and seconds that only grow. Tests may set it."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from functools import lru_cache

_DAY_SECONDS = 86_400
_DAY_MS = _DAY_SECONDS * 1000

_source: Callable[[], float] = time.time
_steady_source: Callable[[], float] = time.monotonic


def set_source(source: Callable[[], float] | None) -> None:
    """Replace the clock (seconds since the epoch); None gives the real one back."""
    global _source
    _source = source or time.time


def set_steady_source(source: Callable[[], float] | None) -> None:
    """The same for `steady`."""
    global _steady_source
    _steady_source = source or time.monotonic


def steady() -> float:
    """Seconds that grow evenly, whatever is done to the wall clock: for waiting and for forgetting."""
    return _steady_source()


def now_ms() -> int:
    return int(_source() * 1000)


def now() -> dt.datetime:
    return dt.datetime.fromtimestamp(_source(), dt.UTC)


def from_ms(ms: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(ms / 1000, dt.UTC)


def to_ms(moment: dt.datetime) -> int:
    return round(moment.timestamp() * 1000)


@lru_cache(maxsize=4096)
def iso(ms: int) -> str:
    """`2026-11-21T07:20:00.123Z`, as every JSON answer shows a time. Lists ask for the same ones again and again."""
    days, rest = divmod(ms, _DAY_MS)
    seconds, milliseconds = divmod(rest, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{_date(days)}T{hours:02d}:{minutes:02d}:{seconds:02d}.{milliseconds:03d}Z"


@lru_cache(maxsize=1024)
def _date(days: int) -> str:
    """Of days since the epoch."""
    moment = time.gmtime(days * _DAY_SECONDS)
    return f"{moment.tm_year:04d}-{moment.tm_mon:02d}-{moment.tm_mday:02d}"
