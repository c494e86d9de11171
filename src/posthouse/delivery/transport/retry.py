"""When to try again: soon at first, then every four hours for five days (RFC 5321 §4.5.4.1)."""

from __future__ import annotations

from collections.abc import Sequence

LIFETIME_SECONDS = 5 * 24 * 3600
JITTER = 0.1

_FIRST = (60, 300, 900, 1_800, 3_600, 7_200)
_LAST = 14_400
DEFAULT_SCHEDULE: tuple[int, ...] = _FIRST + (_LAST,) * ((LIFETIME_SECONDS - sum(_FIRST)) // _LAST)


def backoff(attempts: int, *, jitter: float, schedule: Sequence[int] | None = None) -> float | None:
    """Seconds to wait after the `attempts`-th failed try (1 is the first), or None to give up.

    `jitter` from 0 to 1 moves the wait by up to a tenth either way, so that a thousand mails to a host that
    was down do not come back in one second. None for `schedule` means DEFAULT_SCHEDULE.
    """
    waits = DEFAULT_SCHEDULE if schedule is None else schedule
    if not 1 <= attempts <= len(waits):
        return None
    return waits[attempts - 1] * (1 - JITTER + 2 * JITTER * jitter)


def lasts_seconds(attempts: int, *, schedule: Sequence[int] | None = None) -> float:
    """How long it is tried yet after the `attempts`-th failed try, without the jitter."""
    waits = DEFAULT_SCHEDULE if schedule is None else schedule
    return float(sum(waits[max(0, attempts - 1) :]))
