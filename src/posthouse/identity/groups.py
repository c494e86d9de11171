"""Groups: who is in them, what lies in what, and the address that reaches everybody.

Invariants
- What lies in what has no circle and is MAX_DEPTH levels deep at most, so every walk over it ends.
- Whoever manages a group (`groups.manage`, or as one of its managers) says who is in it, and only of people they see.
- A change is known at once: mail to the address, and what members may use by their membership.
"""

from __future__ import annotations

from typing import Any

from posthouse.audit.actions import Fact, record
from posthouse.audit.acts import Act
from posthouse.base import db, sql
from posthouse.base.clock import iso, to_ms
from posthouse.base.errors import Conflict, Invalid, Missing
from posthouse.identity import directory, live_sessions, profiles
from posthouse.identity.actor import Actor
from posthouse.identity.addresses import normal_address
from posthouse.identity.models import Address, Domain, Group, GroupMember, GroupNesting
from posthouse.identity.profiles import Viewer

MAX_DEPTH = 5
MAX_GROUPS = 5_000
MAX_MEMBERS = 2_000
Row = dict[str, Any]

GROUPS_OF = (
    "WITH RECURSIVE mine(id) AS (SELECT group_id FROM identity_groupmember WHERE user_id = %s"
    " UNION SELECT n.parent_id FROM identity_groupnesting n JOIN mine ON n.child_id = mine.id)"
    " SELECT id FROM mine"
)
"""The groups somebody is in, also by a group that lies in them."""


def groups_of(user_id: int) -> frozenset[int]:
    return frozenset(row[0] for row in sql.rows(GROUPS_OF, [user_id]))


def members_of(group_id: int) -> list[int]:
    """Everybody in a group who is active, each once, also of the groups that lie in it."""
    return [row[0] for row in sql.rows(directory.MEMBERS_OF, [group_id])]


def group_for(actor: Actor, group_id: int) -> Group:
    """A group that the actor sees: any of the organisation, or for a guest those they are in. Raises Missing."""
    group = Group.objects.filter(id=group_id, organisation_id=actor.organisation_id).first()
    if group is None or not (actor.may("users.read") or group.id in groups_of(actor.user_id)):
        raise Missing()
    return group


def managed_for(actor: Actor, group_id: int) -> Group:
    """A group that the actor manages; Denied for one they only see."""
    group = group_for(actor, group_id)
    is_manager = GroupMember.objects.filter(group=group, user_id=actor.user_id, is_manager=True).exists()
    if not is_manager:
        actor.require("groups.manage")
    return group


# --- reading ------------------------------------------------------------------------------------


def listed(actor: Actor, *, after: int, limit: int) -> tuple[list[Row], int | None]:
    """The groups that the actor sees, oldest first, and the id to go on after."""
    seen = Group.objects.filter(organisation_id=actor.organisation_id, id__gt=after).order_by("id")
    if not actor.may("users.read"):
        seen = seen.filter(id__in=groups_of(actor.user_id))
    rows = list(seen[: limit + 1])
    shown = [as_json(actor, group) for group in rows[:limit]]
    return shown, rows[limit - 1].id if len(rows) > limit else None


def as_json(actor: Actor, group: Group) -> Row:
    members = GroupMember.objects.filter(group=group)
    return {
        "id": str(group.id),
        "name": group.name,
        "about": group.about,
        "posting": group.posting,
        "address": Address.objects.filter(group=group).values_list("email", flat=True).first(),
        "members": members.filter(user__is_active=True).count(),
        "is_member": members.filter(user_id=actor.user_id).exists(),
        "is_manager": members.filter(user_id=actor.user_id, is_manager=True).exists(),
        "groups": [
            str(child)
            for child in GroupNesting.objects.filter(parent=group).values_list("child_id", flat=True)
        ],
        "created_at": iso(to_ms(group.created_at)),
    }


def members(actor: Actor, group_id: int, *, after: int, limit: int) -> tuple[list[Row], int | None]:
    """Who is in a group themselves, as far as the actor sees them, and the id to go on after."""
    group, viewer = group_for(actor, group_id), Viewer(actor)
    rows = sql.rows(
        f"SELECT m.id, m.is_manager, {profiles.COLUMNS} FROM {profiles.TABLES}"
        " JOIN identity_groupmember m ON m.user_id = u.id"
        " WHERE m.group_id = %s AND m.id > %s AND u.is_active ORDER BY m.id LIMIT %s",
        [group.id, after, limit + 1],
    )
    people = profiles.shown(viewer, [profiles.Row(*row[2:]) for row in rows[:limit]])
    shown = [
        {"is_manager": bool(row[1]), "user": person} for row, person in zip(rows[:limit], people, strict=True)
    ]
    return shown, rows[limit - 1][0] if len(rows) > limit else None


# --- changing -----------------------------------------------------------------------------------


@db.action
def create_group(
    actor: Actor,
    *,
    name: str,
    about: str = "",
    posting: str = Group.Posting.ORGANISATION,
    address: str | None = None,
) -> Group:
    """Make a group; whoever makes it manages it. Raises Denied, Conflict (group_exists, address_exists), Invalid."""
    actor.require("groups.manage")
    own = Group.objects.filter(organisation_id=actor.organisation_id)
    if own.count() >= MAX_GROUPS:
        raise Conflict("too_many_groups", f"An organisation has {MAX_GROUPS} groups at most.")
    _check_name(actor, name)
    group = Group.objects.create(
        organisation_id=actor.organisation_id, name=name, about=about, posting=posting
    )
    GroupMember.objects.create(group=group, user_id=actor.user_id, is_manager=True)
    if address is not None:
        _set_address(group, address)
    live_sessions.person_changed(actor.user_id)
    _record(actor, Act.GROUP_CREATED, group.id)
    return group


@db.action
def update_group(actor: Actor, group_id: int, changes: dict[str, Any]) -> Group:
    """Change name, about, posting or address (None takes it away)."""
    group = managed_for(actor, group_id)
    if "name" in changes and changes["name"] != group.name:
        _check_name(actor, changes["name"], but=group.id)
    if "address" in changes:
        actor.require("groups.manage")
        _set_address(group, changes["address"])
    for name in ("name", "about", "posting"):
        setattr(group, name, changes.get(name, getattr(group, name)))
    group.save(update_fields=["name", "about", "posting"])
    directory.forget_after_commit()
    _record(actor, Act.GROUP_CHANGED, group.id, {"fields": sorted(changes)})
    return group


@db.action
def delete_group(actor: Actor, group_id: int) -> None:
    """Remove a group with its address, and what its members could do by it."""
    actor.require("groups.manage")
    group = group_for(actor, group_id)
    _changed(group.id)
    _record(actor, Act.GROUP_DELETED, group.id)
    group.delete()


@db.action
def put_member(actor: Actor, group_id: int, user_id: int, *, is_manager: bool = False) -> None:
    """Take somebody in whom the actor sees, or make them manager or not. Raises Missing, Denied, Conflict."""
    group = managed_for(actor, group_id)
    profiles.row_for(Viewer(actor), user_id)
    if GroupMember.objects.filter(group=group).exclude(user_id=user_id).count() >= MAX_MEMBERS:
        raise Conflict("too_many_members", f"A group has {MAX_MEMBERS} members at most.")
    GroupMember.objects.update_or_create(group=group, user_id=user_id, defaults={"is_manager": is_manager})
    _changed(group.id)
    _record(
        actor, Act.MEMBER_PUT, group.id, {"user_id": str(user_id), "is_manager": is_manager}, subject=user_id
    )


@db.action
def remove_member(actor: Actor, group_id: int, user_id: int) -> None:
    """Put somebody out, or leave oneself. Raises Missing when they are not in it."""
    group = group_for(actor, group_id) if user_id == actor.user_id else managed_for(actor, group_id)
    _changed(group.id)
    if not GroupMember.objects.filter(group=group, user_id=user_id).delete()[0]:
        raise Missing()
    _record(actor, Act.MEMBER_REMOVED, group.id, {"user_id": str(user_id)}, subject=user_id)


@db.action
def nest(actor: Actor, group_id: int, child_id: int) -> None:
    """Let the members of one group be members of another. Raises Conflict (group_loop, group_too_deep)."""
    group, child = managed_for(actor, group_id), group_for(actor, child_id)
    # On PostgreSQL two nestings side by side could close a circle that neither sees.
    list(Group.objects.select_for_update().filter(organisation_id=actor.organisation_id).order_by("id"))
    above, below = _levels(group.id, up=True), _levels(child.id, up=False)
    if child.id in above:
        raise Conflict("group_loop", "A group cannot lie inside itself.")
    if max(above.values()) + max(below.values()) > MAX_DEPTH:
        raise Conflict("group_too_deep", f"Groups nest {MAX_DEPTH} deep at most.")
    GroupNesting.objects.get_or_create(parent=group, child=child)
    _changed(group.id)
    _record(actor, Act.MEMBER_PUT, group.id, {"group_id": str(child.id)})


@db.action
def unnest(actor: Actor, group_id: int, child_id: int) -> None:
    group = managed_for(actor, group_id)
    _changed(group.id)
    if not GroupNesting.objects.filter(parent=group, child_id=child_id).delete()[0]:
        raise Missing()
    _record(actor, Act.MEMBER_REMOVED, group.id, {"group_id": str(child_id)})


def _record(
    actor: Actor, act: Act, group_id: int, facts: dict[str, Fact] | None = None, *, subject: int | None = None
) -> None:
    record(actor, act, kind="group", object_id=group_id, subject=subject, facts=facts)


def _levels(group_id: int, *, up: bool) -> dict[int, int]:
    """The groups above (or below) one, itself included, and how many levels that makes at most."""
    here, there = ("child_id", "parent_id") if up else ("parent_id", "child_id")
    found, level, depth = {group_id: 1}, {group_id}, 1
    while level and depth <= MAX_DEPTH + 1:
        depth += 1
        nestings = GroupNesting.objects.filter(**{f"{here}__in": level})
        level = set(nestings.values_list(there, flat=True))
        found |= dict.fromkeys(level, depth)
    return found


def _check_name(actor: Actor, name: str, *, but: int = 0) -> None:
    same = Group.objects.filter(organisation_id=actor.organisation_id, name__iexact=name)
    if same.exclude(id=but).exists():
        raise Conflict("group_exists", "There is a group of this name already.")


def _set_address(group: Group, email: str | None) -> None:
    wanted = None if email is None else normal_address(email)
    if Address.objects.filter(group=group, email=wanted or "").exists():
        return
    Address.objects.filter(group=group).delete()
    if wanted is not None:
        add_address(group.organisation_id, wanted, group=group)
    directory.forget_after_commit()


def add_address(
    organisation_id: int, email: str, *, group: Group | None = None, user_id: int | None = None
) -> Address:
    """An address in one of the organisation's domains; call inside an action. Raises Invalid, Conflict."""
    if "+" in email:
        raise Invalid(
            "invalid_address",
            "What comes after a + is everybody's own to choose.",
            pointer="/email",
        )
    domain = Domain.objects.filter(name=email.rpartition("@")[2], organisation_id=organisation_id).first()
    if domain is None:
        raise Invalid("no_such_domain", "This is not a domain of yours.", pointer="/email")
    if Address.objects.filter(email=email).exists():
        raise Conflict("address_exists", f"{email} is here already.")
    directory.forget_after_commit()
    return Address.objects.create(domain=domain, email=email, group=group, user_id=user_id)


def _changed(group_id: int) -> None:
    """Call before members leave, or after they came: everybody in the group may use other things from now on."""
    live_sessions.people_changed(members_of(group_id))
    directory.forget_after_commit()
