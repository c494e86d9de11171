"""The indexer of a running server: a thread that follows every account's log into the index.

It wakes by hints ("stored", "changed"), and looks by itself now and then. While it has work it hears no "stored":
each would wake the event loop, and keep the write lane waiting for the interpreter. It shares that with the doors, so
it lets a burst of mail pass before it begins, after each step sleeps as long as it worked, and much longer while mail
still comes in: what it has not reached is searched directly (mail/searching.py), so nobody waits for it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import structlog

from posthouse.base import db
from posthouse.base.hub import hub
from posthouse.mail import indexing, storing
from posthouse.search import index

log = structlog.get_logger(__name__)

SETTLE_SECONDS = 0.25
"""Mail comes in groups; so long a group is let come in."""
SLEEP_SECONDS = 30.0
FAULT_SECONDS = 5.0
REST = 1.0
"""Seconds of sleep for each of work."""
REST_WHEN_BUSY = 9.0
BUSY_SECONDS = 1.0
"""Mail is coming in if some came so short a time ago."""
HOLD_SECONDS = 10.0
"""So long a burst of mail is let pass; what lasts longer is followed, slowly."""
LOOK_AGAIN_SECONDS = 2.0
TELL_SECONDS = 30.0
STOP_SECONDS = 20.0


class Indexer:
    def __init__(self) -> None:
        self._wake = threading.Event()
        self._is_stopping = threading.Event()
        self._burst_at = 0.0
        self._told_at = 0.0
        self._pending: dict[int, int] = {}
        self._thread = threading.Thread(target=self._work, name="indexer", daemon=True)
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

    def facts(self) -> dict[str, int]:
        """For health: accounts that are behind, and changes they have before them."""
        pending = dict(self._pending)
        return {"accounts_behind": len(pending), "changes_behind": sum(pending.values())}

    def wake(self) -> None:
        self._wake.set()

    # --- in the thread ------------------------------------------------------------------------

    def _work(self) -> None:
        try:
            while not self._is_stopping.is_set():
                self._wake.clear()
                try:
                    began = time.monotonic()
                    self._round()
                    self._sleep(began)
                except Exception:
                    log.exception("search.round_failed")
                    db.release_thread()
                    self._is_stopping.wait(FAULT_SECONDS)
        finally:
            db.release_thread()

    def _sleep(self, began: float) -> None:
        """Until there may be work. What was being stored when the last round began may have come too late for it."""
        unsubscribe = hub.subscribe("stored", lambda _: self._wake.set())
        try:
            if storing.last_at() < began - BUSY_SECONDS:
                self._wake.wait(SLEEP_SECONDS)
        finally:
            unsubscribe()
        self._burst_at = time.monotonic()
        self._is_stopping.wait(SETTLE_SECONDS)

    def _round(self) -> None:
        """Every account that is behind, in turn, a step each, until all are there."""
        self._drop_strangers()
        self._pending, looked_at = _behind(), time.monotonic()
        while self._pending and not self._is_stopping.is_set():
            if (
                time.monotonic() - looked_at > LOOK_AGAIN_SECONDS
            ):  # others must not wait for one with a long past
                self._pending, looked_at = _behind(), time.monotonic()
            for account_id in list(self._pending):
                self._let_pass()
                started = time.monotonic()
                if not indexing.step(account_id):
                    self._pending.pop(account_id, None)
                self._rest(time.monotonic() - started)
                if self._is_stopping.is_set():
                    return
            self._tell()

    def _let_pass(self) -> None:
        """Wait while mail is coming in, for as long as is left of what a burst is given."""
        while self._is_busy() and time.monotonic() - self._burst_at < HOLD_SECONDS:
            if self._is_stopping.wait(SETTLE_SECONDS):
                return

    def _is_busy(self) -> bool:
        return time.monotonic() - storing.last_at() < BUSY_SECONDS

    def _rest(self, worked_seconds: float) -> None:
        self._is_stopping.wait(worked_seconds * (REST_WHEN_BUSY if self._is_busy() else REST))

    def _tell(self) -> None:
        if time.monotonic() - self._told_at > TELL_SECONDS:
            self._told_at = time.monotonic()
            log.info("search.indexing", **self.facts())

    def _drop_strangers(self) -> None:
        """Accounts that are gone leave the index."""
        known = indexing.accounts()
        for account_id in index.current().progress():
            if account_id not in known:
                index.current().forget(account_id)


def _behind() -> dict[int, int]:
    """How far, by account."""
    reached = index.current().progress()
    found = {}
    for account_id, modseq in indexing.accounts().items():
        progress = reached.get(account_id)
        done = 0 if progress is None or not progress.is_complete else progress.upto
        if done != modseq:
            found[account_id] = abs(modseq - done)
    return found


running: Indexer | None = None
"""The indexer of this process, where there is one."""
