"""The outside world: an SMTP server in a thread that takes everything and remembers the Message-IDs."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

_MESSAGE_ID = re.compile(rb"^message-id:[ \t]*(<[^>\r\n]{1,500}>)", re.I | re.M)


class Sink:
    """What arrived. `seen` counts by Message-ID and recipient; at-least-once delivery may show some twice, `at` says
    when. While `pause` is not set it takes messages and does not answer; `paused` counts those.
    """

    def __init__(self) -> None:
        self.port = 0
        self.seen: Counter[tuple[str, str]] = Counter()
        self.messages: list[bytes] = []
        self.senders: list[str] = []
        self.keep_messages = False
        self.answer = b"250 2.0.0 ok\r\n"
        self.at: dict[tuple[str, str], list[float]] = {}
        self.pause, self.paused = threading.Event(), 0
        self.pause.set()
        self._news = threading.Condition()

    def receive(self, message: bytes, recipients: list[str], sender: str = "") -> None:
        found = _MESSAGE_ID.search(message[: message.find(b"\r\n\r\n") + 2] or message)
        with self._news:
            for recipient in recipients:
                one = (found[1].decode() if found else "", recipient)
                self.seen[one] += 1
                self.at.setdefault(one, []).append(time.monotonic())
            if self.keep_messages:
                self.messages.append(message)
                self.senders.append(sender)
            self._news.notify_all()

    def wait_for(self, wanted: set[tuple[str, str]], *, seconds: float) -> set[tuple[str, str]]:
        """Wait until all pairs of Message-ID and recipient are here; returns those still missing."""
        with self._news:
            self._news.wait_for(lambda: wanted <= set(self.seen), timeout=seconds)
            return wanted - set(self.seen)


async def _serve_one(state: Sink, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 sink.test ESMTP\r\n")
    recipients: list[str] = []
    sender = ""
    try:
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"MAIL":
                recipients, sender = [], line[line.find(b"<") + 1 : line.find(b">")].decode()
            if verb == b"RCPT":
                recipients.append(line[line.find(b"<") + 1 : line.find(b">")].decode())
            if verb in (b"EHLO", b"HELO"):
                writer.write(b"250-sink.test\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 PIPELINING\r\n")
            elif verb == b"DATA":
                writer.write(b"354 go on\r\n")
                message = await reader.readuntil(b"\r\n.\r\n")
                if not state.pause.is_set():
                    state.paused += 1
                while not state.pause.is_set():
                    await asyncio.sleep(0.02)
                if state.answer.startswith(b"2"):
                    state.receive(message[:-3], recipients, sender)
                writer.write(state.answer)
            elif verb == b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"250 ok\r\n")
            await writer.drain()
    except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        pass
    finally:
        writer.close()


@contextmanager
def sink() -> Iterator[Sink]:
    """Run the sink on a free port until the block ends. `answer` may be changed to refuse (451, 550)."""
    state, ready, loop = Sink(), threading.Event(), asyncio.new_event_loop()
    stopping = asyncio.Event()

    async def main() -> None:
        sessions: set[asyncio.Task[None]] = set()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            session = asyncio.create_task(_serve_one(state, reader, writer))
            sessions.add(session)
            session.add_done_callback(sessions.discard)

        server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=64 << 20)
        state.port = server.sockets[0].getsockname()[1]
        ready.set()
        await stopping.wait()
        server.close()
        for session in sessions:  # a sender may keep its line for the next message
            session.cancel()
        await asyncio.gather(*sessions, return_exceptions=True)

    thread = threading.Thread(target=loop.run_until_complete, args=(main(),), name="sink", daemon=True)
    thread.start()
    try:
        assert ready.wait(10)
        yield state
    finally:
        loop.call_soon_threadsafe(stopping.set)
        thread.join(10)
