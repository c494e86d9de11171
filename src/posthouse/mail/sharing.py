"""Shared accounts, and who may use an account beside its owner.

A shared account is owned by a user of its own who can never log in: so its addresses, delivery and quota are those of
any other account, and its mail ends with nobody's leaving. A person's own account may be granted to others too
(somebody who minds another's mail). A grant is known at once, in streams and IMAP sessions that are open as well.
"""

from __future__ import annotations

from typing import Any

from posthouse.audit.actions import Fact, record
from posthouse.audit.acts import Act
from posthouse.base import clock, db, sql
from posthouse.base.errors import Conflict, Invalid, Missing
from posthouse.identity import aliases, directory, groups, live_sessions, people, profiles, step_up
from posthouse.identity.actions import add_user, no_password
from posthouse.identity.actor import Actor
from posthouse.identity.profiles import Viewer
from posthouse.mail import access, mailboxes
from posthouse.mail.access import Right
from posthouse.mail.models import Account, AccountGrant

MAX_QUOTA_BYTES = 1 << 50
MAX_GRANTS = 200
WORDS = {right.word: right for right in Right}
Row = dict[str, Any]


def grantable_for(actor: Actor, account_id: int) -> Account:
    """An account whose grants the actor may see and change: one's own, with ADMIN, or any shared one by permission.

    Raises Denied for one that they may only use, Missing for any other.
    """
    account = Account.objects.filter(id=account_id, organisation_id=actor.organisation_id).first()
    if account is not None and account.kind == Account.Kind.SHARED and actor.may("accounts.manage"):
        return account
    return access.account_for(actor, account_id, need=Right.ADMIN)


# --- shared accounts ----------------------------------------------------------------------------


_ACCOUNT = (
    "SELECT a.id, a.name, u.email, a.kind, a.quota_bytes, a.used_bytes, a.modseq, a.owner_id FROM mail_account a"
    " JOIN identity_user u ON u.id = a.owner_id WHERE u.deleted_at IS NULL AND"
)


def usable(actor: Actor) -> list[Row]:
    """The accounts the actor may use, their own first."""
    rights = access.granted(actor)
    own = sql.rows(f"{_ACCOUNT} a.owner_id = %s ORDER BY a.id", [actor.user_id])
    lent = sql.rows(f"{_ACCOUNT} a.id IN ({sql.marks(list(rights))}) ORDER BY a.id", list(rights))
    return [_account_json(actor, rights, row) for row in [*own, *lent]]


def accounts(actor: Actor) -> list[Row]:
    """The same, and for whoever manages shared accounts all of these."""
    found = usable(actor)
    if not actor.may("accounts.manage"):
        return found
    known = {account["id"] for account in found}
    shared = sql.rows(
        f"{_ACCOUNT} a.kind = 'shared' AND a.organisation_id = %s ORDER BY a.id", [actor.organisation_id]
    )
    return [*found, *(_account_json(actor, {}, row) for row in shared if str(row[0]) not in known)]


def _account_json(actor: Actor, rights: dict[int, Right], row: tuple[Any, ...]) -> Row:
    account_id, name, email, kind, quota, used, modseq, owner_id = row
    is_own = owner_id == actor.user_id
    right = Right.ADMIN if is_own else rights.get(account_id)
    return {
        "id": str(account_id),
        "name": name,
        "email": email,
        "kind": kind,
        "is_own": is_own,
        "right": None if right is None else right.word,
        "quota_bytes": quota,
        "used_bytes": used,
        "state": str(modseq),
    }


@db.action
def create_account(actor: Actor, *, name: str, email: str) -> int:
    """Make a shared account with an address of the organisation; whoever makes it may do everything with it."""
    actor.require("accounts.manage")
    people.check_own_domain(actor, email)
    user = add_user(email, name=name, password_hash=no_password(), by=actor)
    people.make_shared(user)
    account_id = mailboxes.open_account(user.id, user.organisation_id, name=name, address=user.email)
    Account.objects.filter(id=account_id).update(kind=Account.Kind.SHARED, name=name)
    AccountGrant.objects.create(account_id=account_id, user_id=actor.user_id, level=Right.ADMIN)
    live_sessions.person_changed(actor.user_id)
    record(actor, Act.ACCOUNT_CREATED, kind="account", object_id=account_id)
    return account_id


@db.action
def delete_account(actor: Actor, account_id: int) -> None:
    """Close a shared account; its mail goes in two weeks, as that of people who are deleted."""
    actor.require("accounts.manage")
    account = grantable_for(actor, account_id)
    if account.kind != Account.Kind.SHARED:
        raise Conflict("not_shared", "A person's account goes with the person.")
    people.close_shared(account.owner_id)
    for grant in AccountGrant.objects.filter(account=account):
        _changed(grant)
    AccountGrant.objects.filter(account=account).delete()
    directory.forget_after_commit()
    record(actor, Act.ACCOUNT_DELETED, kind="account", object_id=account.id)


@db.action
def set_quota(actor: Actor, account_id: int, quota_bytes: int | None) -> None:
    """How much an account may hold; None for no end. For who manages accounts; below what it holds nothing is lost."""
    actor.require("accounts.manage")
    if quota_bytes is not None and not 0 <= quota_bytes <= MAX_QUOTA_BYTES:
        raise Invalid("invalid_quota", "A quota is a number of bytes, at most a pebibyte.")
    mine = Account.objects.filter(id=account_id, organisation_id=actor.organisation_id)
    row = mine.select_for_update().first()
    if row is None:
        raise Missing()
    if row.quota_bytes == quota_bytes:
        return
    mine.update(quota_bytes=quota_bytes)
    facts: dict[str, Fact] = {"fields": ["quota_bytes"], "quota_bytes": quota_bytes}
    record(
        actor, Act.ACCOUNT_CHANGED, kind="account", object_id=account_id, subject=row.owner_id, facts=facts
    )


# --- grants -------------------------------------------------------------------------------------


def grants(actor: Actor, account_id: int) -> list[Row]:
    account = grantable_for(actor, account_id)
    rows = AccountGrant.objects.filter(account=account).select_related("user", "group").order_by("id")
    return [as_json(row) for row in rows]


def as_json(grant: AccountGrant) -> Row:
    return {
        "id": str(grant.id),
        "right": Right(grant.level).word,
        "user_id": None if grant.user_id is None else str(grant.user_id),
        "group_id": None if grant.group_id is None else str(grant.group_id),
        "name": grant.group.name if grant.group else grant.user.name if grant.user else "",
        "created_at": clock.iso(clock.to_ms(grant.created_at)),
    }


@db.action
def grant(
    actor: Actor, account_id: int, *, right: str, user_id: int | None = None, group_id: int | None = None
) -> AccountGrant:
    """Let a person or a group use an account; in place of what they were granted on it before.

    Asks a session for step-up: a thief of one would read on after it has ended.
    Raises Missing, Denied, Invalid (for the owner, or unless exactly one of the two is named), Conflict.
    """
    account = grantable_for(actor, account_id)
    step_up.require_of_session(actor)
    if (user_id is None) == (group_id is None):
        raise Invalid("user_or_group", "Name either a person or a group.")
    if user_id is not None:
        profiles.row_for(Viewer(actor), user_id)
    if group_id is not None:
        groups.group_for(actor, group_id)
    if user_id == account.owner_id:
        raise Invalid("owner", "The owner has every right already.", pointer="/user_id")
    if AccountGrant.objects.filter(account=account).count() >= MAX_GRANTS:
        raise Conflict("too_many_grants", f"An account has {MAX_GRANTS} grants at most.")
    whose = {"group_id": group_id} if user_id is None else {"user_id": user_id}
    made, _ = AccountGrant.objects.update_or_create(
        account=account, **whose, defaults={"level": WORDS[right]}
    )
    _changed(made)
    _record(actor, Act.GRANT_GIVEN, made, account.owner_id)
    return made


@db.action
def revoke(actor: Actor, account_id: int, grant_id: int) -> None:
    """Take a grant back; anybody may give up their own."""
    given = AccountGrant.objects.filter(id=grant_id, account_id=account_id).first()
    if given is None or given.user_id != actor.user_id:
        account = grantable_for(actor, account_id)
        if given is None or given.account_id != account.id:
            raise Missing()
    _changed(given)
    _record(actor, Act.GRANT_REVOKED, given, given.account.owner_id)
    given.delete()


def _record(actor: Actor, act: Act, given: AccountGrant, owner_id: int | None) -> None:
    """The owner may read the line too."""
    facts: dict[str, Fact] = {"right": Right(given.level).word}
    for name, value in (("user_id", given.user_id), ("group_id", given.group_id)):
        if value is not None:
            facts[name] = str(value)
    record(actor, act, kind="account", object_id=given.account_id, subject=owner_id, facts=facts)


def _changed(given: AccountGrant) -> None:
    if given.group_id is not None:
        live_sessions.people_changed(groups.members_of(given.group_id))
    elif given.user_id is not None:
        live_sessions.person_changed(given.user_id)


def lent(actor: Actor) -> list[tuple[int, str, bool]]:
    """The accounts of others that the actor reads: id, the owner's address, and whether it is a shared one."""
    rights = access.granted(actor) if actor.may("mail.read") else {}
    return [
        (account_id, email, kind == Account.Kind.SHARED)
        for account_id, email, kind in sql.rows(
            "SELECT a.id, u.email, a.kind FROM mail_account a JOIN identity_user u ON u.id = a.owner_id"
            f" WHERE a.id IN ({sql.marks(list(rights))}) AND u.deleted_at IS NULL ORDER BY a.kind, u.email",
            list(rights),
        )
    ]


def sendable(actor: Actor) -> list[str]:
    """Every address the actor may send as: their own, and those of accounts they may write to."""
    if not actor.may("mail.send"):
        return []
    writable = [account_id for account_id, right in access.granted(actor).items() if right >= Right.WRITE]
    owners = Account.objects.filter(id__in=writable).order_by("id").values_list("owner_id", flat=True)
    found = [email for owner in [actor.user_id, *owners] for email in aliases.sendable(owner)]
    return list(dict.fromkeys(found))
