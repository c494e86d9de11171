"""The clients of fan_client.py before a Posthouse: they follow one conversation, in which somebody writes by REST."""

from __future__ import annotations

import asyncio
import re
import statistics
import time
from collections.abc import Sequence
from typing import Any

import orjson

from benchmarks.fan_client import CONNECTING_AT_ONCE, DEADLINE_SECONDS, Client, handshake, opened

STREAM = "/api/v1/stream/"
TICKET = "/api/v1/auth/ticket/"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)
_MARK = re.compile(rb'"text":"mark-(\d{6}) ')


class Http:
    """One kept connection."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, path: str, token: str, content: object) -> Any:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        body = orjson.dumps(content)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(answer)
        found = await reader.readexactly(int(length[1]) if length else 0)
        if answer[9:10] != b"2":
            raise RuntimeError(f"{path} was answered {answer[:100]!r} {found[:300]!r}")
        return orjson.loads(found)


class Crowd:
    """Clients that follow a conversation, each from a number, and what marks each has heard."""

    def __init__(
        self, port: int, tokens: Sequence[str], conversation: str, count: int, *, with_tickets: bool = True
    ) -> None:
        self.with_tickets = with_tickets
        self.port, self.tokens, self.conversation, self.count = port, tokens, conversation, count
        self.clients: list[Client] = []
        self.numbers: dict[Client, int] = {}
        self.heard: dict[Client, list[int]] = {}
        self.times: list[float] = []
        self.left = 0
        self.done = asyncio.Event()
        self.following = asyncio.Event()
        self._answered = 0

    def expect(self, deliveries: int) -> None:
        self.left = deliveries
        self.times.clear()
        self.done.clear()

    def hear(self, client: Client, payload: bytes) -> None:
        if payload.startswith(b'{"type":"conversation"'):
            marks = [int(mark) for mark in _MARK.findall(payload)]
            self.heard[client] += marks
            self.times += [time.perf_counter()] * len(marks)
            self.left -= len(marks)
            if self.left <= 0:
                self.done.set()
        elif payload.startswith(b'{"type":"following"'):
            self._answered += 1
            if self._answered == self.count:
                self.following.set()
        elif payload.startswith(b'{"type":"ping"'):
            client.say(b'{"type":"pong"}')
        elif not payload.startswith(b'{"type":"hello"'):
            raise RuntimeError(f"heard {payload[:200]!r}")

    async def open(self, since: int | None = None) -> None:
        """A ticket, a handshake and one message each, a bounded number at the same time."""
        self.clients, self.heard, self._answered = [], {}, 0
        self.following.clear()
        number = "null" if since is None else f'"{since}"'
        follow = b'{"type":"follow","conversations":{"%s":%s}}' % (
            self.conversation.encode(),
            number.encode(),
        )
        waiting = iter(range(self.count))

        async def work() -> None:
            http = Http(self.port)
            for place in waiting:
                token = self.tokens[place % len(self.tokens)]
                given = f"bearer.{token}"
                if self.with_tickets:
                    given = f"ticket.{(await http.post(TICKET, token, {}))['ticket']}"
                request = handshake(self.port, STREAM, f"posthouse.v1, {given}")
                client = (await opened(self.port, [request], self.hear))[0]
                self.heard[client] = []
                self.clients.append(client)
                client.say(follow)

        await asyncio.wait_for(asyncio.gather(*(work() for _ in range(CONNECTING_AT_ONCE))), DEADLINE_SECONDS)
        await asyncio.wait_for(self.following.wait(), DEADLINE_SECONDS)

    async def close(self) -> None:
        for client in self.clients:
            client.transport.close()
        await asyncio.sleep(0.5)

    def verify(self, marks: Sequence[int]) -> None:
        for client in self.clients:
            if sorted(self.heard[client]) != list(marks):
                raise RuntimeError(f"heard {len(self.heard[client])} of {len(marks)}, or not each once")


async def posts(
    port: int, *, tokens: list[str], conversation: str, clients: int, messages: int, burst: int, first: int
) -> dict[str, Any]:
    """Messages one after another, each when the last has it; then many at once from eight connections."""
    crowd = Crowd(port, tokens, conversation, clients)
    await crowd.open()
    author, path = Http(port), f"/api/v1/conversations/{conversation}/messages/"
    answered, last, delays = [], [], []
    for number in range(first, first + messages):
        crowd.expect(clients)
        begun = time.perf_counter()
        await author.post(path, tokens[0], {"text": f"mark-{number:06d} and some words after it"})
        answered.append(time.perf_counter() - begun)
        await asyncio.wait_for(crowd.done.wait(), DEADLINE_SECONDS)
        delays += [at - begun for at in crowd.times]
        last.append(max(crowd.times) - begun)
        await asyncio.sleep(0.02)
    waiting = iter(range(first + messages, first + messages + burst))

    async def write() -> None:
        http = Http(port)
        for number in waiting:
            await http.post(path, tokens[0], {"text": f"mark-{number:06d} and some words after it"})

    crowd.expect(clients * burst)
    begun = time.perf_counter()
    await asyncio.gather(*(write() for _ in range(8)))
    await asyncio.wait_for(crowd.done.wait(), DEADLINE_SECONDS)
    seconds = time.perf_counter() - begun
    await asyncio.sleep(0.2)
    crowd.verify(range(first, first + messages + burst))
    await crowd.close()
    return {
        "post_ms": statistics.median(answered) * 1000,
        "last_ms": statistics.median(last) * 1000,
        "p50_ms": statistics.median(delays) * 1000,
        "burst_per_second": clients * burst / seconds,
        "first": first + messages + burst,
    }


async def reconnect(
    port: int,
    *,
    tokens: list[str],
    conversation: str,
    clients: int,
    behind: int,
    since: int,
    first: int,
    with_tickets: bool = True,
) -> dict[str, Any]:
    """All come back at once, each `behind` messages behind; the clock stops when the last has the last."""
    author, path = Http(port), f"/api/v1/conversations/{conversation}/messages/"
    for number in range(first, first + behind):
        await author.post(path, tokens[0], {"text": f"mark-{number:06d} and some words after it"})
    crowd = Crowd(port, tokens, conversation, clients, with_tickets=with_tickets)
    crowd.expect(clients * behind)
    begun = time.perf_counter()
    await crowd.open(since)
    await asyncio.wait_for(crowd.done.wait(), DEADLINE_SECONDS)
    seconds = time.perf_counter() - begun
    await asyncio.sleep(0.2)
    crowd.verify(range(first, first + behind))
    await crowd.close()
    return {"seconds": seconds, "first": first + behind}
