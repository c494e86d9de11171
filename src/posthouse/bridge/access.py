"""The only way to an outsider's row by id: through the conversation, as the actor stands in it."""

from __future__ import annotations

from typing import NamedTuple

from posthouse.base import sql
from posthouse.base.errors import Denied, Missing
from posthouse.conversations import access
from posthouse.conversations.access import Right, Standing
from posthouse.identity.actor import Actor

COLUMNS = (
    "o.id, o.conversation_id, o.address, o.key, o.name, o.domain, o.generation, o.mode, o.state, o.reason,"
    " o.invited_by_id, o.created_at, o.last_sent_number, o.next_at, o.bounces, o.dropped,"
    " o.shown_after"
)


class OutsiderRef(NamedTuple):
    id: int
    conversation_id: int
    address: str
    key: str
    name: str
    domain: str
    generation: int
    mode: str
    state: str
    reason: str
    invited_by: int | None
    created_at: int
    last_sent_number: int
    next_at: int
    bounces: int
    dropped: int
    shown_after: int

    @property
    def is_living(self) -> bool:
        """Whether mail from them is taken."""
        return self.state != "left"


def outsider_for(actor: Actor, conversation_id: int, outsider_id: int) -> tuple[OutsiderRef, Standing]:
    """One to be changed: by the conversation's admins, and by whoever invited them. Raises Missing, Denied."""
    standing = access.conversation_for(actor, conversation_id, need=Right.READ)
    found = found_by_id(outsider_id)
    if found is None or found.conversation_id != standing.id:
        raise Missing()
    if standing.participant_id is None or found.invited_by != actor.user_id:
        access.conversation_for(actor, conversation_id, need=Right.ADMIN)
    return found, standing


def held_for(actor: Actor, conversation_id: int, held_id: int) -> tuple[int, OutsiderRef]:
    """A held mail's content and whose address it came to; for the conversation's admins."""
    access.conversation_for(actor, conversation_id, need=Right.ADMIN)
    found = sql.row(
        f"SELECT h.blob_id, {COLUMNS} FROM bridge_heldmail h JOIN bridge_outsider o ON o.id = h.outsider_id"
        " WHERE h.id = %s AND o.conversation_id = %s",
        [held_id, conversation_id],
    )
    if found is None:
        raise Missing()
    return int(found[0]), OutsiderRef(*found[1:])


def found_by_id(outsider_id: int) -> OutsiderRef | None:
    """For the house itself."""
    found = sql.row(f"SELECT {COLUMNS} FROM bridge_outsider o WHERE o.id = %s", [outsider_id])
    return None if found is None else OutsiderRef(*found)


def hold(outsider_id: int) -> None:
    """Let nobody change or send them away until the commit; before their conversation is held."""
    if sql.for_update():
        sql.row(f"SELECT id FROM bridge_outsider WHERE id = %s{sql.for_update()}", [outsider_id])


def found_by_token(outsider_id: int, generation: int) -> OutsiderRef | None:
    """Who an address that we made belongs to now; None when it was taken back."""
    found = found_by_id(outsider_id)
    return found if found is not None and found.is_living and found.generation == generation else None


def check_token(outsider: OutsiderRef | None) -> OutsiderRef:
    """Raises Denied (invalid_link)."""
    if outsider is None:
        raise Denied("invalid_link", "This link is not valid.")
    return outsider
