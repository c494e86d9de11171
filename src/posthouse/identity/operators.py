"""Operators keep the server: they see every organisation's people and queues at /admin/, and nobody's mail.

It is no permission, since those are given within an organisation, by its owner: an operator is made by another one, or
by who has the data folder. In an organisation an operator acts as themselves: its log has their name.
"""

from __future__ import annotations

from dataclasses import replace

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.audit.who import THE_COMMAND_LINE
from posthouse.base import db
from posthouse.base.errors import Missing
from posthouse.identity import live_sessions, mfa_policy, permissions, step_up, tokens
from posthouse.identity.actor import Actor
from posthouse.identity.addresses import normal_address
from posthouse.identity.models import User

VIA = "admin"
_OF_SESSIONS = "http"
"""The name under which live sessions are kept: one more would be read anew at each change of door."""


def at_page(cookie: str, *, ip: str, client: str) -> Actor | None:
    """Who is at a page of the server's own, operator or not; None where the session is over."""
    holder = tokens.holder_of_page_cookie(cookie)
    actor = None if holder is None else live_sessions.actor_of(*holder, via=_OF_SESSIONS)
    return None if actor is None else replace(actor, via=VIA, ip=ip, client=client)


def at_the_command_line() -> Actor:
    """Who has the data folder, which makes them an operator without a name."""
    return Actor(
        user_id=THE_COMMAND_LINE.user_id,
        organisation_id=THE_COMMAND_LINE.organisation_id,
        email=THE_COMMAND_LINE.email,
        role="",
        via=THE_COMMAND_LINE.via,
        is_operator=True,
    )


def acting_in(operator: Actor, organisation_id: int) -> Actor:
    """The operator as one who may do everything in an organisation; raises Missing for anybody else."""
    require(operator)
    return replace(operator, organisation_id=organisation_id, permissions=permissions.ALL)


def require(actor: Actor) -> None:
    """Raises Missing: for others there is no such thing. A token is nobody's presence."""
    if not actor.is_operator or actor.scopes is not None:
        raise Missing()


def acting_on(operator: Actor, user_id: int) -> tuple[Actor, User]:
    """The operator in a person's organisation, and the person. Raises Missing."""
    user = User.objects.filter(id=user_id).select_related("custom_role").first()
    if user is None:
        raise Missing()
    return acting_in(operator, user.organisation_id), user


@db.action
def appoint(email: str, *, is_operator: bool, by: Actor | None = None) -> None:
    """Make somebody an operator or not; without `by` it is the command line. Asks operators for a fresh proof.

    What they have open ends where they lack the factor that operators must have.
    """
    user = User.objects.filter(email=normal_address(email), kind=User.Kind.PERSON, is_active=True).first()
    if user is None:
        raise Missing("no_such_user", f"There is no user {email}.")
    who = None if by is None else acting_in(by, user.organisation_id)
    if who is not None:
        step_up.require(who)
    if user.is_operator == is_operator:
        return
    User.objects.filter(id=user.id).update(is_operator=is_operator)
    if mfa_policy.is_lacking(user.id):
        live_sessions.person_ended(user.id)
    else:
        live_sessions.person_changed(user.id)
    record(
        who or THE_COMMAND_LINE,
        Act.OPERATOR_MADE if is_operator else Act.OPERATOR_UNMADE,
        kind="user",
        object_id=user.id,
        subject=user.id,
        organisation=user.organisation_id,
    )
