"""The one clock: aware UTC for people, integer milliseconds for rows. Tests may set it."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

_source: Callable[[], float] = time.time


def set_source(source: Callable[[], float] | None) -> None:
    """Replace the clock (seconds since the epoch); None gives the real one back."""
    global _source
    _source = source or time.time


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
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    return f"{stamp}.{rest:03d}Z"
