"""Things alike, counted in memory for some seconds and handed over at once.

Bounded: of more different ones in that time than `MOST_KINDS`, the rest is passed over (and `unkept` says how much).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar

import structlog

from posthouse.base import clock, metrics
from posthouse.base.errors import Failure

log = structlog.get_logger(__name__)
K = TypeVar("K", bound=Hashable)

FLUSH_SECONDS = 5.0
MOST_KINDS = 500
DAY_MS = 24 * 3600_000

unkept = metrics.Counter(
    "posthouse_reporting_unkept", "What will be missing in reports to other domains.", "kind"
)


class Gathering(Generic[K]):
    """For one event loop. `write` gets the day (since 1970, UTC), the thing and how often; `flush` ends it."""

    def __init__(
        self,
        kind: str,
        write: Callable[[Sequence[tuple[int, K, int]]], Awaitable[object]],
        *,
        flush_seconds: float = FLUSH_SECONDS,
    ) -> None:
        self._kind = kind
        self._write = write
        self._seconds = flush_seconds
        self._noted: Counter[tuple[int, K]] = Counter()
        self._timer: asyncio.TimerHandle | None = None
        self._flushing: asyncio.Task[None] | None = None

    def note(self, thing: K) -> None:
        key = (clock.now_ms() // DAY_MS, thing)
        if key not in self._noted and len(self._noted) >= MOST_KINDS:
            unkept.count(self._kind)
            return
        self._noted[key] += 1
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._seconds, self._begin_flush)

    async def flush(self) -> None:
        """Hand over what was noted; what cannot be written is lost, since nobody waits for it."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        noted, self._noted = self._noted, Counter()
        if not noted:
            return
        try:
            await self._write([(day, thing, times) for (day, thing), times in noted.items()])
        except Failure as failure:
            unkept.count(self._kind)
            log.warning("reporting.lost", kind=self._kind, count=len(noted), code=failure.code)

    def _begin_flush(self) -> None:
        self._timer = None
        self._flushing = asyncio.ensure_future(self.flush())
