"""The indexer of a running server: a thread that follows every conversation's log into the index.

It never stands in the way of those who write: it lets a group of messages come, after each step sleeps as long as it
worked, and much longer while people are writing. What it has not reached is read and searched directly (finding.py).
"""

from __future__ import annotations

import time

import structlog

from posthouse.base.hub import Hint, hub
from posthouse.base.log_follower import LogFollower, Pace
from posthouse.conversations import indexing
from posthouse.conversations.changes import ANY_TOPIC
from posthouse.search import index
from posthouse.search.index import Progress

log = structlog.get_logger(__name__)

PACE = Pace(settle_seconds=0.5, sleep_seconds=30.0, rest=1.0, rest_when_busy=9.0)
BUSY_SECONDS = 1.0
LOOK_AGAIN_SECONDS = 2.0


class Indexer(LogFollower):
    def __init__(self) -> None:
        super().__init__(name="message-indexer", pace=PACE, topics=(ANY_TOPIC,))
        self._pending: dict[int, int] = {}
        self._written_at = 0.0

    def start(self) -> None:
        super().start()
        self._subscriptions.append(hub.subscribe(ANY_TOPIC, self._note))

    def facts(self) -> dict[str, int]:
        """For health: conversations that are behind, and changes they have before them."""
        pending = dict(self._pending)
        return {"conversations_behind": len(pending), "messages_behind": sum(pending.values())}

    def is_busy(self) -> bool:
        return time.monotonic() - self._written_at < BUSY_SECONDS

    def _note(self, hint: Hint) -> None:
        self._written_at = time.monotonic()

    # --- in the thread ------------------------------------------------------------------------

    def round(self) -> None:
        """Every conversation that is behind, in turn, a step each, until all are there."""
        looked_at = self._look()
        while self._pending and not self._is_stopping.is_set():
            if time.monotonic() - looked_at > LOOK_AGAIN_SECONDS:
                looked_at = self._look()
            for conversation_id in list(self._pending):
                started = time.monotonic()
                if not indexing.step(conversation_id):
                    self._pending.pop(conversation_id, None)
                self.rest(time.monotonic() - started)
                if self._is_stopping.is_set():
                    return

    def _look(self) -> float:
        """Which are behind, and how far; those that are gone leave the index. Gives when that was."""
        started = time.monotonic()
        reached, logs = index.messages().progress(), indexing.conversations()
        for conversation_id in reached.keys() - logs.keys():
            index.messages().forget(conversation_id)
        self._pending = {
            one: abs(seq - done) for one, seq in logs.items() if (done := _done(reached.get(one))) != seq
        }
        self.rest(time.monotonic() - started)
        return time.monotonic()


def _done(progress: Progress | None) -> int:
    return 0 if progress is None or not progress.is_complete else progress.upto


running: Indexer | None = None
"""The indexer of this process, where there is one."""
