"""Jobs: written with what asks for them, leased, tried again, and never twice at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from posthouse.base.errors import Conflict
from tests.database import is_postgresql
from tests.delivery.outside import until

KIND = "test-job"

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def ran() -> Iterator[list[Any]]:
    """What the handler of KIND was asked; it fails when asked to."""
    from posthouse.base import db, jobs, sql

    calls: list[Any] = []

    def run(word: str = "", *, fail: int = 0) -> None:
        calls.append(word)
        if len(calls) <= fail:
            raise ValueError("not yet")

    jobs.handler(KIND)(run)
    yield calls
    del jobs._handlers[KIND]
    db.run(sql.run, ("DELETE FROM base_job WHERE kind = %s", [KIND]), {})


def rows() -> list[tuple[Any, ...]]:
    from posthouse.base import sql

    return sql.rows("SELECT attempts, last_error FROM base_job WHERE kind = %s ORDER BY id", [KIND])


def ask(**arguments: Any) -> None:
    from posthouse.base import db, jobs

    db.run(jobs.enqueue, (KIND,), arguments)


def test_a_job_runs_soon_and_goes(ran: list[Any]) -> None:
    ask(word="hello")
    until(lambda: ran and not rows())
    assert ran == ["hello"]


def test_a_job_lives_and_dies_with_the_transaction_that_asks_for_it(ran: list[Any]) -> None:
    from posthouse.base import db, jobs

    @db.action
    def changes_its_mind() -> None:
        jobs.enqueue(KIND, word="never")
        raise Conflict("no", "It did not happen.")

    with pytest.raises(Conflict):
        changes_its_mind()
    ask(word="after")
    until(lambda: ran and not rows())
    assert ran == ["after"]


def test_a_key_that_waits_is_not_asked_for_twice(ran: list[Any]) -> None:
    from posthouse.base import clock

    later = clock.now_ms() + 3_600_000
    ask(key="once", due_at_ms=later)
    ask(key="once", due_at_ms=later)
    assert len(rows()) == 1


def test_a_job_that_fails_is_kept_for_later_with_its_fault(ran: list[Any]) -> None:
    from posthouse.base import clock, jobs, sql

    ask(word="hard", fail=1)
    until(lambda: [row for row in rows() if row[1]])
    assert rows() == [(1, "ValueError")]
    due_at = sql.row("SELECT due_at FROM base_job WHERE kind = %s", [KIND])
    assert due_at is not None
    assert 0 < due_at[0] - clock.now_ms() <= jobs.FIRST_RETRY_MS


def test_a_lease_keeps_others_away_until_it_ends(ran: list[Any]) -> None:
    """A claim by a process that then dies; at the next start, or when the lease is over, the job is due again."""
    from posthouse.base import clock, db, jobs

    @db.action
    def claims() -> list[list[str]]:
        jobs.enqueue(KIND, word="leased", due_at_ms=start)
        taken = []
        for later_ms in (0, jobs.LEASE_MS - 1, jobs.LEASE_MS):
            clock.set_source(lambda ms=start + later_ms: ms / 1000)  # type: ignore[misc]
            taken.append([job.arguments["word"] for job in jobs.claim(100, [KIND])])
        clock.set_source(None)
        return taken

    start = clock.now_ms() + 600_000
    assert claims() == [["leased"], [], ["leased"]]
    assert ran == []

    jobs.end_leases()
    db.run(db.hint, ("jobs",), {})
    until(lambda: ran)
    assert ran == ["leased"]


@pytest.mark.skipif(is_postgresql(), reason="the fault is a locked SQLite file")
def test_a_fault_of_the_round_does_not_end_the_work(ran: list[Any], house: Any) -> None:
    """A runner whose first claim cannot be written goes on when the disk is well again."""
    import asyncio
    import sqlite3

    from posthouse.base import db, jobs, sql

    async def start() -> tuple[jobs.JobRunner, Any]:
        runner = jobs.JobRunner()
        return runner, asyncio.create_task(runner.run())

    async def end(runner: jobs.JobRunner, task: Any) -> None:
        runner.stop()
        await task

    db.run(sql.row, ("PRAGMA busy_timeout = 20",), {})
    with sqlite3.connect(house.data / "posthouse.sqlite3", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        runner, task = house.call(start())
        house.call(asyncio.sleep(0.3))
        assert not task.done()
        other.execute("ROLLBACK")
    other.close()
    house.call(end(runner, task))


def test_a_handler_may_wait_in_the_loop_beside_others() -> None:
    """More at once than there are reading threads, each waiting for all the others."""
    import asyncio

    from posthouse.base import db, jobs, sql

    together, arrived = 8, []

    async def wait(word: str) -> None:
        arrived.append(word)
        while len(arrived) < together:
            await asyncio.sleep(0.01)

    jobs.handler(KIND)(wait)
    try:
        for number in range(together):
            ask(word=str(number))
        until(lambda: len(arrived) == together and not rows())
    finally:
        del jobs._handlers[KIND]
        db.run(sql.run, ("DELETE FROM base_job WHERE kind = %s", [KIND]), {})


def test_a_kind_that_never_ends_holds_back_no_other() -> None:
    """As webhooks that do not answer, beside a push."""
    import asyncio

    from posthouse.base import db, jobs, sql

    other, may_end, held, pushed = f"{KIND}-other", [], [], []

    async def hold(word: str) -> None:
        held.append(word)
        while not may_end:
            await asyncio.sleep(0.02)

    async def push(word: str) -> None:
        pushed.append(word)

    jobs.handler(KIND)(hold)
    jobs.handler(other)(push)
    try:
        for number in range(jobs.CONCURRENT_WAITING + 5):
            ask(word=str(number))
        until(lambda: len(held) == jobs.WAITING_OF_A_KIND)
        db.run(jobs.enqueue, (other,), {"word": "now"})
        until(lambda: pushed == ["now"])
        assert len(held) == jobs.WAITING_OF_A_KIND
        may_end.append(True)
        until(lambda: len(held) == jobs.CONCURRENT_WAITING + 5 and not rows())
    finally:
        may_end.append(True)
        for kind in (KIND, other):
            del jobs._handlers[kind]
            db.run(sql.run, ("DELETE FROM base_job WHERE kind = %s", [kind]), {})


def test_a_job_runs_when_it_is_due_and_not_half_a_minute_later(ran: list[Any]) -> None:
    from posthouse.base import clock

    due_ms = clock.now_ms() + 700
    ask(word="soon", due_at_ms=due_ms)
    until(lambda: ran)
    assert due_ms <= clock.now_ms() < due_ms + 5_000


@pytest.mark.parametrize("is_waiting", [False, True])
def test_a_fault_that_was_foreseen_is_kept_by_its_code_in_both_kinds_of_handler(is_waiting: bool) -> None:
    from posthouse.base import db, jobs, sql

    faults = {"foreseen": Conflict("not_now", "Later."), "unforeseen": ValueError("a secret word")}

    def fail(word: str) -> None:
        raise faults[word]

    async def fail_waiting(word: str) -> None:
        raise faults[word]

    jobs.handler(KIND)(fail_waiting if is_waiting else fail)
    try:
        for word, kept in (("foreseen", "not_now"), ("unforeseen", "ValueError")):
            ask(word=word)
            until(lambda: rows() and rows()[-1][1])
            assert rows() == [(1, kept)]
            db.run(sql.run, ("DELETE FROM base_job WHERE kind = %s", [KIND]), {})
    finally:
        del jobs._handlers[KIND]


def test_a_job_that_fails_for_ever_is_given_up_and_not_lost(ran: list[Any]) -> None:
    from posthouse.base import clock, db, jobs, sql

    def tried_before() -> None:
        jobs.enqueue(KIND, word="again", fail=99)
        sql.run("UPDATE base_job SET attempts = %s WHERE kind = %s", [jobs.MAX_ATTEMPTS - 1, KIND])

    db.run(tried_before, (), {})
    until(lambda: rows() and rows()[0][1])
    assert rows() == [(jobs.MAX_ATTEMPTS, "ValueError")]
    ((due,),) = sql.rows("SELECT due_at FROM base_job WHERE kind = %s", [KIND])
    assert due > clock.now_ms() + 300 * 86_400_000
