"""People outside in a conversation: asked in, paused, sent away, or gone by themselves."""

from __future__ import annotations

from typing import Any

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import clock, db, sql
from posthouse.base.errors import Conflict, Invalid
from posthouse.base.ids import new_id
from posthouse.bridge import access
from posthouse.bridge.access import COLUMNS, OutsiderRef
from posthouse.conversations import access as conversations
from posthouse.conversations import outside, policies
from posthouse.conversations.access import Right
from posthouse.identity import directory, step_up
from posthouse.identity.actor import Actor
from posthouse.identity.addresses import normal_address

TOPIC = "bridge"
"""Hint that somebody outside is in a conversation who was not, or wants mail again."""
MAX_IN_ONE = 50
MODES = ["each", "hourly", "daily"]
STATES = ["active", "paused"]
PERIODS_MS = {"each": 0, "hourly": 3_600_000, "daily": 86_400_000}
Row = dict[str, Any]


def state(one: OutsiderRef) -> Row:
    return {
        "id": str(one.id),
        "conversation_id": str(one.conversation_id),
        "address": one.address,
        "name": one.name,
        "mode": one.mode,
        "state": one.state,
        "reason": one.reason or None,
        "invited_by": None if one.invited_by is None else str(one.invited_by),
        "created_at": clock.iso(one.created_at),
        "dropped": one.dropped,
    }


def in_conversation(actor: Actor, conversation_id: int) -> list[Row]:
    """Everybody who is or was in it by mail: whoever reads a conversation knows who else does."""
    standing = conversations.conversation_for(actor, conversation_id, need=Right.READ)
    return [
        state(OutsiderRef(*row))
        for row in sql.rows(
            f"SELECT {COLUMNS} FROM bridge_outsider o WHERE o.conversation_id = %s ORDER BY o.id",
            [standing.id],
        )
    ]


def one(actor: Actor, conversation_id: int, outsider_id: int) -> Row:
    return state(access.outsider_for(actor, conversation_id, outsider_id)[0])


@db.action
def invite(actor: Actor, conversation_id: int, address: str, *, name: str, mode: str) -> int:
    """Bring somebody in by mail: from now on what is said there goes to them. One who left may be asked again.

    Raises Denied (conversation_right_lacking, permission_denied, step_up_required), Invalid (invalid_address,
    address_is_here), Conflict (outsider_exists, too_many).
    """
    standing = conversations.conversation_for(actor, conversation_id, need=Right.INVITE)
    actor.require("mail.send")
    step_up.require_of_session(actor)
    key = normal_address(address)
    if not isinstance(directory.lookup(key), directory.NotOurs):
        raise Invalid(
            "address_is_here", "People of this house take part with their account.", pointer="/address"
        )
    before = {row[0]: row[1] for row in sql.rows(
        "SELECT key, state FROM bridge_outsider WHERE conversation_id = %s", [standing.id])}  # fmt: skip
    if before.get(key, "left") != "left":
        raise Conflict("outsider_exists", "They take part already.")
    if sum(one != "left" for one in before.values()) >= MAX_IN_ONE:
        raise Conflict("too_many", f"{MAX_IN_ONE} people outside take part in a conversation at most.")
    local = address.strip().rpartition("@")[0]
    found = sql.row(
        "INSERT INTO bridge_outsider (id, conversation_id, address, key, name, domain, generation, mode, state, reason,"
        " invited_by_id, created_at, last_sent_number, shown_after, next_at, bounces, dropped)"
        " VALUES (%s, %s, %s, %s, %s, %s, 0, %s, 'invited', '', %s, %s, %s, %s, %s, 0, 0)"
        " ON CONFLICT (conversation_id, key) DO UPDATE SET generation = bridge_outsider.generation + 1,"
        " state = 'invited', reason = '', name = excluded.name, mode = excluded.mode,"
        " invited_by_id = excluded.invited_by_id, last_sent_number = excluded.last_sent_number,"
        " shown_after = excluded.shown_after,"
        " next_at = excluded.next_at, bounces = 0 WHERE bridge_outsider.state = 'left' RETURNING id",
        [new_id(), standing.id, f"{local}@{key.rpartition('@')[2]}", key, name, actor.email.rpartition("@")[2], mode,
         actor.user_id, clock.now_ms(), standing.last_number, policies.floor_of_newcomers(standing.id),
         clock.now_ms() + PERIODS_MS[mode]],
    )  # fmt: skip
    if found is None:  # somebody else has asked them at the same moment
        raise Conflict("outsider_exists", "They take part already.")
    outside.tell(standing.id, actor.user_id, {"type": "outsider_added", "name": name, "address": key})
    record(actor, Act.OUTSIDER_INVITED, kind="conversation", object_id=standing.id, facts={"address": key})
    db.hint(TOPIC)
    return int(found[0])


@db.action
def change(actor: Actor, conversation_id: int, outsider_id: int, values: dict[str, str]) -> None:
    """Another name or rhythm; paused, nothing goes to them and what they write still comes in."""
    access.hold(outsider_id)
    found, standing = access.outsider_for(actor, conversation_id, outsider_id)
    if not found.is_living:
        raise Conflict("outsider_left", "They are not in this conversation any more.")
    sets = {name: value for name, value in values.items() if value != getattr(found, name)}
    if not sets:
        return
    if "state" in sets:
        sets |= {"reason": "by_hand" if sets["state"] == "paused" else "", "bounces": 0}  # type: ignore[dict-item]
    if "mode" in sets:
        sets["next_at"] = clock.now_ms() + PERIODS_MS[sets["mode"]]  # type: ignore[assignment]
    names = ", ".join(f"{name} = %s" for name in sets)
    sql.run(f"UPDATE bridge_outsider SET {names} WHERE id = %s", [*sets.values(), found.id])
    record(actor, Act.OUTSIDER_CHANGED, kind="conversation", object_id=standing.id,
           facts={"address": found.key, "fields": sorted(values)})  # fmt: skip
    db.hint(TOPIC)


@db.action
def renew(actor: Actor, conversation_id: int, outsider_id: int) -> None:
    """Give them another address, by which all earlier ones end; the next mail brings it."""
    step_up.require_of_session(actor)
    access.hold(outsider_id)
    found, standing = access.outsider_for(actor, conversation_id, outsider_id)
    if not found.is_living:
        raise Conflict("outsider_left", "They are not in this conversation any more.")
    sql.run("UPDATE bridge_outsider SET generation = generation + 1 WHERE id = %s", [found.id])
    record(actor, Act.OUTSIDER_CHANGED, kind="conversation", object_id=standing.id,
           facts={"address": found.key, "fields": ["secret"]})  # fmt: skip


@db.action
def remove(actor: Actor, conversation_id: int, outsider_id: int) -> None:
    """Send them away: nothing more goes to them, and their address leads nowhere, from this moment on."""
    found, standing = access.outsider_for(actor, conversation_id, outsider_id)
    if not end(found, author_id=actor.user_id, how="outsider_removed"):
        return
    record(
        actor, Act.OUTSIDER_REMOVED, kind="conversation", object_id=standing.id, facts={"address": found.key}
    )


@db.action
def leave(outsider_id: int, generation: int) -> None:
    """They go by themselves, by a link that came with each mail. As often as one likes; raises Denied."""
    found = access.found_by_id(outsider_id)
    if found is None or found.generation != generation:
        access.check_token(None)
    elif found.is_living:
        end(found, author_id=None, how="outsider_left")


def end(found: OutsiderRef, *, author_id: int | None, how: str) -> bool:
    """Inside an action; False when they had gone before."""
    if not sql.run("UPDATE bridge_outsider SET state = 'left' WHERE id = %s AND state <> 'left'", [found.id]):
        return False
    outside.tell(found.conversation_id, author_id, {"type": how, "name": found.name, "address": found.key})
    return True


def living_conversations() -> list[int]:
    """Those in which somebody takes part by mail."""
    return [
        row[0]
        for row in sql.rows("SELECT DISTINCT conversation_id FROM bridge_outsider WHERE state <> 'left'", [])
    ]
