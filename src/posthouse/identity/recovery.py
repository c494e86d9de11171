"""Coming in again without the password, and the address outside by which one does.

A recovered password opens what the password opens and no more: a second factor is still asked for (ASVS 6.4.3), and
every session ends. Whoever's address outside changes is told at the old one.
"""

from __future__ import annotations

from dataclasses import replace

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.audit.who import By
from posthouse.base import clock, db
from posthouse.base.errors import Invalid
from posthouse.identity import codes, letters, live_sessions, mfa_trust, sessions, step_up
from posthouse.identity.actor import Actor
from posthouse.identity.addresses import normal_address
from posthouse.identity.entrances import outside_address
from posthouse.identity.models import Code, RecoveryAddress, User
from posthouse.identity.passwords import hash_new_password

RECOVERY = "recovery"
ADDRESS = "recovery-address"
_TEXT = """Hello,

somebody (you, we hope) cannot log in as {email} and asks for a new password.

The code is  {{code}}

It is good for ten minutes. If it was not you, do nothing; whoever asked learns nothing by it.
"""
_PROVE = """Hello,

{email} is to be recovered by this address.

The code is  {{code}}

It is good for ten minutes. If you know nothing of it, do nothing.
"""
_CHANGED = """Hello,

the password of {email} was set anew with a code that went to this address, and every session has ended.

If it was not you, write to the postmaster of {domain} at once.
"""
_MOVED = """Hello,

{email} is not recovered by this address any more, but by another.

If it was not you, write to the postmaster of {domain} at once.
"""


def ask(email: str, *, ip: str) -> str:
    """Ask for a code to the recovery address of whoever has this address; gives a flow in every case."""
    try:
        normal = normal_address(email)
    except Invalid:
        normal = ""
    return codes.begin(RECOVERY, email=normal or email[:320], ip=ip)


@codes.purpose(RECOVERY)
def _reader(row: Code) -> codes.Reader | None:
    if row.user_id is not None:
        user = User.objects.filter(id=row.user_id, is_active=True).first()
    else:
        user = User.objects.filter(email=row.email, is_active=True, kind=User.Kind.PERSON).first()
    outside = None if user is None else RecoveryAddress.objects.filter(user=user).first()
    if user is None or outside is None:
        return None
    return codes.Reader(
        email=outside.email,
        user_id=user.id,
        organisation_id=user.organisation_id,
        subject="Your code for a new password",
        text=_TEXT.format(email=user.email),
    )


def confirm(flow: str, code: str, *, password: str, by: By) -> None:
    """Set a new password with a code; what the old one opened ends. Raises Invalid. Slow: not in the lane.

    What a code proves is the address alone, so a second factor, app passwords and tokens stay as they are.
    """
    row = codes.check(RECOVERY, flow, code)
    user = User.objects.filter(id=row.user_id or 0, is_active=True).first()
    if user is None:
        raise Invalid("wrong_code", "The code is wrong or too old.", pointer="/code")
    hashed = hash_new_password(
        password, name=user.name, email=user.email, organisation_id=user.organisation_id
    )
    _set_password(row, user, hashed, replace(by, organisation_id=user.organisation_id))


@db.action
def _set_password(row: Code, user: User, password_hash: str, by: By) -> None:
    codes.use(row)
    User.objects.filter(id=user.id).update(password=password_hash)
    record(by, Act.RECOVERED, kind="user", object_id=user.id, subject=user.id)
    sessions.end_of(user.id, by=by)
    mfa_trust.revoke_all(by, user.id)
    live_sessions.topic_ended(live_sessions.password_topic(user.id))
    live_sessions.person_changed(user.id)
    _tell(user, row.email, "Your password was set anew", _CHANGED)


def _tell(user: User, email: str, subject: str, text: str) -> None:
    filled = text.format(email=user.email, domain=user.email.rpartition("@")[2])
    letters.write(email, subject=subject, text=filled, organisation_id=user.organisation_id)


# --- the address outside ------------------------------------------------------------------------


def address_of(actor: Actor) -> str | None:
    return address_of_user(actor.user_id)


def address_of_user(user_id: int) -> str | None:
    """For letters that somebody chose to get there."""
    return RecoveryAddress.objects.filter(user_id=user_id).values_list("email", flat=True).first()


def propose(actor: Actor, email: str, *, ip: str) -> str:
    """Ask to recover by this address; the code goes there, the old one stays until it comes back.

    Asks for step-up, since whoever changes this address can take the account. Raises Denied, Invalid, Limited.
    """
    step_up.require(actor)
    return codes.begin(ADDRESS, email=outside_address(email), ip=ip, user_id=actor.user_id)


@codes.purpose(ADDRESS)
def _prover(row: Code) -> codes.Reader | None:
    user = User.objects.filter(id=row.user_id or 0, is_active=True).first()
    if user is None:
        return None
    return codes.Reader(
        email=row.email,
        user_id=user.id,
        organisation_id=user.organisation_id,
        subject="Your code to prove this address",
        text=_PROVE.format(email=user.email),
    )


def prove(actor: Actor, flow: str, code: str) -> str:
    """Take the address that was proposed; gives it. Raises Invalid, also for somebody else's flow."""
    row = codes.check(ADDRESS, flow, code)
    if row.user_id != actor.user_id:
        raise Invalid("wrong_code", "The code is wrong or too old.", pointer="/code")
    return _take_address(actor, row)


@db.action
def _take_address(actor: Actor, row: Code) -> str:
    codes.use(row)
    user = User.objects.get(id=actor.user_id)
    old = address_of(actor)
    if old is not None and old != row.email:
        _tell(user, old, "Your account is recovered by another address now", _MOVED)
    RecoveryAddress.objects.update_or_create(
        user=user, defaults={"email": row.email, "proved_at": clock.now()}
    )
    record(actor, Act.RECOVERY_CHANGED, kind="user", object_id=actor.user_id)
    return row.email


@db.action
def forget_address(actor: Actor) -> None:
    """Go without one; it is told, since that would also keep its owner out. Asks for step-up."""
    step_up.require(actor)
    old = address_of(actor)
    if old is not None:
        _tell(
            User.objects.get(id=actor.user_id),
            old,
            "Your account is not recovered by this address any more",
            _MOVED,
        )
        RecoveryAddress.objects.filter(user_id=actor.user_id).delete()
        record(actor, Act.RECOVERY_CHANGED, kind="user", object_id=actor.user_id)
