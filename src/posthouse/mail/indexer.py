"""The indexer of a running server: a thread that follows every account's log into the index.

It wakes by hints ("stored", "changed"), and looks by itself now and then. While it has work it hears no "stored":
each would wake the event loop, and keep the write lane waiting for the interpreter. It shares that with the doors, so
it lets a burst of mail pass before it begins, after each step sleeps as long as it worked, and much longer while mail
still comes in: what it has not reached is searched directly (mail/searching.py), so nobody waits for it.
"""

from __future__ import annotations

import time

import structlog

from posthouse.base.hub import hub
from posthouse.base.log_follower import Pace
from posthouse.mail import indexing, storing
from posthouse.mail.following import BUSY_SECONDS, LogFollower
from posthouse.search import index

log = structlog.get_logger(__name__)

PACE = Pace(settle_seconds=0.25, sleep_seconds=30.0, rest=1.0, rest_when_busy=9.0)
HOLD_SECONDS = 10.0
"""So long a burst of mail is let pass; what lasts longer is followed, slowly."""
LOOK_AGAIN_SECONDS = 2.0
TELL_SECONDS = 30.0


class Indexer(LogFollower):
    def __init__(self) -> None:
        super().__init__(name="indexer", pace=PACE)
        self._burst_at = 0.0
        self._told_at = 0.0
        self._pending: dict[int, int] = {}

    def facts(self) -> dict[str, int]:
        """For health: accounts that are behind, and changes they have before them."""
        pending = dict(self._pending)
        return {"accounts_behind": len(pending), "changes_behind": sum(pending.values())}

    # --- in the thread ------------------------------------------------------------------------

    def wait(self, began: float) -> None:
        """What was being stored when the last round began may have come too late for it."""
        unsubscribe = hub.subscribe("stored", lambda _: self._wake.set())
        try:
            if storing.last_at() < began - BUSY_SECONDS:
                self._wake.wait(PACE.sleep_seconds)
        finally:
            unsubscribe()
        self._burst_at = time.monotonic()
        self._is_stopping.wait(PACE.settle_seconds)

    def round(self) -> None:
        """Every account that is behind, in turn, a step each, until all are there."""
        self._drop_strangers()
        self._pending, looked_at = _behind(), time.monotonic()
        while self._pending and not self._is_stopping.is_set():
            # Others must not wait for one with a long past.
            if time.monotonic() - looked_at > LOOK_AGAIN_SECONDS:
                self._pending, looked_at = _behind(), time.monotonic()
            for account_id in list(self._pending):
                self._let_pass()
                started = time.monotonic()
                if not indexing.step(account_id):
                    self._pending.pop(account_id, None)
                self.rest(time.monotonic() - started)
                if self._is_stopping.is_set():
                    return
            self._tell()

    def _let_pass(self) -> None:
        """Wait while mail is coming in, for as long as is left of what a burst is given."""
        while self.is_busy() and time.monotonic() - self._burst_at < HOLD_SECONDS:
            if self._is_stopping.wait(PACE.settle_seconds):
                return

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
