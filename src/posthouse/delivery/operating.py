"""What operators do to mail on its way out: let it be tried now, or give it up and tell its sender."""

from __future__ import annotations

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import clock, db, sql
from posthouse.base.errors import Conflict, Missing
from posthouse.delivery import queue, runner
from posthouse.delivery.queue import PERMANENT, Result
from posthouse.identity.actor import Actor
from posthouse.identity.operators import acting_in

GIVEN_UP = "554 5.7.0", "The operator of this server gave it up."


@db.action
def hurry(operator: Actor, recipient_id: int) -> None:
    """Try a recipient now and not later. Raises Missing, Conflict (not_waiting)."""
    acting, owner_id = _acting(operator, recipient_id)
    if not sql.run(
        "UPDATE delivery_recipient SET due_at = %s, updated_at = %s"
        " WHERE id = %s AND state IN ('queued', 'retrying')",
        [clock.now_ms(), clock.now_ms(), recipient_id],
    ):
        raise _not_waiting()
    db.hint("outbox")
    record(acting, Act.MESSAGE_HURRIED, kind="recipient", object_id=recipient_id, subject=owner_id)


def give_up(operator: Actor, recipient_id: int) -> None:
    """Try a recipient no more; its sender is told by mail, as after the last try. Raises Missing, Conflict.

    It is leased like a try, so that none runs beside it; a crash in between lets it be tried again.
    """
    parcel = _take(operator, recipient_id)
    if parcel is None:
        raise _not_waiting()
    code, answer = GIVEN_UP
    runner.settle(
        parcel, [Result(due=due, outcome=PERMANENT, code=code, answer=answer) for due in parcel.recipients]
    )


@db.action
def _take(operator: Actor, recipient_id: int) -> queue.Parcel | None:
    acting, owner_id = _acting(operator, recipient_id)
    parcel = queue.lease(recipient_id)
    if parcel is not None:
        record(acting, Act.MESSAGE_GIVEN_UP, kind="recipient", object_id=recipient_id, subject=owner_id)
    return parcel


def _acting(operator: Actor, recipient_id: int) -> tuple[Actor, int]:
    """The operator where the sender is at home, and the sender; the house's own letters are nobody's."""
    found = sql.row(
        "SELECT a.organisation_id, a.owner_id FROM delivery_recipient r"
        " JOIN delivery_submission s ON s.id = r.submission_id LEFT JOIN mail_account a ON a.id = s.account_id"
        " WHERE r.id = %s",
        [recipient_id],
    )
    acting = acting_in(operator, 0 if found is None else found[0] or 0)
    if found is None:
        raise Missing()
    return acting, found[1] or 0


def _not_waiting() -> Conflict:
    return Conflict("not_waiting", "It is being tried, or is done with.")
