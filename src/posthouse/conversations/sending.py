"""Sending: in a conversation, in a thread, as an answer, as a forward. At once, or later (scheduling.py).

A message of a known `client_id`, or under a known `Idempotency-Key`, is the one that was sent before: it is given, and
nothing is sent twice. Sending writes no row per member: who is new to a thread, or named, has one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from posthouse.base import clock, db, sql
from posthouse.base.errors import Invalid, Missing
from posthouse.base.ids import new_id
from posthouse.base.repeated import Keys
from posthouse.conversations import access, appending, files, keepers, log, mentions, pointers, taking_part
from posthouse.conversations.access import MessageRef, Right, Standing
from posthouse.conversations.appending import New
from posthouse.conversations.markdown import Rendered
from posthouse.conversations.models import Message
from posthouse.identity.actor import Actor

_KEYS = Keys("conversations_idempotencykey", ("message_id", "scheduled_id"))
IMPORTANCES = [str(value) for value in Message.Importance.values]


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What somebody wants to say. `answers` opens (or goes on with) the thread below a message."""

    text: str = ""
    thread_id: int | None = None
    answers: int | None = None
    reply_to: int | None = None
    importance: str = Message.Importance.NORMAL
    needs_ack: bool = False
    file_ids: Sequence[int] = ()
    client_id: str | None = None
    forwards: int | None = None
    key: str = ""
    fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message, or one that waits (`scheduled_id`). A repeated one was there before."""

    message_id: int | None = None
    scheduled_id: int | None = None
    is_repeat: bool = False


def send(actor: Actor, conversation_id: int, writing: Writing) -> Sent:
    """Send now. Raises Missing, Denied, Conflict (conversation_archived, idempotency_key_reused), Invalid."""
    rendered = mentions.rendered(actor.organisation_id, writing.text)
    here = mentions.who_is_here(conversation_id, rendered.mentions)
    return send_rendered(actor, conversation_id, writing, rendered, here=here)


def reply(actor: Actor, message_id: int, writing: Writing, *, in_thread: bool) -> Sent:
    """Answer a message: below it, in its thread; or in the main timeline, quoting it."""
    message = access.present_message_for(actor, message_id, need=Right.POST)
    given = replace(writing, reply_to=message.id)
    if in_thread:
        given = replace(given, answers=message.id)
    return send(actor, message.conversation_id, given)


def forward(actor: Actor, message_id: int, *, to: int, writing: Writing) -> Sent:
    """Send what a message says to another conversation, with a word of one's own before it; its files go along."""
    message = access.present_message_for(actor, message_id, need=Right.READ)
    keepers.check_may_leave(message.standing.kind)
    return send(actor, to, replace(writing, forwards=message_id))


@db.action
def send_rendered(
    actor: Actor, conversation_id: int, writing: Writing, rendered: Rendered, *, here: frozenset[int]
) -> Sent:
    log.hold(conversation_id)
    standing = access.conversation_for(actor, conversation_id, need=Right.POST)
    earlier = replayed(actor, key=writing.key, fingerprint=writing.fingerprint) or _repeated(
        actor, standing, writing
    )
    if earlier is not None:
        return earlier
    new = _new(actor, standing, writing, rendered)
    attached = files.waiting(actor, writing.file_ids)
    if new.forwarded_from is not None:
        attached += files.copies(new.forwarded_from)
    if not (new.body.strip() or attached):
        raise Invalid("empty_message", "A message says something, or brings a file.", pointer="/text")
    new = replace(new, attachments=[files.state(file) for file in attached])
    taking_part.bring_in(standing, actor.user_id, rendered.mentions)
    appended = appending.append(new)
    files.attach([file.id for file in attached], message_id=appended.id)
    named = mentions.note(
        rendered.mentions,
        here=here,
        conversation_id=standing.id,
        message_id=appended.id,
        thread_id=new.thread_id,
        number=appended.number,
    )
    if new.thread_id is None:
        pointers.move(
            actor.user_id,
            standing,
            read_number=appended.number,
            delivered_number=appended.number,
            seq=appended.seq,
        )
    else:
        _follow(actor, standing, new.thread_id, named, number=appended.number)
    sent = Sent(message_id=appended.id)
    keep_key(actor, writing, sent)
    return sent


def _new(actor: Actor, standing: Standing, writing: Writing, rendered: Rendered) -> New:
    thread_id = writing.thread_id
    if thread_id is not None:
        access.thread_for(actor, standing.id, thread_id, need=Right.POST)
    if writing.answers is not None:
        thread_id = _thread_below(actor, standing, writing.answers)
    if writing.reply_to is not None:
        _same_conversation(actor, standing, writing.reply_to)
    new = New(
        conversation_id=standing.id,
        author_id=actor.user_id,
        thread_id=thread_id,
        body=writing.text,
        rendered=rendered,
        reply_to=writing.reply_to,
        importance=writing.importance,
        needs_ack=writing.needs_ack,
        client_id=writing.client_id,
    )
    return new if writing.forwards is None else _forwarding(actor, new, writing.forwards)


def _forwarding(actor: Actor, new: New, message_id: int) -> New:
    """The text stands below one's own, quoted by nothing but its author's name beside it."""
    message = access.present_message_for(actor, message_id, need=Right.READ)
    keepers.check_may_leave(message.standing.kind)
    found = sql.row(
        "SELECT body, html, author_name, author_email FROM conversations_message WHERE id = %s", [message_id]
    )
    assert found is not None
    body, html, name, email = found
    own = new.rendered
    return replace(
        new,
        body=f"{new.body}\n\n{body}" if new.body.strip() else body,
        rendered=Rendered(f"{own.html}\n{html}" if own.html else html, own.mentions),
        forwarded_from=message_id,
        forwarded_name=name or email,
    )


def _same_conversation(actor: Actor, standing: Standing, message_id: int) -> MessageRef:
    message = access.message_for(actor, message_id, need=Right.READ)
    if message.conversation_id != standing.id:
        raise Missing()
    return message


def _thread_below(actor: Actor, standing: Standing, message_id: int) -> int:
    """The thread that an answer to a message goes to; it begins with the first answer, and its author follows it."""
    message = _same_conversation(actor, standing, message_id)
    if message.thread_id is not None:
        return message.thread_id
    found = sql.row("SELECT id FROM conversations_thread WHERE root_id = %s", [message.id])
    if found is not None:
        return int(found[0])
    thread_id, now_ms = new_id(), clock.now_ms()
    sql.run(
        "INSERT INTO conversations_thread (id, conversation_id, root_id, root_number, title, reply_count, last_number,"
        " last_at, seq) VALUES (%s, %s, %s, %s, '', 0, %s, %s, %s)",
        [thread_id, standing.id, message.id, message.number, message.number, now_ms, standing.seq],
    )
    if message.author_id is not None and message.kind == Message.Kind.TEXT:
        is_in = sql.row(
            "SELECT 1 FROM conversations_participant WHERE conversation_id = %s AND user_id = %s AND left_at IS NULL",
            [standing.id, message.author_id],
        )
        if is_in:
            pointers.follow(message.author_id, thread_id, standing.id, read_number=message.number)
    return thread_id


def _follow(actor: Actor, standing: Standing, thread_id: int, named: Sequence[int], *, number: int) -> None:
    """Who answers follows, and has read; who is named follows from that answer on."""
    pointers.follow(actor.user_id, thread_id, standing.id, read_number=number, returns=True)
    pointers.move_follow(actor.user_id, thread_id, number)
    for user_id in named:
        if user_id != actor.user_id:
            pointers.follow(user_id, thread_id, standing.id, read_number=number - 1)


# --- once -----------------------------------------------------------------------------------------


def _repeated(actor: Actor, standing: Standing, writing: Writing) -> Sent | None:
    if writing.client_id is None:
        return None
    found = sql.row(
        "SELECT id FROM conversations_message WHERE conversation_id = %s AND author_id = %s AND client_id = %s",
        [standing.id, actor.user_id, writing.client_id],
    )
    return None if found is None else Sent(message_id=int(found[0]), is_repeat=True)


def replayed(actor: Actor, *, key: str, fingerprint: str) -> Sent | None:
    """What a request under this key gave before; raises Conflict when it was another request."""
    earlier = _KEYS.earlier(actor.user_id, key, fingerprint)
    if earlier is None:
        return None
    message_id, scheduled_id = earlier
    return Sent(message_id=message_id, scheduled_id=scheduled_id, is_repeat=True)


def keep_key(actor: Actor, writing: Writing, sent: Sent) -> None:
    """Inside the action."""
    _KEYS.keep(actor.user_id, writing.key, writing.fingerprint, sent.message_id, sent.scheduled_id)
