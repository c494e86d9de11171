"""A thread beside the doors that follows every account's log, and works on what changed.

It wakes by the hint of every change, and rests much longer while mail comes in.
"""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Sequence
from typing import Generic, TypeVar

import structlog

from posthouse.base import db, log_follower
from posthouse.base.log_follower import Pace
from posthouse.mail import handled, storing

log = structlog.get_logger(__name__)
Place = TypeVar("Place")

BUSY_SECONDS = 1.0
"""Mail is coming in if some came so short a time ago."""


class LogFollower(log_follower.LogFollower):
    def __init__(self, *, name: str, pace: Pace, topics: Sequence[str] = ("changed",)) -> None:
        """It wakes by hints of these topics: "changed" for what people do, "stored" for mail that comes in."""
        super().__init__(name=name, pace=pace, topics=topics)

    def is_busy(self) -> bool:
        return time.monotonic() - storing.last_at() < BUSY_SECONDS


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
