"""Lines kept open between two messages to the same server: a greeting and a handshake cost more than a message.

Invariants: a line is used by one message at a time, and only for the very hop it was opened for (server, port, TLS and
what it had to prove, log-in); it waits at most IDLE_SECONDS and carries at most MAX_MESSAGES.
"""

from __future__ import annotations

import asyncio

from posthouse.delivery.transport.connecting import Line
from posthouse.delivery.transport.routes import Hop

IDLE_SECONDS = 5.0
MAX_MESSAGES = 100
MAX_IDLE = 100


class Lines:
    """For one event loop."""

    def __init__(self) -> None:
        self._idle: dict[Hop, list[Line]] = {}
        self._ends: dict[Line, asyncio.TimerHandle] = {}
        self._closing: set[asyncio.Task[None]] = set()

    def take(self, hop: Hop) -> Line | None:
        """An open line to a server, the last that was used, or None."""
        while waiting := self._idle.get(hop):
            line = waiting[-1]
            self._let_go(hop, line)
            if line.is_open:
                return line
            line.dialogue.close()
        return None

    def keep(self, hop: Hop, line: Line) -> None:
        """Give a line back after a message that ended well or was refused in order."""
        if line.carried >= MAX_MESSAGES or len(self._ends) >= MAX_IDLE or not line.is_open:
            self._close(line)
            return
        self._idle.setdefault(hop, []).append(line)
        self._ends[line] = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._end, hop, line)

    async def close(self) -> None:
        """All of them, with a goodbye."""
        for hop, waiting in list(self._idle.items()):
            for line in list(waiting):
                self._end(hop, line)
        if self._closing:
            await asyncio.wait(self._closing, timeout=5)

    def _end(self, hop: Hop, line: Line) -> None:
        self._let_go(hop, line)
        self._close(line)

    def _let_go(self, hop: Hop, line: Line) -> None:
        self._ends.pop(line).cancel()
        waiting = self._idle[hop]
        waiting.remove(line)
        if not waiting:
            del self._idle[hop]

    def _close(self, line: Line) -> None:
        task = asyncio.get_running_loop().create_task(line.quit())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
