"""Who may read notes: whoever may read the mail that they are on, asked anew each time.

Notes of a thread that has no e-mail any more are nobody's, until jobs.py takes them away.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from posthouse.base import sql
from posthouse.base.errors import Missing
from posthouse.identity.actor import Actor
from posthouse.mail import access, colleagues
from posthouse.mail.access import Right


class Place(NamedTuple):
    conversation_id: int
    account_id: int
    thread_id: int


_PLACE = "SELECT n.conversation_id, n.account_id, n.thread_id FROM bridge_notes n"
LIVING = "EXISTS (SELECT 1 FROM mail_email e WHERE e.thread_id = n.thread_id AND e.account_id = n.account_id)"


def places(conversation_ids: Collection[int]) -> list[Place]:
    """Where conversations of notes are, of threads that are there."""
    return [
        Place(*row)
        for chunk in sql.chunks(conversation_ids)
        for row in sql.rows(
            f"{_PLACE} WHERE n.conversation_id IN ({sql.marks(chunk)}) AND {LIVING}",
            chunk,
        )
    ]


def is_admin_in(actor: Actor, conversation_id: int) -> bool | None:
    found = places([conversation_id])
    right = _right(actor, found[0].account_id) if found else None
    return None if right is None else right is Right.ADMIN


def _right(actor: Actor, account_id: int) -> Right | None:
    if not actor.may("mail.read"):
        return None
    try:
        return access.right_on(actor, account_id)
    except Missing:
        return None


def readable(actor: Actor, conversation_ids: Collection[int]) -> set[int]:
    found = places(conversation_ids)
    rights = {one: _right(actor, one) for one in {place.account_id for place in found}}
    return {place.conversation_id for place in found if rights[place.account_id] is not None}


def readers(conversation_id: int, user_ids: Collection[int]) -> set[int]:
    found = places([conversation_id])
    return colleagues.readers(found[0].account_id, user_ids) if found else set()
