"""Several acts at the same moment."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from structlog.testing import capture_logs

from posthouse.base.errors import Failure
from tests.database import another, is_postgresql

WAIT_SECONDS = 30
MEETING_SECONDS = 1.5


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Every act in a thread of its own, begun together; a Failure is an answer, any other exception a fault."""
    start = threading.Barrier(len(acts))
    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(lambda act: _go(act, start), acts))


def _go(act: Callable[[], Any], start: threading.Barrier) -> Any:
    from posthouse.base import db

    try:
        start.wait(WAIT_SECONDS)
        return act()
    except Failure as failure:
        return failure.code
    finally:
        db.release_thread()


def behind(
    table: str, row_id: int | str, acts: Sequence[Callable[[], Any]], *, column: str = "id"
) -> list[Any]:
    """As `at_once`; on PostgreSQL somebody else holds a row until all of them have come to it, or are done.

    So each has looked before any of them writes, which is the worst that can happen. Whatever has not come after a
    moment is not waited for.
    """
    if not is_postgresql():
        return at_once(acts)
    start = threading.Barrier(len(acts))
    with another() as other, ThreadPoolExecutor(len(acts)) as pool:
        other.execute("BEGIN")
        other.execute(f"SELECT 1 FROM {table} WHERE {column} = %s FOR UPDATE", [int(row_id)])
        going = [pool.submit(_go, act, start) for act in acts]
        _await_meeting(going)
        other.execute("COMMIT")
        return [one.result(WAIT_SECONDS) for one in going]


def _await_meeting(going: Sequence[Future[Any]]) -> None:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    ends = time.monotonic() + MEETING_SECONDS
    with another() as watching:
        while time.monotonic() < ends:
            there = watching.execute(waiting).fetchone()
            assert there is not None
            if there[0] + sum(one.done() for one in going) >= len(going):
                return
            time.sleep(0.01)


@contextmanager
def nobody_in_a_ring() -> Iterator[None]:
    """A deadlock would be broken by the server after a second, and what was given up done again: it costs that."""
    with capture_logs() as logs:
        yield
    assert [
        line
        for line in logs
        if line["event"] == "lane.done_again"
        and line["cause"] in ("DeadlockDetected", "SerializationFailure")
    ] == []
