"""Whose junk settings and lists one may see and change: those of accounts one writes to, and, for who runs it, the
organisation's."""

from __future__ import annotations

from posthouse.base.errors import Missing
from posthouse.filters.spam import choices
from posthouse.filters.spam.choices import Owner
from posthouse.identity.actor import Actor
from posthouse.mail import access as mail_access
from posthouse.mail.access import Right

PERMISSION = "organisation.manage"


def account_for(actor: Actor, account_id: int | None, *, need: Right = Right.WRITE) -> Owner:
    ref = mail_access.account_for(actor, account_id, need=need)
    return Owner(account_id=ref.id, organisation_id=ref.organisation_id)


def organisation_for(actor: Actor) -> Owner:
    """Raises Denied."""
    actor.require(PERMISSION)
    return Owner(account_id=None, organisation_id=actor.organisation_id)


def entry_for(actor: Actor, entry_id: int) -> Owner:
    """Raises Missing, also for what is somebody else's."""
    found = choices.owner_of_entry(entry_id)
    account_id, organisation_id = (0, None) if found is None else found
    if account_id is not None:
        owner = account_for(actor, account_id)
    elif organisation_id == actor.organisation_id and actor.may(PERMISSION):
        owner = Owner(account_id=None, organisation_id=actor.organisation_id)
    else:
        raise Missing()
    if found is None:
        raise Missing()
    return owner
