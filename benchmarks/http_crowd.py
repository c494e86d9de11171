"""Several HTTP/1.1 clients at once, each asking again as soon as it is answered, or after a while.

Clients that never pause measure the rate, and their times only the queue they stand in: twenty of them wait 20 ms at a
thousand answers a second, however quick each is. How long a person waits is measured by clients that pause, also before
their first question: twenty that begin in the same instant would be the slowest hundredth of a thousand by themselves.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from dataclasses import dataclass, field

import uvloop

from benchmarks.systems import NotTrue

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)
DEADLINE_SECONDS = 300.0


@dataclass(slots=True)
class Crowd:
    left: int
    pause_seconds: float = 0.0
    times_ms: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times_ms) / self.seconds

    def percentile(self, percent: float) -> float:
        ordered = sorted(self.times_ms)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


class _Client(asyncio.Protocol):
    def __init__(self, crowd: Crowd, request: bytes, done: asyncio.Future[None]) -> None:
        self._crowd, self._request, self._done = crowd, request, done
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._data = b""
        self._size = self._started = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # uvloop's transports are not subclasses
        self._pause()

    def _ask(self) -> None:
        if self._crowd.left <= 0:
            self._done.set_result(None)
            return
        assert self._transport
        self._crowd.left -= 1
        self._data, self._size = b"", 0
        self._started = time.perf_counter()
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._data += data
        if not self._size:
            end = self._data.find(b"\r\n\r\n")
            if end < 0:
                return
            length = _LENGTH.search(self._data, 0, end)
            if self._data[9:12] != b"200" or length is None:
                self._done.set_exception(NotTrue(f"answered {self._data[:300]!r}"))
                return
            self._size = end + 4 + int(length[1])
        if len(self._data) >= self._size:
            crowd = self._crowd
            crowd.times_ms.append((time.perf_counter() - self._started) * 1000)
            self._pause()

    def _pause(self) -> None:
        if self._crowd.pause_seconds:
            self._loop.call_later(random.expovariate(1 / self._crowd.pause_seconds), self._ask)
        else:
            self._ask()

    def connection_lost(self, error: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(NotTrue("the server closed the connection"))


async def _run(crowd: Crowd, port: int, request: bytes, clients: int) -> None:
    loop = asyncio.get_running_loop()
    dones = [loop.create_future() for _ in range(clients)]
    started = time.perf_counter()
    async with asyncio.timeout(DEADLINE_SECONDS):
        for done in dones:
            await loop.create_connection(lambda done=done: _Client(crowd, request, done), "127.0.0.1", port)  # type: ignore[misc]
        await asyncio.gather(*dones)
    crowd.seconds = time.perf_counter() - started


def ask_together(
    request: bytes, *, port: int, clients: int, requests: int, pause_seconds: float = 0.0
) -> Crowd:
    """Ask one thing `requests` times in all over `clients` connections. Raises NotTrue on any answer but 200.

    `pause_seconds` is the mean of what each client waits between an answer and its next question.
    """
    crowd = Crowd(requests, pause_seconds)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_run(crowd, port, request, clients))
    return crowd
