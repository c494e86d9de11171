"""The only way to the database: `action` writes, `reading` and `writing` cross over from async code.

@db.action
def rename_mailbox(actor, mailbox_id, *, name): ...      # runs in the write lane, returns when durable

rows = await db.reading(queries.mailboxes, account_id)   # in a bounded pool of reading threads
await db.writing(actions.rename_mailbox, actor, 7, name="Work")
"""

from __future__ import annotations

import asyncio
import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar, cast

from django.db import connection

from posthouse.base.errors import Unavailable
from posthouse.base.lane import LaneLike, WriteLane
from posthouse.base.lane_calls import Bulk, pending
from posthouse.base.lane_watch import LaneState
from posthouse.base.ports import Port
from posthouse.base.readers import ReaderPool
from posthouse.base.transaction_lane import TransactionLane

P = ParamSpec("P")
T = TypeVar("T")

READER_THREADS = 3
HEAVY_THREADS = 2
LENGTHY_THREADS = 2

_lane: LaneLike | None = None
_pools: dict[str, ReaderPool] = {}
_is_stopped = False
_guard = threading.Lock()


def _the_lane() -> LaneLike:
    global _lane
    if _lane is None:
        with _guard:
            _refuse_when_stopped()
            if _lane is None:
                _lane = WriteLane() if connection.vendor == "sqlite" else TransactionLane()
    return _lane


def use_lane(lane: LaneLike) -> None:
    """Write through this lane: for a process whose writing another one does (base/remote_lane.py)."""
    global _lane
    _lane = lane


def attach(port: Port) -> None:
    """Let a door in a process of its own ask for what was offered (base/remote_calls.py)."""
    lane = _the_lane()
    assert isinstance(lane, WriteLane | TransactionLane)
    lane.attach(port)


def pool(name: str = "reader", threads: int = READER_THREADS) -> ReaderPool:
    """Threads for synchronous work asked for by async code; each keeps its own reading connection."""
    found = _pools.get(name)
    if found is None:
        with _guard:
            _refuse_when_stopped()
            found = _pools.get(name) or _pools.setdefault(name, ReaderPool(threads, name=name))
    return found


def _refuse_when_stopped() -> None:
    """A straggler must not open a second lane, which nobody would end."""
    if _is_stopped:
        raise Unavailable("shutting_down", "The server is shutting down.")


def does_all_writing() -> bool:
    """Whether every write goes through this process, so that its hub hears of each before the writer does."""
    return isinstance(_the_lane(), WriteLane)


def in_lane() -> bool:
    return _lane is not None and _lane.inside()


def lane_state() -> LaneState:
    return _the_lane().state()


def run(fn: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
    return _the_lane().run(fn, args, kwargs)


def action(fn: Callable[P, T]) -> Callable[P, T]:
    """Make a function one transaction of the write lane; called inside another action it joins that one."""

    @functools.wraps(fn)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        return run(fn, args, kwargs)

    call.__posthouse_action__ = fn  # type: ignore[attr-defined]
    return call


def writing(act: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> asyncio.Future[T]:
    """Run an action (or Bulk) from a coroutine; resolves after the commit is durable."""
    inner = getattr(act, "__posthouse_action__", act)
    return _the_lane().submit(cast("Callable[..., T]", inner), args, dict(kwargs))


def reading(fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> asyncio.Future[T]:
    """Run a synchronous function in the pool; it may read, and may call actions and wait for them."""
    return pool().submit(functools.partial(fn, *args, **kwargs))


def heavy(fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> asyncio.Future[T]:
    """The same for work of 100 ms, in a pool of its own: those who guess passwords keep no reader waiting."""
    return pool("heavy", HEAVY_THREADS).submit(functools.partial(fn, *args, **kwargs))


def lengthy(fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> asyncio.Future[T]:
    """The same for reading that takes as long as somebody's mail is large: no short look waits behind it."""
    return pool("lengthy", LENGTHY_THREADS).submit(functools.partial(fn, *args, **kwargs))


def hint(topic: int | str, modseq: int = 0) -> None:
    """Publish after the commit that an account (or a named topic) has news; the newest number wins."""
    if pending.hints.get(topic, -1) < modseq:
        pending.hints[topic] = modseq


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """In here an action of this thread that takes longer raises Unavailable; it may still be done afterwards.

    For what is noted beside something that must not wait for it. On PostgreSQL the server's own limits hold.
    """
    before, pending.patience_seconds = pending.patience_seconds, seconds
    try:
        yield
    finally:
        pending.patience_seconds = before


def after_commit(callback: Callable[[], None]) -> None:
    """Call when the running action is durable; never if it fails."""
    pending.callbacks.append(callback)


def release_thread() -> None:
    """Let go of the calling thread's connection, at the end of a thread that will not come back."""
    connection.close()


def stop() -> None:
    """Finish what waits and let go of every thread and connection, for good."""
    global _lane, _is_stopped
    _is_stopped = True
    for readers in _pools.values():
        readers.stop()
    if _lane is not None:
        _lane.stop()
        _lane = None


__all__ = [
    "Bulk",
    "action",
    "after_commit",
    "attach",
    "does_all_writing",
    "heavy",
    "hint",
    "in_lane",
    "lane_state",
    "lengthy",
    "patience",
    "pool",
    "reading",
    "release_thread",
    "run",
    "stop",
    "use_lane",
    "writing",
]
