"""What operators do to organisations and to what people hold; the rest they do by everybody's actions (`acting_in`).

Every act stands in the log of the organisation that it concerns, under the operator's own name.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import db
from posthouse.base.errors import Conflict, Invalid, Missing
from posthouse.identity import (
    access_tokens,
    app_passwords,
    entrances,
    live_sessions,
    mfa,
    organisations,
    people,
    queries,
    sessions,
    step_up,
)
from posthouse.identity.actor import Actor
from posthouse.identity.addresses import normal_domain
from posthouse.identity.models import (
    AccessToken,
    AppPassword,
    Domain,
    Invitation,
    Organisation,
    Session,
    User,
)
from posthouse.identity.operators import acting_in, acting_on, require
from posthouse.identity.people import Settle


@db.action
def create_organisation(operator: Actor, *, name: str, domain: str) -> int:
    """Make an organisation with its first domain, unproved: who keeps the server answers for it. Raises Conflict."""
    require(operator)
    wanted = name.strip()
    if not wanted:
        raise Invalid("invalid_name", "An organisation has a name.")
    if Organisation.objects.filter(name=wanted).exists():
        raise Conflict("organisation_exists", "There is an organisation of this name already.")
    made = Organisation.objects.create(name=wanted)
    acting = acting_in(operator, made.id)
    record(acting, Act.ORGANISATION_CREATED, kind="organisation", object_id=made.id, facts={"name": wanted})
    add_domain(operator, made.id, domain)
    return made.id


@db.action
def change_organisation(operator: Actor, organisation_id: int, given: dict[str, Any]) -> None:
    """Name, sign-up and policies, as its own administrators change them. Raises Invalid, Conflict."""
    acting = acting_in(operator, organisation_id)
    row = Organisation.objects.filter(id=organisation_id).first()
    if row is None:
        raise Missing()
    changes = {name: value for name, value in given.items() if value != getattr(row, name)}
    if "name" in changes and Organisation.objects.filter(name=changes["name"]).exists():
        raise Conflict("organisation_exists", "There is an organisation of this name already.")
    if changes:
        organisations.update_organisation(acting, changes)


@db.action
def add_domain(operator: Actor, organisation_id: int, name: str) -> int:
    """Receive mail for an organisation's domain without a proof by the DNS. Raises Conflict, Invalid, Missing."""
    acting, wanted = acting_in(operator, organisation_id), normal_domain(name)
    if "." not in wanted:
        raise Invalid("invalid_domain", f"{wanted!r} is not a domain.")
    if not Organisation.objects.filter(id=organisation_id).exists():
        raise Missing()
    return organisations.add_unproved(acting, wanted)


@db.action
def create_person(
    operator: Actor, *, email: str, name: str, password_hash: str, role: str, settle: Settle
) -> User:
    """Add a person to the organisation whose domain the address is in. Raises Missing, Conflict, Invalid."""
    domain = Domain.objects.filter(name=normal_domain(email.rpartition("@")[2])).first()
    if domain is None:
        raise Missing("no_such_domain", f"{email.rpartition('@')[2]} is not a domain here; add it first.")
    acting = acting_in(operator, domain.organisation_id)
    return people.create_user(
        acting, email=email, name=name, password_hash=password_hash, role=role, settle=settle
    )


# --- what people hold -----------------------------------------------------------------------------


@db.action
def end_session(operator: Actor, session_id: int) -> None:
    """Raises Missing for one that is over."""
    session = Session.objects.filter(id=session_id, revoked_at=None).first()
    if session is None:
        raise Missing("not_found", "This session is over already.")
    acting, user = acting_on(operator, session.user_id)
    sessions.end(session_id)
    record(acting, Act.SESSION_REVOKED, kind="session", object_id=session_id, subject=user.id)


@db.action
def end_sessions(operator: Actor, user_id: int) -> int:
    """All of a person's, and their mail clients; gives how many sessions there were."""
    acting, user = acting_on(operator, user_id)
    alive = list(Session.objects.filter(user=user, revoked_at=None).values_list("id", flat=True))
    for session_id in alive:
        sessions.end(session_id)
        record(acting, Act.SESSION_REVOKED, kind="session", object_id=session_id, subject=user.id)
    live_sessions.topic_ended(live_sessions.password_topic(user.id))
    return len(alive)


@db.action
def revoke_token(operator: Actor, token_id: int) -> None:
    token = AccessToken.objects.filter(id=token_id).first()
    if token is None:
        raise Missing()
    acting, user = acting_on(operator, token.user_id)
    access_tokens.end(token_id)
    record(acting, Act.TOKEN_REVOKED, kind="token", object_id=token_id, subject=user.id)


@db.action
def revoke_app_password(operator: Actor, app_password_id: int) -> None:
    row = AppPassword.objects.filter(id=app_password_id).first()
    if row is None:
        raise Missing()
    acting, user = acting_on(operator, row.user_id)
    app_passwords.end(app_password_id)
    record(acting, Act.APP_PASSWORD_REVOKED, kind="app_password", object_id=app_password_id, subject=user.id)


@db.action
def remove_factors(operator: Actor, user_id: int) -> None:
    """For who lost app, passkeys and codes. The operator proves who they are, in place of the person."""
    acting, user = acting_on(operator, user_id)
    step_up.require(acting)
    mfa.remove_all(replace(queries.as_actor(user, via=step_up.OPERATOR), real_user_id=operator.user_id))
    record(acting, Act.FACTORS_REMOVED, kind="user", object_id=user.id, subject=user.id)


@db.action
def revoke_invitation(operator: Actor, invitation_id: int) -> None:
    row = Invitation.objects.filter(id=invitation_id).first()
    if row is None:
        raise Missing()
    entrances.revoke_invitation(acting_in(operator, row.organisation_id), invitation_id)
