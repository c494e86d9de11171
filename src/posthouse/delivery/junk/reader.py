"""The reader of the logs for the spam filter: a thread beside the doors that learns what people do with their mail.

It wakes by the hint of every change and looks by itself now and then. It rests longer than it worked, and
much longer while mail comes in, so no door waits for it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import structlog

from posthouse.base import db
from posthouse.base.hub import hub
from posthouse.delivery.junk import lessons
from posthouse.filters.spam.learning import Place
from posthouse.mail import handled, storing

log = structlog.get_logger(__name__)

SETTLE_SECONDS = 0.5
"""What people do comes in groups; so long a group is let come."""
SLEEP_SECONDS = 60.0
FAULT_SECONDS = 5.0
BUSY_SECONDS = 1.0
REST = 2.0
"""Seconds of sleep for each of work."""
REST_WHEN_BUSY = 20.0
STOP_SECONDS = 20.0
LONGEST_REST = 2.0


class JunkReader:
    def __init__(self) -> None:
        self._wake = threading.Event()
        self._is_stopping = threading.Event()
        self._reached: dict[int, tuple[int, Place | None]] = {}
        """By account: the number of its log when it was read to the end, and the place reached in it."""
        self._thread = threading.Thread(target=self._work, name="junk", daemon=True)
        self._unsubscribe: Callable[[], None] | None = None

    def start(self) -> None:
        self._unsubscribe = hub.subscribe("changed", lambda _: self._wake.set())
        self._thread.start()

    def stop(self) -> None:
        """After the step under way."""
        if self._unsubscribe is not None:
            self._unsubscribe()
        self._is_stopping.set()
        self._wake.set()
        self._thread.join(STOP_SECONDS)

    # --- in the thread ------------------------------------------------------------------------

    def _work(self) -> None:
        try:
            while not self._is_stopping.is_set():
                self._wake.clear()
                try:
                    self._round()
                    self._wake.wait(SLEEP_SECONDS)
                    self._is_stopping.wait(SETTLE_SECONDS)
                except Exception:
                    log.exception("junk.learning_failed")
                    db.release_thread()
                    self._is_stopping.wait(FAULT_SECONDS)
        finally:
            db.release_thread()

    def _round(self) -> None:
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
        is_busy = begun - storing.last_at() < BUSY_SECONDS
        rest = (time.monotonic() - begun) * (REST_WHEN_BUSY if is_busy else REST)
        self._is_stopping.wait(min(rest, LONGEST_REST))
        return place is not None
