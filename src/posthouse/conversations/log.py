"""The numbers of the logs: taken here, inside an action, and told by the hub after its commit.

A conversation's row is its lock: who takes a number holds it until the commit, so numbers become visible in order.
Where an action takes both kinds, the conversation's comes first, and persons' in the order of their ids.
"""

from __future__ import annotations

from collections.abc import Collection

from posthouse.base import db, sql
from posthouse.conversations.changes import ANY_TOPIC, conversation_topic, person_topic


def hold(conversation_id: int) -> bool:
    """Let no other action into this conversation until the commit; for what looks before it writes.

    What was read before this may be another's past by now. On SQLite the write lane keeps others out anyway, and it
    gives False: what was read before is true as well.
    """
    lock = sql.for_update()
    if lock:
        sql.row(f"SELECT id FROM conversations_conversation WHERE id = %s{lock}", [conversation_id])
    return bool(lock)


def step(conversation_id: int) -> int:
    """The conversation's next number."""
    found = sql.row(
        "UPDATE conversations_conversation SET seq = seq + 1 WHERE id = %s RETURNING seq", [conversation_id]
    )
    assert found is not None
    tell(conversation_id, int(found[0]))
    return int(found[0])


def tell(conversation_id: int, number: int) -> None:
    """Let those who follow know how far it has come; inside the action that took the number."""
    db.hint(conversation_topic(conversation_id), number)
    db.hint(ANY_TOPIC)


def own_step(user_id: int) -> int:
    """The next number of a person's own log."""
    return own_steps([user_id])[user_id]


def own_steps(user_ids: Collection[int]) -> dict[int, int]:
    """The same for many, each their own."""
    numbers: dict[int, int] = {}
    for chunk in sql.chunks(sorted(set(user_ids))):
        sql.insert_many(
            "INSERT INTO conversations_personstate (user_id, seq, hides_reading)",
            [(user_id, 1, False) for user_id in chunk],
            tail="ON CONFLICT (user_id) DO UPDATE SET seq = conversations_personstate.seq + 1",
        )
        numbers |= dict(
            sql.rows(
                f"SELECT user_id, seq FROM conversations_personstate WHERE user_id IN ({sql.marks(chunk)})",
                chunk,
            )
        )
    for user_id, number in numbers.items():
        db.hint(person_topic(user_id), number)
    return numbers
