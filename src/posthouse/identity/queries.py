"""Reads of people and domains."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from posthouse.base import clock, sql
from posthouse.base.errors import Denied, Missing
from posthouse.identity import mfa_policy, permissions
from posthouse.identity.actor import Actor
from posthouse.identity.addresses import normal_address
from posthouse.identity.models import Domain, Notice, Organisation, Session, User


def actor_of_session(session_id: int, user_id: int, *, via: str) -> Actor | None:
    """The person of a live session, or None when it is revoked, expired or its user switched off.

    One query; where a second factor is required one more.
    """
    row = (
        Session.objects.filter(
            id=session_id, user_id=user_id, revoked_at=None, expires_at__gt=clock.now(), user__is_active=True
        )
        .values_list(
            "user__organisation_id",
            "user__email",
            "user__role",
            "user__custom_role__permissions",
            "user__is_operator",
            "user__organisation__requires_mfa",
        )
        .first()
    )
    if row is None:
        return None
    organisation_id, email, role, custom, is_operator, requires_mfa = row
    return Actor(
        user_id=user_id,
        organisation_id=organisation_id,
        email=email,
        role=role,
        via=via,
        session_id=session_id,
        permissions=permissions.bundle(role, custom),
        is_operator=is_operator,
        lacks_factor=mfa_policy.is_required(by_organisation=requires_mfa, is_operator=is_operator)
        and mfa_policy.is_lacking(user_id),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFacts:
    actor: Actor
    kind: str
    via: str
    ip: str
    client: str
    created_at: dt.datetime


def notice(notice_id: int) -> NoticeFacts | None:
    """A notice and whose it is; None when either is gone. For the job that tells of it."""
    row = Notice.objects.filter(id=notice_id, user__is_active=True).select_related("user").first()
    if row is None:
        return None
    return NoticeFacts(
        actor=as_actor(row.user, via="job"),
        kind=row.kind,
        via=row.via,
        ip=row.ip,
        client=row.client,
        created_at=row.created_at,
    )


def active_actor(user_id: int, *, via: str, ip: str = "", client: str = "") -> Actor:
    """Raises Denied for somebody switched off meanwhile."""
    user = User.objects.filter(id=user_id, is_active=True).select_related("organisation").first()
    if user is None:
        raise Denied("invalid_credentials", "The address or the password is wrong.")
    return as_actor(user, via=via, ip=ip, client=client)


def actor_of(email: str, *, via: str) -> Actor:
    """A person as the command line names them; raises Missing."""
    user = (
        User.objects.filter(email=normal_address(email), is_active=True).select_related("custom_role").first()
    )
    if user is None:
        raise Missing("no_such_user", f"There is no user {email}.")
    return as_actor(user, via=via)


def as_actor(user: User, *, via: str, ip: str = "", client: str = "") -> Actor:
    """The person with all they may do; a query more for a custom role and for the organisation not fetched along."""
    custom = None if user.custom_role is None else user.custom_role.permissions
    return Actor(
        user_id=user.id,
        organisation_id=user.organisation_id,
        email=user.email,
        role=user.role,
        via=via,
        ip=ip,
        client=client,
        permissions=permissions.bundle(user.role, custom),
        is_operator=user.is_operator,
        lacks_factor=mfa_policy.is_required(
            by_organisation=user.organisation.requires_mfa, is_operator=user.is_operator
        )
        and mfa_policy.is_lacking(user.id),
    )


def actor_again(actor: Actor) -> Actor:
    """Somebody as they are now, through the same door and with the same token; raises Missing when switched off."""
    user = User.objects.filter(id=actor.user_id, is_active=True)
    found = user.select_related("custom_role", "organisation").first()
    if found is None:
        raise Missing()
    now = as_actor(found, via=actor.via)
    return replace(
        actor,
        email=now.email,
        role=now.role,
        permissions=now.permissions,
        is_operator=now.is_operator,
        lacks_factor=now.lacks_factor,
    )


def user_for(actor: Actor) -> User:
    return User.objects.get(id=actor.user_id)


def caretakers(organisation_id: int, user_id: int | None) -> list[str]:
    """Whom to tell of trouble: a person, or those who look after an organisation."""
    people = User.objects.filter(organisation_id=organisation_id, is_active=True)
    chosen = (
        people.filter(role__in=(User.Role.OWNER, User.Role.ADMIN))
        if user_id is None
        else people.filter(id=user_id)
    )
    return list(chosen.order_by("id").values_list("email", flat=True))


def hold(user_id: int) -> None:
    """Let acts that count what a person has come one after the other; inside an action, before it counts."""
    if sql.for_update():
        sql.row(f"SELECT id FROM identity_user WHERE id = %s{sql.for_update()}", [user_id])


def people_of(organisation_id: int) -> list[int]:
    """Everybody of an organisation who is active."""
    found = User.objects.filter(organisation_id=organisation_id, is_active=True, kind=User.Kind.PERSON)
    return list(found.order_by("id").values_list("id", flat=True))


def domains() -> list[str]:
    return list(Domain.objects.order_by("name").values_list("name", flat=True))


def has_owner(organisation_id: int) -> bool:
    """Whether anybody who can log in owns an organisation."""
    return User.objects.filter(
        organisation_id=organisation_id, role=User.Role.OWNER, custom_role=None, is_active=True
    ).exists()


def domain_of(email: str) -> Domain:
    """The domain of an address, which need not be anybody's. Raises Missing (no_such_domain) for one not here."""
    name = normal_address(email).rpartition("@")[2]
    found = Domain.objects.filter(name=name).first()
    if found is None:
        raise Missing("no_such_domain", f"{name} is not a domain here; add it first.")
    return found


def organisation_named(name: str) -> Organisation | None:
    return Organisation.objects.filter(name=name).first()
