"""What people without an account say in a conversation, and what is to be told to them (bridge/). Inside actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from posthouse.base import blobs, sql
from posthouse.base.ids import new_id
from posthouse.conversations import access, appending, files, log
from posthouse.conversations.access import Standing
from posthouse.conversations.appending import New
from posthouse.conversations.files import FileRef
from posthouse.conversations.markdown import render
from posthouse.identity.actor import Actor


class Brought(NamedTuple):
    """A file that came along; its content is durable."""

    content: blobs.Prepared
    filename: str
    content_type: str
    width: int | None = None
    height: int | None = None


class Said(NamedTuple):
    """A message as it is told to people outside. `author_email` is empty for people who are here."""

    id: int
    number: int
    thread_id: int
    author_id: int | None
    author_name: str
    author_email: str
    body: str
    html: str
    created_at: int
    is_told: bool


_SAID = (
    "id, number, coalesce(thread_id, 0), author_id, author_name, author_email, body, html, created_at,"
    " CASE WHEN kind = 'text' AND deleted_at IS NULL THEN 1 ELSE 0 END"
)


def said_after(conversation_id: int, number: int, *, limit: int) -> list[Said]:
    """In order of sending, also what is not told, so that a cursor can pass it."""
    return [
        Said._make([*row[:9], bool(row[9])])
        for row in sql.rows(
            f"SELECT {_SAID} FROM conversations_message WHERE conversation_id = %s AND number > %s"
            " ORDER BY number LIMIT %s",
            [conversation_id, number, limit],
        )
    ]


def root_of(thread_id: int, *, floor: int) -> tuple[int, str] | None:
    """The message that a thread hangs below, and how the thread is called: by its title, else by its first words.

    For somebody who is shown nothing up to a floor, without words where it began before.
    """
    found = sql.row(
        "SELECT m.id, m.number, t.title, m.body FROM conversations_thread t"
        " JOIN conversations_message m ON m.id = t.root_id WHERE t.id = %s",
        [thread_id],
    )
    if found is None:
        return None
    words = "" if 0 < floor >= found[1] else found[2] or " ".join(found[3].split())[:80]
    return int(found[0]), words


def files_of(message_id: int) -> list[FileRef]:
    return [
        FileRef(*row)
        for row in sql.rows(
            f"SELECT {files.COLUMNS} FROM conversations_file WHERE message_id = %s ORDER BY id", [message_id]
        )
    ]


def place_of(message_id: int) -> int | None:
    """The thread that an answer to a message belongs to; None for the main timeline, or where it is gone."""
    found = sql.row("SELECT thread_id FROM conversations_message WHERE id = %s", [message_id])
    return None if found is None or found[0] is None else int(found[0])


def standing(conversation_id: int) -> Standing | None:
    return access.standing_of(conversation_id)


def say(
    conversation_id: int,
    *,
    name: str,
    email: str,
    text: str,
    thread_id: int | None,
    reply_to: int | None,
    brought: Sequence[Brought] = (),
) -> int:
    """A message under the name of somebody outside; who is named in it is not told, since they name nobody."""
    log.hold(conversation_id)
    attached = [
        FileRef(
            new_id(),
            one.content.id,
            one.filename,
            one.content_type,
            one.content.size_bytes,
            one.width,
            one.height,
        )
        for one in brought
    ]
    new = New(
        conversation_id=conversation_id,
        author_id=None,
        author_name=name,
        author_email=email,
        thread_id=thread_id,
        body=text,
        rendered=render(text, {})._replace(mentions=[]),
        reply_to=reply_to,
        attachments=[files.state(file) for file in attached],
    )
    blobs.insert([one.content for one in brought])
    appended = appending.append(new)
    files.keep(appended.id, attached)
    return appended.id


def tell_admins(conversation_id: int) -> None:
    """Something waits for the conversation's admins, or does not any more: their own place is told them again."""
    people = [
        row[0]
        for row in sql.rows(
            "SELECT user_id FROM conversations_participant WHERE conversation_id = %s AND left_at IS NULL"
            " AND role IN ('owner', 'admin') AND user_id IS NOT NULL",
            [conversation_id],
        )
    ]
    for user_id, number in log.own_steps(people).items():
        sql.run(
            "UPDATE conversations_participant SET own_seq = %s WHERE conversation_id = %s AND user_id = %s",
            [number, conversation_id, user_id],
        )


def administered(actor: Actor) -> list[int]:
    """The conversations in which the actor is an admin."""
    actor.require(access.USE)
    return [
        row[0]
        for row in sql.rows(
            "SELECT conversation_id FROM conversations_participant WHERE user_id = %s AND left_at IS NULL"
            " AND role IN ('owner', 'admin') ORDER BY conversation_id",
            [actor.user_id],
        )
    ]


def tell(conversation_id: int, author_id: int | None, event: dict[str, Any]) -> int:
    """A line of the house's own in the timeline; gives its number."""
    log.hold(conversation_id)
    return appending.tell(conversation_id, author_id, event).number
