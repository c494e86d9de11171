"""What happens to a message after it was sent: edited, deleted, reacted to, pinned, acknowledged.

Editing and deleting end with the time that the organisation or the conversation allows; admins of the conversation
delete without end. What is deleted for everybody leaves a row without content, and nothing of it elsewhere unless a
legal hold keeps it.
"""

from __future__ import annotations

import unicodedata

import orjson

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import clock, db, sql
from posthouse.base.errors import Denied, Invalid, Limited
from posthouse.base.ids import new_id
from posthouse.conversations import (
    access,
    appending,
    heard,
    log,
    mentions,
    personal,
    policies,
    previews,
    taking_part,
)
from posthouse.conversations.access import MessageRef, Right
from posthouse.conversations.markdown import Rendered
from posthouse.conversations.models import Message
from posthouse.identity.actor import Actor

MAX_REACTIONS = 50
MAX_PINS = 100
MAX_REVISIONS = 500
MAX_EMOJI_CHARS = 16
_EMOJI_CATEGORIES = frozenset({"So", "Sk", "Mn", "Me", "Cf", "Cn"})


def edit(actor: Actor, message_id: int, *, text: str) -> None:
    """Say something else in one's own message; what it said before stays readable, unless policy hides it."""
    message = access.present_message_for(actor, message_id)
    rendered = mentions.rendered(actor.organisation_id, text)
    here = mentions.who_is_here(message.conversation_id, rendered.mentions)
    _edit(actor, message_id, text, rendered, here=here)


def _held(actor: Actor, message_id: int, *, need: Right = Right.WRITE) -> MessageRef:
    """A message that is there, and that nobody else changes until the commit. Inside actions."""
    message = access.present_message_for(actor, message_id, need=need)
    if not log.hold(message.conversation_id):
        return message
    return access.present_message_for(actor, message_id, need=need)


@db.action
def _edit(actor: Actor, message_id: int, text: str, rendered: Rendered, *, here: frozenset[int]) -> None:
    message = _held(actor, message_id)
    if message.author_id != actor.user_id or message.kind != Message.Kind.TEXT:
        raise Denied("not_your_message", "Nobody edits what somebody else wrote.")
    policies.check_in_time(
        message.created_at, policies.limits(message.conversation_id).edit_seconds, "edited"
    )
    found = sql.row(
        "SELECT body, html, revisions, attachments, previews FROM conversations_message WHERE id = %s",
        [message.id],
    )
    assert found is not None
    body, html, revisions, attachments, shown = found
    if body == text:
        return
    if not text.strip() and attachments == "[]":
        raise Invalid("empty_message", "A message says something, or brings a file.", pointer="/text")
    if revisions >= MAX_REVISIONS:
        raise Limited("too_many_edits", "This message was edited too often.")
    taking_part.bring_in(message.standing, actor.user_id, rendered.mentions)
    _keep_revision(message.id, revisions + 1, body, html)
    sql.run(
        "UPDATE conversations_message SET body = %s, html = %s, mentions = %s, revisions = revisions + 1,"
        " edited_at = %s, seq = %s WHERE id = %s",
        [text, rendered.html, appending.mentions_json(rendered.mentions), clock.now_ms(),
         log.step(message.conversation_id), message.id],
    )  # fmt: skip
    previews.edited(message.id, rendered, shown=shown)
    named_before = mentions.named_by_here(message.id)
    mentions.forget(message.id)
    mentions.note(
        rendered.mentions,
        here=named_before or here,
        conversation_id=message.conversation_id,
        message_id=message.id,
        thread_id=message.thread_id,
        number=message.number,
    )


def _keep_revision(message_id: int, number: int, body: str, html: str) -> None:
    sql.run(
        "INSERT INTO conversations_revision (id, message_id, number, body, html, until)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        [new_id(), message_id, number, body, html, clock.now_ms()],
    )


@db.action
def delete(actor: Actor, message_id: int) -> None:
    """Take a message away from everybody. Raises Denied (not_your_message), Conflict (too_late, message_deleted)."""
    message = _held(actor, message_id, need=Right.READ)
    limits = policies.limits(message.conversation_id)
    is_admins = message.author_id != actor.user_id
    if message.kind != Message.Kind.TEXT:
        raise Denied("not_your_message", "What the house wrote stays.")
    if is_admins:
        access.check_may_remove(actor, message)
    elif not message.standing.is_admin:
        policies.check_in_time(message.created_at, limits.delete_seconds, "deleted")
    take_away(message, keeps_content=limits.is_held)
    record(
        actor,
        Act.CONVERSATION_MESSAGE_DELETED,
        kind="conversation",
        object_id=message.conversation_id,
        subject=message.author_id,
        facts={"message": str(message.id), "by_admin": is_admins},
    )


def take_away(message: MessageRef, *, keeps_content: bool) -> None:
    """Leave a row without content; inside an action that holds the conversation.

    What a legal hold keeps is kept as a revision that nobody is shown.
    """
    if keeps_content:
        found = sql.row("SELECT body, html, revisions FROM conversations_message WHERE id = %s", [message.id])
        assert found is not None
        _keep_revision(message.id, found[2] + 1, found[0], found[1])
    else:
        sql.run("DELETE FROM conversations_revision WHERE message_id = %s", [message.id])
        sql.run("DELETE FROM conversations_file WHERE message_id = %s", [message.id])
    sql.run("DELETE FROM conversations_preview WHERE message_id = %s", [message.id])
    mentions.forget(message.id)
    personal.let_go(message.id)
    seq = log.step(message.conversation_id)
    sql.run(
        "UPDATE conversations_message SET body = '', html = '', mentions = '[]', attachments = '[]', reactions = '{}',"
        " previews = '[]',"
        " forwarded_from_id = NULL, forwarded_name = '', reply_to_id = NULL, importance = 'normal', needs_ack = %s,"
        " revisions = 0, edited_at = NULL, pinned_at = NULL, pinned_by_id = NULL, deleted_at = %s, seq = %s"
        " WHERE id = %s",
        [False, clock.now_ms(), seq, message.id],
    )
    recount(message.conversation_id, message.thread_id, seq, but=message.number)
    heard.deleted(message.conversation_id, message.thread_id, message.number)


def recount(conversation_id: int, thread_id: int | None, seq: int, *, but: int) -> None:
    """Which is the newest that is there, after one (numbered `but`) has gone: counters and badges go by it."""
    newest = (
        "SELECT coalesce(max(number), 0) FROM conversations_message WHERE conversation_id = %s AND thread_id {}"
        " AND deleted_at IS NULL AND kind = 'text'"
    )
    if thread_id is None:
        found = sql.row(newest.format("IS NULL"), [conversation_id])
        sql.run(
            "UPDATE conversations_conversation SET last_main_number = %s WHERE id = %s AND last_main_number = %s",
            [found[0] if found else 0, conversation_id, but],
        )
        return
    found = sql.row(newest.format("= %s"), [conversation_id, thread_id])
    sql.run(
        "UPDATE conversations_thread SET reply_count = reply_count - 1, seq = %s,"
        " last_number = CASE WHEN last_number = %s THEN %s ELSE last_number END WHERE id = %s",
        [seq, but, found[0] if found else 0, thread_id],
    )


@db.action
def react(actor: Actor, message_id: int, emoji: str, *, is_on: bool) -> None:
    """Put a reaction to a message, or take one's own back. Raises Invalid (not_an_emoji) and Limited."""
    message = _held(actor, message_id)
    if not is_emoji(emoji):
        raise Invalid("not_an_emoji", "A reaction is one emoji.", pointer="/emoji")
    found = sql.row("SELECT reactions FROM conversations_message WHERE id = %s", [message.id])
    reactions: dict[str, list[str]] = orjson.loads(found[0]) if found else {}
    before, me = reactions.get(emoji, []), str(actor.user_id)
    if (me in before) == is_on:
        return
    if is_on and emoji not in reactions and len(reactions) >= MAX_REACTIONS:
        raise Limited("too_many_reactions", f"A message has {MAX_REACTIONS} kinds of reactions at most.")
    now = [*before, me] if is_on else [one for one in before if one != me]
    kept = (
        {**reactions, emoji: now} if now else {key: some for key, some in reactions.items() if key != emoji}
    )
    _change(message, reactions=orjson.dumps(kept).decode())


def is_emoji(text: str) -> bool:
    """One picture character with what belongs to it (RFC 9078's base-emojis), or a keycap."""
    if not 0 < len(text) <= MAX_EMOJI_CHARS:
        return False
    if text[-1] == "\u20e3":
        return text[0] in "0123456789#*" and text[1:-1] in ("", "\ufe0f")
    if any(unicodedata.category(c) not in _EMOJI_CATEGORIES for c in text):
        return False
    return any(unicodedata.category(c) == "So" or 0x1F000 <= ord(c) <= 0x1FAFF for c in text)


@db.action
def pin(actor: Actor, message_id: int, *, is_pinned: bool) -> None:
    """Keep a message at hand for everybody. Raises Limited (too_many_pins)."""
    message = _held(actor, message_id, need=Right.POST)
    if (message.pinned_at is not None) == is_pinned:
        return
    pins = sql.row(
        "SELECT count(*) FROM conversations_message WHERE conversation_id = %s AND pinned_at IS NOT NULL",
        [message.conversation_id],
    )
    if is_pinned and pins and pins[0] >= MAX_PINS:
        raise Limited("too_many_pins", f"A conversation has {MAX_PINS} pins at most.")
    _change(
        message,
        pinned_at=clock.now_ms() if is_pinned else None,
        pinned_by_id=actor.user_id if is_pinned else None,
    )


@db.action
def acknowledge(actor: Actor, message_id: int, *, is_done: bool) -> None:
    """Say that one has taken note of a message that asks for it, or take it back."""
    message = _held(actor, message_id)
    asks = sql.row("SELECT needs_ack FROM conversations_message WHERE id = %s", [message.id])
    if not (asks and asks[0]):
        raise Invalid("no_acknowledgement", "This message asks for no acknowledgement.")
    if is_done:
        changed = sql.run(
            "INSERT INTO conversations_acknowledgement (id, message_id, user_id, at) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (message_id, user_id) DO NOTHING",
            [new_id(), message.id, actor.user_id, clock.now_ms()],
        )
    else:
        changed = sql.run(
            "DELETE FROM conversations_acknowledgement WHERE message_id = %s AND user_id = %s",
            [message.id, actor.user_id],
        )
    if changed:
        sql.run(
            "UPDATE conversations_message SET ack_count = ack_count + %s, seq = %s WHERE id = %s",
            [1 if is_done else -1, log.step(message.conversation_id), message.id],
        )


def _change(message: MessageRef, **values: object) -> None:
    sets = ", ".join(f"{name} = %s" for name in values)
    sql.run(
        f"UPDATE conversations_message SET {sets}, seq = %s WHERE id = %s",
        [*values.values(), log.step(message.conversation_id), message.id],
    )
