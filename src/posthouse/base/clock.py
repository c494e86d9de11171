"""The one clock: aware UTC for people, integer milliseconds for rows, and seconds that only grow. Tests may set it."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

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


def iso(ms: int) -> str:
    """`2026-11-21T07:20:00.123Z`, as every JSON answer shows a time."""
    seconds, rest = divmod(ms, 1000)
    moment = time.gmtime(seconds)
    stamp = time.strftime("%m-%dT%H:%M:%S", moment)
    return f"{moment.tm_year:04d}-{stamp}.{rest:03d}Z"  # %Y has no leading zeros on every system
