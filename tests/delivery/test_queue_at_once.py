"""The queue with many at it: nobody waits for another in a ring, and the last of them sees that it is the last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.at_once import at_once
from tests.cast import Cast
from tests.delivery.outside import send
from tests.delivery.test_queue import keep_the_runner_out
from tests.house import RunningHouse

RECIPIENTS = 6
ROUNDS = 10


@pytest.fixture(autouse=True)
def nothing_was_done_again() -> Iterator[None]:
    """A deadlock would be, and cost a second."""
    with capture_logs() as logs:
        yield
    assert [line for line in logs if line["event"] == "lane.done_again"] == []


def state_of(submission_id: int) -> tuple[str, set[str]]:
    from posthouse.base import sql

    found = sql.row("SELECT state FROM delivery_submission WHERE id = %s", [submission_id])
    assert found is not None
    recipients = sql.rows("SELECT state FROM delivery_recipient WHERE submission_id = %s", [submission_id])
    return found[0], {state for (state,) in recipients}


def claimed(sent: Any) -> list[Any]:
    """The parcels of a held mail, as if its time had come."""
    from posthouse.base import clock, db
    from posthouse.delivery.queueing import queue

    @db.action
    def claim() -> list[Any]:
        keep_the_runner_out()
        clock.set_source(lambda: (sent.hold_until_ms or 0) / 1000 + 1)
        try:
            return [parcel for parcel in queue.claim(1000) if parcel.submission_id == sent.submission_id]
        finally:
            clock.set_source(None)

    return claim()


def test_a_submission_is_done_when_its_last_recipients_settle_at_once(
    house: RunningHouse, cast: Cast
) -> None:
    from posthouse.base import db
    from posthouse.delivery.queueing import queue
    from posthouse.delivery.queueing.queue import DELIVERED, Result

    for _ in range(ROUNDS):
        addresses = [f"zoe@d{number}.invalid" for number in range(RECIPIENTS)]
        sent = send(cast.alice, *addresses, hold_seconds=50)
        results = [[Result(due=due, outcome=DELIVERED) for due in p.recipients] for p in claimed(sent)]
        assert len(results) == RECIPIENTS

        at_once([lambda r=r: db.run(queue.settle, (r,), {}) for r in results])

        assert state_of(sent.submission_id) == ("done", {"delivered"})


def test_taking_back_while_it_is_claimed_is_one_or_the_other(house: RunningHouse, cast: Cast) -> None:
    """Claimed here or by the house's own runner, which sees that it is due as well."""
    from posthouse.base import clock
    from posthouse.delivery import actions
    from posthouse.delivery.queueing import queue

    for _ in range(ROUNDS):
        sent = send(cast.alice, "zoe@one.invalid", "zoe@two.invalid", hold_seconds=50)

        def cancel(sent: Any = sent) -> int:
            return actions.cancel(cast.alice.actor, sent.submission_id)

        clock.set_source(lambda sent=sent: sent.hold_until_ms / 1000 + 1)
        try:
            _, first, _, second = at_once(
                [lambda: queue.claim(100), cancel, lambda: queue.claim(100), cancel]
            )
        finally:
            clock.set_source(None)

        state, recipients = state_of(sent.submission_id)
        if {first, second} == {"already_sent"}:
            assert state in ("active", "done")  # the runner may have tried and given up by now
            assert not recipients & {"held", "cancelled"}
        else:
            assert {first, second} == {sent.email_id, "already_sent"}
            assert (state, recipients) == ("cancelled", {"cancelled"})
