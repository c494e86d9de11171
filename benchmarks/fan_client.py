"""A thousand WebSocket clients in one process, as light as Python has them: it says nothing of a client's own work.

    python -m benchmarks.fan_client < JOB

A job is JSON and so is the answer: see `main`. Run on a core of its own, so that what is measured is the server.
"""

from __future__ import annotations

import asyncio
import base64
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
import uvloop

CONNECTING_AT_ONCE = 100
DEADLINE_SECONDS = 120.0


class Client(asyncio.Protocol):
    """Speaks RFC 6455 as far as a server that sends whole, unmasked frames makes it need to."""

    def __init__(self, request: bytes, hear: Callable[[Client, bytes], None]) -> None:
        self._request, self._hear = request, hear
        self._data = b""
        self._is_open = False
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.state: dict[str, Any] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]  # uvloop's are no subclass
        self.transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        if self._data:
            data = self._data + data
        if not self._is_open:
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self._data = data
                return
            if data[9:12] != b"101":
                self.opened.set_exception(RuntimeError(f"refused: {data[:200]!r}"))
                return
            self._is_open = True
            self.opened.set_result(None)
            data = data[end + 4 :]
        at, size = 0, len(data)
        while size - at >= 2:
            length, start = data[at + 1] & 127, at + 2
            if length == 126:
                length, start = int.from_bytes(data[start : start + 2], "big"), start + 2
            elif length == 127:
                length, start = int.from_bytes(data[start : start + 8], "big"), start + 8
            if size - start < length:
                break
            kind, at = data[at] & 15, start + length
            if kind == 1:
                self._hear(self, data[start:at])
            elif kind == 9:
                self.transport.write(_masked(10, data[start:at]))
        self._data = data[at:]

    def say(self, text: bytes) -> None:
        self.transport.write(_masked(1, text))

    def connection_lost(self, error: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(ConnectionError("closed while opening"))


def _masked(kind: int, payload: bytes) -> bytes:
    """A frame whose mask changes nothing."""
    size = len(payload)
    length = bytes([128 | size]) if size < 126 else bytes([254]) + size.to_bytes(2, "big")
    return bytes([128 | kind]) + length + b"\0\0\0\0" + payload


def handshake(port: int, path: str, protocols: str = "") -> bytes:
    key = base64.b64encode(os.urandom(16)).decode()
    also = f"Sec-WebSocket-Protocol: {protocols}\r\n" if protocols else ""
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n{also}\r\n"
    ).encode()


async def opened(port: int, requests: list[bytes], hear: Callable[[Client, bytes], None]) -> list[Client]:
    """Connect, a bounded number at the same time."""
    loop, gate = asyncio.get_running_loop(), asyncio.Semaphore(CONNECTING_AT_ONCE)

    async def one(request: bytes) -> Client:
        async with gate:
            _, client = await loop.create_connection(lambda: Client(request, hear), "127.0.0.1", port)
            await client.opened
            return client

    return list(await asyncio.gather(*(one(request) for request in requests)))


@dataclass(slots=True)
class Round:
    """One message to everybody."""

    wanted: int
    done: asyncio.Event = field(default_factory=asyncio.Event)
    times: list[float] = field(default_factory=list)
    mark: bytes = b""


async def fan_out(port: int, *, clients: int, messages: int, size: int) -> dict[str, Any]:
    """One says a text, all hear it; then the next. Raises where somebody hears another or hears one twice."""
    current = Round(0)
    heard: dict[Client, int] = {}

    def hear(client: Client, payload: bytes) -> None:
        if not payload.startswith(current.mark):
            raise RuntimeError(f"heard {payload[:60]!r} in {current.mark!r}")
        heard[client] = heard.get(client, 0) + 1
        current.times.append(time.perf_counter())
        if len(current.times) == current.wanted:
            current.done.set()

    everybody = await opened(port, [handshake(port, "/") for _ in range(clients)], hear)
    await asyncio.sleep(0.5)
    delays: list[float] = []
    last: list[float] = []
    for number in range(messages):
        current.mark, current.times = b'{"m":%06d' % number, []
        current.wanted = clients
        current.done.clear()
        text = current.mark + b',"text":"' + b"x" * (size - 21) + b'"}'
        begun = time.perf_counter()
        everybody[0].say(text)
        await asyncio.wait_for(current.done.wait(), DEADLINE_SECONDS)
        delays += [at - begun for at in current.times]
        last.append(current.times[-1] - begun)
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.2)
    if any(heard.get(client) != messages for client in everybody):
        raise RuntimeError("not everybody heard each once")
    for client in everybody:
        client.transport.close()
    return {
        "per_second": clients * messages / sum(last),
        "p50_ms": statistics.median(delays) * 1000,
        "last_ms": statistics.median(last) * 1000,
    }


def main() -> None:
    from benchmarks import fan_house

    job = orjson.loads(sys.stdin.buffer.read())
    work = {"fan_out": fan_out, "posts": fan_house.posts, "reconnect": fan_house.reconnect}[job.pop("work")]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        answer = runner.run(work(**job))  # type: ignore[operator]  # each takes what its job names
    sys.stdout.buffer.write(orjson.dumps(answer))


if __name__ == "__main__":
    main()
