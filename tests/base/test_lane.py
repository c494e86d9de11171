"""The write lane: many callers, one commit, and nobody pays for another's fault.

Rows of the job table serve as things to write; their kind is known to no handler.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from posthouse.base.errors import Conflict, Failure, Kind
from posthouse.base.ids import new_id
from tests.database import is_postgresql

KIND = "test-of-the-lane"
WAIT_SECONDS = 20

pytestmark = [pytest.mark.usefixtures("house"), pytest.mark.skipif(is_postgresql(), reason="SQLite's lane")]


def write(name: str) -> str:
    from posthouse.base import sql

    sql.run(
        "INSERT INTO base_job (id, kind, arguments, key, due_at, attempts, leased_by, last_error, created_at)"
        " VALUES (%s, %s, '{}', %s, 0, 0, '', '', 0)",
        [new_id(), KIND, name],
    )
    return name


def write_and_fail(name: str) -> None:
    write(name)
    raise Conflict("no", "This call fails after it wrote.")


def written() -> list[str]:
    from posthouse.base import sql

    return [row[0] for row in sql.rows("SELECT key FROM base_job WHERE kind = %s ORDER BY id", [KIND])]


def run(fn: Callable[..., Any], *args: Any) -> Any:
    from posthouse.base import db

    return db.run(fn, args, {})


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    from posthouse.base import sql

    yield
    run(sql.run, "DELETE FROM base_job WHERE kind = %s", [KIND])


@pytest.fixture
def callers() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(16) as pool:
        yield pool


@contextmanager
def one_batch(callers: ThreadPoolExecutor) -> Iterator[Callable[..., Future[Any]]]:
    """Keep the lane busy, so that what is asked for inside the block waits and is taken together, in order."""
    from posthouse.base import db

    entered, release = threading.Event(), threading.Event()

    def block() -> None:
        entered.set()
        assert release.wait(WAIT_SECONDS)

    asked = 0
    lane = db._the_lane()

    def ask(fn: Callable[..., Any], *args: Any) -> Future[Any]:
        nonlocal asked
        asked += 1
        future = callers.submit(run, fn, *args)
        for _ in range(WAIT_SECONDS * 1000):
            if lane._queue.qsize() >= asked:  # type: ignore[attr-defined]  # the only way to see it wait
                return future
            threading.Event().wait(0.001)
        raise AssertionError("the call did not queue up")

    blocked = callers.submit(run, block)
    assert entered.wait(WAIT_SECONDS)
    try:
        yield ask
    finally:
        release.set()
        blocked.result(WAIT_SECONDS)


def test_calls_that_wait_are_committed_together_in_order(callers: ThreadPoolExecutor) -> None:
    seen_by_others: list[list[str]] = []
    with one_batch(callers) as ask:
        first = ask(write, "first")
        peek = ask(lambda: seen_by_others.append(callers.submit(written).result(WAIT_SECONDS)))
        second = ask(write, "second")

    assert [first.result(WAIT_SECONDS), second.result(WAIT_SECONDS)] == ["first", "second"]
    assert peek.result(WAIT_SECONDS) is None
    assert seen_by_others == [[]], "a reader saw the batch before its commit"
    assert written() == ["first", "second"]


def test_a_call_that_fails_undoes_only_itself(callers: ThreadPoolExecutor) -> None:
    with one_batch(callers) as ask:
        before, bad, after = ask(write, "before"), ask(write_and_fail, "bad"), ask(write, "after")

    assert before.result(WAIT_SECONDS) == "before"
    assert after.result(WAIT_SECONDS) == "after"
    with pytest.raises(Conflict):
        bad.result(WAIT_SECONDS)
    assert written() == ["before", "after"]


@pytest.mark.parametrize("fault", [SystemExit, GeneratorExit, MemoryError, RecursionError])
def test_the_lane_outlives_whatever_a_call_raises(fault: type[BaseException]) -> None:
    def fail() -> None:
        write("gone")
        raise fault

    with pytest.raises((fault, Failure)):
        run(fail)

    assert run(write, "after") == "after"
    assert written() == ["after"]


def test_a_statement_that_breaks_a_constraint_is_the_callers_alone(callers: ThreadPoolExecutor) -> None:
    from django.db import IntegrityError

    with one_batch(callers) as ask:
        one, double, two = ask(write, "one"), ask(write, "one"), ask(write, "two")

    assert one.result(WAIT_SECONDS) == "one"
    assert two.result(WAIT_SECONDS) == "two"
    with pytest.raises(IntegrityError):
        double.result(WAIT_SECONDS)
    assert written() == ["one", "two"]


def test_a_foreign_key_broken_at_commit_is_the_callers_alone(callers: ThreadPoolExecutor) -> None:
    """SQLite checks foreign keys at COMMIT, when the calls of the batch have all returned."""
    from django.db import IntegrityError

    from posthouse.base import db, sql

    def dangle() -> None:
        db.after_commit(lambda: told.append("dangling"))
        sql.run(
            "INSERT INTO mail_upload (id, account_id, blob_id, filename, content_type, created_at)"
            " VALUES (%s, 1, 1, '', '', 0)",
            [new_id()],
        )

    def tell() -> str:
        db.after_commit(lambda: told.append("good"))
        return write("good")

    told: list[str] = []
    with one_batch(callers) as ask:
        good, dangling, other = ask(tell), ask(dangle), ask(write, "other")

    assert (good.result(WAIT_SECONDS), other.result(WAIT_SECONDS)) == ("good", "other")
    with pytest.raises(IntegrityError):
        dangling.result(WAIT_SECONDS)
    assert written() == ["good", "other"]
    assert told == ["good"]


def test_a_database_error_passed_over_does_not_poison_the_others(callers: ThreadPoolExecutor) -> None:
    """Django marks the connection for rollback; what its ORM does afterwards would fail for everybody."""
    from django.db import IntegrityError

    from posthouse.base.models import Job

    def careless() -> None:
        try:
            Job.objects.create(id=new_id(), kind=KIND, key="taken", due_at=0)
        except IntegrityError:
            pass

    def by_orm() -> int:
        return Job.objects.filter(kind=KIND).count()

    with one_batch(callers) as ask:
        ask(write, "taken")
        bad, count = ask(careless), ask(by_orm)

    assert count.result(WAIT_SECONDS) == 1
    assert bad.exception(WAIT_SECONDS) is not None
    assert written() == ["taken"]


def test_a_bulk_is_one_call_for_all_that_wait(callers: ThreadPoolExecutor) -> None:
    from posthouse.base import db

    sizes: list[int] = []

    def many(names: Any) -> list[str]:
        sizes.append(len(names))
        return [write(name) for name in names]

    bulk: db.Bulk[str, str] = db.Bulk(many)
    with one_batch(callers) as ask:
        results = [ask(bulk, name) for name in ("a", "b", "c")]

    assert [result.result(WAIT_SECONDS) for result in results] == ["a", "b", "c"]
    assert sizes == [3]


@pytest.mark.parametrize("fault", ["failure", "integrity", "short"])
def test_a_bulk_falls_apart_so_that_one_bad_item_spoils_no_other(
    callers: ThreadPoolExecutor, fault: str
) -> None:
    from django.db import IntegrityError

    from posthouse.base import db

    def many(names: Any) -> list[str]:
        if fault == "short" and len(names) > 1:
            return [write(name) for name in names][:-1]
        for name in names:
            write(name)
            if name == "bad":
                write(name) if fault == "integrity" else write_and_fail("bad too")
        return list(names)

    bulk: db.Bulk[str, str] = db.Bulk(many)
    with one_batch(callers) as ask:
        good, bad, fine = ask(bulk, "good"), ask(bulk, "bad"), ask(bulk, "fine")
        bystander = ask(write, "bystander")

    results = (good.result(WAIT_SECONDS), fine.result(WAIT_SECONDS), bystander.result(WAIT_SECONDS))
    assert results == ("good", "fine", "bystander")
    with pytest.raises((Conflict, IntegrityError)):
        bad.result(WAIT_SECONDS)
    assert written() == ["good", "fine", "bystander"]


def test_what_is_told_is_told_after_the_commit_and_only_for_what_happened(
    callers: ThreadPoolExecutor,
) -> None:
    from posthouse.base import db
    from posthouse.base.hub import Hint, hub

    hints: list[Hint] = []
    heard = threading.Event()
    seen_at_callback: list[list[str]] = []

    def listener(hint: Hint) -> None:
        hints.append(hint)
        heard.set()

    def good(number: int) -> None:
        write(f"good {number}")
        db.hint(KIND, number)
        db.after_commit(lambda: seen_at_callback.append(callers.submit(written).result(WAIT_SECONDS)))

    def bad() -> None:
        db.hint(KIND, 99)
        db.after_commit(lambda: seen_at_callback.append(["told of what was undone"]))
        write_and_fail("bad")

    unsubscribe = hub.subscribe(KIND, listener)
    try:
        with one_batch(callers) as ask:
            calls = [ask(good, 3), ask(bad), ask(good, 2)]
        assert heard.wait(WAIT_SECONDS)
    finally:
        unsubscribe()

    assert [call.exception(WAIT_SECONDS) is None for call in calls] == [True, False, True]
    assert hints == [Hint(KIND, 3)], "one hint for the batch, with the newest number"
    assert seen_at_callback == [["good 3", "good 2"]] * 2


def test_who_is_impatient_goes_on_and_the_action_is_done_later(callers: ThreadPoolExecutor) -> None:
    from posthouse.base import db

    with one_batch(callers):
        with db.patience(0.05), pytest.raises(Failure) as caught:
            run(write, "late")
    assert caught.value.kind is Kind.UNAVAILABLE
    assert run(write, "next") == "next"
    assert written() == ["late", "next"]


def test_an_action_inside_an_action_joins_it() -> None:
    from posthouse.base import db

    inner = db.action(write)

    @db.action
    def outer() -> None:
        assert db.in_lane()
        inner("inner")
        raise Conflict("no", "The outer one fails.")

    with pytest.raises(Conflict):
        outer()
    assert written() == []


def _fill_the_disk() -> None:
    from posthouse.base import sql

    (pages,) = sql.row("PRAGMA page_count") or (0,)
    (free,) = sql.row("PRAGMA freelist_count") or (0,)
    sql.row(f"PRAGMA max_page_count = {pages}")
    for number in range(20 * (free + 50)):
        write(f"{number:0>190}")


def test_a_full_disk_is_temporary_for_everybody_and_the_lane_lives_on(callers: ThreadPoolExecutor) -> None:
    with one_batch(callers) as ask:
        calls = [ask(write, "before"), ask(_fill_the_disk), ask(write, "after")]

    for call in calls:
        error = call.exception(WAIT_SECONDS)
        assert isinstance(error, Failure)
        assert error.kind is Kind.UNAVAILABLE
    assert written() == []
    assert run(write, "later") == "later"
    assert written() == ["later"]


def test_a_locked_file_is_temporary_and_the_lane_lives_on(house: Any) -> None:
    import sqlite3

    from posthouse.base import sql

    run(sql.row, "PRAGMA busy_timeout = 50")
    with sqlite3.connect(house.data / "posthouse.sqlite3", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Failure) as caught:
            run(write, "kept out")
        other.execute("ROLLBACK")
    other.close()

    assert caught.value.kind is Kind.UNAVAILABLE
    assert run(write, "let in") == "let in"
    assert written() == ["let in"]


def test_a_coroutine_gets_result_and_failure(house: Any) -> None:
    from posthouse.base import db

    async def both() -> tuple[str, BaseException | None]:
        good, bad = db.writing(write, "good"), db.writing(write_and_fail, "bad")
        await good
        return good.result(), (await _outcome(bad))

    result, error = house.call(both())

    assert result == "good"
    assert isinstance(error, Conflict)
    assert written() == ["good"]


async def _outcome(future: Any) -> BaseException | None:
    try:
        await future
    except Conflict as error:
        return error
    return None


def test_no_exception_of_one_call_keeps_the_others_waiting(house: Any) -> None:
    """A future cannot carry StopIteration."""
    import asyncio

    from posthouse.base import db

    def exhausted() -> None:
        next(iter(()))

    async def all_at_once() -> list[Any]:
        calls = [db.writing(exhausted), db.writing(write, "good"), db.reading(exhausted), db.heavy(int)]
        return await asyncio.wait_for(asyncio.gather(*calls, return_exceptions=True), WAIT_SECONDS)

    first, good, read, heavy = house.call(all_at_once())
    assert (good, heavy) == ("good", 0)
    assert isinstance(first, RuntimeError)
    assert isinstance(read, RuntimeError)


def test_a_stopped_pool_takes_nothing_more(house: Any) -> None:
    from posthouse.base.readers import ReaderPool

    pool = ReaderPool(2)

    async def ask() -> int:
        return await pool.submit(lambda: 7)

    assert house.call(ask()) == 7
    pool.stop()
    with pytest.raises(Failure) as caught:
        house.call(ask())
    assert caught.value.kind is Kind.UNAVAILABLE


def test_stopping_finishes_what_waits_and_takes_nothing_more(callers: ThreadPoolExecutor) -> None:
    """On a lane of its own: the house's goes on."""
    from posthouse.base.lane import WriteLane

    lane, entered, release = WriteLane(), threading.Event(), threading.Event()

    def block() -> None:
        entered.set()
        assert release.wait(WAIT_SECONDS)

    futures: list[Future[Any]] = [callers.submit(lane.run, block, (), {})]
    assert entered.wait(WAIT_SECONDS)
    futures += [callers.submit(lane.run, write, (f"waiting {i}",), {}) for i in range(8)]
    while lane._queue.qsize() < 8:
        threading.Event().wait(0.001)
    stopping = callers.submit(lane.stop)
    while not lane._stopped:
        threading.Event().wait(0.001)
    release.set()

    assert [future.exception(WAIT_SECONDS) for future in futures] == [None] * 9
    stopping.result(WAIT_SECONDS)
    assert len(written()) == 8
    with pytest.raises(Failure) as caught:
        lane.run(write, ("too late",), {})
    assert caught.value.kind is Kind.UNAVAILABLE


def test_readers_cannot_write() -> None:
    from django.db import OperationalError

    from posthouse.base import sql

    with pytest.raises(OperationalError, match="readonly"):
        sql.run("UPDATE base_job SET attempts = 1")


def test_every_commit_is_synced_and_only_the_lane_checkpoints(house: Any) -> None:
    from posthouse.base import sql

    for read in (sql.row, lambda text: run(sql.row, text)):
        assert read("PRAGMA synchronous") == (2,)
        assert read("PRAGMA wal_autocheckpoint") == (0,)
        assert read("PRAGMA journal_mode") == ("wal",)
        assert read("PRAGMA mmap_size") in (None, (0,))
        assert read("PRAGMA foreign_keys") == (1,)


def test_django_and_everybody_else_use_one_sqlite_library() -> None:
    """Two in one process do not see each other's locks, and the older one has the WAL-reset bug."""
    import sqlite3

    from django.db import connection

    assert connection.Database is sqlite3.dbapi2  # type: ignore[attr-defined]  # as its SQLite subclass has
