"""A thread beside the doors that follows logs, and works on what changed.

It wakes by the hints of its topics, and looks by itself now and then. It shares the interpreter with the doors, so it
rests for a while after each step, and much longer while they are busy.
"""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from posthouse.base import db
from posthouse.base.hub import hub

log = structlog.get_logger(__name__)

FAULT_SECONDS = 5.0
STOP_SECONDS = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """`settle_seconds`: so long a group of changes is let come. `rest`: seconds of sleep for each of work."""

    settle_seconds: float
    sleep_seconds: float
    rest: float
    rest_when_busy: float
    longest_rest_seconds: float = float("inf")


class LogFollower(ABC):
    """`round` and `wait` are called in the thread, one after the other; a fault of theirs ends nothing."""

    def __init__(self, *, name: str, pace: Pace, topics: Sequence[str]) -> None:
        self._pace, self._topics = pace, topics
        self._wake = threading.Event()
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._subscriptions: list[Callable[[], None]] = []

    def start(self) -> None:
        self._subscriptions = [hub.subscribe(topic, lambda _: self._wake.set()) for topic in self._topics]
        self._thread.start()

    def stop(self) -> None:
        """After the step under way."""
        for unsubscribe in self._subscriptions:
            unsubscribe()
        self._is_stopping.set()
        self._wake.set()
        self._thread.join(STOP_SECONDS)

    def wake(self) -> None:
        self._wake.set()

    @abstractmethod
    def round(self) -> None:
        """Go to every account that is behind, and rest between steps."""

    def wait(self, began: float) -> None:
        """Until there may be work; `began` is when the last round did, by the monotonic clock."""
        self._wake.wait(self._pace.sleep_seconds)
        self._is_stopping.wait(self._pace.settle_seconds)

    @abstractmethod
    def is_busy(self) -> bool:
        """Whether others need the interpreter just now."""

    def rest(self, worked_seconds: float) -> None:
        pace = self._pace
        rest = worked_seconds * (pace.rest_when_busy if self.is_busy() else pace.rest)
        self._is_stopping.wait(min(rest, pace.longest_rest_seconds))

    def _work(self) -> None:
        try:
            while not self._is_stopping.is_set():
                self._wake.clear()
                try:
                    began = time.monotonic()
                    self.round()
                    self.wait(began)
                except Exception:
                    log.exception("following.failed", follower=self._thread.name)
                    db.release_thread()
                    self._is_stopping.wait(FAULT_SECONDS)
        finally:
            db.release_thread()
