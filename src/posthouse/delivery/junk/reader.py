"""The reader of the logs for the spam filter: a thread beside the doors that learns what people do with their mail."""

from __future__ import annotations

import time

from posthouse.delivery.junk import lessons
from posthouse.filters.spam.learning import Place
from posthouse.mail import handled
from posthouse.mail.following import LogFollower, Pace

PACE = Pace(settle_seconds=0.5, sleep_seconds=60.0, rest=2.0, rest_when_busy=20.0, longest_rest_seconds=2.0)


class JunkReader(LogFollower):
    def __init__(self) -> None:
        super().__init__(name="junk", pace=PACE)
        self._reached: dict[int, tuple[int, Place | None]] = {}
        """By account: the number of its log when it was read to the end, and the place reached in it."""

    def round(self) -> None:
        """Every account whose log has moved, in turn, a step each, until all are there."""
        states = handled.states()
        for gone in self._reached.keys() - states.keys():
            del self._reached[gone]
        pending = [one for one, modseq in states.items() if self._reached.get(one, (0, None))[0] != modseq]
        while pending and not self._is_stopping.is_set():
            pending = [account_id for account_id in pending if self._step(account_id, states[account_id])]

    def _step(self, account_id: int, modseq: int) -> bool:
        if self._is_stopping.is_set():
            return False
        begun = time.monotonic()
        seen = self._reached.get(account_id, (0, None))[1]
        place = lessons.step(account_id, seen)
        self._reached[account_id] = (modseq, seen) if place is None else (0, place)
        self.rest(time.monotonic() - begun)
        return place is not None
