"""Where the feeds of conversations read (feeds.py): a conversation's log, and a person's own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any, TypeVar

from posthouse.base.api.rendering import dumps
from posthouse.base.errors import CannotCalculate, Missing
from posthouse.conversations import changes, keepers, streams
from posthouse.realtime.feeds import Delta

MAX_BYTES = 512 * 1024
"""Of one message: many clients take a megabyte and no more."""


F = TypeVar("F")


def _fitting(read: Callable[[int, int], tuple[F, bytes]], since: int) -> tuple[F, bytes]:
    """As much as one message may hold; what happened at one number is never taken apart."""
    limit = changes.MAX_LIMIT
    while True:
        found, payload = read(since, limit)
        if len(payload) <= MAX_BYTES or limit == 1:
            return found, payload
        limit = max(1, limit * MAX_BYTES // len(payload) // 2)


class ConversationSource:
    """Its log says who has left, so rights are looked at when it does, and when it is open to others than before.

    Of notes it says nothing of the kind: who may read them is looked at whenever there is something to tell.
    """

    def __init__(self, conversation_id: int) -> None:
        self.id = conversation_id
        self.topic = changes.conversation_topic(conversation_id)
        self.label: dict[str, Any] = {"conversation": str(conversation_id)}

    def read(self, since: int, floor: int = 0) -> Delta:
        try:
            found, payload = _fitting(partial(self._read, floor), since)
        except CannotCalculate:
            if self.state() == 0:
                raise Missing() from None
            raise
        is_only_new = all(
            message["edited_at"] is None and message["deleted_at"] is None for message in found.messages
        )
        is_note = found.conversation is not None and found.conversation["kind"] == keepers.NOTES
        return Delta(
            payload=payload,
            upto=found.state,
            is_of_rights=is_note
            or any(one["left_at"] is not None or one["user_id"] is None for one in found.participants),
            audience=found.conversation["visibility"] if found.conversation else "",
            is_only_new=is_only_new,
            oldest=found.oldest,
        )

    def _read(self, floor: int, since: int, limit: int) -> tuple[changes.Changes, bytes]:
        found = changes.since(self.id, since, limit=limit, floor=floor)
        return found, dumps({"type": "conversation", **found.as_json()})

    def state(self) -> int:
        return changes.seq_of(self.id)

    def listeners(self, user_ids: Collection[int]) -> Mapping[int, int]:
        return streams.listeners(self.id, user_ids)


class OwnSource:
    """What is one person's own: how far they have read, drafts, stars, being in a conversation or out of it."""

    def __init__(self, user_id: int) -> None:
        self.id = user_id
        self.topic = changes.person_topic(user_id)
        self.label: dict[str, Any] = {"own": True}

    def read(self, since: int, floor: int = 0) -> Delta:
        found, payload = _fitting(self._read, since)
        places = frozenset(
            int(place["conversation_id"]) for place in found.conversations if place["left_at"] is None
        )
        return Delta(payload=payload, upto=found.state, places=places)

    def _read(self, since: int, limit: int) -> tuple[changes.OwnChanges, bytes]:
        found = changes.own_since(self.id, since, limit=limit)
        return found, dumps({"type": "own", **found.as_json()})

    def state(self) -> int:
        return changes.own_seq(self.id)

    def listeners(self, user_ids: Collection[int]) -> Mapping[int, int]:
        return dict.fromkeys(user_ids, 0)
