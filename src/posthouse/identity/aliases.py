"""Addresses of a person: the one they log in with, and any number beside it that reach them too."""

from __future__ import annotations

from typing import Any

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import db
from posthouse.base.errors import Conflict, Missing
from posthouse.identity import directory, groups, live_sessions, people, profiles, roles, scram
from posthouse.identity.actor import Actor
from posthouse.identity.addresses import normal_address
from posthouse.identity.models import Address, User
from posthouse.identity.profiles import Viewer

MAX_ADDRESSES = 100


def listed(actor: Actor, user_id: int) -> list[dict[str, Any]]:
    """Somebody's addresses, for themselves and for who manages people; Missing for somebody not seen."""
    _check(actor, user_id)
    primary = User.objects.filter(id=user_id).values_list("email", flat=True).first()
    return [_as_json(row, primary or "") for row in Address.objects.filter(user_id=user_id).order_by("id")]


def _as_json(row: Address, primary: str) -> dict[str, Any]:
    return {"id": str(row.id), "email": row.email, "is_primary": row.email == primary}


def _check(actor: Actor, user_id: int) -> None:
    if user_id != actor.user_id:
        profiles.row_for(Viewer(actor), user_id)
        actor.require("users.manage")


@db.action
def add_alias(actor: Actor, user_id: int, email: str) -> dict[str, Any]:
    """Let an address of the organisation reach somebody too. Raises Denied, Invalid, Conflict (address_exists)."""
    user = _managed(actor, user_id)
    if Address.objects.filter(user=user).count() >= MAX_ADDRESSES:
        raise Conflict("too_many_addresses", f"A person has {MAX_ADDRESSES} addresses at most.")
    made = groups.add_address(user.organisation_id, normal_address(email), user_id=user.id)
    _record(actor, Act.ADDRESS_ADDED, user, made)
    return _as_json(made, user.email)


@db.action
def remove_alias(actor: Actor, user_id: int, address_id: int) -> None:
    """Raises Conflict (primary_address) for the one they log in with."""
    user = _managed(actor, user_id)
    row = _alias(user, address_id)
    if row.email == user.email:
        raise Conflict(
            "primary_address", "This is the address they log in with; choose another for that first."
        )
    _record(actor, Act.ADDRESS_REMOVED, user, row)
    row.delete()
    directory.forget_after_commit()
    live_sessions.person_changed(user.id)


@db.action
def choose_primary(actor: Actor, user_id: int, address_id: int) -> None:
    """Let somebody log in and write with another of their addresses; the old one goes on reaching them."""
    user = _managed(actor, user_id)
    row = _alias(user, address_id)
    User.objects.filter(id=user.id).update(email=row.email, scram_salt=scram.keep_salt(user))
    live_sessions.person_changed(user.id)
    _record(actor, Act.ADDRESS_CHOSEN, user, row)


def _record(actor: Actor, act: Act, user: User, row: Address) -> None:
    record(actor, act, kind="address", object_id=row.id, subject=user.id, facts={"email": row.email})


def _managed(actor: Actor, user_id: int) -> User:
    profiles.row_for(Viewer(actor), user_id)
    actor.require("users.manage")
    user = people.user_for(actor, user_id)
    roles.check_reach(actor, user)
    return user


def _alias(user: User, address_id: int) -> Address:
    row = Address.objects.filter(id=address_id, user=user).first()
    if row is None:
        raise Missing()
    return row


def received(user_id: int) -> list[str]:
    """The addresses whose mail is for one person alone."""
    return list(Address.objects.filter(user_id=user_id).order_by("id").values_list("email", flat=True))


def sendable(user_id: int) -> list[str]:
    """The addresses somebody may send as: their own, first the one they log in with; those of groups they manage."""
    primary = User.objects.filter(id=user_id).values_list("email", flat=True).first()
    own = Address.objects.filter(user_id=user_id).order_by("id").values_list("email", flat=True)
    of_groups = (
        Address.objects.filter(group__groupmember__user_id=user_id, group__groupmember__is_manager=True)
        .order_by("id")
        .values_list("email", flat=True)
    )
    return sorted([*own, *of_groups], key=lambda email: email != primary)
