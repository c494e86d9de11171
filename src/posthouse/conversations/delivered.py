"""What reached somebody's device, for many people at once.

In small conversations (rows.LIVE_RECEIPTS) it is part of what everybody sees, as reading is; in others it is kept for
`readers/` alone, and nobody's log moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from posthouse.base import db, sql
from posthouse.conversations import log, rows


class Got(NamedTuple):
    """A person has the messages of a conversation up to a number."""

    user_id: int
    conversation_id: int
    number: int


@db.action
def note_delivered(got: Sequence[Got]) -> None:
    """Move pointers forward; who is not in the conversation has none, and nobody has got what was not sent yet."""
    steps: dict[int, int] = {}
    moved: list[tuple[int, int, int]] = []
    for chunk in sql.chunks(got):
        wanted = {(one.conversation_id, one.user_id): one.number for one in chunk}
        conversations, people = sorted({one[0] for one in wanted}), sorted({one[1] for one in wanted})
        _hold_small(conversations)
        found = sql.rows(
            "SELECT p.id, p.conversation_id, p.user_id, p.delivered_number, p.seq, c.last_number, c.members"
            " FROM conversations_participant p JOIN conversations_conversation c ON c.id = p.conversation_id"
            f" WHERE p.conversation_id IN ({sql.marks(conversations)}) AND p.user_id IN ({sql.marks(people)})"
            f" AND p.left_at IS NULL ORDER BY p.conversation_id, p.id{_lock()}",
            [*conversations, *people],
        )
        for id_, conversation_id, user_id, before, own, last_number, members in found:
            number = min(wanted.get((conversation_id, user_id), 0), last_number)
            if number <= before:
                continue
            if members <= rows.LIVE_RECEIPTS and conversation_id not in steps:
                steps[conversation_id] = log.step(conversation_id)
            moved.append((id_, number, steps.get(conversation_id, own)))
    sql.update_many("conversations_participant SET delivered_number = v.column2, seq = v.column3", moved)


def _hold_small(conversation_ids: Sequence[int]) -> None:
    """Those whose logs may move, as who sends does: the conversation before the people in it."""
    if sql.for_update():
        sql.rows(
            f"SELECT id FROM conversations_conversation WHERE id IN ({sql.marks(conversation_ids)})"
            f" AND members <= %s ORDER BY id{sql.for_update()}",
            [*conversation_ids, rows.LIVE_RECEIPTS],
        )


def _lock() -> str:
    return f"{sql.for_update()} OF p" if sql.for_update() else ""
