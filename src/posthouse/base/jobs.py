"""Work for later: rows in a table, run in this process's threads.

`enqueue` writes a job in the transaction that asks for it, so neither exists without the other. A claim moves the
job's due time past a lease; a crash lets the lease pass and the job comes due again. No queue of a library kept a
running job over `kill -9` on SQLite (measured; docs/decisions/0003), so this table is the truth.

Handlers are safe to run twice. A schedule is a job that comes back. A handler that is a coroutine function runs in the
loop, beside many others: for work that waits for the network, which must hold no reading thread.
"""

from __future__ import annotations

import asyncio
import collections
import inspect
import os
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
import structlog

from posthouse.base import clock, db, sql
from posthouse.base.errors import Failure
from posthouse.base.hub import hub
from posthouse.base.ids import new_id
from posthouse.base.metrics import Counter

log = structlog.get_logger(__name__)

jobs_done = Counter("posthouse_jobs", "Jobs that were run.", "kind", "outcome")

LEASE_MS = 10 * 60_000
MAX_ATTEMPTS = 12
FIRST_RETRY_MS = 30_000
LAST_RETRY_MS = 4 * 3600_000
CONCURRENT = 2
CONCURRENT_WAITING = 100
WAITING_OF_A_KIND = 80
"""The rest is for other kinds: whoever has webhooks that never answer holds back nobody's push or report."""
SLEEP_SECONDS = 30.0
FAULT_SECONDS = 5.0

Run = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Handler:
    run: Run
    every_seconds: int | None

    @property
    def waits(self) -> bool:
        return inspect.iscoroutinefunction(self.run)


_handlers: dict[str, Handler] = {}


class Claimed(NamedTuple):
    id: int
    kind: str
    arguments: dict[str, Any]
    attempts: int


def handler(kind: str, *, every_seconds: int | None = None) -> Callable[[Run], Run]:
    """Say what runs a kind of job; with `every_seconds` it also runs again and again by itself."""

    def register(run: Run) -> Run:
        _handlers[kind] = Handler(run, every_seconds)
        return run

    return register


def enqueue(kind: str, *, due_at_ms: int | None = None, key: str | None = None, **arguments: Any) -> None:
    """Ask for a job; call inside an action. A key that is waiting already is not asked for twice."""
    now_ms = clock.now_ms()
    sql.run(
        "INSERT INTO base_job (id, kind, arguments, key, due_at, attempts, leased_by, last_error, created_at)"
        " VALUES (%s, %s, %s, %s, %s, 0, '', '', %s) ON CONFLICT (key) DO NOTHING",
        [new_id(), kind, orjson.dumps(arguments).decode(), key, due_at_ms or now_ms, now_ms],
    )
    db.hint("jobs")


@db.action
def plan_schedules() -> None:
    """Make sure that every schedule has its row; called at start."""
    for kind, known in _handlers.items():
        if known.every_seconds is not None:
            enqueue(kind, key=f"schedule:{kind}")


@db.action
def claim(limit: int, kinds: Collection[str] | None = None) -> list[Claimed]:
    """Lease due jobs of these kinds (or of all known ones); the due time is moved past the lease by compare-and-set."""
    now_ms, kinds = clock.now_ms(), list(_handlers if kinds is None else kinds)
    claimed = []
    for job_id, kind, arguments, attempts, due_at in sql.rows(
        "SELECT id, kind, arguments, attempts, due_at FROM base_job WHERE due_at <= %s"
        f" AND kind IN ({sql.marks(kinds)}) ORDER BY due_at LIMIT %s",
        [now_ms, *kinds, limit],
    ):
        taken = sql.run(
            "UPDATE base_job SET due_at = %s, attempts = attempts + 1, leased_by = %s WHERE id = %s AND due_at = %s",
            [now_ms + LEASE_MS, str(os.getpid()), job_id, due_at],
        )
        if taken:
            content = orjson.loads(arguments) if isinstance(arguments, str) else arguments
            claimed.append(Claimed(job_id, kind, content, attempts + 1))
    return claimed


@db.action
def finish(job: Claimed, *, fault: str = "") -> None:
    """Done jobs go, schedules come back, failed ones are tried again later and later."""
    every = _handlers[job.kind].every_seconds
    now_ms = clock.now_ms()
    if not fault and every is None:
        sql.run("DELETE FROM base_job WHERE id = %s", [job.id])
        return
    wait_ms = (every or 0) * 1000
    if fault and every is None:
        wait_ms = min(FIRST_RETRY_MS * 2 ** (job.attempts - 1), LAST_RETRY_MS)
        if job.attempts >= MAX_ATTEMPTS:
            log.error("job.given_up", kind=job.kind, job=job.id, attempts=job.attempts)
            wait_ms = 365 * 86_400_000
    sql.run(
        "UPDATE base_job SET due_at = %s, attempts = %s, leased_by = '', last_error = %s WHERE id = %s",
        [now_ms + wait_ms, 0 if every is not None else job.attempts, fault[:500], job.id],
    )


@db.action
def end_leases() -> None:
    """After a start on one machine: what was running is due now."""
    sql.run("UPDATE base_job SET due_at = %s, leased_by = '' WHERE leased_by <> ''", [clock.now_ms()])


@db.action
def hurry(job_id: int) -> bool:
    """Let a job be due now, as if it had never failed; False when it is gone or under way."""
    now_ms = clock.now_ms()
    changed = sql.run(
        "UPDATE base_job SET due_at = %s, attempts = 0 WHERE id = %s AND leased_by = ''", [now_ms, job_id]
    )
    db.hint("jobs", now_ms)
    return bool(changed)


def next_due_ms() -> int | None:
    """When the next job comes due that is not due yet."""
    found = sql.row("SELECT min(due_at) FROM base_job WHERE due_at > %s", [clock.now_ms()])
    return None if found is None else found[0]


class JobRunner:
    """Runs due jobs: a few at a time in the reading threads, those that wait for the network in the loop."""

    def __init__(self) -> None:
        self._wake = asyncio.Event()
        self._stopping = asyncio.Event()
        self._running: dict[bool, dict[asyncio.Task[None], str]] = {False: {}, True: {}}

    async def run(self) -> None:
        """Work until `stop`; a full disk or a broken job ends one round, not the work."""
        unsubscribe = hub.subscribe("jobs", lambda _: self._wake.set())
        is_planned = False
        try:
            while not self._stopping.is_set():
                self._wake.clear()
                try:
                    if not is_planned:
                        await db.writing(plan_schedules)
                        is_planned = True
                    if not await self._take():
                        await self._sleep()
                except Exception:
                    log.exception("job.round_failed")
                    await _within(self._stopping, FAULT_SECONDS)
        finally:
            unsubscribe()
            running = [*self._running[False], *self._running[True]]
            for task in self._running[True]:
                task.cancel()  # its lease passes, or ends at the next start
            await asyncio.gather(*running, return_exceptions=True)

    async def _take(self) -> bool:
        is_any = False
        for waits in (False, True):
            running = self._running[waits]
            room = self._room(waits=waits)
            if not room or self._stopping.is_set():
                continue
            for job in await db.writing(claim, min(room.values()), list(room)):
                is_any = True
                task = asyncio.create_task(_run_waiting(job) if waits else _run_in_thread(job))
                running[task] = job.kind
                task.add_done_callback(running.pop)
                task.add_done_callback(lambda _: self._wake.set())
        return is_any

    def _room(self, *, waits: bool) -> dict[str, int]:
        """The kinds of which more may run, and how many more."""
        most, of_a_kind = (CONCURRENT_WAITING, WAITING_OF_A_KIND) if waits else (CONCURRENT, CONCURRENT)
        running = self._running[waits]
        counted = collections.Counter(running.values())
        room = {
            kind: min(most - len(running), of_a_kind - counted[kind])
            for kind, known in _handlers.items()
            if known.waits is waits
        }
        return {kind: free for kind, free in room.items() if free > 0}

    async def _sleep(self) -> None:
        """Until something is due, or somebody says so. What is due and finds no room is waited for by a task's end."""
        due_ms = await db.reading(next_due_ms)
        seconds = SLEEP_SECONDS
        if due_ms is not None:
            seconds = min(seconds, max(0.0, (due_ms - clock.now_ms()) / 1000) + 0.01)
        await _within(self._wake, seconds)

    def stop(self) -> None:
        self._stopping.set()
        self._wake.set()


async def _within(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return


async def _run_in_thread(job: Claimed) -> None:
    try:
        await db.reading(_run, job)
    except Exception:
        log.exception("job.broke", kind=job.kind, job=job.id)


def _run(job: Claimed) -> None:
    fault = ""
    try:
        _handlers[job.kind].run(**job.arguments)
    except Failure as failure:
        fault = failure.code
    except Exception as error:
        log.exception("job.failed", kind=job.kind, job=job.id)
        fault = type(error).__name__
    finish(job, fault=fault)
    jobs_done.count(job.kind, (fault and "failed") or "ok")
    log.info("job.done", kind=job.kind, job=job.id, ok=not fault)


async def _run_waiting(job: Claimed) -> None:
    fault = ""
    try:
        await _handlers[job.kind].run(**job.arguments)
    except Failure as failure:
        fault = failure.code
    except Exception as error:
        log.exception("job.failed", kind=job.kind, job=job.id)
        fault = type(error).__name__
    try:
        await db.writing(finish, job, fault=fault)
    except Exception:
        log.exception("job.broke", kind=job.kind, job=job.id)
    log.info("job.done", kind=job.kind, job=job.id, ok=not fault)
