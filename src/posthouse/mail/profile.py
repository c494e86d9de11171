"""A person's accounts and the identities they may send as."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import db, sql
from posthouse.base.ids import new_id
from posthouse.identity import aliases
from posthouse.identity.actions import set_profile
from posthouse.identity.actor import Actor
from posthouse.mail import access, sharing
from posthouse.mail.access import Right
from posthouse.mail.imap_off import set_imap_off

Row = dict[str, Any]
MAX_SIGNATURE_CHARS = 100_000


def accounts(actor: Actor) -> list[Row]:
    """The accounts the actor may use, their own first."""
    return sharing.usable(actor)


def identities(actor: Actor) -> list[Row]:
    """Whom the actor may write as: every address of theirs, the one they log in with first, then those of the accounts
    in which they may at least write drafts.

    An identity is a name and a signature for an address; whether one may send as it is identity's to say, each time.
    So an address that came later gets its row here, when it is first looked for.
    """
    rights = access.granted(actor)
    lent = [account_id for account_id, right in rights.items() if right >= Right.DRAFT]
    own = [row[0] for row in sql.rows("SELECT id FROM mail_account WHERE owner_id = %s", [actor.user_id])]
    return [row for account_id in [*sorted(own), *sorted(lent)] for row in _complete(account_id)]


def _complete(account_id: int) -> list[Row]:
    owner = sql.row("SELECT owner_id FROM mail_account WHERE id = %s", [account_id])
    wanted = aliases.sendable(owner[0]) if owner else []
    found = _identities_of(account_id)
    if any(email not in found for email in wanted):
        _add_identities(account_id, [email for email in wanted if email not in found])
        found = _identities_of(account_id)
    return [found[email] for email in wanted]


def _identities_of(account_id: int) -> dict[str, Row]:
    return {
        row[3]: _identity_json(*row)
        for row in sql.rows(
            "SELECT id, account_id, name, email, signature_html FROM mail_identity WHERE account_id = %s"
            " ORDER BY id",
            [account_id],
        )
    }


@db.action
def _add_identities(account_id: int, emails: Sequence[str]) -> None:
    """With the name of the first; two who look at once add them once."""
    first = sql.row("SELECT name FROM mail_identity WHERE account_id = %s ORDER BY id LIMIT 1", [account_id])
    for email in emails:
        sql.run(
            "INSERT INTO mail_identity (id, account_id, name, email, signature_html) VALUES (%s, %s, %s, %s, '')"
            " ON CONFLICT (account_id, email) DO NOTHING",
            [new_id(), account_id, first[0] if first else "", email],
        )


def _identity_json(identity_id: int, account_id: int, name: str, email: str, signature_html: str) -> Row:
    return {
        "id": str(identity_id),
        "account_id": str(account_id),
        "name": name,
        "email": email,
        "signature_html": signature_html,
    }


@db.action
def update_identity(
    actor: Actor, identity_id: int, *, name: str | None = None, signature_html: str | None = None
) -> Row:
    """Change how one's name and signature look; the address stays. `signature_html` must be clean already."""
    identity = access.identity_for(actor, identity_id)
    identity.name = identity.name if name is None else name
    identity.signature_html = identity.signature_html if signature_html is None else signature_html
    identity.save(update_fields=["name", "signature_html"])
    fields = ["name"] * (name is not None) + ["signature_html"] * (signature_html is not None)
    record(actor, Act.IDENTITY_CHANGED, kind="identity", object_id=identity.id, facts={"fields": fields})
    return _identity_json(
        identity.id, identity.account_id, identity.name, identity.email, identity.signature_html
    )


@db.action
def change_myself(
    actor: Actor,
    *,
    name: str | None = None,
    preferences: dict[str, object] | None = None,
    imap_off: Sequence[str] | None = None,
) -> None:
    """Change one's name, preferences, or the IMAP extensions that are off (both replaced whole)."""
    set_profile(actor, name=name, preferences=preferences)
    if imap_off is not None:
        set_imap_off(actor, imap_off)
