"""Whom an account is granted to, by the names that mail clients use: an address, or `group:` and a group's name."""

from __future__ import annotations

from typing import NamedTuple

from posthouse.base import sql
from posthouse.base.errors import Missing
from posthouse.identity import groups, profiles
from posthouse.identity.actor import Actor
from posthouse.identity.profiles import Viewer
from posthouse.mail import sharing
from posthouse.mail.access import Right

GROUP = "group:"


class Grantee(NamedTuple):
    """`grant_id` and `right` are None where nothing is granted. The owner has no grant and every right."""

    name: str
    right: Right | None
    grant_id: int | None = None
    user_id: int | None = None
    group_id: int | None = None
    is_owner: bool = False


def grantees(actor: Actor, account_id: int) -> list[Grantee]:
    """The owner, then the others. For who may change them: raises Denied or Missing."""
    account = sharing.grantable_for(actor, account_id)
    found = [Grantee(_address(account.owner_id), Right.ADMIN, user_id=account.owner_id, is_owner=True)]
    for grant_id, level, user_id, email, group_id, group in sql.rows(
        "SELECT g.id, g.level, g.user_id, u.email, g.group_id, p.name FROM mail_accountgrant g"
        " LEFT JOIN identity_user u ON u.id = g.user_id LEFT JOIN identity_group p ON p.id = g.group_id"
        " WHERE g.account_id = %s ORDER BY g.id",
        [account.id],
    ):
        name = email if group_id is None else f"{GROUP}{group}"
        found.append(Grantee(name, Right(level), grant_id, user_id, group_id))
    return found


def _address(user_id: int | None) -> str:
    found = sql.row("SELECT email FROM identity_user WHERE id = %s", [user_id])
    return "" if found is None else str(found[0])


def grantee(actor: Actor, account_id: int, name: str) -> Grantee:
    """Somebody of the organisation by name, with what they have. Raises Missing; whom one may not see is not there."""
    for known in grantees(actor, account_id):
        if known.name.casefold() == name.casefold():
            return known
    try:
        return (
            _group(actor, name[len(GROUP) :]) if name.casefold().startswith(GROUP) else _person(actor, name)
        )
    except Missing:
        raise Missing("no_such_person", "There is nobody of that name.") from None


def _group(actor: Actor, name: str) -> Grantee:
    found = sql.row(
        "SELECT id FROM identity_group WHERE organisation_id = %s AND lower(name) = %s",
        [actor.organisation_id, name.lower()],
    )
    group = groups.group_for(actor, found[0] if found else 0)
    return Grantee(f"{GROUP}{group.name}", None, group_id=group.id)


def _person(actor: Actor, email: str) -> Grantee:
    found = sql.row(
        "SELECT id FROM identity_user WHERE organisation_id = %s AND email = %s",
        [actor.organisation_id, email.lower()],
    )
    person = profiles.row_for(Viewer(actor), found[0] if found else 0)
    return Grantee(person.email, None, user_id=person.id)
