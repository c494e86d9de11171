"""Ids: 63-bit integers that sort by the time they were made.

42 bits of milliseconds since 2026-01-01, 10 bits of node, 2 of the node's process, 9 of sequence. Made by the
program and not by the database, so that a batch of e-mails can be written at once with no round trip, and so that
several nodes and processes never need to agree. They are strings in JSON, because JavaScript loses bits above 2**53.
"""

from __future__ import annotations

import threading
import time

EPOCH_MS = 1_767_225_600_000  # 2026-01-01T00:00:00Z
_NODE_BITS, _PROCESS_BITS, _SEQUENCE_BITS = 10, 2, 9
_SEQUENCE_LIMIT = 1 << _SEQUENCE_BITS
_TIME_SHIFT = _NODE_BITS + _PROCESS_BITS + _SEQUENCE_BITS
MAX_PROCESSES = 1 << _PROCESS_BITS
BLOCK = _SEQUENCE_LIMIT


class IdMaker:
    """Gives ever-growing ids, also when the clock steps back or more than 512 are asked for in 1 ms."""

    def __init__(self, node: int = 0, process: int = 0) -> None:
        if not 0 <= node < 1 << _NODE_BITS or not 0 <= process < MAX_PROCESSES:
            raise ValueError("node must be between 0 and 1023, process between 0 and 3")
        self._maker = (node << _PROCESS_BITS | process) << _SEQUENCE_BITS
        self._lock = threading.Lock()
        self._last_ms = 0
        self._sequence = 0

    def next(self) -> int:
        now_ms = time.time_ns() // 1_000_000 - EPOCH_MS
        with self._lock:
            if now_ms > self._last_ms:
                self._last_ms, self._sequence = now_ms, 0
            else:
                self._sequence += 1
                if self._sequence == _SEQUENCE_LIMIT:
                    self._last_ms, self._sequence = self._last_ms + 1, 0
            return self._last_ms << _TIME_SHIFT | self._maker | self._sequence

    def block(self, count: int) -> int:
        """The first of so many ids that follow one another without a gap: of one millisecond, so at most BLOCK."""
        if not 0 < count <= BLOCK:
            raise ValueError(f"a block has 1 to {BLOCK} ids")
        now_ms = time.time_ns() // 1_000_000 - EPOCH_MS
        with self._lock:
            self._last_ms, self._sequence = max(now_ms, self._last_ms + 1), count - 1
            return self._last_ms << _TIME_SHIFT | self._maker


_maker = IdMaker()


def configure(node: int, *, process: int = 0) -> None:
    """Set this process's number on its node; nodes that share a database and processes of a node must differ."""
    global _maker
    _maker = IdMaker(node, process)


def new_id() -> int:
    return _maker.next()


def new_block(count: int) -> int:
    return _maker.block(count)


def first_at(at_ms: int) -> int:
    """No id that was made at that moment or later is below it."""
    return (at_ms - EPOCH_MS) << _TIME_SHIFT


def made_at_ms(made: int) -> int:
    """When an id was made, in milliseconds since the epoch."""
    return (made >> _TIME_SHIFT) + EPOCH_MS
