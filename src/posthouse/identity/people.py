"""Adding, changing, switching off and deleting people. What one tells of oneself is in profiles.py.

Switched off and deleted people cannot come in, get no mail, and their sessions end with the commit. A deleted one can
be taken back for two weeks; then the sweep removes them with all they had (ops/departures.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from posthouse.audit.actions import Fact, record
from posthouse.audit.acts import Act
from posthouse.audit.who import A_JOB
from posthouse.base import clock, db
from posthouse.base.errors import Conflict, Denied, Missing
from posthouse.identity import actions, directory, live_sessions, roles, sessions
from posthouse.identity.actor import Actor
from posthouse.identity.addresses import normal_address
from posthouse.identity.models import Domain, User

UNDO_DAYS = 14
DAY_MS = 86_400_000

Settle = Callable[[User], object]
"""Gives a new person what other rooms have for them (a mail account), in the same transaction."""


def user_for(actor: Actor, user_id: int) -> User:
    """A person of the actor's organisation, for a change; Missing for anybody else."""
    user = (
        User.objects.filter(id=user_id, organisation_id=actor.organisation_id, kind=User.Kind.PERSON)
        .select_related("custom_role")
        .first()
    )
    if user is None:
        raise Missing()
    return user


@db.action
def create_user(
    actor: Actor, *, email: str, name: str, password_hash: str, role: str, settle: Settle
) -> User:
    """Add a person with an address in one of the organisation's domains. Raises Denied, Missing, Conflict."""
    actor.require("users.manage")
    built_in, custom = roles.chosen(actor, role)
    check_own_domain(actor, email)
    user = actions.add_user(email, name=name, password_hash=password_hash, role=built_in, by=actor)
    if custom is not None:
        User.objects.filter(id=user.id).update(custom_role=custom)
    settle(user)
    return user


def check_own_domain(actor: Actor, email: str) -> None:
    """Raises Missing for an address in a domain that is not the organisation's."""
    domain = normal_address(email).rpartition("@")[2]
    if not Domain.objects.filter(name=domain, organisation_id=actor.organisation_id).exists():
        raise Missing("no_such_domain", f"{domain} is not a domain of yours.")


def make_shared(user: User) -> None:
    """Let a new user be no person but the owner of a shared account; call inside the action that made it."""
    User.objects.filter(id=user.id).update(kind=User.Kind.SHARED)


def close_shared(user_id: int) -> None:
    """Switch the owner of a shared account off, to be forgotten like a person; call inside an action."""
    User.objects.filter(id=user_id, kind=User.Kind.SHARED).update(is_active=False, deleted_at=clock.now())


@db.action
def change_user(
    actor: Actor,
    user_id: int,
    *,
    name: str | None = None,
    role: str | None = None,
    is_active: bool | None = None,
) -> None:
    """Change somebody's name or role, or switch them off and on. Takes effect at once. Raises Denied, Conflict."""
    actor.require("users.manage")
    user = user_for(actor, user_id)
    roles.check_reach(actor, user)
    if user.deleted_at is not None:
        raise Conflict("user_deleted", "This person was deleted; restore them first.")
    changes: dict[str, object] = {}
    if name is not None:
        changes["name"] = name
    if role is not None and role != roles.key_of(user.role, user.custom_role_id):
        built_in, custom = roles.chosen(actor, role)
        if built_in != User.Role.OWNER:
            roles.check_owner_stays(user)
        changes |= {"role": built_in, "custom_role": custom}
    if is_active is not None and is_active != user.is_active:
        changes["is_active"] = is_active
        if not is_active:
            _check_not_oneself(actor, user)
            roles.check_owner_stays(user)
            sessions.end_of(user.id, by=actor)
        directory.forget_after_commit()
    if changes:
        User.objects.filter(id=user.id).update(**changes)
        if changes.get("is_active") is False:
            live_sessions.person_ended(user.id)
        else:
            live_sessions.person_changed(user.id)
        facts: dict[str, Fact] = {"fields": sorted(changes.keys() - {"custom_role"})}
        _record(actor, Act.USER_CHANGED, user.id, facts | ({"role": role} if "role" in changes else {}))


@db.action
def delete_user(actor: Actor, user_id: int) -> None:
    """Switch somebody off and forget them in two weeks. Raises Denied, Conflict (last_owner), Missing."""
    actor.require("users.manage")
    user = user_for(actor, user_id)
    roles.check_reach(actor, user)
    _check_not_oneself(actor, user)
    if user.deleted_at is not None:
        return
    roles.check_owner_stays(user)
    sessions.end_of(user.id, by=actor)
    User.objects.filter(id=user.id).update(is_active=False, deleted_at=clock.now())
    directory.forget_after_commit()
    live_sessions.person_ended(user.id)
    _record(actor, Act.USER_DELETED, user.id)


@db.action
def restore_user(actor: Actor, user_id: int) -> None:
    """Take a deletion back, within UNDO_DAYS. Raises Missing for somebody who was not deleted."""
    actor.require("users.manage")
    user = user_for(actor, user_id)
    roles.check_reach(actor, user)
    if user.deleted_at is None or user.deleted_at < _too_late():
        raise Missing()
    User.objects.filter(id=user.id).update(is_active=True, deleted_at=None)
    directory.forget_after_commit()
    _record(actor, Act.USER_RESTORED, user.id)


def _record(actor: Actor, act: Act, user_id: int, facts: dict[str, Fact] | None = None) -> None:
    record(actor, act, kind="user", object_id=user_id, subject=user_id, facts=facts)


def deleted_before() -> list[int]:
    """Whose time to come back is over."""
    gone = User.objects.filter(deleted_at__lt=_too_late()).order_by("id")
    return list(gone.values_list("id", flat=True))


@db.action
def forget(user_id: int) -> None:
    """Remove somebody whose time to come back is over, with every row that is theirs; their addresses are free again.

    What is large (mail) is to be removed before, in pieces (ops/departures.py).
    """
    gone = User.objects.filter(id=user_id, deleted_at__lt=_too_late()).first()
    if gone is None:
        return
    facts: dict[str, Fact] = {"email": gone.email}
    record(
        A_JOB,
        Act.USER_FORGOTTEN,
        kind="user",
        object_id=user_id,
        subject=user_id,
        organisation=gone.organisation_id,
        facts=facts,
    )
    gone.delete()
    directory.forget_after_commit()


def _too_late() -> dt.datetime:
    return clock.from_ms(clock.now_ms() - UNDO_DAYS * DAY_MS)


def _check_not_oneself(actor: Actor, user: User) -> None:
    if user.id == actor.user_id:
        raise Denied("not_yourself", "You cannot do this to yourself.")
