"""Conversations whose people are not a list: who may read one is asked of the room above that keeps it.

Such a conversation is of the kind NOTES. Nobody opens one here, nobody is invited, and it stands in no list of one's
conversations. Who takes part in it (wrote, was named) has a participant's row for pointers and notifications, which
lets nobody read: that is asked anew each time, so who loses the right loses all of it at once.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from posthouse.base.errors import Conflict
from posthouse.identity.actor import Actor

NOTES = "notes"
UNLISTED = "NOT EXISTS (SELECT 1 FROM conversations_conversation z WHERE z.id = {} AND z.kind = 'notes')"
"""A condition for lists over all of one's conversations, which begin at participants."""


class Keeper(Protocol):
    def is_admin_in(self, actor: Actor, conversation_id: int) -> bool | None:
        """Whether the actor may take away what others wrote there; None where they may not read it."""

    def readable(self, actor: Actor, conversation_ids: Collection[int]) -> set[int]:
        """Those that the actor may read."""

    def readers(self, conversation_id: int, user_ids: Collection[int]) -> set[int]:
        """Those of the people who may read it now."""


class _Nobody:
    """Where no room keeps any: nobody may read them."""

    def is_admin_in(self, actor: Actor, conversation_id: int) -> bool | None:
        return None

    def readable(self, actor: Actor, conversation_ids: Collection[int]) -> set[int]:
        return set()

    def readers(self, conversation_id: int, user_ids: Collection[int]) -> set[int]:
        return set()


_kept: list[Keeper] = [_Nobody()]


def kept_by(room: Keeper) -> None:
    """Once at start."""
    _kept[0] = room


def keeper() -> Keeper:
    return _kept[0]


def check_may_leave(kind: str) -> None:
    """Raises Conflict (notes_stay): nothing of it is shown to people whom the keeper does not know."""
    if kind == NOTES:
        raise Conflict("notes_stay", "A note is for those who may read its mail, and goes nowhere else.")
