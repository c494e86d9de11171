"""Opening conversations, changing what they are, and ending them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from posthouse.audit.actions import Fact, record
from posthouse.audit.acts import Act
from posthouse.base import clock, db, jobs, sql
from posthouse.base.errors import Conflict, Invalid
from posthouse.base.ids import new_id
from posthouse.conversations import access, appending, keepers, log, participants, policies
from posthouse.conversations.access import Right
from posthouse.conversations.models import Conversation, Participant
from posthouse.identity import profiles
from posthouse.identity.actor import Actor
from posthouse.identity.profiles import Viewer

VISIBILITIES = [str(value) for value in Conversation.Visibility.values]
WHO = [str(value) for value in Conversation.Who.values]
CHANGEABLE = (
    "name", "topic", "visibility", "posting", "inviting", "edit_seconds", "delete_seconds", "retention_days", "history",
)  # fmt: skip
_FOR_MANAGERS = frozenset({"retention_days"})
_TOLD = ("name", "topic", "history")


class Opened(NamedTuple):
    id: int
    is_new: bool


@db.action
def open_direct(actor: Actor, user_id: int) -> Opened:
    """The direct conversation with somebody (or with oneself), made if there is none yet.

    Raises Missing, Denied (direct_refused).
    """
    actor.require(access.USE)
    profiles.row_for(Viewer(actor), user_id)
    access.check_not_blocked(actor, user_id)
    low, high = sorted((actor.user_id, user_id))
    pair = f"{low}:{high}"
    found = _of_pair(actor, pair)
    if found is not None:
        return Opened(found, is_new=False)
    policies.check_reachable(actor, user_id)
    conversation_id = new_id()
    if not _insert(actor, conversation_id, Conversation.Kind.DIRECT, {}, pair=pair):
        found = _of_pair(actor, pair)
        assert found is not None
        return Opened(found, is_new=False)
    people = dict.fromkeys({low, high}, str(Participant.Role.MEMBER))
    participants.put(conversation_id, people, seq=log.step(conversation_id))
    _record(actor, Act.CONVERSATION_CREATED, conversation_id, {"kind": "direct"})
    return Opened(conversation_id, is_new=True)


def open_kept(actor: Actor) -> int:
    """A conversation of notes, with nobody in it; inside an action of the room that keeps it (keepers.py)."""
    actor.require(access.USE)
    conversation_id = new_id()
    _insert(actor, conversation_id, keepers.NOTES, {})
    return conversation_id


def discard_kept(conversation_id: int) -> None:
    """What it holds goes with a job; inside an action of the room that keeps it."""
    jobs.enqueue(
        "conversation_removal", key=f"conversation_removal:{conversation_id}", conversation_id=conversation_id
    )


def _of_pair(actor: Actor, pair: str) -> int | None:
    found = sql.row(
        "SELECT id FROM conversations_conversation WHERE organisation_id = %s AND pair = %s",
        [actor.organisation_id, pair],
    )
    return None if found is None else int(found[0])


@db.action
def create(
    actor: Actor,
    *,
    kind: str,
    values: Mapping[str, Any],
    user_ids: Sequence[int] = (),
) -> int:
    """A group or a channel with these people in it; the actor owns it. `values` are of CHANGEABLE.

    Raises Missing for people whom the actor does not see, Denied for what is open to all (`conversations.join`).
    """
    actor.require(access.USE)
    if values.get("visibility") == Conversation.Visibility.ORGANISATION:
        actor.require(access.JOIN)
    _check_values(actor, kind, values)
    if kind == Conversation.Kind.CHANNEL:
        policies.check_may_create(actor)
    if kind == Conversation.Kind.CHANNEL and not values.get("name"):
        raise Invalid("channel_needs_name", "A channel has a name.", pointer="/name")
    people = participants.roles_of(actor, [i for i in user_ids if i != actor.user_id])
    conversation_id = new_id()
    _insert(actor, conversation_id, kind, values)
    participants.put(
        conversation_id,
        {actor.user_id: str(Participant.Role.OWNER), **people},
        seq=log.step(conversation_id),
    )
    appending.tell(conversation_id, actor.user_id, {"type": "created"})
    _record(actor, Act.CONVERSATION_CREATED, conversation_id, {"kind": kind, "people": len(people) + 1})
    return conversation_id


def _check_values(actor: Actor, kind: str, values: Mapping[str, Any]) -> None:
    if kind == Conversation.Kind.GROUP and values.get("visibility") == Conversation.Visibility.ORGANISATION:
        raise Invalid("group_is_private", "Only a channel can be open to all.", pointer="/visibility")
    if _FOR_MANAGERS & values.keys():
        actor.require(access.MANAGE)


def _insert(
    actor: Actor, conversation_id: int, kind: str, values: Mapping[str, Any], *, pair: str | None = None
) -> bool:
    now_ms = clock.now_ms()
    return bool(
        sql.run(
            "INSERT INTO conversations_conversation (id, organisation_id, kind, visibility, pair, name, topic, posting,"
            " inviting, edit_seconds, delete_seconds, retention_days, history, is_held, created_by_id, created_at, seq,"
            " horizon, last_number, last_main_number, last_at, members) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s,"
            " %s, %s, %s, %s, %s, %s, 0, 0, 0, 0, %s, 0) ON CONFLICT (organisation_id, pair) DO NOTHING",
            [conversation_id, actor.organisation_id, kind, values.get("visibility", "private"), pair,
             values.get("name", ""), values.get("topic", ""), values.get("posting", "everybody"),
             values.get("inviting", "everybody"), values.get("edit_seconds"), values.get("delete_seconds"),
             values.get("retention_days"), values.get("history"), False, actor.user_id, now_ms, now_ms],
        )
    )  # fmt: skip


@db.action
def change(actor: Actor, conversation_id: int, values: Mapping[str, Any]) -> None:
    """Change what is given (of CHANGEABLE). A direct conversation has nothing to change."""
    log.hold(conversation_id)
    standing = access.conversation_for(actor, conversation_id, need=Right.ADMIN)
    if standing.is_direct:
        raise Invalid("direct_has_no_settings", "A direct conversation has no name and no policies.")
    _check_values(actor, standing.kind, values)
    if standing.kind == Conversation.Kind.CHANNEL and values.get("name") == "":
        raise Invalid("channel_needs_name", "A channel has a name.", pointer="/name")
    if values.get("visibility") == Conversation.Visibility.ORGANISATION:
        actor.require(access.JOIN)
    known = {name: value for name, value in values.items() if name in CHANGEABLE}
    if not known:
        return
    seq = log.step(standing.id)
    sets = ", ".join(f"{name} = %s" for name in known)
    sql.run(f"UPDATE conversations_conversation SET {sets} WHERE id = %s", [*known.values(), standing.id])
    if known.get("visibility", standing.visibility) != standing.visibility:
        _show_again(standing.id, seq)
    for name in _TOLD:
        if name in known:
            appending.tell(standing.id, actor.user_id, {"type": f"{name}_changed", name: known[name]})
    _record(actor, Act.CONVERSATION_CHANGED, standing.id, {"fields": sorted(known)})


def _show_again(conversation_id: int, seq: int) -> None:
    """Who came later and was not shown what was said before is now, or is not any more: who follows fetches afresh."""
    sql.run(
        "UPDATE conversations_conversation SET horizon = %s WHERE id = %s AND EXISTS (SELECT 1 FROM"
        " conversations_participant p WHERE p.conversation_id = %s AND p.left_at IS NULL AND p.shown_after > 0)",
        [seq, conversation_id, conversation_id],
    )


@db.action
def archive(actor: Actor, conversation_id: int, *, is_archived: bool) -> None:
    """Close a conversation for writing, or open it again; both are told in it."""
    log.hold(conversation_id)
    standing = access.conversation_for(actor, conversation_id, need=Right.ADMIN)
    if standing.is_direct:
        raise Invalid("direct_has_no_settings", "A direct conversation cannot be archived; hide it.")
    if (standing.archived_at is not None) == is_archived:
        return
    sql.run(
        "UPDATE conversations_conversation SET archived_at = %s WHERE id = %s",
        [clock.now_ms() if is_archived else None, standing.id],
    )
    appending.tell(standing.id, actor.user_id, {"type": "archived" if is_archived else "unarchived"})
    facts: dict[str, Fact] = {"archived": is_archived, "fields": ["archived_at"]}
    _record(actor, Act.CONVERSATION_CHANGED, standing.id, facts)


@db.action
def delete(actor: Actor, conversation_id: int) -> None:
    """Everybody is out of it, and its content goes with a job. Raises Conflict (conversation_held)."""
    log.hold(conversation_id)
    standing = access.conversation_for(actor, conversation_id, need=Right.OWN)
    if standing.is_direct:
        raise Invalid("direct_has_no_settings", "A direct conversation is two people's; hide it.")
    if policies.is_held(standing.id):
        raise Conflict("conversation_held", "This conversation is held and cannot be deleted.")
    participants.empty(standing.id)
    sql.run(
        "UPDATE conversations_conversation SET archived_at = %s, visibility = 'private', kind = 'group', pair = NULL,"
        " name = '', topic = '' WHERE id = %s",
        [clock.now_ms(), standing.id],
    )
    jobs.enqueue(
        "conversation_removal", key=f"conversation_removal:{standing.id}", conversation_id=standing.id
    )
    _record(actor, Act.CONVERSATION_DELETED, standing.id, {"members": standing.members})


def _record(actor: Actor, act: Act, conversation_id: int, facts: dict[str, Fact]) -> None:
    """Never a name or a topic, which are words of people."""
    record(actor, act, kind="conversation", object_id=conversation_id, facts=facts)
