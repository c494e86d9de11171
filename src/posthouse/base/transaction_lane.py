"""The write lane on PostgreSQL, which groups commits itself: a call is a transaction in its caller's thread."""

from __future__ import annotations

import asyncio
import itertools
import random
import selectors
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

import structlog
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction

from posthouse.base.lane_calls import (
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
from posthouse.base.lane_watch import LaneState
from posthouse.base.readers import ReaderPool, let_go_if_dead

if TYPE_CHECKING:
    from posthouse.base.ports import Port

log = structlog.get_logger(__name__)

IDLE_SECONDS = 0.25
WRITER_THREADS = 4
TRANSACTION_TRIES = 6
AGAIN_SECONDS = 0.05
GIVEN_UP_STATES = frozenset({"40001", "40P01"})
"""PostgreSQL's serialization_failure and deadlock_detected."""
BROKEN_STATES = frozenset({"23503", "23505"})
"""Its foreign_key_violation and unique_violation: what an action looked for has come, or gone, before it wrote."""
BROKEN_TRIES = 2

T = TypeVar("T")


class TransactionLane:
    """PostgreSQL: the server groups commits itself, so a call is a transaction where it stands.

    One that the server gave up to let others go on (deadlock, serialisation), or that met a connection which was
    dead already, is done again from its beginning, a few times. So is, once, one that broke a key: where two look
    before they write, the second finds what the first has written. A connection lost during COMMIT is not done again:
    nobody knows what became of it, and the caller is told that it failed.
    """

    def __init__(self) -> None:
        self._writers = ReaderPool(WRITER_THREADS, name="writer")

    def inside(self) -> bool:
        return pending.active

    def state(self) -> LaneState:
        return LaneState()

    def run(self, fn: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
        if pending.active:
            return cast(T, invoke_one(fn, args, kwargs))
        for tried in itertools.count(1):
            try:
                result = self._once(fn, args, kwargs)
            except _Again as again:
                if tried >= again.most_tries:
                    raise again.told from again.told.__cause__ or again.error
                log.info("lane.done_again", tried=tried, cause=type(again.error.__cause__).__name__)
                time.sleep(random.uniform(0.2, 1.0) * AGAIN_SECONDS)
            else:
                break
        publish()
        return cast(T, result)

    def _once(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        pending.active, is_committing, raw = True, False, None
        try:
            with transaction.atomic():
                raw = connection.connection
                result = invoke_one(fn, args, kwargs)
                if raw.info.transaction_status.name == "INERROR":  # COMMIT would undo it without a word
                    raise transaction.TransactionManagementError(
                        "a database error was caught and passed over"
                    )
                is_committing = True
            return result
        except BaseException as error:
            pending.hints, pending.callbacks = {}, []
            state = getattr(error.__cause__, "sqlstate", None)
            if isinstance(error, IntegrityError) and state in BROKEN_STATES:
                raise _Again(error, most_tries=BROKEN_TRIES, told=error) from error
            if not isinstance(error, (OperationalError, InterfaceError)):
                raise
            was_dead = let_go_if_dead() or connection.connection is not raw  # Django may have opened another
            if state in GIVEN_UP_STATES or (was_dead and not is_committing):
                raise _Again(error) from error
            raise as_failure(error) from error
        finally:
            pending.active = False

    def submit(
        self, fn: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> asyncio.Future[T]:
        return self._writers.submit(lambda: self.run(fn, args, kwargs))

    def attach(self, port: Port) -> None:
        """One call after the other for each door; the server takes those of several together."""
        threading.Thread(target=self._serve, args=(port,), name="port", daemon=True).start()

    def _serve(self, port: Port) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(port, selectors.EVENT_READ)
            while not port.is_lost:
                selector.select(IDLE_SECONDS)
                calls = [asked_at(port, *wanted) for wanted in port.receive()]
                for group in grouped(calls):
                    self._run_group(group)
                resolve(calls)
                while port.has_unsent and not port.is_lost:
                    threading.Event().wait(0.01)
                    port.send_rest()
        connection.close()

    def _run_group(self, group: list[LaneCall]) -> None:
        """Those of one Bulk in one transaction, or each alone when that fails."""
        try:
            results = self.run(invoke_many, (group[0].fn, [call.args[0] for call in group]), {})
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
        self._writers.stop()


class _Again(Exception):
    """The transaction did not happen, through no fault of its own; `told` is what its caller gets in the end."""

    def __init__(
        self, error: BaseException, *, most_tries: int = TRANSACTION_TRIES, told: BaseException | None = None
    ) -> None:
        super().__init__(str(error))
        self.error, self.most_tries, self.told = error, most_tries, told or as_failure(error)
