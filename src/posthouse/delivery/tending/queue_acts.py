"""What those who look after an organisation do to its mail on the way out: try it now, hold it, let it go, give it up.

One recipient at a time, each in its own transaction with its audit line; what is not of the organisation is Missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import clock, db, sql
from posthouse.base.errors import Conflict, Failure, Missing
from posthouse.delivery import runner, stamps
from posthouse.delivery.limits import stops
from posthouse.delivery.queueing import queue
from posthouse.delivery.queueing.queue import PERMANENT, Result
from posthouse.delivery.tending.waiting import NEEDS
from posthouse.identity.actor import Actor

HELD_BY_ADMIN = "admin"
GIVEN_UP = "554 5.7.0", "Somebody who looks after this server gave it up."


def for_each(actor: Actor, verb: str, ids: Sequence[int]) -> dict[int, str | None]:
    """Do one thing to many; gives for each what kept it from being done, or None. Raises Denied."""
    actor.require(NEEDS)
    outcome: dict[int, str | None] = {}
    for recipient_id in dict.fromkeys(ids):
        try:
            VERBS[verb](actor, recipient_id)
            outcome[recipient_id] = None
        except Failure as failure:
            outcome[recipient_id] = failure.code
    return outcome


def retry(actor: Actor, recipient_id: int) -> None:
    """Raises Missing, Conflict (not_waiting, held_by_stop)."""
    _change(
        actor,
        recipient_id,
        Act.MESSAGE_HURRIED,
        "due_at = %s WHERE id = %s AND state IN ('queued', 'retrying')",
        [clock.now_ms()],
    )


def hold(actor: Actor, recipient_id: int) -> None:
    """Not tried again before somebody lets it go. As `retry`."""
    _change(
        actor,
        recipient_id,
        Act.MESSAGE_HELD,
        "state = 'held', hold = %s, due_at = NULL WHERE id = %s AND state IN ('queued', 'retrying')",
        [HELD_BY_ADMIN],
    )


def release(actor: Actor, recipient_id: int) -> None:
    """Due at once. As `retry`."""
    _change(
        actor,
        recipient_id,
        Act.MESSAGE_RELEASED,
        f"state = 'queued', hold = '', due_at = %s WHERE id = %s AND state = 'held' AND hold = '{HELD_BY_ADMIN}'",
        [clock.now_ms()],
    )


@db.action
def _change(actor: Actor, recipient_id: int, act: Act, change: str, values: Sequence[object]) -> None:
    """`change` is SQL of this file's own: what is set, and under which condition of state."""
    submission_id, owner_id = _place(actor, recipient_id)
    if not sql.run(
        f"UPDATE delivery_recipient SET updated_at = %s, {change}", [clock.now_ms(), *values, recipient_id]
    ):
        raise _why_not(recipient_id)
    stamps.stamp(submission_id)
    db.hint("outbox")
    record(actor, act, kind="recipient", object_id=recipient_id, subject=owner_id)


def give_up(actor: Actor, recipient_id: int) -> None:
    """Its sender is told by mail, as after the last try. As `retry`.

    It is leased like a try, so that none runs beside it; a crash in between lets it be tried again.
    """
    parcel = _take(actor, recipient_id)
    code, answer = GIVEN_UP
    runner.settle(
        parcel, [Result(due=due, outcome=PERMANENT, code=code, answer=answer) for due in parcel.recipients]
    )


@db.action
def _take(actor: Actor, recipient_id: int) -> queue.Parcel:
    _, owner_id = _place(actor, recipient_id)
    parcel = queue.lease(recipient_id)
    if parcel is None:
        raise _why_not(recipient_id)
    record(actor, Act.MESSAGE_GIVEN_UP, kind="recipient", object_id=recipient_id, subject=owner_id)
    return parcel


def _place(actor: Actor, recipient_id: int) -> tuple[int, int]:
    """The submission, and whose account it is of. Raises Missing, also for another organisation's.

    The house's own letters are of organisation 0, where only operators get.
    """
    actor.require(NEEDS)
    found = sql.row(
        "SELECT s.id, a.owner_id, a.organisation_id FROM delivery_recipient r"
        " JOIN delivery_submission s ON s.id = r.submission_id LEFT JOIN mail_account a ON a.id = s.account_id"
        " WHERE r.id = %s",
        [recipient_id],
    )
    if found is None or (found[2] or 0) != actor.organisation_id:
        raise Missing()
    return found[0], found[1] or 0


def _why_not(recipient_id: int) -> Conflict:
    found = sql.row("SELECT hold FROM delivery_recipient WHERE id = %s", [recipient_id])
    if found is not None and found[0] == stops.HELD_BY_STOP:
        return Conflict("held_by_stop", "It is held because the account sends like a stolen one.")
    return Conflict("not_waiting", "It is being tried, is held otherwise, or is done with.")


VERBS: Mapping[str, Callable[[Actor, int], None]] = {
    "retry": retry,
    "hold": hold,
    "release": release,
    "give_up": give_up,
}
