"""Quotas and rights: the store as the commands about accounts need it. Reads and writes cross over as in `store`."""

from __future__ import annotations

from typing import NamedTuple

from posthouse.base import db, sql
from posthouse.base.errors import Denied, Invalid, Missing
from posthouse.identity.actor import Actor
from posthouse.imapd import rights, store
from posthouse.imapd.store import Account
from posthouse.mail import access, grantees, sharing
from posthouse.mail.access import Right
from posthouse.mail.grantees import Grantee


class Quota(NamedTuple):
    """`root` is empty for one's own account; without a limit there is no quota."""

    root: str
    used_bytes: int
    limit_bytes: int | None


async def quota_of_mailbox(account: Account, path: str) -> Quota:
    """Raises NoSuchMailbox."""

    def look() -> Quota:
        mailbox = store.locate(account, path)
        root = store.places(account.actor).get(mailbox.account_id, "")
        return _quota(account, root, mailbox.account_id)

    return await db.reading(look)


async def quota(account: Account, root: str) -> Quota:
    """Raises Missing."""
    return await db.reading(lambda: _quota(account, root, _account_of(account, root)))


def _account_of(account: Account, root: str) -> int:
    if not root:
        return account.account_id
    for account_id, place in store.places(account.actor).items():
        if place == root:
            return account_id
    raise Missing("no_such_quota", "There is no such quota root.")


def _quota(account: Account, root: str, account_id: int) -> Quota:
    access.account_id_for(account.actor, account_id, need=Right.READ)
    found = sql.row("SELECT used_bytes, quota_bytes FROM mail_account WHERE id = %s", [account_id])
    if found is None:
        raise Missing()
    return Quota(root, *found)


async def set_quota(account: Account, root: str, limit_bytes: int | None) -> None:
    """Raises Denied for all but who manages accounts."""

    @db.action
    def change() -> None:
        sharing.set_quota(account.actor, _account_of(account, root), limit_bytes)

    await db.writing(change)


# --- rights ----------------------------------------------------------------------------------------


async def my_rights(account: Account, path: str) -> str:
    """Raises NoSuchMailbox."""

    def look() -> str:
        mailbox = store.locate(account, path)
        return letters_in(account.actor, access.right_on(account.actor, mailbox.account_id), mailbox.role)

    return await db.reading(look)


async def rights_on_all(account: Account) -> dict[int, Right]:
    """By account, one's own too."""

    def look() -> dict[int, Right]:
        return {account.account_id: Right.ADMIN} | access.granted(account.actor)

    return await db.reading(look)


def letters_in(actor: Actor, right: Right, role: str) -> str:
    """One who may not write anywhere only reads, whatever they were granted."""
    return rights.letters(right if actor.may("mail.write") else Right.READ, role)


async def acl(account: Account, path: str) -> list[tuple[str, str]]:
    """Who may do what in a mailbox. Raises NoSuchMailbox, Denied."""

    def look() -> list[tuple[str, str]]:
        mailbox = store.locate(account, path)
        return [
            (one.name, rights.letters(one.right, mailbox.role))
            for one in grantees.grantees(account.actor, mailbox.account_id)
            if one.right is not None
        ]

    return await db.reading(look)


async def grantee(account: Account, path: str, name: str) -> Grantee:
    """Raises NoSuchMailbox, Denied, Missing."""

    def look() -> Grantee:
        mailbox = store.locate(account, path)
        return grantees.grantee(account.actor, mailbox.account_id, name)

    return await db.reading(look)


async def set_acl(account: Account, path: str, name: str, *, mode: str, letters: str) -> None:
    """A change of a grant on the whole account, therefore asked for on its INBOX only.

    Raises NoSuchMailbox, Denied, Missing, Invalid.
    """

    @db.action
    def change() -> None:
        mailbox = store.locate(account, path)
        who = grantees.grantee(account.actor, mailbox.account_id, name)
        if mailbox.role != "inbox":
            raise Invalid("whole_account", "Rights are given on a whole account: set them on its INBOX.")
        if who.is_owner:
            raise Denied("owner", "The owner keeps every right.")
        have = "" if who.right is None else rights.READING + rights.CHANGING + rights.ADMINISTERING
        if who.right is not None and who.right is not Right.ADMIN:
            have = rights.letters(who.right)
        try:
            right = rights.right_of(rights.changed(have, mode, letters))
        except ValueError:
            wanted = f"{rights.READING}, {rights.letters(Right.WRITE)} or {rights.letters(Right.ADMIN)}"
            raise Invalid("no_such_right", f"Rights come together here: {wanted}.") from None
        if right is not None:
            sharing.grant(
                account.actor,
                mailbox.account_id,
                right=right.word,
                user_id=who.user_id,
                group_id=who.group_id,
            )
        elif who.grant_id is not None:
            sharing.revoke(account.actor, mailbox.account_id, who.grant_id)

    await db.writing(change)
