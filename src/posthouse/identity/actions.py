"""Writes of people and domains. Those of passwords and sessions have files of their own and are named here too."""

from __future__ import annotations

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.audit.who import THE_COMMAND_LINE, Who
from posthouse.base import db
from posthouse.base.errors import Conflict
from posthouse.identity import directory, queries
from posthouse.identity.actor import Actor
from posthouse.identity.addresses import normal_address, normal_domain
from posthouse.identity.models import Address, Domain, Organisation, User
from posthouse.identity.passwords import authenticate, hash_password, no_password
from posthouse.identity.sessions import Pair, close_session, open_session, refresh_session


@db.action
def add_domain(name: str, *, organisation: str | None = None, by: Who = THE_COMMAND_LINE) -> int:
    """Receive mail for a domain. Makes the organisation when there is none; raises Conflict if it is taken."""
    domain = normal_domain(name)
    if Domain.objects.filter(name=domain).exists():
        raise Conflict("domain_exists", f"{domain} is here already.")
    owner, _ = Organisation.objects.get_or_create(name=organisation or domain)
    row = Domain.objects.create(organisation=owner, name=domain)
    record(
        by, Act.DOMAIN_ADDED, kind="domain", object_id=row.id, organisation=owner.id, facts={"name": domain}
    )
    directory.forget_after_commit()
    return row.id


@db.action
def add_user(
    email: str, *, name: str, password_hash: str, role: str = User.Role.MEMBER, by: Who = THE_COMMAND_LINE
) -> User:
    """Add a person in the organisation that owns the address's domain; raises Missing or Conflict."""
    address = normal_address(email)
    domain = queries.domain_of(address)
    if Address.objects.filter(email=address).exists():
        raise Conflict("address_exists", f"{address} is here already.")
    user = User.objects.create(
        organisation_id=domain.organisation_id, email=address, name=name, password=password_hash, role=role
    )
    Address.objects.create(domain=domain, user=user, email=address)
    record(
        by,
        Act.USER_ADDED,
        kind="user",
        object_id=user.id,
        subject=user.id,
        organisation=user.organisation_id,
        facts={"email": address, "role": str(role)},
    )
    directory.forget_after_commit()
    return user


@db.action
def set_profile(
    actor: Actor, *, name: str | None = None, preferences: dict[str, object] | None = None
) -> None:
    """Change one's own name or preferences (replaced whole)."""
    changes: dict[str, object] = {}
    if name is not None:
        changes["name"] = name
    if preferences is not None:
        changes["preferences"] = preferences
    if changes:
        User.objects.filter(id=actor.user_id).update(**changes)
        record(
            actor,
            Act.PROFILE_CHANGED,
            kind="user",
            object_id=actor.user_id,
            facts={"fields": sorted(changes)},
        )


__all__ = [
    "Pair",
    "add_domain",
    "add_user",
    "authenticate",
    "close_session",
    "hash_password",
    "no_password",
    "open_session",
    "refresh_session",
    "set_profile",
]
