"""The SMTP and LMTP load generator: as many connections as asked for, and how a sender speaks on each.

Mail servers that send (Postfix, Exim, sendmail, the large providers) say MAIL, RCPT and DATA in one packet where the
other side offers PIPELINING (RFC 2920); small programs say one command at a time. Both are here.

It shares two cores with the server it measures, so it does little: whole messages are prepared before the
clock starts, an answer is looked at by its last line only, and there is no task or stream per connection.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import uvloop

from benchmarks.messages import Letter

GREETING, HELLO, READY, MAIL, RCPT, DATA, BODY, GONE = range(8)
_NEXT = {GREETING: b"2", HELLO: b"2", MAIL: b"2", RCPT: b"2", DATA: b"3"}
DEADLINE_SECONDS = 300.0


@dataclass(slots=True)
class Load:
    """What one run sent. `accepted` maps each recipient to the ids that were answered 250."""

    letters: Sequence[Letter]
    recipients: Sequence[str]
    taken: int = 0
    accepted: list[tuple[str, bytes]] = field(default_factory=list)
    refused: Counter[bytes] = field(default_factory=Counter)
    seconds: float = 0.0


class Sender(asyncio.Protocol):
    """One connection: takes the next letter as soon as the last is answered."""

    def __init__(
        self,
        load: Load,
        *,
        hello: bytes,
        is_pipelining: bool,
        on_ready: Callable[[], None],
        on_done: Callable[[], None],
    ) -> None:
        self._load, self._hello, self._is_pipelining = load, hello, is_pipelining
        self._on_ready, self._on_done = on_ready, on_done
        self._state = GREETING
        self._buffer = b""
        self._letter: Letter | None = None
        self._recipient = ""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport) or hasattr(transport, "write")
        self._transport = transport  # type: ignore[assignment]  # uvloop's transports are not subclasses

    def data_received(self, data: bytes) -> None:
        if self._buffer:
            data = self._buffer + data
            self._buffer = b""
        if self._is_pipelining and self._state == MAIL:
            self._answered_together(data)
            return
        last = data[data.rfind(b"\n", 0, -1) + 1 :]
        if data[-1:] != b"\n" or last[3:4] == b"-":
            self._buffer = data
            return
        if self._state == HELLO and b"PIPELINING" not in data:
            self._is_pipelining = False
        self._answered(last)

    def _answered_together(self, data: bytes) -> None:
        """The answers to MAIL, RCPT and DATA. After any refusal the server may still wait for content: leave."""
        if data.count(b"\n") < 3:
            self._buffer = data
        elif [line[:1] for line in data.splitlines()] == [b"2", b"2", b"3"]:
            assert self._letter
            self._state = BODY
            self._write(self._letter.wire)
        else:
            self._load.refused[data.strip()] += 1
            self._state = GONE
            self._on_done()

    def _answered(self, line: bytes) -> None:
        state, write = self._state, self._write
        if state == BODY:
            self._finished(line)
        elif state == GONE:
            pass
        elif line[:1] != _NEXT[state]:
            self._refuse(line)
        elif state == MAIL:
            self._state = RCPT
            write(b"RCPT TO:<%s>\r\n" % self._recipient.encode())
        elif state == RCPT:
            self._state = DATA
            write(b"DATA\r\n")
        elif state == DATA:
            self._state = BODY
            assert self._letter
            write(self._letter.wire)
        elif state == GREETING:
            self._state = HELLO
            write(self._hello)
        else:
            self._state = READY
            self._on_ready()

    def _write(self, data: bytes) -> None:
        assert self._transport
        self._transport.write(data)

    def go(self) -> None:
        """Send the next letter, or leave."""
        load = self._load
        number = load.taken
        if number >= len(load.letters):
            self._state = GONE
            self._write(b"QUIT\r\n")
            self._on_done()
            return
        load.taken = number + 1
        self._letter = load.letters[number]
        self._recipient = load.recipients[number % len(load.recipients)]
        self._state = MAIL
        mail = b"MAIL FROM:<writer@bench.test>\r\n"
        if self._is_pipelining:
            mail += b"RCPT TO:<%s>\r\nDATA\r\n" % self._recipient.encode()
        self._write(mail)

    def _finished(self, line: bytes) -> None:
        assert self._letter
        if line[:1] == b"2":
            self._load.accepted.append((self._recipient, self._letter.id))
            self.go()
        else:
            self._refuse(line)

    def _refuse(self, line: bytes) -> None:
        if self._state == GONE:
            return
        self._load.refused[line.strip()] += 1
        if self._state in (GREETING, HELLO):
            self._state = GONE
            self._on_done()
            return
        self._state = HELLO
        self._on_ready = self.go
        self._write(b"RSET\r\n")

    def connection_lost(self, exc: Exception | None) -> None:
        if self._state != GONE:
            self._load.refused[b"connection lost"] += 1
            self._state = GONE
            self._on_done()


async def _run(load: Load, port: int, connections: int, hello: bytes, *, is_pipelining: bool) -> None:
    loop = asyncio.get_running_loop()
    ready, done = asyncio.Semaphore(0), asyncio.Semaphore(0)
    senders = []
    for _ in range(connections):
        sender = Sender(
            load, hello=hello, is_pipelining=is_pipelining, on_ready=ready.release, on_done=done.release
        )
        await loop.create_connection(lambda sender=sender: sender, "127.0.0.1", port)  # type: ignore[misc]
        senders.append(sender)
    async with asyncio.timeout(DEADLINE_SECONDS):
        for _ in senders:
            await ready.acquire()
        started = time.perf_counter()
        for sender in senders:
            sender.go()
        for _ in senders:
            await done.acquire()
        load.seconds = time.perf_counter() - started


def send(
    letters: Sequence[Letter],
    *,
    port: int,
    recipients: Sequence[str],
    connections: int,
    lmtp: bool = False,
    is_pipelining: bool = False,
) -> Load:
    """Deliver all letters, recipients in turn; the clock runs from the first MAIL to the last 250."""
    load = Load(letters, recipients)
    hello = b"LHLO bench.test\r\n" if lmtp else b"EHLO bench.test\r\n"
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_run(load, port, connections, hello, is_pipelining=is_pipelining))
    return load
