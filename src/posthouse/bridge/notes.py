"""Notes on mail threads: colleagues who may read the mail talk about it, and nobody outside sees that they do.

A note is a message of a conversation of its own kind (conversations/keepers.py), so what messages have (threads,
reactions, files, edits, pointers, the stream) notes have. Nothing of it is mail: no door of mail reads these rows.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from posthouse.base import clock, db, sql
from posthouse.base.errors import Missing
from posthouse.base.ids import new_id
from posthouse.bridge import keeper
from posthouse.conversations import access as conversations
from posthouse.conversations import opening, queries
from posthouse.conversations.access import Right as ChatRight
from posthouse.identity.actor import Actor
from posthouse.mail import access, colleagues, placing
from posthouse.mail.access import Right

MAX_PEOPLE = 200
Row = dict[str, Any]


class Held(NamedTuple):
    """A thread's assignment, which nobody else changes until the commit, and the conversation of its notes."""

    account_id: int
    assignment_id: int
    conversation_id: int


def account_of(actor: Actor, thread_id: int, *, need: Right = Right.READ) -> int:
    """Whose the thread is; for who may use mail and conversations. Raises Missing, Denied."""
    actor.require(conversations.USE)
    return access.account_of_thread_for(actor, thread_id, need=need)


@db.action
def open_on(actor: Actor, thread_id: int) -> int:
    """The conversation of a thread's notes, made if there is none yet; whoever may read the mail may write in it."""
    account_id = account_of(actor, thread_id)
    return _conversation(account_id, thread_id) or hold(actor, account_id, thread_id).conversation_id


def hold(actor: Actor, account_id: int, thread_id: int) -> Held:
    """Inside an action: what there is of the thread, made if there is nothing yet.

    The account is held, so that the thread does not become part of another while its first note is written, which would
    be on a thread of no mail then. Raises Missing where it has.
    """
    if placing.hold(account_id):
        access.account_of_thread_for(actor, thread_id, need=Right.READ)
    sql.run(
        "INSERT INTO bridge_assignment (id, account_id, thread_id, status, done_modseq, version, changed_at)"
        " VALUES (%s, %s, %s, 'open', 0, 0, %s) ON CONFLICT (account_id, thread_id) DO NOTHING",
        [new_id(), account_id, thread_id, clock.now_ms()],
    )
    found = sql.row(
        f"SELECT id FROM bridge_assignment WHERE account_id = %s AND thread_id = %s{sql.for_update()}",
        [account_id, thread_id],
    )
    assert found is not None
    conversation_id = _conversation(account_id, thread_id)
    if conversation_id is None:
        conversation_id = opening.open_kept(actor)
        sql.run(
            "INSERT INTO bridge_notes (conversation_id, account_id, thread_id) VALUES (%s, %s, %s)",
            [conversation_id, account_id, thread_id],
        )
    return Held(account_id, int(found[0]), conversation_id)


def _conversation(account_id: int, thread_id: int) -> int | None:
    """The one that takes what is written next."""
    return next(iter(conversations_of(account_id, thread_id)), None)


def conversations_of(account_id: int, thread_id: int) -> list[int]:
    """The oldest first: more than one where threads were joined that had notes each."""
    return [
        row[0]
        for row in sql.rows(
            "SELECT conversation_id FROM bridge_notes WHERE account_id = %s AND thread_id = %s"
            " ORDER BY conversation_id",
            [account_id, thread_id],
        )
    ]


def on_thread(actor: Actor, thread_id: int, *, limit: int) -> Row:
    """The newest notes in order of time, where to follow and write more, and who may read them."""
    account_id = account_of(actor, thread_id)
    pieces, items = [], []
    for conversation_id in conversations_of(account_id, thread_id):
        found = queries.timeline(actor, conversation_id, limit=limit)
        own = queries.conversation(actor, conversation_id)["me"]
        pieces.append(
            {
                "id": str(conversation_id),
                "state": str(found.seq),
                "has_older": found.has_older,
                "read_number": None if own is None else own["read_number"],
                "threads": found.threads,
            }
        )
        items += found.items
    people = _people(account_id)
    return {
        "thread_id": str(thread_id),
        "account_id": str(account_id),
        "conversations": pieces,
        "items": sorted(items, key=lambda note: (note["created_at"], note["number"]))[-limit:],
        "people": people[:MAX_PEOPLE],
        "people_count": len(people),
    }


def _people(account_id: int) -> list[Row]:
    rights = colleagues.rights(account_id)
    names = {
        row[0]: row[1]
        for chunk in sql.chunks(sorted(rights))
        for row in sql.rows(f"SELECT id, name FROM identity_user WHERE id IN ({sql.marks(chunk)})", chunk)
    }
    return [
        {"id": str(user_id), "name": name, "right": rights[user_id].word}
        for user_id, name in sorted(names.items(), key=lambda one: (one[1].casefold(), one[0]))
    ]


def thread_of(actor: Actor, conversation_id: int) -> Row:
    """The mail thread that a conversation of notes is on. Raises Missing for others."""
    conversations.conversation_for(actor, conversation_id, need=ChatRight.READ)
    found = keeper.places([conversation_id])
    if not found:
        raise Missing()
    return {"account_id": str(found[0].account_id), "thread_id": str(found[0].thread_id)}
