"""From the last dot of a delivery to EXISTS in an IMAP client in IDLE, and to a browser's WebSocket.

One e-mail at a time, each after a random pause, so that no server profits from a rhythm. The IMAP client and
the sender share one loop, hence one clock. `EXISTS` counts only if its number is the one the new e-mail must
have; a push counts only if it names the new e-mail's subject.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import statistics
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack

import orjson
import uvloop
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.http_client import Http
from benchmarks.messages import SMALL_BYTES, Letter, letters
from benchmarks.report import Work, rounds
from benchmarks.systems import PEOPLE, NotTrue, System

ARRIVAL_SECONDS = 10.0
_EXISTS = re.compile(rb"\* (\d+) EXISTS")


class _Idler(asyncio.Protocol):
    """An IMAP client in IDLE that notes when each EXISTS number was first heard."""

    def __init__(self, user: str, password: str) -> None:
        self._commands = [
            b'a LOGIN "%s" "%s"\r\n' % (user.encode(), password.encode()),
            b"b SELECT INBOX\r\n",
            b"c IDLE\r\n",
        ]
        self.heard: dict[int, float] = {}
        self.exists = 0
        self.idling = asyncio.Event()
        self.news = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        for found in _EXISTS.finditer(data):
            self.exists = int(found[1])
            self.heard.setdefault(self.exists, now)
            self.news.set()
        last = data[data.rfind(b"\n", 0, -1) + 1 :]
        if self._commands and (last.startswith((b"* OK", b"a OK", b"b OK")) and data.endswith(b"\r\n")):
            self._transport.write(self._commands.pop(0))  # type: ignore[attr-defined]  # a stream transport
        elif last.startswith(b"+"):
            self.idling.set()


async def _deliver(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, letter: Letter) -> float:
    """Send one e-mail; returns when the packet with its last dot was written. The 250 is awaited."""
    for command in (b"MAIL FROM:<writer@bench.test>", b"RCPT TO:<%s>" % PEOPLE[0].encode(), b"DATA"):
        writer.write(command + b"\r\n")
        await _reply(reader)
    writer.write(letter.wire[:-3])
    await writer.drain()
    await asyncio.sleep(0.005)
    at = time.perf_counter()
    writer.write(letter.wire[-3:])
    await _reply(reader)
    return at


async def _reply(reader: asyncio.StreamReader) -> None:
    while (line := await reader.readline())[3:4] == b"-":
        pass
    if line[:1] not in (b"2", b"3"):
        raise NotTrue(f"refused: {line!r}")


class _Browser:
    """A tab: a WebSocket that notes when a change first names each subject."""

    def __init__(self, system: System) -> None:
        assert system.server
        self._port = system.server.http_port
        self._password = system.password
        self.heard: dict[str, float] = {}
        self.news = asyncio.Event()

    async def open(self, stack: AsyncExitStack) -> None:
        with Http(self._port) as http:
            http.log_in(PEOPLE[0], self._password)
            ticket = http.post("/api/v1/auth/ticket/", {})["ticket"]
            account = http.get("/api/v1/me/")["accounts"][0]
        url = f"ws://127.0.0.1:{self._port}/api/v1/stream/"
        protocols = ["posthouse.v1", f"ticket.{ticket}"]
        socket = await stack.enter_async_context(connect(url, subprotocols=protocols, compression=None))  # type: ignore[arg-type]
        subscribe = {"type": "subscribe", "account": account["id"], "since": account["state"]}
        await socket.send(orjson.dumps(subscribe).decode())
        listening = asyncio.create_task(self._listen(socket))
        stack.callback(listening.cancel)

    async def _listen(self, socket: ClientConnection) -> None:
        async for text in socket:
            now = time.perf_counter()
            message = orjson.loads(text)
            if message["type"] == "ping":
                await socket.send('{"type":"pong"}')
            for email in message.get("emails", {}).get("changed", []):
                self.heard.setdefault(email["subject"], now)
            self.news.set()


async def _until(news: asyncio.Event, heard: dict[int, float] | dict[str, float], key: int | str) -> float:
    async with asyncio.timeout(ARRIVAL_SECONDS):
        while key not in heard:
            news.clear()
            await news.wait()
    return heard[key]  # type: ignore[index]  # the key's type is the dictionary's


def _subject(letter: Letter) -> str:
    found = re.search(rb"^Subject: (.*)\r$", letter.content, re.M)
    assert found
    return found[1].decode()


async def _run(system: System, count: int) -> tuple[list[float], list[float]]:
    """Milliseconds to EXISTS and to the WebSocket (empty where there is none)."""
    async with AsyncExitStack() as stack:
        idler = _Idler(PEOPLE[0], system.password)
        await asyncio.get_running_loop().create_connection(lambda: idler, "127.0.0.1", system.imap_port)
        await asyncio.wait_for(idler.idling.wait(), ARRIVAL_SECONDS)
        browser = None
        if system.server:
            browser = _Browser(system)
            await browser.open(stack)
        reader, writer = await asyncio.open_connection("127.0.0.1", system.smtp_port)
        await _reply(reader)
        writer.write(b"LHLO b.test\r\n" if system.lmtp else b"EHLO b.test\r\n")
        await _reply(reader)
        to_imap, to_browser = [], []
        for letter in letters(count, size_bytes=SMALL_BYTES, series=os.urandom(6).hex()):
            await asyncio.sleep(random.uniform(0.002, 0.03))
            number = idler.exists + 1
            at = await _deliver(reader, writer, letter)
            to_imap.append((await _until(idler.news, idler.heard, number) - at) * 1000)
            if browser:
                heard = await _until(browser.news, browser.heard, _subject(letter))
                to_browser.append((heard - at) * 1000)
        writer.close()
        return to_imap, to_browser


def percentile(values: Sequence[float], hundredths: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[hundredths - 1]


def measure(systems: Sequence[System], *, quick: bool) -> list[Work]:
    by_name = {system.name: system for system in systems}
    imap = [Work(name=f"last dot to EXISTS in IDLE, p{p}", unit="ms", better="less") for p in (50, 99)]
    push = [Work(name=f"last dot to WebSocket push, p{p}", unit="ms", better="less") for p in (50, 99)]
    imap[1].goal = push[1].goal = "under 20 ms"

    def once(name: str, _number: int) -> None:
        system = by_name[name]
        count = (100 if quick else 300) if system.server else (15 if quick else 40)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            to_imap, to_browser = runner.run(_run(system, count))
        for works, values in ((imap, to_imap), (push, to_browser)):
            if values:
                works[0].add(name, percentile(values, 50))
                works[1].add(name, percentile(values, 99))

    rounds(2 if quick else 5, list(by_name), once, title="latency")
    return [*imap, *push]
