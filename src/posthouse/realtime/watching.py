"""Whom one socket watches: the people its client shows, and whether they are here.

The client names all of them at once, and again when it shows others; who is not named costs nothing. Coming and going
is a hint under the person's topic, which only says that it may be otherwise: after a short pause all who are watched
are looked at in one query, by what the watcher may see at that moment. The pause lets a page be loaded anew without its
person seeming to leave, and bounds what a crowd costs: one query per socket and pause, however many come and go.

Invariants: one timer at most, and none while nothing happens; what is told follows on what was told before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from posthouse.base import db
from posthouse.base.hub import Hint, hub
from posthouse.identity import presence, whereabouts
from posthouse.identity.actor import Actor

PAUSE_SECONDS = 2.0
MAX_NAME_CHARS = 320


class Watch:
    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._named: dict[str, int] = {}
        self._told: dict[str, bool] = {}
        self._is_ripe = False
        self._is_asked = False
        self._timer: asyncio.TimerHandle | None = None
        self._subscriptions: list[Callable[[], None]] = []

    async def choose(self, actor: Actor, names: list[str]) -> None:
        """Watch these from now on, and nobody else; what holds of them is told whole."""
        named = await db.reading(whereabouts.known, actor, names)
        self._let_go()
        # Oneself too: who begins to hide is not shown others any more.
        topics = {presence.topic(user_id) for user_id in (*named.values(), actor.user_id)} if named else set()
        self._subscriptions = [hub.subscribe(topic, self._hinted) for topic in topics]
        self._named, self._told = named, {}
        self._is_asked = True
        self._ripen()

    async def news(self, actor: Actor) -> dict[str, Any] | None:
        """The message to send, if there is one: all after a choice, later what is not as it was told.

        Somebody who was seen and is not seen any more is null.
        """
        if not self._is_ripe:
            return None
        self._is_ripe = False
        named = self._named
        seen = await db.reading(whereabouts.seen, actor, named) if named else {}
        if named is not self._named:  # others were chosen meanwhile, and are looked at next
            return None
        changed: dict[str, bool | None] = {
            name: is_here for name, is_here in seen.items() if self._told.get(name) is not is_here
        }
        changed |= dict.fromkeys(self._told.keys() - seen.keys())
        is_whole = self._is_asked
        self._told, self._is_asked = seen, False
        if not (is_whole or changed):
            return None
        return {"type": "presence", "people": changed, "is_whole": is_whole}

    def doubt(self) -> None:
        """Something happened that may have changed what is seen."""
        if self._named and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(PAUSE_SECONDS, self._ripen)

    def close(self) -> None:
        self._let_go()
        if self._timer is not None:
            self._timer.cancel()

    def _let_go(self) -> None:
        for unsubscribe in self._subscriptions:
            unsubscribe()
        self._subscriptions = []

    def _hinted(self, hint: Hint) -> None:
        self.doubt()

    def _ripen(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._is_ripe = True
        self._wake()


def names_in(message: dict[str, Any]) -> list[str] | None:
    """`people` of a message: ids and addresses; None for what is no such list."""
    people = message.get("people")
    if not isinstance(people, list) or len(people) > whereabouts.MAX_WATCHED:
        return None
    if not all(isinstance(name, str) and len(name) <= MAX_NAME_CHARS for name in people):
        return None
    return people
