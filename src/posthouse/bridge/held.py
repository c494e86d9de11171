"""Mail that is not proved to be from the person whose address it came to: shown to the conversation's admins."""

from __future__ import annotations

from typing import Any

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import blobs, clock, db, sql
from posthouse.base.errors import Conflict, Missing
from posthouse.bridge import access, receiving
from posthouse.bridge.access import OutsiderRef
from posthouse.bridge.receiving import Letter
from posthouse.conversations import access as conversations
from posthouse.conversations import outside
from posthouse.conversations.access import Right
from posthouse.identity.actor import Actor
from posthouse.wire.mime.reply import new_words
from posthouse.wire.mime.scan import scan

Row = dict[str, Any]
MOST_SHOWN = 200
PREVIEW_CHARS = 1_000


def in_conversation(actor: Actor, conversation_id: int) -> list[Row]:
    """What waits there, the oldest first."""
    conversations.conversation_for(actor, conversation_id, need=Right.ADMIN)
    return [
        {
            "id": str(row[0]),
            "outsider_id": str(row[1]),
            "sender": row[2],
            "subject": row[3],
            "reason": row[4],
            "received_at": clock.iso(row[5]),
            "text": _preview(row[6]),
        }
        for row in sql.rows(
            "SELECT h.id, h.outsider_id, h.sender, h.subject, h.reason, h.received_at, h.blob_id FROM bridge_heldmail h"
            " JOIN bridge_outsider o ON o.id = h.outsider_id WHERE o.conversation_id = %s ORDER BY h.id LIMIT %s",
            [conversation_id, MOST_SHOWN],
        )
    ]


def counts(actor: Actor) -> list[Row]:
    """How much waits in each conversation in which the actor is an admin, where something does."""
    found: list[Row] = []
    for chunk in sql.chunks(outside.administered(actor)):
        found += [
            {"conversation_id": str(conversation_id), "count": count}
            for conversation_id, count in sql.rows(
                "SELECT o.conversation_id, count(*) FROM bridge_outsider o JOIN bridge_heldmail h"
                f" ON h.outsider_id = o.id WHERE o.conversation_id IN ({sql.marks(chunk)})"
                " GROUP BY o.conversation_id ORDER BY o.conversation_id",
                chunk,
            )
        ]
    return found


def _preview(blob_id: int) -> str:
    raw = blobs.read(blob_id)
    return new_words(scan(raw).root, raw)[:PREVIEW_CHARS]


def release(actor: Actor, conversation_id: int, held_id: int) -> None:
    """Let it in, under the name of the person whose address it came to. Raises Missing, Conflict (outsider_left)."""
    blob_id, outsider = access.held_for(actor, conversation_id, held_id)
    if not outsider.is_living:
        raise Conflict("outsider_left", "They are not in this conversation any more.")
    letter = receiving.released(blobs.read(blob_id), outsider, "")
    try:
        _release(actor, conversation_id, held_id, outsider, letter)
    except BaseException:
        receiving.discard(letter)
        raise


@db.action
def _release(actor: Actor, conversation_id: int, held_id: int, outsider: OutsiderRef, letter: Letter) -> None:
    conversations.conversation_for(actor, conversation_id, need=Right.ADMIN)
    access.hold(outsider.id)
    _take(held_id)
    receiving.say(outsider, letter)
    outside.tell_admins(conversation_id)
    record(actor, Act.OUTSIDE_MAIL_RELEASED, kind="conversation", object_id=conversation_id,
           facts={"address": outsider.key})  # fmt: skip


@db.action
def drop(actor: Actor, conversation_id: int, held_id: int) -> None:
    """Throw it away. Raises Missing."""
    _, outsider = access.held_for(actor, conversation_id, held_id)
    _take(held_id)
    outside.tell_admins(conversation_id)
    record(actor, Act.OUTSIDE_MAIL_DROPPED, kind="conversation", object_id=conversation_id,
           facts={"address": outsider.key})  # fmt: skip


def _take(held_id: int) -> None:
    if not sql.run("DELETE FROM bridge_heldmail WHERE id = %s", [held_id]):
        raise Missing()
