"""What one socket tells of its person's notifications: from where the client was, once it has asked.

A hint under the person's topic says that there is news; they are read from the client's own number when the socket can
take them, so that hints melt into one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from posthouse.base import db
from posthouse.base.hub import Hint, hub
from posthouse.base.paths import read_id
from posthouse.identity.actor import Actor
from posthouse.notifications import queries, telling

NOWHERE = -1
"""Where a client is that knows nothing: it is told how many are unread, and to fetch the list."""


class Notices:
    def __init__(self, user_id: int, wake: Callable[[], None]) -> None:
        self._user_id, self._wake = user_id, wake
        self._told = NOWHERE
        self._is_due = False
        self._unsubscribe: Callable[[], None] | None = None

    def ask(self, message: dict[str, Any]) -> bool:
        """Tell from `since` on, and at once; without it as to one who knows nothing. False for what is no number."""
        since = message.get("since")
        number = NOWHERE if since is None else read_id(since)
        if number is None:
            return False
        self._told = number
        if self._unsubscribe is None:
            self._unsubscribe = hub.subscribe(telling.topic(self._user_id), self._hinted)
        self._ripen()
        return True

    async def news(self, actor: Actor) -> dict[str, Any] | None:
        """The message to send, if there is one."""
        if not self._is_due:
            return None
        self._is_due = False
        found = await db.reading(queries.news, actor, self._told)
        self._told = int(found["seq"])
        return found

    def close(self) -> None:
        if self._unsubscribe is not None:
            self._unsubscribe()

    def _hinted(self, hint: Hint) -> None:
        self._ripen()

    def _ripen(self) -> None:
        self._is_due = True
        self._wake()
