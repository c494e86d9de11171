"""Threads: their title, whether they are done, and who follows."""

from __future__ import annotations

from posthouse.base import clock, db, sql
from posthouse.conversations import access, log, pointers
from posthouse.conversations.access import Right
from posthouse.conversations.rows import FOLLOW, THREAD, Row, follow_state, thread_state
from posthouse.identity.actor import Actor


@db.action
def change(
    actor: Actor,
    conversation_id: int,
    thread_id: int,
    *,
    title: str | None = None,
    is_resolved: bool | None = None,
) -> None:
    """Call a thread something, or say that it is done (or not)."""
    log.hold(conversation_id)
    thread = access.thread_for(actor, conversation_id, thread_id)
    sets: dict[str, object] = {}
    if title is not None:
        sets["title"] = title
    if is_resolved is not None and is_resolved != (thread.resolved_at is not None):
        sets |= {
            "resolved_at": clock.now_ms() if is_resolved else None,
            "resolved_by_id": actor.user_id if is_resolved else None,
        }
    if sets:
        names = ", ".join(f"{name} = %s" for name in sets)
        sql.run(
            f"UPDATE conversations_thread SET {names}, seq = %s WHERE id = %s",
            [*sets.values(), log.step(conversation_id), thread.id],
        )


@db.action
def follow(
    actor: Actor,
    conversation_id: int,
    thread_id: int,
    *,
    is_following: bool | None = None,
    is_muted: bool | None = None,
) -> Row:
    """Follow a thread from now on or no more; a muted one is followed in silence."""
    thread = access.thread_for(actor, conversation_id, thread_id)
    pointers.follow(actor.user_id, thread.id, conversation_id, read_number=thread.last_number)
    wanted = {"is_following": is_following, "is_muted": is_muted}
    sets = {name: value for name, value in wanted.items() if value is not None}
    if sets:
        names = ", ".join(f"{name} = %s" for name in sets)
        sql.run(
            f"UPDATE conversations_follow SET {names}, own_seq = %s WHERE thread_id = %s AND user_id = %s",
            [*sets.values(), log.own_step(actor.user_id), thread.id, actor.user_id],
        )
    found = sql.row(
        f"SELECT {FOLLOW} FROM conversations_follow f WHERE f.thread_id = %s AND f.user_id = %s",
        [thread.id, actor.user_id],
    )
    assert found is not None
    return follow_state(found)


def thread(actor: Actor, conversation_id: int, thread_id: int) -> Row:
    standing = access.thread_for(actor, conversation_id, thread_id, need=Right.READ).standing
    found = sql.row(f"SELECT {THREAD} FROM conversations_thread t WHERE t.id = %s", [thread_id])
    assert found is not None
    return thread_state(found, floor=standing.floor)
