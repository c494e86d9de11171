"""How the write lane does, for whoever watches over the house."""

from __future__ import annotations

import time
from dataclasses import dataclass

from posthouse.base.metrics import SECONDS, SIZES, Histogram

batches = Histogram("posthouse_lane_batch_calls", "Calls that one commit took together.", buckets=SIZES)
commits = Histogram("posthouse_lane_commit_seconds", "From BEGIN to the disk.", buckets=SECONDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneState:
    """A lane without a thread of its own is always alive and never busy."""

    is_alive: bool = True
    queued: int = 0
    busy_seconds: float = 0.0
    last_commit_seconds: float = 0.0
    commits: int = 0


class LaneWatch:
    """The lane's thread says when it begins and ends; others ask."""

    def __init__(self) -> None:
        self._busy_from = self._last_seconds = 0.0
        self._commits = 0

    def begin(self) -> None:
        self._busy_from = time.perf_counter()

    def end(self, calls: int) -> None:
        self._last_seconds = time.perf_counter() - self._busy_from
        self._commits += 1
        self._busy_from = 0.0
        batches.observe(calls)
        commits.observe(self._last_seconds)

    def state(self, *, is_alive: bool, queued: int) -> LaneState:
        busy_from = self._busy_from
        return LaneState(
            is_alive=is_alive,
            queued=queued,
            busy_seconds=time.perf_counter() - busy_from if busy_from else 0.0,
            last_commit_seconds=self._last_seconds,
            commits=self._commits,
        )
