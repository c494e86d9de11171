"""What an organisation lays down for its conversations, and what a conversation may say otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import clock, db, sql
from posthouse.base.errors import Conflict, Denied
from posthouse.conversations import access, log, rows
from posthouse.conversations.access import Right
from posthouse.conversations.models import Conversation, Exporting, History, Participant, PersonState, Policy
from posthouse.identity.actor import Actor
from posthouse.identity.profiles import Viewer

FIELDS = (
    "edit_seconds",
    "delete_seconds",
    "hides_revisions",
    "hides_reading",
    "retention_days",
    "is_held",
    "exporting",
    "shows_previews",
    "shows_outside_previews",
    "creating",
    "history",
)


EXPORTING = [str(value) for value in Exporting.values]
HISTORIES = [str(value) for value in History.values]
CREATING = [str(value) for value in Policy.Creating.values]
DIRECT_FROM = [str(value) for value in PersonState.From.values]


class Limits(NamedTuple):
    """What holds in one conversation; None is without end."""

    edit_seconds: int | None
    delete_seconds: int | None
    hides_revisions: bool
    is_held: bool


def policy(actor: Actor) -> dict[str, Any]:
    """The organisation's; everybody may know what is kept how long."""
    actor.require(access.USE)
    return _as_json(_found(actor.organisation_id))


def _found(organisation_id: int) -> Policy:
    return Policy.objects.filter(organisation_id=organisation_id).first() or Policy(
        organisation_id=organisation_id
    )


def _as_json(found: Policy) -> dict[str, Any]:
    return {name: getattr(found, name) for name in FIELDS}


@db.action
def change(actor: Actor, values: Mapping[str, Any]) -> dict[str, Any]:
    """Change what is given, for the whole organisation. Raises Denied (`conversations.manage`)."""
    actor.require(access.MANAGE)
    before = _found(actor.organisation_id)
    known = {
        name: values[name] for name in FIELDS if name in values and values[name] != getattr(before, name)
    }
    if not known:
        return _as_json(before)
    Policy.objects.update_or_create(organisation_id=actor.organisation_id, defaults=known)
    if "hides_reading" in known:
        _start_logs_again(actor.organisation_id)
    record(actor, Act.CONVERSATION_POLICY_CHANGED, kind="organisation", object_id=actor.organisation_id,
           facts={"fields": sorted(known)})  # fmt: skip
    return _as_json(_found(actor.organisation_id))


def _start_logs_again(organisation_id: int) -> None:
    """Everybody's state says something else now: whoever follows fetches afresh."""
    sql.run(
        "UPDATE conversations_conversation SET seq = seq + 1, horizon = seq + 1 WHERE organisation_id = %s",
        [organisation_id],
    )


@db.action
def set_hold(actor: Actor, conversation_id: int, *, is_held: bool) -> None:
    """Keep what is deleted in one conversation, or let it go again (`conversations.manage`)."""
    standing = access.conversation_for(actor, conversation_id, need=Right.READ)
    actor.require(access.MANAGE)
    changed = sql.run(
        "UPDATE conversations_conversation SET is_held = %s WHERE id = %s AND is_held <> %s",
        [is_held, standing.id, is_held],
    )
    if changed:
        record_hold(actor, standing.id, is_held=is_held)


def record_hold(actor: Actor, conversation_id: int, *, is_held: bool) -> None:
    """Inside an action."""
    record(actor, Act.CONVERSATION_HELD, kind="conversation", object_id=conversation_id,
           facts={"held": is_held})  # fmt: skip


def limits(conversation_id: int) -> Limits:
    found = sql.row(
        "SELECT c.edit_seconds, c.delete_seconds, c.is_held, o.organisation_id, o.edit_seconds, o.delete_seconds,"
        " o.hides_revisions, o.is_held FROM conversations_conversation c"
        " LEFT JOIN conversations_policy o ON o.organisation_id = c.organisation_id WHERE c.id = %s",
        [conversation_id],
    )
    assert found is not None
    edit, delete, is_held, organisation_id, our_edit, our_delete, hides, all_held = found
    if organisation_id is None:
        defaults = Policy()
        our_edit, our_delete, hides, all_held = defaults.edit_seconds, defaults.delete_seconds, False, False
    return Limits(
        our_edit if edit is None else edit,
        our_delete if delete is None else delete,
        bool(hides),
        bool(is_held or all_held),
    )


def floor_of_newcomers(conversation_id: int, *, role: str = Participant.Role.GUEST) -> int:
    """The number up to which somebody who comes now is shown nothing; 0 where they are shown all.

    So where what was said before is kept from newcomers; what is open to the organisation is so from guests alone.
    """
    found = sql.row(
        "SELECT c.kind, c.visibility, c.last_number, coalesce(c.history, o.history) FROM conversations_conversation c"
        " LEFT JOIN conversations_policy o ON o.organisation_id = c.organisation_id WHERE c.id = %s",
        [conversation_id],
    )
    if found is None:
        return 0
    kind, visibility, last_number, history = found
    is_kept = history == History.JOINED and kind in (Conversation.Kind.GROUP, Conversation.Kind.CHANNEL)
    is_open = visibility == Conversation.Visibility.ORGANISATION and role != Participant.Role.GUEST
    return int(last_number) if is_kept and not is_open else 0


def exporting(organisation_id: int) -> str:
    """Who takes conversations out, of Exporting."""
    return str(_found(organisation_id).exporting)


def is_held(conversation_id: int) -> bool:
    return limits(conversation_id).is_held


def check_may_create(actor: Actor) -> None:
    """Whether the actor may open a channel. Raises Denied (channels_are_admins)."""
    if _found(actor.organisation_id).creating == Policy.Creating.ADMINS and not actor.may(access.MANAGE):
        raise Denied("channels_are_admins", "Here only those who manage conversations open channels.")


def check_reachable(actor: Actor, user_id: int) -> None:
    """Whether somebody takes a new direct conversation from the actor. Raises Denied (direct_refused)."""
    if user_id == actor.user_id:
        return
    chosen = settings(user_id)["direct_from"]
    if chosen == PersonState.From.NOBODY or (
        chosen == PersonState.From.GROUPS and user_id not in Viewer(actor).sharing
    ):
        raise Denied("direct_refused", "They take no new direct conversations from you.")


def check_in_time(created_at: int, seconds: int | None, what: str) -> None:
    """Raises Conflict (too_late) when the limit has passed; 0 is never."""
    if seconds is not None and clock.now_ms() > created_at + seconds * 1000:
        raise Conflict("too_late", f"A message may be {what} {seconds} seconds long at most.")


def hide_reading(actor: Actor, *, hides: bool) -> None:
    """Show nobody how far one has read, and be shown nobody's in direct conversations; or show it again."""
    actor.require(access.USE)
    _hide_reading(actor.user_id, hides=hides)


@db.action
def _hide_reading(user_id: int, *, hides: bool) -> None:
    if settings(user_id)["hides_reading"] == hides:
        return
    for conversation_id in _small_of(user_id):
        sql.run(
            "UPDATE conversations_participant SET seq = %s WHERE conversation_id = %s AND left_at IS NULL",
            [log.step(conversation_id), conversation_id],
        )
    log.own_step(user_id)
    sql.run("UPDATE conversations_personstate SET hides_reading = %s WHERE user_id = %s", [hides, user_id])


def _small_of(user_id: int) -> list[int]:
    return [
        row[0]
        for row in sql.rows(
            "SELECT c.id FROM conversations_participant p JOIN conversations_conversation c ON c.id = p.conversation_id"
            " WHERE p.user_id = %s AND p.left_at IS NULL AND c.members <= %s ORDER BY c.id",
            [user_id, rows.LIVE_RECEIPTS],
        )
    ]


def settings(user_id: int) -> dict[str, Any]:
    """What somebody chose for all conversations."""
    found = sql.row(
        "SELECT hides_reading, direct_from FROM conversations_personstate WHERE user_id = %s", [user_id]
    )
    hides, direct_from = found or (False, str(PersonState.From.EVERYBODY))
    return {"hides_reading": bool(hides), "direct_from": direct_from}


@db.action
def take_direct_from(actor: Actor, chosen: str) -> None:
    """Say who may open a direct conversation with one."""
    actor.require(access.USE)
    log.own_step(actor.user_id)
    sql.run(
        "UPDATE conversations_personstate SET direct_from = %s WHERE user_id = %s", [chosen, actor.user_id]
    )
