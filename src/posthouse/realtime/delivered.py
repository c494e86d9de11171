"""What clients say they have got: gathered here, and written in one transaction every few seconds for everybody.

Of a message to a thousand that is one transaction instead of a thousand. What is lost with the process is said again by
nobody, and repaired by the next message.
"""

from __future__ import annotations

import asyncio

import structlog

from posthouse.base import db
from posthouse.base.errors import Failure
from posthouse.conversations.delivered import Got, note_delivered

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 3.0
MAX_NOTED = 100_000

_noted: dict[tuple[int, int], int] = {}
_timer: asyncio.TimerHandle | None = None
_writing: set[asyncio.Future[None]] = set()


def note(user_id: int, conversation_id: int, number: int) -> None:
    """A person has the messages of a conversation up to this number. In the loop."""
    global _timer
    key = (user_id, conversation_id)
    if _noted.get(key, 0) >= number or len(_noted) >= MAX_NOTED:
        return
    _noted[key] = number
    if _timer is None:
        _timer = asyncio.get_running_loop().call_later(PAUSE_SECONDS, _flush)


def _flush() -> None:
    global _timer
    _timer = None
    got = [Got(*key, number) for key, number in _noted.items()]
    _noted.clear()
    try:
        writing = db.writing(note_delivered, got)
    except Failure:  # the house is closing
        return
    _writing.add(writing)
    writing.add_done_callback(_has_written)


def _has_written(writing: asyncio.Future[None]) -> None:
    _writing.discard(writing)
    if not writing.cancelled() and (error := writing.exception()) is not None:
        log.info("delivered.lost", reason=type(error).__name__)
