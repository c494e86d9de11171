"""The write lane: one thread owns the only writing SQLite connection and commits in groups.

Accepting mail at speed needs many commits made durable together. The lane takes every call that waits, runs
each in its savepoint, commits once, and only then lets the callers go on. A call that fails undoes only itself;
a commit that fails (full disk, locked file) fails them all, as temporary.

Invariants
- Nothing is told (results, hints) before the commit is on disk.
- Whatever a call raises, the lane lives on and every caller gets an answer.
- Only this thread writes or checkpoints (SQLite before 3.51.3 can corrupt a WAL that two connections
  checkpoint at once).
- No network, no sleep, no waiting for another thread inside a call.

On PostgreSQL the lane is a plain transaction in the caller's thread (`transaction_lane.py`).
"""

from __future__ import annotations

import asyncio
import selectors
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

import structlog
from django.db import DatabaseError, IntegrityError, connection, transaction

from posthouse.base import sql, timing
from posthouse.base.errors import Unavailable
from posthouse.base.lane_calls import (
    Bulk,
    LaneCall,
    as_failure,
    asked_at,
    grouped,
    invoke_many,
    invoke_one,
    pending,
    publish,
    resolve,
)
from posthouse.base.lane_watch import LaneState, LaneWatch
from posthouse.base.sqlite.base import LANE_THREAD

if TYPE_CHECKING:
    from posthouse.base.ports import Port

log = structlog.get_logger(__name__)

BATCH_LIMIT = 256
CHECKPOINT_EVERY_COMMITS = 64
IDLE_SECONDS = 0.25

T = TypeVar("T")


class LaneLike(Protocol):
    def state(self) -> LaneState: ...
    def inside(self) -> bool: ...
    def run(self, fn: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T: ...
    def submit(
        self, fn: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> asyncio.Future[T]: ...
    def stop(self) -> None: ...


class WriteLane:
    """The lane of embedded mode. See the head of the file."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[LaneCall | None] = SimpleQueue()
        self._arriving: SimpleQueue[Port] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=LANE_THREAD, daemon=True)
        self._since_checkpoint = 0
        self._stopped = False
        self._entrance = threading.Lock()
        self._is_asleep = False
        self._watch = LaneWatch()
        self._waker, self._woken = socket.socketpair()
        self._woken.setblocking(False)  # noqa: FBT003 the socket module's own form
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._woken, selectors.EVENT_READ)
        self._thread.start()

    def inside(self) -> bool:
        return threading.current_thread() is self._thread

    def state(self) -> LaneState:
        return self._watch.state(is_alive=self._thread.is_alive(), queued=self._queue.qsize())

    def run(self, fn: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
        """Run `fn` in the lane and wait until it is durable; nested calls join the running transaction."""
        if self.inside():
            return cast(T, invoke_one(fn, args, kwargs))
        call = LaneCall(fn, args, kwargs)
        call.event = threading.Event()
        self._put(call)
        if not call.event.wait(pending.patience_seconds):
            raise Unavailable("storage_busy", "The store takes too long just now.")
        if call.error is not None:
            raise call.error
        return cast(T, call.result)

    def submit(
        self, fn: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> asyncio.Future[T]:
        """The same for a coroutine: the future resolves in its loop after the commit."""
        call = LaneCall(fn, args, kwargs)
        call.loop = asyncio.get_running_loop()
        call.future = call.loop.create_future()
        self._put(call)
        return call.future

    def attach(self, port: Port) -> None:
        """Take calls of a door in a process of its own, until it is lost.

        The lane's thread registers it: here its descriptor might still be known as that of a port just lost.
        """
        self._arriving.put(port)
        self._wake()

    def stop(self) -> None:
        """Finish what waits, fold the WAL into the database and end the thread."""
        with self._entrance:
            self._stopped = True
            self._queue.put(None)
            self._wake()
        self._thread.join(timeout=30)

    def _put(self, call: LaneCall) -> None:
        with self._entrance:  # nothing may queue up behind the end, where nobody would ever take it
            if self._stopped:
                raise Unavailable("shutting_down", "The server is shutting down.")
            self._queue.put(call)
            if self._is_asleep:
                self._wake()

    def _wake(self) -> None:
        self._is_asleep = False
        self._waker.send(b".")

    # --- in the lane's thread -------------------------------------------------------------------

    def _work(self) -> None:
        connection.execute_wrappers.append(timing.watched)
        running = True
        while running:
            batch, running = self._take()
            if batch:
                self._watch.begin()
                self._run_batch(batch)
                self._watch.end(len(batch))
                for port in resolve(batch):
                    self._listen(port)
                self._since_checkpoint += 1
                if self._since_checkpoint >= CHECKPOINT_EVERY_COMMITS:
                    self._checkpoint("PASSIVE")
        self._checkpoint("TRUNCATE")
        connection.close()

    def _take(self) -> tuple[list[LaneCall], bool]:
        """All that waits, in the queue and at the ports; sleeps until there is something. False at the end."""
        has_looked = False
        while True:
            self._register_arriving()
            batch, running = self._queued()
            is_idle = running and not batch
            if is_idle or (len(self._selector.get_map()) > 1 and not has_looked):
                batch += self._at_ports(is_idle=is_idle)
                has_looked = True
            if batch or not running:
                return batch, running

    def _register_arriving(self) -> None:
        while not self._arriving.empty():  # only this thread takes from it
            self._selector.register(self._arriving.get_nowait(), selectors.EVENT_READ)

    def _at_ports(self, *, is_idle: bool) -> list[LaneCall]:
        wait: float | None = 0
        if is_idle:
            self._is_asleep = True
            if self._queue.empty():  # whoever comes from here on finds us asleep, and wakes us
                wait = IDLE_SECONDS if self._since_checkpoint else None
        ready = self._selector.select(wait)
        self._is_asleep = False
        if not ready and wait:
            self._checkpoint("PASSIVE")
        calls: list[LaneCall] = []
        for key, events in ready:
            if key.fileobj is self._woken:
                with suppress(BlockingIOError):
                    self._woken.recv(4096)
            else:
                calls += self._at_port(cast("Port", key.fileobj), events)
        return calls

    def _at_port(self, port: Port, events: int) -> list[LaneCall]:
        if events & selectors.EVENT_WRITE:
            port.send_rest()
            self._listen(port)
        if not events & selectors.EVENT_READ:
            return []
        calls = [asked_at(port, *wanted) for wanted in port.receive()]
        if port.is_lost:
            self._selector.unregister(port)
        return calls

    def _listen(self, port: Port) -> None:
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if port.has_unsent else 0)
        if not port.is_lost and self._selector.get_key(port).events != events:
            self._selector.modify(port, events)

    def _queued(self) -> tuple[list[LaneCall], bool]:
        batch: list[LaneCall] = []
        while len(batch) < BATCH_LIMIT:
            try:
                call = self._queue.get_nowait()
            except Empty:
                return batch, True
            if call is None:
                return batch, False
            batch.append(call)
        return batch, True

    def _run_batch(self, batch: list[LaneCall]) -> None:
        try:
            self._commit(batch)
        except _Undone:
            return
        except IntegrityError as error:  # from COMMIT, which checks foreign keys
            self._fall_apart(batch, error)
        except BaseException as error:  # noqa: BLE001 the lane must outlive whatever a call does
            log.error("lane.commit_failed", calls=len(batch), error=str(error))
            connection.close()
            for call in batch:
                call.result, call.error = None, as_failure(error)
        else:
            publish()

    def _commit(self, batch: list[LaneCall]) -> None:
        """Run all in one transaction; when this raises, nothing of it happened and nothing will be told."""
        pending.active = True
        try:
            with _transaction():
                if len(batch) == 1:
                    self._run_alone(batch[0])
                else:
                    for group in grouped(batch):
                        self._run_group(group)
        except BaseException:
            pending.hints, pending.callbacks = {}, []
            raise
        finally:
            pending.active = False

    def _fall_apart(self, batch: list[LaneCall], error: IntegrityError) -> None:
        """One of them broke a foreign key: each alone will show which."""
        if len(batch) == 1:
            batch[0].result, batch[0].error = None, error
            return
        log.info("lane.batch_fell_apart", calls=len(batch))
        for call in batch:
            call.result = call.error = None
            self._run_batch([call])

    def _run_alone(self, call: LaneCall) -> None:
        """The only call of a batch needs no savepoint: its transaction is it."""
        try:
            call.result = invoke_one(call.fn, call.args, call.kwargs)
        except Exception as error:
            if _is_storage_fault(error):
                raise
            call.error = error
        if call.error is not None:
            raise _Undone

    def _run_group(self, group: list[LaneCall]) -> None:
        fn = group[0].fn
        if isinstance(fn, Bulk) and len(group) > 1:
            try:
                results = _in_savepoint(invoke_many, (fn, [call.args[0] for call in group]), {})
            except _Lost:
                raise
            except Exception as error:
                if _is_storage_fault(error):
                    raise
                log.info("lane.bulk_fell_apart", calls=len(group))
            else:
                for call, result in zip(group, results, strict=True):
                    call.result = result
                return
        for call in group:
            self._run_call(call)

    def _run_call(self, call: LaneCall) -> None:
        try:
            call.result = _in_savepoint(invoke_one, (call.fn, call.args, call.kwargs), {})
        except _Lost:
            raise
        except Exception as error:
            if _is_storage_fault(error):
                raise
            call.error = error

    def _checkpoint(self, mode: str) -> None:
        self._since_checkpoint = 0
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA wal_checkpoint({mode})")
        except DatabaseError as error:
            log.warning("lane.checkpoint_failed", error=str(error))
            connection.close()


class _Undone(Exception):
    """Rolls a transaction back whose caller has its error already."""


class _Lost(Exception):
    """SQLite gave the whole transaction up, not just the call's savepoint: the calls before it are undone too."""


@contextmanager
def _transaction() -> Iterator[None]:
    """Django's `atomic` for the outermost block, at a fifth of its cost: BEGIN IMMEDIATE, then COMMIT or ROLLBACK.

    Django is told that it is inside an atomic block, so its ORM behaves as it would there.
    """
    wrapper = sql.wrapper()
    wrapper.ensure_connection()
    raw: Any = wrapper.connection
    with wrapper.wrap_database_errors:
        raw.execute("BEGIN IMMEDIATE")
        wrapper.in_atomic_block, wrapper.needs_rollback = True, False
        try:
            yield
            raw.execute("COMMIT")
        except BaseException:
            if raw.in_transaction:
                raw.execute("ROLLBACK")
            raise
        finally:
            wrapper.in_atomic_block, wrapper.needs_rollback = False, False


def _in_savepoint(fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Raw statements: Django's nested `atomic` costs five times as much per call."""
    wrapper = sql.wrapper()
    raw: Any = wrapper.connection
    hints, callbacks = dict(pending.hints), len(pending.callbacks)
    raw.execute("SAVEPOINT call")
    try:
        result = fn(*args, **kwargs)
        if wrapper.needs_rollback:
            raise transaction.TransactionManagementError("a database error was caught and passed over")
    except BaseException as error:
        pending.hints = hints
        del pending.callbacks[callbacks:]
        wrapper.needs_rollback = False
        if not raw.in_transaction:
            raise _Lost(str(error)) from error
        raw.execute("ROLLBACK TO call")
        raw.execute("RELEASE call")
        raise
    if not raw.in_transaction:
        raise _Lost("the transaction ended inside a call")
    raw.execute("RELEASE call")
    return result


def _is_storage_fault(error: Exception) -> bool:
    """A full disk or an I/O error is nobody's fault in particular, and may end SQLite's whole transaction."""
    text = str(error).lower() if isinstance(error, DatabaseError) else ""
    return any(
        word in text
        for word in ("disk is full", "disk i/o", "locked", "malformed", "readonly", "unable to open")
    )
