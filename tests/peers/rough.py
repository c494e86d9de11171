"""A server of the outside world that behaves badly at one stage of a session, and counts what it took by Message-ID.

It takes everything to the letter but for its fault, so what comes twice, or never, is the sender's doing: `taken`
counts messages whose last byte was read, `answered` those whose 250 was written.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum

_MESSAGE_ID = re.compile(rb"^message-id:[ \t]*(<[^>\r\n]{1,500}>)", re.I | re.M)

STAGES = ("greeting", "EHLO", "STARTTLS", "MAIL", "RCPT", "DATA", "dot")
STALL_SECONDS = 30.0
DRIP_SECONDS = 0.002
_REPLIES = {"greeting": "220 rough.test ESMTP", "STARTTLS": "220 go", "DATA": "354 go on", "QUIT": "221 bye"}


class Fault(Enum):
    STALL = "says nothing any more"
    DROP = "hangs up"
    LEAVE = "421"
    GARBAGE = "says what is no reply"
    ENDLESS = "a line without end"
    CHATTER = "a reply without end"
    DRIP = "its reply letter by letter"
    RESET = "hangs up in the middle of its reply"


HARMLESS = frozenset({Fault.DRIP})
"""With these the message is taken at the first try."""


class Rough:
    """Misbehaves at `stage` for the first `times` times that it gets there, behind `skip` times that it does not."""

    def __init__(self, stage: str, fault: Fault, *, times: int = 1, is_pipelining: bool = False) -> None:
        self.stage, self.fault, self.left = stage, fault, times
        self.is_pipelining, self.skip = is_pipelining, 0
        self.port = 0
        self.taken: Counter[str] = Counter()
        self.answered: Counter[str] = Counter()
        self.faults = 0

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, tls: ssl.SSLContext
    ) -> None:
        if not await self._reply(writer, "greeting"):
            return
        is_secret = False
        while line := await reader.readline():
            verb = line.split()[0].decode().upper() if line.split() else ""
            if not await self._reply(writer, verb, is_secret=is_secret):
                return
            if verb == "STARTTLS":
                await writer.start_tls(tls)
                is_secret = True
            if verb == "DATA" and not await self._take(reader, writer):
                return
            if verb == "QUIT":
                return

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        message = await reader.readuntil(b"\r\n.\r\n")
        found = _MESSAGE_ID.search(message)
        name = found[1].decode() if found else ""
        self.taken[name] += 1
        if not await self._reply(writer, "dot"):
            return False
        self.answered[name] += 1
        return True

    async def _reply(self, writer: asyncio.StreamWriter, stage: str, *, is_secret: bool = False) -> bool:
        text = _REPLIES.get(stage, "250 2.0.0 ok")
        if stage == "EHLO":
            words = ["8BITMIME", *([] if is_secret else ["STARTTLS"])]
            words += ["PIPELINING"] if self.is_pipelining else []
            text = "\r\n".join(["250-rough.test", *(f"250-{word}" for word in words), "250 HELP"])
        reply = f"{text}\r\n".encode()
        if stage == self.stage and self.skip:
            self.skip -= 1
        elif stage == self.stage and self.left:
            self.left -= 1
            self.faults += 1
            return await self._misbehave(writer, reply)
        writer.write(reply)
        await writer.drain()
        return True

    async def _misbehave(self, writer: asyncio.StreamWriter, reply: bytes) -> bool:
        if self.fault is Fault.DRIP:
            for byte in reply:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(DRIP_SECONDS)
            return True
        if self.fault is Fault.STALL:
            await asyncio.sleep(STALL_SECONDS)
        said = {
            Fault.LEAVE: b"421 4.3.2 not now\r\n",
            Fault.GARBAGE: b"\x00\xff* OK IMAP4rev1 ready\r\n",
            Fault.ENDLESS: b"250 " + b"x" * 200_000,
            Fault.CHATTER: b"250-and more\r\n" * 10_000,
            Fault.RESET: reply[:2],
        }
        writer.write(said.get(self.fault, b""))
        await writer.drain()
        return False


@contextmanager
def rough(*servers: Rough, tls: ssl.SSLContext) -> Iterator[None]:
    """Run them, each on a free port, until the block ends."""
    loop, ready, stopping = asyncio.new_event_loop(), threading.Event(), asyncio.Event()

    async def main() -> None:
        sessions: set[asyncio.Task[None]] = set()

        def door(server: Rough) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], None]:
            def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                session = asyncio.ensure_future(_served(server, reader, writer, tls))
                sessions.add(session)
                session.add_done_callback(sessions.discard)

            return serve

        listeners = []
        for server in servers:
            listener = await asyncio.start_server(door(server), "127.0.0.1", 0, limit=64 << 20)
            server.port = listener.sockets[0].getsockname()[1]
            listeners.append(listener)
        ready.set()
        await stopping.wait()
        for listener in listeners:
            listener.close()
        for session in sessions:
            session.cancel()
        await asyncio.gather(*sessions, return_exceptions=True)

    thread = threading.Thread(target=loop.run_until_complete, args=(main(),), name="rough", daemon=True)
    thread.start()
    try:
        assert ready.wait(10)
        yield
    finally:
        loop.call_soon_threadsafe(stopping.set)
        thread.join(10)


async def _served(
    server: Rough, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, tls: ssl.SSLContext
) -> None:
    try:
        await server.serve(reader, writer, tls)
    except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        pass
    finally:
        writer.close()
