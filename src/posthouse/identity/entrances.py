"""Coming in for the first time: signing up, and being invited.

Whoever comes in has proved an address outside this server, which becomes the one they recover by. Who may come in the
organisation says (`sign_up`); what newcomers get is `sign_up_role`, or what the invitation says.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.audit.who import By
from posthouse.base import clock, db
from posthouse.base.errors import Conflict, Denied, Invalid, Missing
from posthouse.base.paths import read_id
from posthouse.identity import (
    actions,
    code_limits,
    codes,
    directory,
    letters,
    organisations,
    permissions,
    roles,
)
from posthouse.identity.actor import Actor
from posthouse.identity.addresses import normal_address
from posthouse.identity.models import Code, Domain, Invitation, Organisation, RecoveryAddress, Role, User
from posthouse.identity.passwords import hash_new_password
from posthouse.identity.people import Settle

SIGN_UP = "sign-up"
INVITATION_DAYS = 14
MAX_INVITATIONS = 1_000
RESERVED = frozenset(
    {"abuse", "admin", "administrator", "hostmaster", "info", "mailer-daemon", "no-reply", "noreply", "postmaster",
     "root", "security", "support", "webmaster"}
)  # fmt: skip
"""What is trusted as the house's own voice, and by who makes certificates, is not for newcomers to choose."""
_TEXT = """Hello,

somebody (you, we hope) makes the account {wanted}.

The code is  {{code}}

It is good for ten minutes. If it was not you, do nothing: without the code there will be no account.
"""
_INVITATION = """Hello,

{by} invites you to {organisation}.

To choose an address and a password, open

  https://{host}/invitation#{token}

The link is good for {days} days, once. If you do not know what this is about, do nothing.
"""


def outside_address(text: str) -> str:
    """An address that is not here; raises Invalid. One's own mailbox is what one lost, where one must recover it."""
    email = normal_address(text)
    if not isinstance(directory.lookup(email), directory.NotOurs):
        raise Invalid("not_outside", "This address must be outside this server.", pointer="/recovery_address")
    return email


# --- signing up ---------------------------------------------------------------------------------


def offers() -> list[dict[str, str]]:
    """The domains in which one may make an account without being invited, and how."""
    open_ones = Domain.objects.filter(
        organisation__sign_up__in=[Organisation.SignUp.OPEN, Organisation.SignUp.DOMAIN]
    )
    return [
        {"domain": name, "by": "anybody" if how == Organisation.SignUp.OPEN else "domain"}
        for name, how in open_ones.order_by("name").values_list("name", "organisation__sign_up")
    ]


def sign_up(*, email: str, name: str, password: str, recovery_address: str, ip: str) -> str:
    """Ask for an account; the code goes to the outside address, and this gives the flow.

    Whether the address is taken is told only to who has proved the other one. Slow (Argon2id): not in the lane. Raises
    Denied (sign_up_closed), Invalid, Limited.
    """
    code_limits.check(email=f"sign-up {ip}", ip=ip)
    wanted = normal_address(email)
    organisation = _open_organisation(wanted)
    _check_choosable(wanted)
    outside = outside_address(recovery_address)
    is_by_domain = organisation.sign_up == Organisation.SignUp.DOMAIN
    if is_by_domain and outside.rpartition("@")[2] not in organisation.sign_up_domains.split():
        raise Denied("sign_up_closed", "With this address one cannot sign up here.")
    hashed = hash_new_password(password, name=name, email=wanted, organisation_id=organisation.id)
    facts = {"email": wanted, "name": name, "password_hash": hashed}
    return codes.begin(SIGN_UP, email=outside, ip=ip, facts=facts)


def _open_organisation(email: str) -> Organisation:
    domain = Domain.objects.filter(name=email.rpartition("@")[2]).select_related("organisation").first()
    if domain is None or domain.organisation.sign_up not in (
        Organisation.SignUp.OPEN,
        Organisation.SignUp.DOMAIN,
    ):
        raise Denied("sign_up_closed", "One cannot sign up here.")
    return domain.organisation


def _check_choosable(email: str) -> None:
    local = email.rpartition("@")[0]
    if "+" in local or local in RESERVED:
        raise Invalid("address_reserved", "This address cannot be chosen.", pointer="/email")


@codes.purpose(SIGN_UP)
def _reader(row: Code) -> codes.Reader:
    return codes.Reader(
        email=row.email,
        user_id=None,
        organisation_id=None,
        subject="Your code for a new account",
        text=_TEXT.format(wanted=row.facts["email"]),
    )


def finish_sign_up(flow: str, code: str, *, by: By, settle: Settle, email: str | None = None) -> User:
    """Make the account, under another address if the first was taken (Conflict, address_exists, uses up a try only)."""
    row = codes.check(SIGN_UP, flow, code)
    return _finish(row, by, settle, email)


@db.action
def _finish(row: Code, by: By, settle: Settle, email: str | None) -> User:
    facts: dict[str, Any] = row.facts
    wanted = normal_address(facts["email"] if email is None else email)
    if wanted.rpartition("@")[2] != facts["email"].rpartition("@")[2]:
        raise Invalid("invalid_address", "The domain cannot be another.", pointer="/email")
    _check_choosable(wanted)
    organisation = _open_organisation(wanted)
    codes.use(row)
    role, custom = _newcomers_role(organisation)
    return _come_in(
        wanted,
        facts["name"],
        facts["password_hash"],
        role=role,
        custom=custom,
        outside=row.email,
        by=by,
        settle=settle,
    )


def _newcomers_role(organisation: Organisation) -> tuple[str, Role | None]:
    key = organisation.sign_up_role
    if key in permissions.BUILT_IN:
        return key, None
    custom = Role.objects.filter(id=read_id(key) or 0, organisation=organisation).first()
    return (User.Role.GUEST, None) if custom is None else (User.Role.MEMBER, custom)


def _come_in(
    email: str,
    name: str,
    password_hash: str,
    *,
    role: str,
    custom: Role | None,
    outside: str,
    by: By,
    settle: Settle,
) -> User:
    user = actions.add_user(email, name=name, password_hash=password_hash, role=role, by=by)
    if custom is not None:
        User.objects.filter(id=user.id).update(custom_role=custom)
    RecoveryAddress.objects.create(user=user, email=outside)
    settle(user)
    return user


# --- being invited ------------------------------------------------------------------------------


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@db.action
def invite(actor: Actor, *, email: str, role: str) -> Invitation:
    """Invite an outside address; a second invitation takes the place of the first.

    Raises Denied, Invalid, Conflict (too_many_invitations), Limited.
    """
    actor.require("users.invite")
    organisation = organisations.organisation_for(actor)
    if organisation.sign_up == Organisation.SignUp.CLOSED:
        raise Denied("sign_up_closed", "The organisation takes nobody in.")
    built_in, custom = roles.chosen(actor, role)
    outside = outside_address(email)
    waiting = Invitation.objects.filter(organisation=organisation, accepted_at=None)
    waiting.filter(email=outside).delete()
    if waiting.count() >= MAX_INVITATIONS:
        raise Conflict("too_many_invitations", f"{MAX_INVITATIONS} invitations wait already.")
    code_limits.check_invitation(email=outside, organisation_id=organisation.id)
    token = secrets.token_urlsafe(32)
    made = Invitation.objects.create(
        organisation=organisation,
        email=outside,
        role=built_in,
        custom_role=custom,
        invited_by_id=actor.user_id,
        token_hash=_hash(token),
        expires_at=clock.from_ms(clock.now_ms() + INVITATION_DAYS * 86_400_000),
    )
    by = User.objects.filter(id=actor.user_id).values_list("name", flat=True).first() or actor.email
    text = _INVITATION.format(
        by=by, organisation=organisation.name, host=directory.hostname(), token=token, days=INVITATION_DAYS
    )
    letters.write(
        outside,
        subject=f"{by} invites you to {organisation.name}",
        text=text,
        organisation_id=organisation.id,
    )
    record(actor, Act.INVITATION_MADE, kind="invitation", object_id=made.id, facts={"role": role})
    return made


def invitations(actor: Actor, *, after: int, limit: int) -> tuple[list[dict[str, Any]], int | None]:
    """Those that wait, oldest first, and the id to go on after."""
    actor.require("users.invite")
    waiting = Invitation.objects.filter(
        organisation_id=actor.organisation_id,
        accepted_at=None,
        expires_at__gt=clock.now(),
        invited_by__is_active=True,
        id__gt=after,
    )
    rows = list(waiting.select_related("invited_by").order_by("id")[: limit + 1])
    return [as_json(row) for row in rows[:limit]], rows[limit - 1].id if len(rows) > limit else None


def as_json(row: Invitation) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "email": row.email,
        "role": roles.key_of(row.role, row.custom_role_id),
        "invited_by": None if row.invited_by is None else row.invited_by.name,
        "created_at": clock.iso(clock.to_ms(row.created_at)),
        "expires_at": clock.iso(clock.to_ms(row.expires_at)),
    }


@db.action
def revoke_invitation(actor: Actor, invitation_id: int) -> None:
    actor.require("users.invite")
    mine = Invitation.objects.filter(organisation_id=actor.organisation_id, accepted_at=None)
    if not mine.filter(id=invitation_id).delete()[0]:
        raise Missing()
    record(actor, Act.INVITATION_REVOKED, kind="invitation", object_id=invitation_id)


def _live(token: str) -> Invitation:
    row = (
        Invitation.objects.filter(token_hash=_hash(token), accepted_at=None, expires_at__gt=clock.now())
        .select_related("organisation", "custom_role", "invited_by__custom_role")
        .first()
    )
    if row is None or row.organisation.sign_up == Organisation.SignUp.CLOSED or not _could_still_give(row):
        raise Missing()
    return row


def _could_still_give(row: Invitation) -> bool:
    """Whether who invited may do so now: else whoever is put out could have kept a way back in."""
    by = row.invited_by
    if by is None or not by.is_active:
        return False
    given = permissions.bundle(row.role, None if row.custom_role is None else row.custom_role.permissions)
    return given | {"users.invite"} <= roles.held_by(by)


def invitation(token: str) -> dict[str, Any]:
    """What an invitation is to, for who holds it, the default domain first; raises Missing."""
    row = _live(token)
    first = organisations.default_domain(row.organisation)
    names = (
        Domain.objects.filter(organisation=row.organisation).order_by("name").values_list("name", flat=True)
    )
    return {
        "organisation": row.organisation.name,
        "email": row.email,
        "domains": sorted(names, key=lambda name: name != first),
        "min_password": row.organisation.min_password,
        "expires_at": clock.iso(clock.to_ms(row.expires_at)),
    }


def accept(token: str, *, email: str, name: str, password: str, by: By, settle: Settle) -> User:
    """Come in. Raises Missing for a token that is not (any more), Invalid, Conflict. Slow: not in the lane."""
    row = _live(token)
    address = normal_address(email)
    hashed = hash_new_password(password, name=name, email=address, organisation_id=row.organisation_id)
    return _accept(token, address, name, hashed, by=by, settle=settle)


@db.action
def _accept(token: str, email: str, name: str, password_hash: str, *, by: By, settle: Settle) -> User:
    row = _live(token)
    domain = email.rpartition("@")[2]
    if not Domain.objects.filter(name=domain, organisation_id=row.organisation_id).exists():
        raise Invalid("no_such_domain", f"{domain} is not a domain of the organisation.", pointer="/email")
    _check_choosable(email)
    if not Invitation.objects.filter(id=row.id, accepted_at=None).update(accepted_at=clock.now()):
        raise Missing()
    user = _come_in(
        email,
        name,
        password_hash,
        role=row.role,
        custom=row.custom_role,
        outside=row.email,
        by=by,
        settle=settle,
    )
    record(
        by,
        Act.INVITATION_ACCEPTED,
        kind="invitation",
        object_id=row.id,
        subject=user.id,
        organisation=row.organisation_id,
    )
    return user
