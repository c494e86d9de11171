"""Roles: what they hold, and who may make, change and give them.

Two rules keep the ladder in place: nobody gives or takes more than they hold, and an organisation always keeps an
owner who can come in.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from posthouse.audit.actions import Fact, record
from posthouse.audit.acts import Act
from posthouse.base import db
from posthouse.base.errors import Conflict, Denied, Invalid, Missing
from posthouse.base.paths import read_id
from posthouse.identity import live_sessions, permissions, step_up
from posthouse.identity.actor import Actor
from posthouse.identity.models import Organisation, Role, User

MAX_ROLES = 100
_MEANINGS = {
    "owner": "Everything.",
    "admin": "Everything but making and unmaking owners.",
    "member": "One's own mail and conversations, and seeing everybody.",
    "guest": "One's own mail and conversations, and seeing those one shares a group with.",
}


def held_by(user: User) -> frozenset[str]:
    return permissions.bundle(user.role, None if user.custom_role is None else user.custom_role.permissions)


def key_of(role: str, custom_role_id: int | None) -> str:
    """What the API calls a person's role: a built-in name, or the id of a custom one."""
    return role if custom_role_id is None else str(custom_role_id)


def listed(actor: Actor) -> list[dict[str, Any]]:
    """The built-in roles and the organisation's own, for whoever may give or make them."""
    if not actor.may("roles.manage"):
        actor.require("users.read")
    built_in = [
        {"id": name, "name": name, "about": _MEANINGS[name], "is_built_in": True, "permissions": sorted(held)}
        for name, held in permissions.BUILT_IN.items()
    ]
    own = Role.objects.filter(organisation_id=actor.organisation_id).order_by("name")
    return [*built_in, *map(as_json, own)]


def as_json(role: Role) -> dict[str, Any]:
    held = sorted(permissions.bundle("", role.permissions))
    return {"id": str(role.id), "name": role.name, "about": "", "is_built_in": False, "permissions": held}


def role_for(actor: Actor, role_id: int) -> Role:
    role = Role.objects.filter(id=role_id, organisation_id=actor.organisation_id).first()
    if role is None:
        raise Missing()
    return role


def seen_role_for(actor: Actor, role_id: int) -> Role:
    """A role to be read: for whom the list is, and for who has it."""
    role = role_for(actor, role_id)
    if not (actor.may("roles.manage") or User.objects.filter(id=actor.user_id, custom_role=role).exists()):
        actor.require("users.read")
    return role


@db.action
def create_role(actor: Actor, *, name: str, permissions: Collection[str]) -> Role:
    """Make a role of permissions that one holds oneself. Raises Denied, Conflict (role_exists)."""
    actor.require("roles.manage")
    step_up.require_of_session(actor)
    _check_held(actor, permissions)
    own = Role.objects.filter(organisation_id=actor.organisation_id)
    if own.count() >= MAX_ROLES:
        raise Conflict("too_many_roles", f"An organisation has {MAX_ROLES} roles of its own at most.")
    _check_name(actor, name)
    role = Role.objects.create(
        organisation_id=actor.organisation_id, name=name.strip(), permissions=sorted(set(permissions))
    )
    _record(actor, Act.ROLE_CREATED, role)
    return role


@db.action
def update_role(
    actor: Actor, role_id: int, *, name: str | None = None, permissions: Collection[str] | None = None
) -> Role:
    """Change a role; whoever has it may do the new things at once, and the old no more."""
    actor.require("roles.manage")
    role = role_for(actor, role_id)
    step_up.require_of_session(actor)
    _check_held(actor, role.permissions)
    if name is not None and name.strip() != role.name:
        _check_name(actor, name, but=role.id)
        role.name = name.strip()
    if permissions is not None:
        _check_held(actor, permissions)
        role.permissions = sorted(set(permissions))
        live_sessions.people_changed(User.objects.filter(custom_role=role).values_list("id", flat=True))
    role.save(update_fields=["name", "permissions"])
    _record(actor, Act.ROLE_CHANGED, role)
    return role


@db.action
def delete_role(actor: Actor, role_id: int) -> None:
    """Raises Conflict (role_in_use) while somebody has it: taking it away would change what they may do unasked."""
    actor.require("roles.manage")
    role = role_for(actor, role_id)
    _check_held(actor, role.permissions)
    if User.objects.filter(custom_role=role).exists():
        raise Conflict("role_in_use", "Somebody has this role; give them another first.")
    _record(actor, Act.ROLE_DELETED, role)
    role.delete()


def _record(actor: Actor, act: Act, role: Role) -> None:
    facts: dict[str, Fact] = {"name": role.name, "permissions": list(role.permissions)}
    record(actor, act, kind="role", object_id=role.id, facts=facts)


def _check_name(actor: Actor, name: str, *, but: int | None = None) -> None:
    text = name.strip()
    if not text or text.lower() in permissions.BUILT_IN:
        raise Invalid("invalid_name", "A role needs a name that no built-in role has.", pointer="/name")
    if (
        Role.objects.filter(organisation_id=actor.organisation_id, name__iexact=text)
        .exclude(id=but or 0)
        .exists()
    ):
        raise Conflict("role_exists", "There is a role of this name already.")


def _check_held(actor: Actor, wanted: Collection[str]) -> None:
    """Raises Denied when the actor lacks one: nobody gives or takes more than they hold."""
    if not frozenset(wanted) <= actor.permissions:
        raise Denied("more_than_yours", "That is more than you may do yourself.")


# --- giving -------------------------------------------------------------------------------------


def chosen(actor: Actor, key: str) -> tuple[str, Role | None]:
    """The role that the API means by a built-in name or an id, if the actor may give it. Asks for step-up."""
    step_up.require_of_session(actor)
    if key in permissions.BUILT_IN:
        _check_held(actor, permissions.BUILT_IN[key])
        return key, None
    number = read_id(key)
    role = Role.objects.filter(id=number or 0, organisation_id=actor.organisation_id).first()
    if role is None:
        raise Invalid("invalid_role", "There is no such role.", pointer="/role")
    _check_held(actor, role.permissions)
    return User.Role.MEMBER, role


def check_reach(actor: Actor, user: User) -> None:
    """Raises Denied for somebody who may do more than the actor: admins cannot touch owners, nor owners operators."""
    if user.is_operator and not actor.is_operator:
        raise Denied("more_than_yours", "This person keeps the server; only an operator can do this.")
    _check_held(actor, held_by(user))


def check_owner_stays(user: User) -> None:
    """Call before an owner is demoted, switched off or deleted. Raises Conflict (last_owner)."""
    if user.role != User.Role.OWNER or user.custom_role_id is not None or not user.is_active:
        return
    Organisation.objects.select_for_update().get(id=user.organisation_id)
    owners = User.objects.filter(
        organisation_id=user.organisation_id, role=User.Role.OWNER, custom_role=None, is_active=True
    )
    if not owners.exclude(id=user.id).exists():
        raise Conflict("last_owner", "An organisation needs an owner; make another first.")
