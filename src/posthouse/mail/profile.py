"""A person's accounts and the identities they may send as."""

from __future__ import annotations

from typing import Any

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import db, sql
from posthouse.identity.actor import Actor
from posthouse.mail import access

Row = dict[str, Any]
MAX_SIGNATURE_CHARS = 100_000


def accounts(actor: Actor) -> list[Row]:
    """The accounts the actor may use, their own first."""
    return [
        {
            "id": str(account_id),
            "name": name,
            "email": actor.email,
            "kind": kind,
            "quota_bytes": quota,
            "used_bytes": used,
            "state": str(modseq),
        }
        for account_id, name, kind, quota, used, modseq in sql.rows(
            "SELECT id, name, kind, quota_bytes, used_bytes, modseq FROM mail_account WHERE owner_id = %s"
            " ORDER BY id",
            [actor.user_id],
        )
    ]


def identities(actor: Actor) -> list[Row]:
    return [
        _identity_json(*row)
        for row in sql.rows(
            "SELECT i.id, i.account_id, i.name, i.email, i.signature_html FROM mail_identity i"
            " JOIN mail_account a ON a.id = i.account_id WHERE a.owner_id = %s ORDER BY i.id",
            [actor.user_id],
        )
    ]


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
