"""How long the database takes: a tally for each thread, and a line in the log for each statement that is slow.

The log has the statement's text, whose values are all parameters and stay out of it.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from typing import Any

import structlog

log = structlog.get_logger(__name__)

MAX_TEXT = 1_000
_MANY = re.compile(r"(?:%s|\?)(?:\s*,\s*(?:%s|\?))+")


class _Tally(threading.local):
    """Statements of this thread and their seconds, ever growing: whoever wants to know of a stretch subtracts."""

    def __init__(self) -> None:
        self.queries = 0
        self.seconds = 0.0


tally = _Tally()
_slow_seconds = 0.1


def configure(*, slow_query_ms: int) -> None:
    """0 logs none."""
    global _slow_seconds
    _slow_seconds = slow_query_ms / 1000 if slow_query_ms else float("inf")


def note(statement: str, begun: float) -> None:
    """A statement is done that was begun at this `time.perf_counter()`."""
    seconds = time.perf_counter() - begun
    tally.queries += 1
    tally.seconds += seconds
    if seconds >= _slow_seconds:
        text = _MANY.sub("…", statement)[:MAX_TEXT]
        log.warning(
            "query.slow", sql=text, ms=round(seconds * 1000, 1), thread=threading.current_thread().name
        )


def watched(execute: Callable[..., Any], statement: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 Django's form
    """For `connection.execute_wrappers`: the ORM's statements."""
    begun = time.perf_counter()
    try:
        return execute(statement, params, many, context)
    finally:
        note(statement, begun)
