"""Whom somebody wants nothing of directly. To the other it looks as if there were nobody."""

from __future__ import annotations

from posthouse.base import clock, db, sql
from posthouse.base.clock import iso
from posthouse.base.errors import Invalid, Missing
from posthouse.base.ids import new_id
from posthouse.conversations import access
from posthouse.conversations.rows import Row
from posthouse.identity import profiles
from posthouse.identity.actor import Actor
from posthouse.identity.profiles import Viewer


@db.action
def block(actor: Actor, user_id: int) -> None:
    """Let somebody not write directly any more; neither are they told nor anybody else."""
    actor.require(access.USE)
    if user_id == actor.user_id:
        raise Invalid("invalid", "Nobody blocks themselves.", pointer="/user_id")
    profiles.row_for(Viewer(actor), user_id)
    sql.run(
        "INSERT INTO conversations_block (id, user_id, blocked_id, created_at) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (user_id, blocked_id) DO NOTHING",
        [new_id(), actor.user_id, user_id, clock.now_ms()],
    )


@db.action
def unblock(actor: Actor, user_id: int) -> None:
    actor.require(access.USE)
    if not sql.run(
        "DELETE FROM conversations_block WHERE user_id = %s AND blocked_id = %s", [actor.user_id, user_id]
    ):
        raise Missing()


def blocked(actor: Actor) -> list[Row]:
    """Whom one has blocked, the newest first."""
    actor.require(access.USE)
    return [
        {"user_id": str(user_id), "name": name, "created_at": iso(created_at)}
        for user_id, name, created_at in sql.rows(
            "SELECT b.blocked_id, u.name, b.created_at FROM conversations_block b"
            " JOIN identity_user u ON u.id = b.blocked_id WHERE b.user_id = %s ORDER BY b.id DESC",
            [actor.user_id],
        )
    ]
