"""Who is here, and when somebody was last seen.

Online is who has a stream open (realtime/stream.py). It lives in memory: a store of it would be wrong after every
crash. Where several processes hold streams, another `Presence` takes this one's place by `use` (Redis, with a time to
live).

Last seen is noted in memory at every request and written once a minute for all who were here, since a write for each
request would be a commit for each reading of a list. Invariant: a person is written at most once a minute; what is lost
with the process is at most that minute.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from typing import Protocol

from posthouse.base import clock, db, sql
from posthouse.base.jobs import handler

FLUSH_SECONDS = 60
MAX_NOTED = 100_000


def topic(user_id: int) -> str:
    """What to subscribe to in the hub to hear that somebody may have come, gone, or begun to hide it."""
    return f"presence:{user_id}"


class Presence(Protocol):
    def came(self, user_id: int) -> bool:
        """A stream was opened; true for the person's first."""

    def left(self, user_id: int) -> bool:
        """A stream has ended; true for the person's last."""

    def online(self, user_ids: Iterable[int]) -> set[int]: ...

    def everybody(self) -> set[int]: ...


class LocalPresence:
    """Of one process."""

    def __init__(self) -> None:
        self._streams: Counter[int] = Counter()
        self._lock = threading.Lock()

    def came(self, user_id: int) -> bool:
        with self._lock:
            self._streams[user_id] += 1
            return self._streams[user_id] == 1

    def left(self, user_id: int) -> bool:
        with self._lock:
            self._streams[user_id] -= 1
            if self._streams[user_id] > 0:
                return False
            del self._streams[user_id]
            return True

    def online(self, user_ids: Iterable[int]) -> set[int]:
        return {user_id for user_id in user_ids if user_id in self._streams}

    def everybody(self) -> set[int]:
        with self._lock:
            return set(self._streams)


_presence: Presence = LocalPresence()
_noted: dict[int, int] = {}
_lock = threading.Lock()


def current() -> Presence:
    return _presence


def use(presence: Presence) -> None:
    global _presence
    _presence = presence


def seen(user_id: int) -> None:
    """Somebody is here now. Costs a dictionary entry."""
    if user_id in _noted or len(_noted) < MAX_NOTED:
        _noted[user_id] = clock.now_ms()


@handler("presence", every_seconds=FLUSH_SECONDS)
def flush() -> None:
    """Write down who was seen since the last time; nothing when nobody was."""
    global _noted
    with _lock:
        noted, _noted = _noted, {}
    for user_id in _presence.everybody():
        noted[user_id] = clock.now_ms()
    if noted:
        _write(sorted(noted.items()))


@db.action
def _write(noted: list[tuple[int, int]]) -> None:
    for chunk in sql.chunks(noted):
        alive = {
            row[0]
            for row in sql.rows(
                f"SELECT id FROM identity_user WHERE id IN ({sql.marks(chunk)})", [who for who, _ in chunk]
            )
        }
        sql.insert_many(
            "INSERT INTO identity_lastseen (user_id, at)",
            [(who, at_ms) for who, at_ms in chunk if who in alive],
            tail="ON CONFLICT (user_id) DO UPDATE SET at = excluded.at",
        )
