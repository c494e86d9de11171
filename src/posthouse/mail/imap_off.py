"""Which IMAP extensions an account does without: some mail programs take one that they get wrong for offered."""

from __future__ import annotations

from collections.abc import Sequence

from posthouse.audit.actions import Fact, record
from posthouse.audit.acts import Act
from posthouse.base import db, sql
from posthouse.base.errors import Invalid
from posthouse.identity.actor import Actor
from posthouse.mail import access
from posthouse.mail.access import Right
from posthouse.wire.imap.capabilities import SWITCHABLE, switchable


def imap_off(account_id: int) -> list[str]:
    found = sql.row("SELECT imap_off FROM mail_account WHERE id = %s", [account_id])
    return found[0].split() if found else []


def imap_off_of(actor: Actor) -> list[str]:
    """Of the actor's own account; nothing for somebody without one."""
    found = sql.row(
        "SELECT imap_off FROM mail_account WHERE owner_id = %s ORDER BY id LIMIT 1", [actor.user_id]
    )
    return found[0].split() if found else []


@db.action
def set_imap_off(actor: Actor, names: Sequence[str]) -> list[str]:
    """Switch extensions off for the actor's own account, and all others on; mail programs see it at their next log-in.

    Raises Invalid for what cannot be switched off; Missing without an account.
    """
    account_id = access.account_id_for(actor, need=Right.ADMIN)
    known = {name: switchable(name) for name in names}
    if None in known.values():
        raise Invalid("unknown_capability", f"These can be switched off: {', '.join(sorted(SWITCHABLE))}.")
    off = sorted({name for name in known.values() if name is not None})
    sql.run("UPDATE mail_account SET imap_off = %s WHERE id = %s", [" ".join(off), account_id])
    facts: dict[str, Fact] = {"fields": ["imap_off"]}
    record(
        actor, Act.ACCOUNT_CHANGED, kind="account", object_id=account_id, subject=actor.user_id, facts=facts
    )
    return off
