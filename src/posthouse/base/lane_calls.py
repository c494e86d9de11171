"""What the write lanes share: calls that wait, what a transaction will tell once it is durable, and telling it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import structlog

from posthouse.base.errors import Failure, Unavailable
from posthouse.base.hub import Hint, hub

if TYPE_CHECKING:
    from posthouse.base.ports import Port

log = structlog.get_logger(__name__)

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


class LaneCall:
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
        self.patience_seconds: float | None = None


pending = _Pending()


def as_failure(error: BaseException) -> Failure:
    return Unavailable(
        "storage_unavailable", "The store cannot be written just now.", cause=type(error).__name__
    )


def publish() -> None:
    """What is to be forgotten first, then the hints: who hears one and looks again must not find what was kept."""
    hints, callbacks = pending.hints, pending.callbacks
    pending.hints, pending.callbacks = {}, []
    for callback in callbacks:
        try:
            callback()
        except Exception:
            log.exception("lane.after_commit_failed")
    if hints:
        hub.publish([Hint(topic, modseq) for topic, modseq in hints.items()])


def grouped(batch: list[LaneCall]) -> list[list[LaneCall]]:
    """Calls in order of arrival, those of one Bulk together at the place of the first."""
    groups: list[list[LaneCall]] = []
    bulks: dict[int, list[LaneCall]] = {}
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


def invoke_one(fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if isinstance(fn, Bulk):
        return fn.many([args[0]])[0]
    return fn(*args, **kwargs)


def invoke_many(bulk: Bulk[Any, Any], items: list[Any]) -> Sequence[Any]:
    results = bulk.many(items)
    if len(results) != len(items):
        raise ValueError(f"{len(results)} results for {len(items)} items")
    return results


def asked_at(port: Port, bulk: Bulk[Any, Any], item: object, number: int) -> LaneCall:
    call = LaneCall(bulk, (item,), {})
    call.port, call.number = port, number
    return call


def resolve(batch: list[LaneCall]) -> Iterable[Port]:
    """Let the callers go on; each loop is woken once for all of its futures, each port answered once."""
    loops: dict[asyncio.AbstractEventLoop, list[LaneCall]] = {}
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


def _settle(calls: list[LaneCall]) -> None:
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
