"""What rules send by themselves: forwards that are confirmed, answers from templates that the account may use."""

from __future__ import annotations

from posthouse.base.errors import Conflict, Missing
from posthouse.delivery.models import Forward
from posthouse.delivery.writing import templates
from posthouse.filters.actions import Change
from posthouse.filters.language import Content
from posthouse.identity import step_up
from posthouse.identity.actor import Actor
from posthouse.mail import access as mail_access
from posthouse.mail.access import Right


def is_touched(change: Change) -> bool:
    """Whether other mail may leave by the rule than before."""
    return (
        change.actions is not None
        or change.conditions is not None
        or change.is_any is not None
        or bool(change.is_enabled)
    )


def check(actor: Actor, account_id: int, content: Content) -> None:
    """Raises Missing, Denied, Conflict (forward_unconfirmed)."""
    if content.forward_ids:
        mail_access.account_id_for(actor, account_id, need=Right.ADMIN)
        step_up.require_of_session(actor)
    if content.forward_ids or content.template_ids:
        actor.require("mail.send")
    for forward_id in content.forward_ids:
        row = Forward.objects.filter(id=forward_id, account_id=account_id).first()
        if row is None:
            raise Missing()
        if row.confirmed_at is None:
            raise Conflict("forward_unconfirmed", "Nobody at this address has agreed yet.")
    for template_id in content.template_ids:
        if templates.content_for_account(template_id, account_id) is None:
            raise Missing()


def addresses_of(account_id: int, content: Content) -> list[str]:
    """Where its forwards lead."""
    rows = Forward.objects.filter(
        account_id=account_id, id__in=content.forward_ids, confirmed_at__isnull=False
    ).order_by("id")
    return [row.address for row in rows]
