"""What people choose about junk."""

from __future__ import annotations

from typing import Any

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import db
from posthouse.delivery.junk import access
from posthouse.filters.spam import choices, learning
from posthouse.filters.spam.addresses import entry_of
from posthouse.filters.spam.choices import Owner
from posthouse.filters.spam.learning import Place
from posthouse.identity.actor import Actor
from posthouse.mail import handled


def _facts(owner: Owner, **facts: Any) -> dict[str, Any]:
    return {"of": "organisation" if owner.account_id is None else "account", **facts}


def _object(owner: Owner) -> int:
    return owner.where[1]


@db.action
def choose(actor: Actor, account_id: int | None, changes: dict[str, Any]) -> None:
    _choose(actor, access.account_for(actor, account_id), changes)


@db.action
def choose_for_all(actor: Actor, changes: dict[str, Any]) -> None:
    _choose(actor, access.organisation_for(actor), changes)


def _choose(actor: Actor, owner: Owner, changes: dict[str, Any]) -> None:
    if changes:
        choices.choose(owner, changes)
        facts = _facts(owner, **{name: str(value) for name, value in changes.items()})
        record(actor, Act.JUNK_CHANGED, kind="junk", object_id=_object(owner), facts=facts)


@db.action
def put_sender(actor: Actor, account_id: int | None, value: str, *, is_allowed: bool) -> int:
    """Raises Invalid (bad_entry), Conflict (too_many_entries)."""
    return _put(actor, access.account_for(actor, account_id), value, is_allowed=is_allowed)


@db.action
def put_sender_for_all(actor: Actor, value: str, *, is_allowed: bool) -> int:
    """Raises Invalid (bad_entry), Conflict (too_many_entries)."""
    return _put(actor, access.organisation_for(actor), value, is_allowed=is_allowed)


def _put(actor: Actor, owner: Owner, value: str, *, is_allowed: bool) -> int:
    entry_id = choices.put_entry(owner, entry_of(value), is_allowed=is_allowed)
    facts = _facts(owner, list="allow" if is_allowed else "block")
    record(actor, Act.SENDER_LISTED, kind="sender", object_id=entry_id, facts=facts)
    return entry_id


@db.action
def remove_sender(actor: Actor, entry_id: int) -> None:
    owner = access.entry_for(actor, entry_id)
    choices.remove_entry(entry_id)
    record(actor, Act.SENDER_UNLISTED, kind="sender", object_id=entry_id, facts=_facts(owner))


@db.action
def forget(actor: Actor, account_id: int | None) -> None:
    """What was learnt of an account's mail; it learns anew from what is done from now on."""
    owner = access.account_for(actor, account_id)
    assert owner.account_id is not None
    state = handled.state_of(owner.account_id)
    learning.forget_own(owner.account_id, place=Place(0 if state is None else state[0], learning.MAX_ID))
    choices.tell()
    record(actor, Act.JUNK_FORGOTTEN, kind="junk", object_id=_object(owner), facts=_facts(owner))


@db.action
def forget_for_all(actor: Actor) -> None:
    """What the organisation learnt of everybody's mail; what people's filters know themselves stays."""
    owner = access.organisation_for(actor)
    learning.forget_shared(owner.organisation_id, handled.accounts_of(owner.organisation_id))
    choices.tell()
    record(actor, Act.JUNK_FORGOTTEN, kind="junk", object_id=_object(owner), facts=_facts(owner))
