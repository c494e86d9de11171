"""A thread beside the doors that follows every account's log, and works on what changed.

It wakes by the hint of every change, and looks by itself now and then. It shares the interpreter with the doors, so it
rests for a while after each step, and much longer while mail comes in.
"""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import structlog

from posthouse.base import db
from posthouse.base.hub import hub
from posthouse.mail import handled, storing

log = structlog.get_logger(__name__)
Place = TypeVar("Place")

FAULT_SECONDS = 5.0
BUSY_SECONDS = 1.0
"""Mail is coming in if some came so short a time ago."""
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

    def __init__(self, *, name: str, pace: Pace, topics: Sequence[str] = ("changed",)) -> None:
        """It wakes by hints of these topics: "changed" for what people do, "stored" for mail that comes in."""
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

    def is_busy(self) -> bool:
        return time.monotonic() - storing.last_at() < BUSY_SECONDS

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


class AccountsFollower(LogFollower, Generic[Place]):
    """Takes every account whose log has moved, in turn, a step each, until all are there."""

    def __init__(self, *, name: str, pace: Pace, topics: Sequence[str] = ("changed",)) -> None:
        super().__init__(name=name, pace=pace, topics=topics)
        self._reached: dict[int, tuple[int, Place | None]] = {}
        """By account: the number of its log when it was read to the end, and the place reached in it."""

    @abstractmethod
    def step(self, account_id: int, seen: Place | None) -> tuple[Place | None, bool]:
        """Read a little on behind `seen`, the place of the last step; gives the place reached, and if there is more."""

    def round(self) -> None:
        states = handled.states()
        for gone in self._reached.keys() - states.keys():
            del self._reached[gone]
        pending = [one for one, modseq in states.items() if self._reached.get(one, (0, None))[0] != modseq]
        while pending and not self._is_stopping.is_set():
            pending = [account_id for account_id in pending if self._take(account_id, states[account_id])]

    def _take(self, account_id: int, modseq: int) -> bool:
        """A fault in one account keeps the others from nothing; it is tried again in the next round."""
        if self._is_stopping.is_set():
            return False
        begun = time.monotonic()
        seen = self._reached.get(account_id, (0, None))[1]
        try:
            place, has_more = self.step(account_id, seen)
            self._reached[account_id] = (0 if has_more else modseq, place)
        except Exception:
            log.exception("following.account_failed", follower=self._thread.name, account=account_id)
            db.release_thread()
            has_more = False
            self._reached[account_id] = (0, seen)
        self.rest(time.monotonic() - begun)
        return has_more
