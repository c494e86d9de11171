"""How far a long command has come, so that nobody takes it for dead (RFC 9585)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ParamSpec, TypeVar
from weakref import WeakValueDictionary

from posthouse.base import db
from posthouse.wire.imap import response

if TYPE_CHECKING:
    from posthouse.imapd.session import Session

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Progress:
    """Counted by the thread that works, read by the loop. `total` is None where nobody can know it.

    `is_abandoned`: the client is gone.
    """

    __slots__ = ("done", "is_abandoned", "total")

    def __init__(self, total: int | None = None) -> None:
        self.done = 0
        self.total = total
        self.is_abandoned = False

    def check(self) -> None:
        """For the thread that works, now and then. Raises ConnectionAbortedError when nobody waits for the answer."""
        if self.is_abandoned:
            raise ConnectionAbortedError

    def code(self, tag: bytes) -> bytes:
        numbers = b"NIL NIL" if self.total is None else b"%d %d" % (min(self.done, self.total), self.total)
        return b"INPROGRESS (%b %b)" % (response.quoted(tag), numbers)


async def telling(session: Session, work: Awaitable[Result], progress: Progress | None = None) -> Result:
    """Wait for the work; tell the client after a while, and then every now and again."""
    progress, settings = progress or Progress(), session.settings
    task = asyncio.ensure_future(work)
    seconds = settings.progress_after_seconds
    is_told = "INPROGRESS" not in session.account.off
    session.under_way = progress
    try:
        while not (await asyncio.wait({task}, timeout=seconds))[0]:
            if is_told:
                session.untagged(b"OK [%b] Still at it." % progress.code(session.tag))
            seconds = settings.progress_every_seconds
    finally:
        session.under_way = None
    return task.result()


_turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()


async def lengthy(
    session: Session,
    progress: Progress,
    work: Callable[Arguments, Result],
    *args: Arguments.args,
    **kwargs: Arguments.kwargs,
) -> Result:
    """Work that reads many messages: apart from short looks, and one at a time for a person, so that others have turns.

    Raises ConnectionAbortedError when its client is gone before its turn.
    """
    user_id = session.account.actor.user_id
    turn = _turns.get(user_id)
    if turn is None:
        turn = _turns[user_id] = asyncio.Lock()
    async with turn:
        progress.check()
        return await db.lengthy(work, *args, **kwargs)
