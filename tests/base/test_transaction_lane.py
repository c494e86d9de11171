"""The lane on PostgreSQL: a call is a transaction, done again when the server gave it up, told once when it is kept.

Rows of the job table serve as things to write; their kind is known to no handler.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from posthouse.base.errors import Conflict, Failure, Kind
from posthouse.base.ids import new_id
from tests.database import another, is_postgresql
from tests.house import RunningHouse

KIND = "test-of-the-lane"
WAIT_SECONDS = 20

pytestmark = [
    pytest.mark.usefixtures("house"),
    pytest.mark.skipif(not is_postgresql(), reason="PostgreSQL's lane"),
]


def write(name: str) -> str:
    from posthouse.base import sql

    sql.run(
        "INSERT INTO base_job (id, kind, arguments, key, due_at, attempts, leased_by, last_error, created_at)"
        " VALUES (%s, %s, '{}', %s, 0, 0, '', '', 0)",
        [new_id(), KIND, name],
    )
    return name


def written() -> list[str]:
    from posthouse.base import sql

    return [row[0] for row in sql.rows("SELECT key FROM base_job WHERE kind = %s ORDER BY id", [KIND])]


def run(fn: Callable[..., Any], *args: Any) -> Any:
    from posthouse.base import db

    return db.run(fn, args, {})


def my_backend() -> int:
    from posthouse.base import sql

    found = sql.row("SELECT pg_backend_pid()")
    assert found is not None
    return int(found[0])


def end_backend(pid: int) -> None:
    with another() as other:
        assert other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid]).fetchone() == (True,)


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    from posthouse.base import sql

    yield
    run(sql.run, "DELETE FROM base_job WHERE kind = %s", [KIND])


def test_a_call_that_fails_undoes_itself_and_what_it_called() -> None:
    def outer() -> None:
        write("outer")
        run(write, "inner")
        raise Conflict("no", "This call fails after it wrote.")

    with pytest.raises(Conflict):
        run(outer)
    assert run(write, "after") == "after"
    assert written() == ["after"]


def test_what_is_told_is_told_after_the_commit_and_only_for_what_happened() -> None:
    from posthouse.base import db

    told: list[Any] = []

    def call(*, fail: bool) -> None:
        write(f"call-{fail}")
        db.after_commit(lambda: told.append(written()))
        if fail:
            raise Conflict("no", "This call fails after it asked to tell.")

    with pytest.raises(Conflict):
        db.run(call, (), {"fail": True})
    assert told == []
    db.run(call, (), {"fail": False})
    assert told == [["call-False"]]


def test_two_that_wait_for_each_other_both_come_through() -> None:
    from posthouse.base import db, sql

    run(write, "a")
    run(write, "b")
    both_hold_one = threading.Barrier(2)
    tries = []

    def lock(name: str) -> None:
        sql.run("UPDATE base_job SET attempts = attempts + 1 WHERE key = %s", [name])

    def call(first: str, second: str) -> None:
        tries.append(first)
        lock(first)
        if len(tries) <= 2:
            both_hold_one.wait(WAIT_SECONDS)
        lock(second)

    def at_once(names: tuple[str, str]) -> None:
        try:
            run(call, *names)
        finally:
            db.release_thread()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(at_once, [("a", "b"), ("b", "a")]))

    assert len(tries) == 3
    counted = sql.rows("SELECT attempts FROM base_job WHERE kind = %s", [KIND])
    assert counted == [(2,), (2,)]


def test_one_that_is_given_up_every_time_fails_for_now() -> None:
    from posthouse.base import sql, transaction_lane

    tries = []

    def call() -> None:
        tries.append(write("never"))
        sql.run("DO $$ BEGIN RAISE EXCEPTION 'given up' USING ERRCODE = '40001'; END $$")

    with pytest.raises(Failure) as caught:
        run(call)

    assert caught.value.kind is Kind.UNAVAILABLE
    assert len(tries) == transaction_lane.TRANSACTION_TRIES
    assert written() == []


def test_a_connection_that_the_server_ended_costs_nobody_a_failure() -> None:
    end_backend(run(my_backend))
    assert run(write, "between two calls") == "between two calls"

    tries = []

    def call() -> None:
        tries.append(my_backend())
        write("within a call")
        if len(tries) == 1:
            end_backend(tries[0])
        write("and after it")

    run(call)
    assert len(tries) == 2
    assert written() == ["between two calls", "within a call", "and after it"]


def test_a_connection_lost_while_committing_is_told_and_not_tried_again() -> None:
    """Nobody knows what became of it; who asks again may get it twice, and must know that."""
    tries = []

    def call() -> None:
        tries.append(write("lost"))

    with another() as other:
        other.execute(
            "CREATE FUNCTION end_me() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5); RETURN NULL; END $$"
        )
        other.execute(
            "CREATE CONSTRAINT TRIGGER end_me AFTER INSERT ON base_job DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW WHEN (NEW.key = 'lost') EXECUTE FUNCTION end_me()"
        )
        try:
            with pytest.raises(Failure) as caught:
                run(call)
        finally:
            other.execute("DROP TRIGGER end_me ON base_job")
            other.execute("DROP FUNCTION end_me")

    assert caught.value.kind is Kind.UNAVAILABLE
    assert tries == ["lost"]
    assert run(write, "after") == "after"


def test_of_two_who_look_and_then_write_the_second_finds_what_the_first_wrote() -> None:
    """The key decides between them, and neither hears of it."""
    from posthouse.base import db, sql

    both_have_looked = threading.Barrier(2)
    looked = []

    def call() -> str:
        looked.append(sql.row("SELECT 1 FROM base_job WHERE key = 'once'"))
        if len(looked) <= 2:
            both_have_looked.wait(WAIT_SECONDS)
        return "found" if looked[-1] else write("once")

    def at_once(_: int) -> str:
        try:
            return str(run(call))
        finally:
            db.release_thread()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(at_once, range(2)))

    assert sorted(answers) == ["found", "once"]
    assert written() == ["once"]


def test_a_foreign_key_broken_at_commit_is_the_callers() -> None:
    from django.db import IntegrityError

    from posthouse.base import sql

    def call() -> None:
        write("with a broken key")
        sql.run(
            "INSERT INTO mail_emailpart (email_id, envelope, body, bodystructure, structure)"
            " VALUES (%s, '', '', '', '')",
            [new_id()],
        )

    with pytest.raises(IntegrityError):
        run(call)
    assert run(write, "after") == "after"
    assert written() == ["after"]


def test_a_database_error_passed_over_is_the_callers() -> None:
    """PostgreSQL answers the COMMIT of a broken transaction by undoing it, and is no error then."""
    from django.db import DatabaseError, IntegrityError
    from django.db.transaction import TransactionManagementError

    def call() -> None:
        write("twice")
        try:
            write("twice")
        except IntegrityError:
            return

    with pytest.raises((TransactionManagementError, DatabaseError)):
        run(call)
    assert run(write, "after") == "after"
    assert written() == ["after"]


def test_a_reader_whose_connection_was_ended_finds_another(house: RunningHouse) -> None:
    from django.db import OperationalError

    from posthouse.base import db

    async def backends() -> list[Any]:
        import asyncio

        return await asyncio.gather(
            *(db.reading(my_backend) for _ in range(db.READER_THREADS * 4)), return_exceptions=True
        )

    before = set(house.call(backends()))
    for pid in before:
        end_backend(pid)
    answers = house.call(backends())
    assert all(isinstance(answer, (int, OperationalError)) for answer in answers)
    for _ in range(10):
        answers = house.call(backends())
        if all(isinstance(answer, int) for answer in answers):
            break
    assert not before & set(answers)
    assert all(isinstance(answer, int) for answer in answers)
