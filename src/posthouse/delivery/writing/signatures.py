"""What one closes with: several for an account, one of which each of its addresses begins with.

The chosen one's text stands in the identity itself (mail/profile.py), where every client finds it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import db, sql
from posthouse.base.errors import Conflict, Missing
from posthouse.delivery.models import Signature, SignatureChoice
from posthouse.identity.actor import Actor
from posthouse.mail import access, profile
from posthouse.mail.access import Right
from posthouse.wire.html import sanitize_outgoing

MAX_SIGNATURES = 50
Row = dict[str, Any]


def signatures(actor: Actor, account_id: int | None) -> list[Row]:
    account = access.account_id_for(actor, account_id, need=Right.READ)
    return _json(Signature.objects.filter(account_id=account).order_by("name", "id"))


def signature(actor: Actor, signature_id: int) -> Row:
    return _json([_signature_for(actor, signature_id, need=Right.READ)])[0]


def _json(rows: Collection[Signature]) -> list[Row]:
    chosen = _chosen([row.id for row in rows])
    return [
        {
            "id": str(row.id),
            "account_id": str(row.account_id),
            "name": row.name,
            "html": row.html,
            "identity_ids": [str(identity_id) for identity_id in chosen.get(row.id, [])],
        }
        for row in rows
    ]


def _chosen(signature_ids: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for chunk in sql.chunks(signature_ids):
        for signature_id, identity_id in sql.rows(
            "SELECT c.signature_id, c.identity_id FROM delivery_signaturechoice c"
            " JOIN delivery_signature s ON s.id = c.signature_id JOIN mail_identity i ON i.id = c.identity_id"
            f" WHERE i.signature_html = s.html AND c.signature_id IN ({sql.marks(chunk)}) ORDER BY c.identity_id",
            chunk,
        ):
            found.setdefault(signature_id, []).append(identity_id)
    return found


def _signature_for(actor: Actor, signature_id: int, *, need: Right = Right.ADMIN) -> Signature:
    """Who says how an account's addresses sign, as for identities, administers it."""
    row = Signature.objects.filter(id=signature_id).first()
    access.account_id_for(actor, 0 if row is None else row.account_id, need=need)
    if row is None:
        raise Missing()
    return row


@db.action
def create_signature(
    actor: Actor, account_id: int | None, *, name: str, html: str, identity_ids: Collection[int] = ()
) -> int:
    """Raises Missing (account, identity), Conflict (too_many)."""
    account = access.account_for(actor, account_id, need=Right.ADMIN)
    if Signature.objects.filter(account_id=account.id).count() >= MAX_SIGNATURES:
        raise Conflict("too_many", f"An account has {MAX_SIGNATURES} signatures at most.")
    row = Signature.objects.create(account_id=account.id, name=name, html=sanitize_outgoing(html).html)
    _choose(actor, row, identity_ids)
    record(actor, Act.SIGNATURE_CREATED, kind="signature", object_id=row.id)
    return row.id


@db.action
def change_signature(
    actor: Actor,
    signature_id: int,
    *,
    name: str | None = None,
    html: str | None = None,
    identity_ids: Collection[int] | None = None,
) -> None:
    """With `identity_ids` these addresses begin with it and others that did no more. Raises Missing."""
    row = _signature_for(actor, signature_id)
    chosen = _chosen([row.id]).get(row.id, [])
    clean = None if html is None else sanitize_outgoing(html).html
    row.name, row.html = row.name if name is None else name, row.html if clean is None else clean
    row.save(update_fields=["name", "html"])
    if clean is not None or identity_ids is not None:
        _choose(actor, row, chosen if identity_ids is None else identity_ids, before=chosen)
    fields = [
        field
        for field, value in (("name", name), ("html", html), ("identity_ids", identity_ids))
        if value is not None
    ]
    if fields:
        record(actor, Act.SIGNATURE_CHANGED, kind="signature", object_id=row.id, facts={"fields": fields})


def _choose(
    actor: Actor, row: Signature, identity_ids: Collection[int], *, before: Collection[int] = ()
) -> None:
    for identity_id in identity_ids:
        if access.identity_for(actor, identity_id).account_id != row.account_id:
            raise Missing()
        profile.update_identity(actor, identity_id, signature_html=row.html)
        SignatureChoice.objects.update_or_create(identity_id=identity_id, defaults={"signature": row})
    for identity_id in set(before) - set(identity_ids):
        profile.update_identity(actor, identity_id, signature_html="")
        SignatureChoice.objects.filter(identity_id=identity_id).delete()


@db.action
def delete_signature(actor: Actor, signature_id: int) -> None:
    """Addresses that begin with it then begin with none."""
    row = _signature_for(actor, signature_id)
    _choose(actor, row, (), before=_chosen([row.id]).get(row.id, []))
    row.delete()
    record(actor, Act.SIGNATURE_DELETED, kind="signature", object_id=signature_id)
