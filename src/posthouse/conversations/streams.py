"""What those who follow many conversations at once ask (realtime/): which they may hear, and how far each has come."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from posthouse.base import sql
from posthouse.conversations import keepers
from posthouse.conversations.access import FLOOR, JOIN, USE
from posthouse.conversations.models import Conversation
from posthouse.identity.actor import Actor

OPEN = Conversation.Visibility.ORGANISATION


class Heard(NamedTuple):
    """How far a conversation's log has come, and up to which message somebody is shown nothing."""

    seq: int
    floor: int


def readable(actor: Actor, conversation_ids: Collection[int]) -> dict[int, Heard]:
    """Those of the conversations that the actor may read; by the rule of access.py."""
    if not actor.may(USE):
        return {}
    may_join = actor.may(JOIN)
    found = [
        row
        for chunk in sql.chunks(list(conversation_ids))
        for row in sql.rows(
            f"SELECT c.id, c.seq, c.visibility, p.id, c.kind, {FLOOR} FROM conversations_conversation c"
            " LEFT JOIN conversations_participant p"
            " ON p.conversation_id = c.id AND p.user_id = %s AND p.left_at IS NULL"
            f" WHERE c.organisation_id = %s AND c.id IN ({sql.marks(chunk)})",
            [actor.user_id, actor.organisation_id, *chunk],
        )
    ]
    kept = [row[0] for row in found if row[4] == keepers.NOTES]
    may_read = keepers.keeper().readable(actor, kept) if kept else set()
    return {
        row[0]: Heard(row[1], row[5])
        for row in found
        if (
            row[0] in may_read
            if row[4] == keepers.NOTES
            else row[3] is not None or (may_join and row[2] == OPEN)
        )
    }


def mine(actor: Actor, *, limit: int) -> list[int]:
    """The conversations that the actor is in but for notes, those with the newest messages first."""
    if not actor.may(USE):
        return []
    found = sql.rows(
        "SELECT p.conversation_id FROM conversations_participant p"
        " JOIN conversations_conversation c ON c.id = p.conversation_id"
        " WHERE p.user_id = %s AND p.left_at IS NULL AND c.kind <> 'notes' ORDER BY c.last_at DESC, c.id DESC LIMIT %s",
        [actor.user_id, limit],
    )
    return [row[0] for row in found]


def listeners(conversation_id: int, user_ids: Collection[int]) -> dict[int, int]:
    """Of people who could read the conversation, those who still may, with the number up to which each is shown
    nothing; what they may do elsewhere is not looked at."""
    found = sql.row(
        "SELECT visibility, kind FROM conversations_conversation WHERE id = %s",
        [conversation_id],
    )
    if found is None:
        return {}
    if found[1] == keepers.NOTES:
        return dict.fromkeys(keepers.keeper().readers(conversation_id, user_ids), 0)
    present = {
        row[0]: row[1]
        for chunk in sql.chunks(list(user_ids))
        for row in sql.rows(
            f"SELECT p.user_id, {FLOOR} FROM conversations_participant p"
            " JOIN conversations_conversation c ON c.id = p.conversation_id"
            f" WHERE c.id = %s AND p.left_at IS NULL AND p.user_id IN ({sql.marks(chunk)})",
            [conversation_id, *chunk],
        )
    }
    return dict.fromkeys(user_ids, 0) | present if found[0] == OPEN else present
