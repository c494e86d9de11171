"""How far a long command has come, so that nobody takes it for dead (RFC 9585)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TYPE_CHECKING, TypeVar

from posthouse.wire.imap import response

if TYPE_CHECKING:
    from posthouse.imapd.session import Session

Result = TypeVar("Result")


class Progress:
    """Counted by the thread that works, read by the loop. `total` is None where nobody can know it."""

    __slots__ = ("done", "total")

    def __init__(self, total: int | None = None) -> None:
        self.done = 0
        self.total = total

    def code(self, tag: bytes) -> bytes:
        numbers = b"NIL NIL" if self.total is None else b"%d %d" % (min(self.done, self.total), self.total)
        return b"INPROGRESS (%b %b)" % (response.quoted(tag), numbers)


async def telling(session: Session, work: Awaitable[Result], progress: Progress | None = None) -> Result:
    """Wait for the work; tell the client after a while, and then every now and again."""
    progress, settings = progress or Progress(), session.settings
    task = asyncio.ensure_future(work)
    seconds = settings.progress_after_seconds
    is_told = "INPROGRESS" not in session.account.off
    while not (await asyncio.wait({task}, timeout=seconds))[0]:
        if is_told:
            session.untagged(b"OK [%b] Still at it." % progress.code(session.tag))
        seconds = settings.progress_every_seconds
    return task.result()
