"""Messages that are sent later: at a date, or after the moment in which sending can be undone.

One row, and one compare-and-set decides between sending and taking back. A message whose time passed while the server
was down is sent when it is up again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson

from posthouse.base import clock, db, jobs, sql
from posthouse.base.errors import Conflict, Failure, Limited, Missing
from posthouse.base.ids import new_id
from posthouse.conversations import access, files, keepers, log, mentions, sending
from posthouse.conversations.access import Right
from posthouse.conversations.markdown import Rendered
from posthouse.conversations.rows import SCHEDULED, Row, scheduled_state
from posthouse.conversations.sending import Sent, Writing
from posthouse.identity import queries as people
from posthouse.identity.actor import Actor

MAX_HOLD_SECONDS = 60
MAX_WAITING = 500


@db.action
def schedule(actor: Actor, conversation_id: int, writing: Writing, *, send_at_ms: int) -> Sent:
    """Keep a message until its time. It is checked now as if it were sent, and again then."""
    own_seq = log.own_step(
        actor.user_id
    )  # before what may have been asked for already: one's own acts wait here
    standing = access.conversation_for(actor, conversation_id, need=Right.POST)
    earlier = sending.replayed(actor, key=writing.key, fingerprint=writing.fingerprint) or _repeated(
        actor, standing.id, writing.client_id
    )
    if earlier is not None:
        return earlier
    if writing.thread_id is not None:
        access.thread_for(actor, standing.id, writing.thread_id, need=Right.POST)
    files.waiting(actor, writing.file_ids)
    waiting = sql.row(
        "SELECT count(*) FROM conversations_scheduled WHERE user_id = %s AND state = 'waiting'",
        [actor.user_id],
    )
    if waiting and waiting[0] >= MAX_WAITING:
        raise Limited("too_many_scheduled", f"{MAX_WAITING} messages wait at most.")
    scheduled_id = new_id()
    sql.run(
        "INSERT INTO conversations_scheduled (id, user_id, conversation_id, content, client_id, send_at, state, reason,"
        " created_at, own_seq) VALUES (%s, %s, %s, %s, %s, %s, 'waiting', '', %s, %s)",
        [scheduled_id, actor.user_id, standing.id, _packed(writing), writing.client_id, send_at_ms, clock.now_ms(),
         own_seq],
    )  # fmt: skip
    sent = Sent(scheduled_id=scheduled_id)
    sending.keep_key(actor, writing, sent)
    jobs.enqueue("conversation_scheduled", due_at_ms=send_at_ms, scheduled_id=scheduled_id)
    return sent


def schedule_reply(
    actor: Actor, message_id: int, writing: Writing, *, in_thread: bool, send_at_ms: int
) -> Sent:
    """An answer that is sent later, as sending.reply."""
    message = access.present_message_for(actor, message_id, need=Right.POST)
    given = replace(writing, reply_to=message.id, answers=message.id if in_thread else None)
    return schedule(actor, message.conversation_id, given, send_at_ms=send_at_ms)


def schedule_forward(actor: Actor, message_id: int, *, to: int, writing: Writing, send_at_ms: int) -> Sent:
    """A forward that is sent later; what the message says then is what goes."""
    message = access.present_message_for(actor, message_id, need=Right.READ)
    keepers.check_may_leave(message.standing.kind)
    return schedule(actor, to, replace(writing, forwards=message_id), send_at_ms=send_at_ms)


def _repeated(actor: Actor, conversation_id: int, client_id: str | None) -> Sent | None:
    if client_id is None:
        return None
    found = sql.row(
        "SELECT id FROM conversations_scheduled WHERE user_id = %s AND conversation_id = %s AND client_id = %s",
        [actor.user_id, conversation_id, client_id],
    )
    return None if found is None else Sent(scheduled_id=int(found[0]), is_repeat=True)


def _packed(writing: Writing) -> str:
    content: dict[str, Any] = {
        "text": writing.text,
        "thread_id": _name(writing.thread_id),
        "answers": _name(writing.answers),
        "reply_to": _name(writing.reply_to),
        "forwards": _name(writing.forwards),
        "importance": writing.importance,
        "needs_ack": writing.needs_ack,
        "file_ids": [str(file_id) for file_id in writing.file_ids],
    }
    return orjson.dumps(content).decode()


def _name(id_: int | None) -> str | None:
    return None if id_ is None else str(id_)


def _unpacked(content: str, client_id: str | None) -> Writing:
    given = orjson.loads(content)
    return Writing(
        text=given["text"],
        thread_id=_number(given["thread_id"]),
        answers=_number(given["answers"]),
        reply_to=_number(given["reply_to"]),
        forwards=_number(given["forwards"]),
        importance=given["importance"],
        needs_ack=given["needs_ack"],
        file_ids=[int(file_id) for file_id in given["file_ids"]],
        client_id=client_id,
    )


def _number(name: str | None) -> int | None:
    return None if name is None else int(name)


@db.action
def cancel(actor: Actor, scheduled_id: int) -> None:
    """Take back what has not been sent. Raises Conflict (already_sent), Missing."""
    _change_waiting(actor, scheduled_id, "state = %s", "cancelled")


@db.action
def put_off(actor: Actor, scheduled_id: int, *, send_at_ms: int) -> None:
    """Send at another time. Raises Conflict (already_sent), Missing."""
    _change_waiting(actor, scheduled_id, "send_at = %s", send_at_ms)
    jobs.enqueue("conversation_scheduled", due_at_ms=send_at_ms, scheduled_id=scheduled_id)


def _change_waiting(actor: Actor, scheduled_id: int, what: str, value: object) -> None:
    """The message before its person's log, in the order of the job that sends it."""
    if not sql.run(
        f"UPDATE conversations_scheduled SET {what} WHERE id = %s AND user_id = %s AND state = 'waiting'",
        [value, scheduled_id, actor.user_id],
    ):
        one(actor, scheduled_id)
        raise Conflict("already_sent", "It does not wait any more.")
    _stamp(scheduled_id, actor.user_id)


def _stamp(scheduled_id: int, user_id: int) -> None:
    sql.run(
        "UPDATE conversations_scheduled SET own_seq = %s WHERE id = %s",
        [log.own_step(user_id), scheduled_id],
    )


def one(actor: Actor, scheduled_id: int) -> Row:
    actor.require(access.USE)
    found = sql.row(
        f"SELECT {SCHEDULED} FROM conversations_scheduled x WHERE x.id = %s AND x.user_id = %s",
        [scheduled_id, actor.user_id],
    )
    if found is None:
        raise Missing()
    return scheduled_state(found)


def waiting(actor: Actor) -> list[Row]:
    """What waits to be sent, and what could not be, the next first."""
    actor.require(access.USE)
    return [
        scheduled_state(row)
        for row in sql.rows(
            f"SELECT {SCHEDULED} FROM conversations_scheduled x WHERE x.user_id = %s"
            " AND x.state IN ('waiting', 'failed') ORDER BY x.send_at, x.id LIMIT %s",
            [actor.user_id, MAX_WAITING],
        )
    ]


def send_due(scheduled_id: int) -> None:
    """Send one whose time has come; what may not be sent any more says why. Does nothing the second time."""
    found = sql.row(
        "SELECT user_id, conversation_id, content, client_id, send_at FROM conversations_scheduled"
        " WHERE id = %s AND state = 'waiting'",
        [scheduled_id],
    )
    if found is None or found[4] > clock.now_ms():
        return
    user_id, conversation_id, content, client_id, _ = found
    try:
        actor = people.active_actor(user_id, via="job")
        writing = _unpacked(content, client_id)
        rendered = mentions.rendered(actor.organisation_id, writing.text)
        here = mentions.who_is_here(conversation_id, rendered.mentions)
        _send(actor, scheduled_id, conversation_id, writing, rendered, here)
    except Failure as failure:
        _fail(scheduled_id, user_id, failure.code)


@db.action
def _send(
    actor: Actor,
    scheduled_id: int,
    conversation_id: int,
    writing: Writing,
    rendered: Rendered,
    here: frozenset[int],
) -> None:
    """Both or neither: taken back after this has begun, it finds its row no longer waiting; put off, it waits on."""
    if not sql.run(
        "UPDATE conversations_scheduled SET state = 'sent' WHERE id = %s AND state = 'waiting' AND send_at <= %s",
        [scheduled_id, clock.now_ms()],
    ):
        return
    sent = sending.send_rendered(actor, conversation_id, writing, rendered, here=here)
    sql.run(
        "UPDATE conversations_scheduled SET message_id = %s, own_seq = %s WHERE id = %s",
        [sent.message_id, log.own_step(actor.user_id), scheduled_id],
    )


@db.action
def _fail(scheduled_id: int, user_id: int, code: str) -> None:
    if sql.run(
        "UPDATE conversations_scheduled SET state = 'failed', reason = %s WHERE id = %s AND state = 'waiting'",
        [code[:60], scheduled_id],
    ):
        _stamp(scheduled_id, user_id)
