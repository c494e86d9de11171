"""What operators see of mail on its way out of any organisation, and do to it; the house's own letters too."""

from __future__ import annotations

from posthouse.base import sql
from posthouse.base.errors import Missing
from posthouse.delivery.tending import queue_acts, waiting
from posthouse.delivery.tending.waiting import Row, Wanted
from posthouse.identity import operators
from posthouse.identity.actor import Actor


def waiting_for_anybody(
    operator: Actor, wanted: Wanted, *, after: int, limit: int
) -> tuple[list[Row], int | None]:
    """As `waiting.page`, over all organisations. Raises Missing for who is no operator."""
    operators.require(operator)
    return waiting.page_of(wanted, after=after, limit=limit, organisation_id=None)


def act(operator: Actor, verb: str, recipient_id: int) -> None:
    """Do one of `queue_acts.VERBS`. Raises Missing, Conflict (not_waiting, held_by_stop)."""
    queue_acts.VERBS[verb](_acting(operator, recipient_id), recipient_id)


def hurry(operator: Actor, recipient_id: int) -> None:
    """Try a recipient now and not later. Raises Missing, Conflict (not_waiting)."""
    act(operator, "retry", recipient_id)


def give_up(operator: Actor, recipient_id: int) -> None:
    """Try a recipient no more; its sender is told by mail, as after the last try. Raises Missing, Conflict."""
    act(operator, "give_up", recipient_id)


def _acting(operator: Actor, recipient_id: int) -> Actor:
    """The operator where the sender is at home; the house's own letters are nobody's."""
    found = sql.row(
        "SELECT a.organisation_id FROM delivery_recipient r JOIN delivery_submission s ON s.id = r.submission_id"
        " LEFT JOIN mail_account a ON a.id = s.account_id WHERE r.id = %s",
        [recipient_id],
    )
    acting = operators.acting_in(operator, 0 if found is None else found[0] or 0)
    if found is None:
        raise Missing()
    return acting
