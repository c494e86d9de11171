"""The pool of reading threads: synchronous work asked for by coroutines.

A queue and `call_soon_threadsafe`, as in the write lane: `run_in_executor` makes two futures and a partial per
call and takes twice as long for a crossing (60 against 30 µs), which every IMAP command and request pays.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple, TypeVar

from django.db import InterfaceError, OperationalError, connection

from posthouse.base.errors import Unavailable

T = TypeVar("T")

STOP_SECONDS = 30.0


class _Call(NamedTuple):
    fn: Callable[[], Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]


class ReaderPool:
    """Each thread keeps its own database connection and closes it when it ends."""

    def __init__(self, threads: int, *, name: str = "reader") -> None:
        self._queue: SimpleQueue[_Call | None] = SimpleQueue()
        self._entrance = threading.Lock()
        self._stopped = False
        self._threads = [
            threading.Thread(target=self._work, name=f"{name}-{number}", daemon=True)
            for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, fn: Callable[[], T]) -> asyncio.Future[T]:
        """Run `fn` in a thread; the future belongs to the running loop. Cancelled before its turn, it never runs.

        Raises Unavailable when the pool is stopped.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        with self._entrance:  # nothing may queue up behind the end, where nobody would ever take it
            if self._stopped:
                raise Unavailable("shutting_down", "The server is shutting down.")
            self._queue.put(_Call(fn, loop, future))
        return future

    def stop(self) -> None:
        """Finish what is being worked on, cancel what waits, end the threads."""
        with self._entrance:
            self._stopped = True
            waiting = self._drain()
            for _ in self._threads:
                self._queue.put(None)
        for call in waiting:
            _tell(call.loop, call.future.cancel)
        for thread in self._threads:
            thread.join(STOP_SECONDS)

    def _drain(self) -> list[_Call]:
        waiting: list[_Call] = []
        while True:
            try:
                call = self._queue.get_nowait()
            except Empty:
                return waiting
            if call is not None:
                waiting.append(call)

    def _work(self) -> None:
        while (call := self._queue.get()) is not None:
            if not call.future.cancelled():
                _run(call)
            del call  # a waiting thread must not keep a result alive
        connection.close()


def _run(call: _Call) -> None:
    try:
        result = call.fn()
    except BaseException as error:  # noqa: BLE001 the top of a call; the caller gets it
        if isinstance(error, (OperationalError, InterfaceError)):
            let_go_if_dead()
        _tell(call.loop, _fail, call.future, error)
    else:
        _tell(call.loop, _succeed, call.future, result)


def let_go_if_dead() -> bool:
    """Close the thread's connection if the server ended it, which would fail for ever; the next use opens another."""
    if connection.connection is not None and not connection.is_usable():
        connection.close()
    return connection.connection is None


def _tell(loop: asyncio.AbstractEventLoop, callback: Callable[..., object], *args: object) -> None:
    try:
        loop.call_soon_threadsafe(callback, *args)
    except RuntimeError:  # the loop is closed: nobody waits any more
        return


def _succeed(future: asyncio.Future[Any], result: object) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: asyncio.Future[Any], error: BaseException) -> None:
    if isinstance(error, StopIteration):  # a future cannot carry it
        error = RuntimeError("StopIteration left a call")
    if not future.done():
        future.set_exception(error)
