"""Texts to write with: one's own, and the organisation's, which whoever manages it writes.

Rules answer with them too, so one that a rule names is not deleted.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import Q

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import clock, db, sql
from posthouse.base.errors import Conflict, Missing
from posthouse.delivery.models import Template
from posthouse.filters import queries as filters
from posthouse.identity.actor import Actor
from posthouse.mail import access
from posthouse.mail.access import Right
from posthouse.wire.html import sanitize_outgoing

MAX_TEMPLATES = 200
MAX_HTML_CHARS = 100_000
MANAGE = "organisation.manage"
Row = dict[str, Any]


class Text(NamedTuple):
    subject: str
    html: str


def templates(actor: Actor, account_id: int | None) -> list[Row]:
    """An account's and the organisation's, by name."""
    account = access.account_id_for(actor, account_id, need=Right.READ)
    ours = Q(account=None, organisation_id=actor.organisation_id)
    rows = Template.objects.filter(Q(account_id=account) | ours).order_by("name", "id")
    return [_json(row) for row in rows]


def template(actor: Actor, template_id: int) -> Row:
    return _json(_template_for(actor, template_id, need=Right.READ))


def _json(row: Template) -> Row:
    return {
        "id": str(row.id),
        "account_id": None if row.account_id is None else str(row.account_id),
        "is_shared": row.account_id is None,
        "name": row.name,
        "subject": row.subject,
        "html": row.html,
        "created_at": clock.iso(clock.to_ms(row.created_at)),
    }


def _template_for(actor: Actor, template_id: int, *, need: Right) -> Template:
    """The organisation's are everybody's to read there; of others' nothing is seen."""
    row = Template.objects.filter(id=template_id).first()
    if row is not None and row.account_id is None and row.organisation_id == actor.organisation_id:
        access.account_id_for(actor, None, need=Right.READ)
        if need > Right.READ:
            actor.require(MANAGE)
        return row
    account_id = 0 if row is None or row.account_id is None else row.account_id
    access.account_id_for(actor, account_id, need=need)
    if row is None:
        raise Missing()
    return row


def content_for_account(template_id: int, account_id: int) -> Text | None:
    """What an account may answer with; None for one that is gone, or none of its."""
    found = sql.row(
        "SELECT t.subject, t.html FROM delivery_template t JOIN mail_account a ON a.id = %s WHERE t.id = %s"
        " AND (t.account_id = a.id OR (t.account_id IS NULL AND t.organisation_id = a.organisation_id))",
        [account_id, template_id],
    )
    return None if found is None else Text(*found)


@db.action
def create_template(
    actor: Actor, account_id: int | None, *, is_shared: bool, name: str, subject: str, html: str
) -> int:
    """Raises Missing, Denied (the organisation's are for who manages it), Conflict (too_many)."""
    account = access.account_for(actor, account_id)
    if is_shared:
        actor.require(MANAGE)
    owned = Template.objects.filter(organisation_id=account.organisation_id)
    owned = owned.filter(account=None) if is_shared else owned.filter(account_id=account.id)
    if owned.count() >= MAX_TEMPLATES:
        raise Conflict("too_many", f"There are {MAX_TEMPLATES} templates at most.")
    row = Template.objects.create(
        account_id=None if is_shared else account.id,
        organisation_id=account.organisation_id,
        name=name,
        subject=subject,
        html=sanitize_outgoing(html).html,
    )
    record(actor, Act.TEMPLATE_CREATED, kind="template", object_id=row.id, facts={"is_shared": is_shared})
    return row.id


@db.action
def change_template(
    actor: Actor,
    template_id: int,
    *,
    name: str | None = None,
    subject: str | None = None,
    html: str | None = None,
) -> None:
    row = _template_for(actor, template_id, need=Right.WRITE)
    clean = None if html is None else sanitize_outgoing(html).html
    given = {
        field: value
        for field, value in (("name", name), ("subject", subject), ("html", clean))
        if value is not None
    }
    if given:
        Template.objects.filter(id=row.id).update(**given)
        facts: dict[str, Any] = {"fields": sorted(given), "is_shared": row.account_id is None}
        record(actor, Act.TEMPLATE_CHANGED, kind="template", object_id=row.id, facts=facts)


@db.action
def delete_template(actor: Actor, template_id: int) -> None:
    """Raises Conflict (template_in_use) for one that a rule answers with."""
    row = _template_for(actor, template_id, need=Right.WRITE)
    if filters.names_of_rules_with(template_id=row.id):
        raise Conflict("template_in_use", "A rule answers with it.")
    row.delete()
    record(actor, Act.TEMPLATE_DELETED, kind="template", object_id=template_id)
