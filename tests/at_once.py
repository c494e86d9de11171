"""Several acts at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from posthouse.base.errors import Failure

WAIT_SECONDS = 30


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Every act in a thread of its own, begun together; a Failure is an answer, any other exception a fault."""
    from posthouse.base import db

    start = threading.Barrier(len(acts))

    def go(act: Callable[[], Any]) -> Any:
        try:
            start.wait(WAIT_SECONDS)
            return act()
        except Failure as failure:
            return failure.code
        finally:
            db.release_thread()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(go, acts))
