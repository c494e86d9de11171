"""Lines kept open between two messages to the same server: a greeting and a handshake cost more than a message.

Invariants: a line is used by one message at a time, and only for the very hop it was opened for (server, port, TLS and
what it had to prove, log-in); it waits at most IDLE_SECONDS and carries at most MAX_MESSAGES.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

from posthouse.delivery.transport.connecting import Line
from posthouse.delivery.transport.routes import Hop

IDLE_SECONDS = 5.0
MAX_MESSAGES = 100
MAX_IDLE = 100


class Watch(Protocol):
    """Is told of each line that was opened how TLS went: `failure` is "" or a result type of RFC 8460 §4.3."""

    @property
    def is_on(self) -> bool: ...

    def note(self, domain: str, *, policy: str, host: str, failure: str) -> None: ...


class Lines:
    """For one event loop. `watch` counts how TLS went."""

    def __init__(self, *, watch: Watch | None = None) -> None:
        self._watch = watch
        self._idle: dict[Hop, list[Line]] = {}
        self._ends: dict[Line, asyncio.TimerHandle] = {}
        self._closing: set[asyncio.Task[None]] = set()

    @property
    def are_watched(self) -> bool:
        return self._watch is not None and self._watch.is_on

    def tell(self, hop: Hop, failure: str) -> None:
        """How TLS went with the server of a hop; what the operator named himself is nobody else's business."""
        if self._watch is not None and self._watch.is_on and hop.domain and hop.policy:
            self._watch.note(hop.domain, policy=hop.policy, host=hop.host, failure=failure)

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
