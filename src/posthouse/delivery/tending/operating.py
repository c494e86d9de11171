"""What operators do to mail on its way out of any organisation: let it be tried now, or give it up."""

from __future__ import annotations

from posthouse.base import sql
from posthouse.base.errors import Missing
from posthouse.delivery.tending import queue_acts
from posthouse.identity.actor import Actor
from posthouse.identity.operators import acting_in


def hurry(operator: Actor, recipient_id: int) -> None:
    """Try a recipient now and not later. Raises Missing, Conflict (not_waiting)."""
    queue_acts.retry(_acting(operator, recipient_id), recipient_id)


def give_up(operator: Actor, recipient_id: int) -> None:
    """Try a recipient no more; its sender is told by mail, as after the last try. Raises Missing, Conflict."""
    queue_acts.give_up(_acting(operator, recipient_id), recipient_id)


def _acting(operator: Actor, recipient_id: int) -> Actor:
    """The operator where the sender is at home; the house's own letters are nobody's."""
    found = sql.row(
        "SELECT a.organisation_id FROM delivery_recipient r JOIN delivery_submission s ON s.id = r.submission_id"
        " LEFT JOIN mail_account a ON a.id = s.account_id WHERE r.id = %s",
        [recipient_id],
    )
    acting = acting_in(operator, 0 if found is None else found[0] or 0)
    if found is None:
        raise Missing()
    return acting
