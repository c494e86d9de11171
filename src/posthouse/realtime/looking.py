"""What one's colleagues see of one in a conversation: that one looks at it, that one is typing. Kept nowhere.

    {"type": "look", "conversation": "7"}
    {"type": "typing", "conversation": "7", "thread": null, "is_typing": true}
    {"type": "typing", "conversation": "8", "answers_mail": true}

One looks at one conversation at a time, of those that the socket follows. Told are those who look at it too, and nobody
else. Who hides that they are online is told of neither, and is not told of others. In notes one may also be writing an
answer to the mail that they are on (`answers_mail`): colleagues see it before they begin another.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from posthouse.base import db
from posthouse.base.hub import Hint, hub
from posthouse.base.paths import read_id
from posthouse.identity import presence, whereabouts
from posthouse.realtime.feeds import Follow
from posthouse.realtime.following import Following
from posthouse.realtime.line import event

TYPING_SECONDS = 2.0
"""What is said more often is left out; a client takes typing for over after three times as long."""


class Looking:
    def __init__(self, user_id: int, following: Following, wake: Callable[[], None]) -> None:
        self._user_id, self._following, self._wake = user_id, following, wake
        self._follow: Follow | None = None
        self._hides: bool | None = None
        self._said: tuple[object, ...] = ()
        self._said_at = 0.0
        self._unsubscribe: Callable[[], None] | None = None

    async def look(self, message: dict[str, Any]) -> bool:
        """Look at the conversation that is named, or at none; false for one that is not followed."""
        conversation_id = read_id(message.get("conversation"))
        follow = self._following.has(conversation_id) if conversation_id is not None else None
        self._look_away()
        if follow is None:
            return message.get("conversation") is None
        if self._unsubscribe is None:
            self._unsubscribe = hub.subscribe(presence.topic(self._user_id), self._may_hide)
        is_hidden = await self._is_hidden()
        if follow.is_open:
            self._follow = follow
            follow.feed.look(follow, is_hidden=is_hidden)
        return True

    async def type(self, message: dict[str, Any]) -> bool:
        """Tell that one is typing, or is not any more; false for a conversation that is not followed."""
        conversation_id, thread_id = read_id(message.get("conversation")), read_id(message.get("thread"))
        follow = self._following.has(conversation_id) if conversation_id is not None else None
        if follow is None:
            return False
        is_typing = message.get("is_typing", True) is not False
        answers_mail = message.get("answers_mail", False) is True
        said, now = (conversation_id, thread_id, is_typing, answers_mail), time.monotonic()
        if (said == self._said and now - self._said_at < TYPING_SECONDS) or await self._is_hidden():
            return True
        self._said, self._said_at = said, now
        telling = {
            "type": "typing",
            "conversation": str(conversation_id),
            "thread": None if thread_id is None else str(thread_id),
            "user": str(self._user_id),
            "is_typing": is_typing,
            "answers_mail": answers_mail,
        }
        if follow.is_open:
            follow.feed.murmur(event(telling), user_id=self._user_id)
        return True

    def close(self) -> None:
        self._look_away()
        if self._unsubscribe is not None:
            self._unsubscribe()

    def _look_away(self) -> None:
        if self._follow is not None:
            self._follow.feed.look_away(self._follow)
            self._follow = None

    async def _is_hidden(self) -> bool:
        """Read once, and again after it may have changed. One who is typing without looking is asked each time."""
        hides = self._hides
        if hides is None:
            hides = await db.reading(whereabouts.hides, self._user_id)
            if self._unsubscribe is not None:
                self._hides = hides
        return hides

    def _may_hide(self, hint: Hint) -> None:
        self._hides = None
        self._wake()

    async def look_again(self) -> None:
        """After a hint that one may hide now, or not any more."""
        follow = self._follow
        if follow is not None and self._hides is None:
            is_hidden = await self._is_hidden()
            if follow is self._follow and follow.is_open:
                follow.feed.look(follow, is_hidden=is_hidden)
