"""What one keeps for oneself: one's place in a conversation, stars, messages out of one's sight, drafts, reminders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from posthouse.base import clock, db, jobs, sql
from posthouse.base.errors import Denied, Limited, Missing
from posthouse.base.ids import new_id
from posthouse.conversations import access, heard, log
from posthouse.conversations.access import Right
from posthouse.conversations.models import Participant
from posthouse.conversations.rows import OWN, REMINDER, Row, own_state, reminder_state
from posthouse.identity.actor import Actor

LEVELS = [str(value) for value in Participant.Level.values]
MAX_REMINDERS = 1_000
_SETTABLE = ("level", "muted_until", "is_favourite", "folder")


@db.action
def change_own(actor: Actor, conversation_id: int, values: Mapping[str, Any]) -> Row:
    """Level, mute (`muted_until` in milliseconds), favourite, folder; `is_hidden` puts it out of the list until
    something new comes."""
    standing = access.conversation_for(actor, conversation_id, need=Right.READ)
    if standing.participant_id is None:
        raise Denied("conversation_right_lacking", "Join the conversation first.")
    sets = {name: values[name] for name in _SETTABLE if name in values}
    if "is_hidden" in values:
        sets["hidden_number"] = standing.last_number if values["is_hidden"] else 0
    if sets:
        names = ", ".join(f"{name} = %s" for name in sets)
        sql.run(
            f"UPDATE conversations_participant SET {names}, own_seq = %s WHERE id = %s",
            [*sets.values(), log.own_step(actor.user_id), standing.participant_id],
        )
    return own(actor, conversation_id)


@db.action
def rename_folder(actor: Actor, folder: str, *, name: str) -> int:
    """Call one of one's own folders something else; under an empty name its conversations lie in none.

    A folder is there while something lies in it. Gives how many conversations were moved.
    """
    actor.require(access.USE)
    inside = "user_id = %s AND folder = %s AND left_at IS NULL"
    found = sql.row(f"SELECT count(*) FROM conversations_participant WHERE {inside}", [actor.user_id, folder])
    if not (found and found[0]) or folder == name:
        return 0
    return sql.run(
        f"UPDATE conversations_participant SET folder = %s, own_seq = %s WHERE {inside}",
        [name, log.own_step(actor.user_id), actor.user_id, folder],
    )


def own(actor: Actor, conversation_id: int) -> Row:
    """One's own place in a conversation; raises Missing for who is not in it."""
    found = sql.row(
        f"SELECT {OWN} FROM conversations_participant p WHERE p.conversation_id = %s AND p.user_id = %s"
        " AND p.left_at IS NULL",
        [conversation_id, actor.user_id],
    )
    if found is None:
        raise Missing()
    return own_state(found)


@db.action
def star(actor: Actor, message_id: int, *, is_starred: bool) -> None:
    _mark(actor, message_id, "is_starred", is_on=is_starred)


@db.action
def hide(actor: Actor, message_id: int) -> None:
    """Delete a message for oneself: it is shown no more to this person, and stays for the others."""
    _mark(actor, message_id, "is_hidden", is_on=True)


def _mark(actor: Actor, message_id: int, name: str, *, is_on: bool) -> None:
    reach = access.present_message_for if is_on else access.message_for
    message = reach(actor, message_id, need=Right.READ)
    found = sql.row(
        f"SELECT {name} FROM conversations_mark WHERE user_id = %s AND message_id = %s",
        [actor.user_id, message.id],
    )
    if bool(found and found[0]) == is_on:
        return
    sql.run(
        "INSERT INTO conversations_mark (id, user_id, message_id, conversation_id, is_starred, is_hidden, own_seq)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (user_id, message_id) DO UPDATE SET"
        f" {name} = excluded.{name}, own_seq = excluded.own_seq",
        [new_id(), actor.user_id, message.id, message.conversation_id,
         is_on and name == "is_starred", is_on and name == "is_hidden", log.own_step(actor.user_id)],
    )  # fmt: skip


def let_go(message_id: int) -> None:
    """Nobody has a star on a message that was deleted, or is reminded of it; inside an action."""
    for table, column, value, where in (
        ("mark", "is_starred", False, "is_starred"),
        ("reminder", "state", "done", "state <> 'done'"),
    ):
        people = [
            row[0]
            for row in sql.rows(
                f"SELECT user_id FROM conversations_{table} WHERE message_id = %s AND {where}", [message_id]
            )
        ]
        for user_id, number in log.own_steps(people).items():
            sql.run(
                f"UPDATE conversations_{table} SET {column} = %s, own_seq = %s WHERE message_id = %s AND user_id = %s",
                [value, number, message_id, user_id],
            )


# --- drafts ---------------------------------------------------------------------------------------


@db.action
def save_draft(
    actor: Actor, conversation_id: int, *, thread_id: int | None, content: Mapping[str, Any] | None
) -> None:
    """What one is writing here, for all one's devices; None when it is sent or thrown away."""
    standing = access.conversation_for(actor, conversation_id)
    if thread_id is not None:
        access.thread_for(actor, standing.id, thread_id)
    text = "" if content is None else orjson.dumps(dict(content)).decode()
    place = thread_id or 0
    before = sql.row(
        "SELECT content FROM conversations_draft WHERE user_id = %s AND conversation_id = %s AND place = %s",
        [actor.user_id, standing.id, place],
    )
    if (before[0] if before else "") == text:
        return
    sql.run(
        "INSERT INTO conversations_draft (id, user_id, conversation_id, thread_id, place, content, changed_at, own_seq)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (user_id, conversation_id, place) DO UPDATE SET"
        " content = excluded.content, changed_at = excluded.changed_at, own_seq = excluded.own_seq",
        [new_id(), actor.user_id, standing.id, thread_id, place, text, clock.now_ms(), log.own_step(actor.user_id)],
    )  # fmt: skip


# --- reminders ------------------------------------------------------------------------------------


@db.action
def remind(actor: Actor, message_id: int, *, at_ms: int) -> Row:
    """Be reminded of a message; another time takes the place of the one before. Raises Limited (too_many_reminders)."""
    message = access.present_message_for(actor, message_id, need=Right.READ)
    waiting = sql.row(
        "SELECT count(*) FROM conversations_reminder WHERE user_id = %s AND state = 'waiting'",
        [actor.user_id],
    )
    if waiting and waiting[0] >= MAX_REMINDERS:
        raise Limited("too_many_reminders", f"{MAX_REMINDERS} reminders wait at most.")
    found = sql.row(
        "INSERT INTO conversations_reminder (id, user_id, message_id, conversation_id, remind_at, state, own_seq)"
        " VALUES (%s, %s, %s, %s, %s, 'waiting', %s) ON CONFLICT (user_id, message_id) DO UPDATE SET"
        " remind_at = excluded.remind_at, state = 'waiting', own_seq = excluded.own_seq RETURNING id",
        [new_id(), actor.user_id, message.id, message.conversation_id, at_ms, log.own_step(actor.user_id)],
    )
    assert found is not None
    jobs.enqueue("conversation_reminder", due_at_ms=at_ms, reminder_id=found[0], at_ms=at_ms)
    return reminder(actor, message_id)


def reminder(actor: Actor, message_id: int) -> Row:
    found = sql.row(
        f"SELECT {REMINDER} FROM conversations_reminder r WHERE r.user_id = %s AND r.message_id = %s",
        [actor.user_id, message_id],
    )
    if found is None:
        raise Missing()
    return reminder_state(found)


@db.action
def forget_reminder(actor: Actor, message_id: int) -> None:
    """Be reminded no more, or have seen that it is due."""
    access.message_for(actor, message_id, need=Right.READ)
    found = sql.row(
        "UPDATE conversations_reminder SET state = 'done', own_seq = %s"
        " WHERE user_id = %s AND message_id = %s AND state <> 'done' RETURNING id",
        [log.own_step(actor.user_id), actor.user_id, message_id],
    )
    if found is None:
        raise Missing()
    heard.reminder(heard.Reminder(found[0], actor.user_id, message_id, is_due=False))


@db.action
def ring(reminder_id: int, *, at_ms: int) -> None:
    """A reminder's time has come; not if it was put off or done meanwhile, or who asked may not read it any more."""
    found = sql.row(
        "SELECT r.user_id, r.message_id FROM conversations_reminder r"
        " JOIN conversations_conversation c ON c.id = r.conversation_id"
        " JOIN conversations_message m ON m.id = r.message_id"
        " LEFT JOIN conversations_participant p ON p.conversation_id = r.conversation_id AND p.user_id = r.user_id"
        " AND p.left_at IS NULL WHERE r.id = %s AND r.state = 'waiting' AND r.remind_at = %s"
        f" AND (p.id IS NOT NULL OR c.visibility = 'organisation') AND m.number > {access.FLOOR}",
        [reminder_id, at_ms],
    )
    if found is None:
        return
    user_id, message_id = found
    if not sql.run(
        "UPDATE conversations_reminder SET state = 'due', own_seq = %s"
        " WHERE id = %s AND state = 'waiting' AND remind_at = %s",
        [log.own_step(user_id), reminder_id, at_ms],
    ):
        return
    heard.reminder(heard.Reminder(reminder_id, user_id, message_id, is_due=True))
