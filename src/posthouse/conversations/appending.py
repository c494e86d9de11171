"""One more message in a conversation's log: its number, its place, and what its coming changes. Inside actions only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from posthouse.base import clock, sql
from posthouse.base.ids import new_id
from posthouse.conversations import heard, log, previews
from posthouse.conversations.markdown import Mentioned, Rendered
from posthouse.conversations.models import Message

NOTHING = Rendered("", [])


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """`event` makes it a system message; outside people have a name and an address in place of an author."""

    conversation_id: int
    author_id: int | None
    author_name: str = ""
    author_email: str = ""
    thread_id: int | None = None
    body: str = ""
    rendered: Rendered = NOTHING
    event: dict[str, Any] | None = None
    reply_to: int | None = None
    forwarded_from: int | None = None
    forwarded_name: str = ""
    importance: str = Message.Importance.NORMAL
    needs_ack: bool = False
    attachments: Sequence[dict[str, Any]] = ()
    client_id: str | None = None


class Appended(NamedTuple):
    id: int
    number: int
    seq: int


def append(new: New) -> Appended:
    """Write the row and count it; pointers and mentions are the caller's."""
    now_ms, message_id = clock.now_ms(), new_id()
    number, seq = _next(new, now_ms)
    sql.run(
        "INSERT INTO conversations_message (id, conversation_id, number, thread_id, author_id, author_name,"
        " author_email, kind, body, html, event, mentions, reply_to_id, forwarded_from_id, forwarded_name,"
        " importance, needs_ack, ack_count, attachments, reactions, revisions, client_id, created_at, seq,"
        " created_seq) VALUES (%s, %s, %s, %s, %s,"
        " coalesce((SELECT name FROM identity_user WHERE id = %s), %s),"
        " %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 0, %s, '{}', 0, %s, %s, %s, %s)",
        [message_id, new.conversation_id, number, new.thread_id, new.author_id, new.author_id, new.author_name,
         new.author_email, kind_of(new), new.body, new.rendered.html,
         "" if new.event is None else orjson.dumps(new.event).decode(), mentions_json(new.rendered.mentions),
         new.reply_to, new.forwarded_from, new.forwarded_name, new.importance, new.needs_ack,
         orjson.dumps(list(new.attachments)).decode(), new.client_id, now_ms, seq, seq],
    )  # fmt: skip
    if new.thread_id is not None:
        sql.run(
            "UPDATE conversations_thread SET reply_count = reply_count + 1, last_number = %s, last_at = %s, seq = %s"
            " WHERE id = %s",
            [number, now_ms, seq, new.thread_id],
        )
    if new.event is None:
        previews.look_later(message_id, new.rendered)
        heard.sent(message_id)
    return Appended(message_id, number, seq)


def _next(new: New, now_ms: int) -> tuple[int, int]:
    """The next number of message and log. What nobody wrote brings nothing to the top and is nothing unread."""
    written = new.event is None
    also = ", last_at = %s" if written else ""
    if written and new.thread_id is None:
        also += ", last_main_number = last_number + 1"
    found = sql.row(
        f"UPDATE conversations_conversation SET seq = seq + 1, last_number = last_number + 1{also}"
        " WHERE id = %s RETURNING last_number, seq",
        [*([now_ms] if written else []), new.conversation_id],
    )
    assert found is not None
    log.tell(new.conversation_id, int(found[1]))
    return int(found[0]), int(found[1])


def kind_of(new: New) -> str:
    return Message.Kind.TEXT if new.event is None else Message.Kind.SYSTEM


def mentions_json(mentions: Sequence[Mentioned]) -> str:
    shown = [{"kind": m.kind, "id": str(m.id) if m.id else None, "name": m.name} for m in mentions]
    return orjson.dumps(shown).decode()


def tell(conversation_id: int, author_id: int | None, event: dict[str, Any]) -> Appended:
    """A line of the house's own in the timeline: who came, what the conversation is called now."""
    return append(New(conversation_id=conversation_id, author_id=author_id, event=event))
