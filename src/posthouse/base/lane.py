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

On PostgreSQL the lane is a plain transaction in the caller's thread (`TransactionLane`).
"""

from __future__ import annotations

import asyncio
import selectors
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, cast

import structlog
from django.db import (
    DEFAULT_DB_ALIAS,
    DatabaseError,
    IntegrityError,
    OperationalError,
    close_old_connections,
    connection,
    connections,
    transaction,
)

from posthouse.base import timing
from posthouse.base.errors import Failure, Unavailable
from posthouse.base.hub import Hint, hub
from posthouse.base.lane_watch import LaneState, LaneWatch
from posthouse.base.sqlite.base import LANE_THREAD

if TYPE_CHECKING:
    from posthouse.base.ports import Port

log = structlog.get_logger(__name__)

BATCH_LIMIT = 256
CHECKPOINT_EVERY_COMMITS = 64
IDLE_SECONDS = 0.25

T = TypeVar("T")
Item = TypeVar("Item")
Result = TypeVar("Result")


class Bulk(Generic[Item, Result]):
    """An action that many callers ask for at once and that is cheaper done for all of them together.

    `many` gets the items that wait and returns a result for each, in order; if it raises, each item is tried
    alone, so that one bad item does not spoil the others.
    """

    def __init__(self, many: Callable[[Sequence[Item]], Sequence[Result]]) -> None:
        self.many = many

    def __call__(self, item: Item) -> Result:
        from posthouse.base import db  # the facade knows which lane is configured

        return db.run(self, (item,), {})


class _Call:
    """What is asked for, and who waits for it: a thread (`event`), a coroutine (`future`), or a door (`port`)."""

    __slots__ = ("args", "error", "event", "fn", "future", "kwargs", "loop", "number", "port", "result")

    def __init__(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.fn, self.args, self.kwargs = fn, args, kwargs
        self.result: Any = None
        self.error: BaseException | None = None
        self.event: threading.Event | None = None
        self.future: asyncio.Future[Any] | None = None
        self.loop: asyncio.AbstractEventLoop | None = None
        self.port: Port | None = None
        self.number = 0


class _Pending(threading.local):
    """What the running transaction will tell once it is durable."""

    def __init__(self) -> None:
        self.active = False
        self.hints: dict[int | str, int] = {}
        self.callbacks: list[Callable[[], None]] = []


pending = _Pending()


class LaneLike(Protocol):
    def state(self) -> LaneState: ...
    def inside(self) -> bool: ...
    def run(self, fn: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T: ...
    def submit(
        self, fn: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> asyncio.Future[T]: ...
    def stop(self) -> None: ...


def _as_failure(error: BaseException) -> Failure:
    return Unavailable(
        "storage_unavailable", "The store cannot be written just now.", cause=type(error).__name__
    )


def _publish() -> None:
    hints, callbacks = pending.hints, pending.callbacks
    pending.hints, pending.callbacks = {}, []
    if hints:
        hub.publish([Hint(topic, modseq) for topic, modseq in hints.items()])
    for callback in callbacks:
        try:
            callback()
        except Exception:
            log.exception("lane.after_commit_failed")


class WriteLane:
    """The lane of embedded mode. See the head of the file."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[_Call | None] = SimpleQueue()
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
            return cast(T, _invoke_one(fn, args, kwargs))
        call = _Call(fn, args, kwargs)
        call.event = threading.Event()
        self._put(call)
        call.event.wait()
        if call.error is not None:
            raise call.error
        return cast(T, call.result)

    def submit(
        self, fn: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> asyncio.Future[T]:
        """The same for a coroutine: the future resolves in its loop after the commit."""
        call = _Call(fn, args, kwargs)
        call.loop = asyncio.get_running_loop()
        call.future = call.loop.create_future()
        self._put(call)
        return call.future

    def attach(self, port: Port) -> None:
        """Take calls of a door in a process of its own, until it is lost."""
        self._selector.register(port, selectors.EVENT_READ)
        self._wake()

    def stop(self) -> None:
        """Finish what waits, fold the WAL into the database and end the thread."""
        with self._entrance:
            self._stopped = True
            self._queue.put(None)
            self._wake()
        self._thread.join(timeout=30)

    def _put(self, call: _Call) -> None:
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
                for port in _resolve(batch):
                    self._listen(port)
                self._since_checkpoint += 1
                if self._since_checkpoint >= CHECKPOINT_EVERY_COMMITS:
                    self._checkpoint("PASSIVE")
        self._checkpoint("TRUNCATE")
        connection.close()

    def _take(self) -> tuple[list[_Call], bool]:
        """All that waits, in the queue and at the ports; sleeps until there is something. False at the end."""
        while True:
            batch, running = self._queued()
            is_idle = running and not batch
            if is_idle or len(self._selector.get_map()) > 1:
                batch += self._at_ports(is_idle=is_idle)
            if batch or not running:
                return batch, running

    def _at_ports(self, *, is_idle: bool) -> list[_Call]:
        wait: float | None = 0
        if is_idle:
            self._is_asleep = True
            if self._queue.empty():  # whoever comes from here on finds us asleep, and wakes us
                wait = IDLE_SECONDS if self._since_checkpoint else None
        ready = self._selector.select(wait)
        self._is_asleep = False
        if not ready and wait:
            self._checkpoint("PASSIVE")
        calls: list[_Call] = []
        for key, events in ready:
            if key.fileobj is self._woken:
                with suppress(BlockingIOError):
                    self._woken.recv(4096)
            else:
                calls += self._at_port(cast("Port", key.fileobj), events)
        return calls

    def _at_port(self, port: Port, events: int) -> list[_Call]:
        if events & selectors.EVENT_WRITE:
            port.send_rest()
            self._listen(port)
        if not events & selectors.EVENT_READ:
            return []
        calls = [_asked_at(port, *wanted) for wanted in port.receive()]
        if port.is_lost:
            self._selector.unregister(port)
        return calls

    def _listen(self, port: Port) -> None:
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if port.has_unsent else 0)
        if not port.is_lost and self._selector.get_key(port).events != events:
            self._selector.modify(port, events)

    def _queued(self) -> tuple[list[_Call], bool]:
        batch: list[_Call] = []
        while len(batch) < BATCH_LIMIT:
            try:
                call = self._queue.get_nowait()
            except Empty:
                return batch, True
            if call is None:
                return batch, False
            batch.append(call)
        return batch, True

    def _run_batch(self, batch: list[_Call]) -> None:
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
                call.result, call.error = None, _as_failure(error)
        else:
            _publish()

    def _commit(self, batch: list[_Call]) -> None:
        """Run all in one transaction; when this raises, nothing of it happened and nothing will be told."""
        pending.active = True
        try:
            with _transaction():
                if len(batch) == 1:
                    self._run_alone(batch[0])
                else:
                    for group in _grouped(batch):
                        self._run_group(group)
        except BaseException:
            pending.hints, pending.callbacks = {}, []
            raise
        finally:
            pending.active = False

    def _fall_apart(self, batch: list[_Call], error: IntegrityError) -> None:
        """One of them broke a foreign key: each alone will show which."""
        if len(batch) == 1:
            batch[0].result, batch[0].error = None, error
            return
        log.info("lane.batch_fell_apart", calls=len(batch))
        for call in batch:
            call.result = call.error = None
            self._run_batch([call])

    def _run_alone(self, call: _Call) -> None:
        """The only call of a batch needs no savepoint: its transaction is it."""
        try:
            call.result = _invoke_one(call.fn, call.args, call.kwargs)
        except Exception as error:
            if _is_storage_fault(error):
                raise
            call.error = error
        if call.error is not None:
            raise _Undone

    def _run_group(self, group: list[_Call]) -> None:
        fn = group[0].fn
        if isinstance(fn, Bulk) and len(group) > 1:
            try:
                results = _in_savepoint(_many, (fn, [call.args[0] for call in group]), {})
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

    def _run_call(self, call: _Call) -> None:
        try:
            call.result = _in_savepoint(_invoke_one, (call.fn, call.args, call.kwargs), {})
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
    connection.ensure_connection()
    wrapper = connections[DEFAULT_DB_ALIAS]
    raw = wrapper.connection
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


def _grouped(batch: list[_Call]) -> list[list[_Call]]:
    """Calls in order of arrival, those of one Bulk together at the place of the first."""
    groups: list[list[_Call]] = []
    bulks: dict[int, list[_Call]] = {}
    for call in batch:
        if isinstance(call.fn, Bulk):
            group = bulks.get(id(call.fn))
            if group is not None:
                group.append(call)
                continue
            bulks[id(call.fn)] = group = [call]
            groups.append(group)
        else:
            groups.append([call])
    return groups


def _invoke_one(fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if isinstance(fn, Bulk):
        return fn.many([args[0]])[0]
    return fn(*args, **kwargs)


def _many(bulk: Bulk[Any, Any], items: list[Any]) -> Sequence[Any]:
    results = bulk.many(items)
    if len(results) != len(items):
        raise ValueError(f"{len(results)} results for {len(items)} items")
    return results


def _in_savepoint(fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Raw statements: Django's nested `atomic` costs five times as much per call."""
    wrapper = connections[DEFAULT_DB_ALIAS]
    raw = wrapper.connection
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


def _asked_at(port: Port, bulk: Bulk[Any, Any], item: object, number: int) -> _Call:
    call = _Call(bulk, (item,), {})
    call.port, call.number = port, number
    return call


def _resolve(batch: list[_Call]) -> Iterable[Port]:
    """Let the callers go on; each loop is woken once for all of its futures, each port answered once."""
    loops: dict[asyncio.AbstractEventLoop, list[_Call]] = {}
    ports: dict[Port, list[tuple[int, object, BaseException | None]]] = {}
    for call in batch:
        if call.port is not None:
            ports.setdefault(call.port, []).append((call.number, call.result, call.error))
        elif call.event is not None:
            call.event.set()
        elif call.loop is not None:
            loops.setdefault(call.loop, []).append(call)
    for loop, calls in loops.items():
        try:
            loop.call_soon_threadsafe(_settle, calls)
        except RuntimeError:  # the loop is closed: its callers are gone
            continue
    for port, outcomes in ports.items():
        if not port.is_lost:
            port.answer(outcomes)
    return ports


def _settle(calls: list[_Call]) -> None:
    for call in calls:
        future = call.future
        if future is None or future.done():
            continue
        if isinstance(call.error, StopIteration):  # a future cannot carry it, and the others would never hear
            future.set_exception(RuntimeError("StopIteration left a call"))
        elif call.error is not None:
            future.set_exception(call.error)
        else:
            future.set_result(call.result)


class TransactionLane:
    """PostgreSQL: the server groups commits itself, so a call is a transaction where it stands."""

    def inside(self) -> bool:
        return pending.active

    def state(self) -> LaneState:
        return LaneState()

    def run(self, fn: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
        if pending.active:
            return cast(T, _invoke_one(fn, args, kwargs))
        pending.active = True
        try:
            with transaction.atomic():
                result = _invoke_one(fn, args, kwargs)
        except BaseException as error:
            pending.hints, pending.callbacks = {}, []
            if isinstance(error, DatabaseError):
                close_old_connections()
            if isinstance(error, OperationalError):
                raise _as_failure(error) from error
            raise
        finally:
            pending.active = False
        _publish()
        return cast(T, result)

    def submit(
        self, fn: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> asyncio.Future[T]:
        from posthouse.base import db

        return db.pool().submit(lambda: self.run(fn, args, kwargs))

    def attach(self, port: Port) -> None:
        """One call after the other for each door; the server takes those of several together."""
        threading.Thread(target=self._serve, args=(port,), name="port", daemon=True).start()

    def _serve(self, port: Port) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(port, selectors.EVENT_READ)
            while not port.is_lost:
                selector.select(IDLE_SECONDS)
                calls = [_asked_at(port, *wanted) for wanted in port.receive()]
                for group in _grouped(calls):
                    self._run_group(group)
                _resolve(calls)
                while port.has_unsent and not port.is_lost:
                    threading.Event().wait(0.01)
                    port.send_rest()
        connection.close()

    def _run_group(self, group: list[_Call]) -> None:
        """Those of one Bulk in one transaction, or each alone when that fails."""
        try:
            results = self.run(_many, (group[0].fn, [call.args[0] for call in group]), {})
        except Exception as error:  # noqa: BLE001 the top of a call from another process
            if len(group) == 1:
                group[0].error = error
                return
            for call in group:
                self._run_group([call])
        else:
            for call, result in zip(group, results, strict=True):
                call.result = result

    def stop(self) -> None:
        return
