"""Commands and replies over an open line: several commands at once where the server takes them (RFC 2920).

aiosmtplib opens lines; it speaks one command at a time, so the messages themselves go through here.

Invariants: a reply counts only for a command that was said, in order; what a server says unasked, or what is no reply,
ends the line; no command holds a control character.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from posthouse.wire.smtp.reply_reader import BadReply, ReplyReader, ServerReply

SLICE_BYTES = 256 * 1024
_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")


class Dialogue(asyncio.Protocol):
    """Takes over a connected transport; lives in its loop."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._reader = ReplyReader()
        self._replies: deque[ServerReply] = deque()
        self._awaited = 0
        self._fault: Exception | None = None
        self._news = asyncio.Event()
        self._writable = asyncio.Event()
        self._writable.set()
        transport.set_protocol(self)

    @property
    def is_open(self) -> bool:
        return self._fault is None and not self._transport.is_closing()

    async def ask(self, command: bytes, *, seconds: float) -> ServerReply:
        """Raises TimeoutError, ConnectionError, BadReply."""
        self.say([command])
        return await self.reply(seconds)

    def say(self, commands: Sequence[bytes]) -> None:
        """At once; each has a `reply`. Raises ConnectionError, BadReply, and ValueError for a control character."""
        if any(_CONTROL.search(command) for command in commands):
            raise ValueError("a control character in a command")
        self._insist()
        self._awaited += len(commands)
        self._transport.write(b"".join(command + b"\r\n" for command in commands))

    async def reply(self, seconds: float) -> ServerReply:
        """The next. Raises as `ask`, behind those that came."""
        if not self._replies:
            async with asyncio.timeout(seconds):
                while not self._replies:
                    self._insist()
                    self._news.clear()
                    await self._news.wait()
        return self._replies.popleft()

    async def send(self, pieces: Iterable[bytes], *, seconds: float, reply_seconds: float) -> ServerReply:
        """Content, and the reply to all of it; `seconds` for each slice to go out. Raises as `ask`.

        A server may refuse before it has read everything; that it took what it has not read is not believed.
        """
        self._insist()
        self._awaited += 1
        for part in _sliced(pieces):
            if self._replies:
                break
            self._transport.write(part)
            await self._drained(seconds)
        else:
            return await self.reply(reply_seconds)
        early = self._replies.popleft()
        self.abort()
        if early.code < 400:
            raise BadReply("an answer to what was not sent yet")
        return early

    def close(self) -> None:
        self._transport.close()

    def abort(self) -> None:
        """Close without sending what waits to be sent."""
        self._transport.abort()

    async def _drained(self, seconds: float) -> None:
        if not self._writable.is_set():
            async with asyncio.timeout(seconds):
                await self._writable.wait()
        if not self._replies:
            self._insist()

    def _insist(self) -> None:
        if self._fault is not None:
            raise self._fault
        if self._transport.is_closing():
            raise ConnectionAbortedError("the line is closed")

    def _end(self, fault: Exception) -> None:
        if self._fault is None:
            self._fault = fault
        self._news.set()
        self._writable.set()

    # What the loop calls

    def data_received(self, data: bytes) -> None:
        if self._fault is not None:
            return
        try:
            for reply in self._reader.feed(data):
                if not self._awaited:
                    raise BadReply("a reply to nothing")
                self._awaited -= 1
                self._replies.append(reply)
                if reply.code == 354 and self._awaited:
                    raise BadReply("leave to send what was not asked for")
        except BadReply as bad:
            self._end(bad)
            self._transport.abort()
        self._news.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(ConnectionResetError("the server closed the connection"))

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()


def _sliced(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """One at a time, what is small together: a server that stalls holds up a slice, and no copy of the message."""
    small: list[bytes] = []
    size = 0
    for piece in pieces:
        for at in range(0, len(piece), SLICE_BYTES):
            part = piece[at : at + SLICE_BYTES]
            if size + len(part) > SLICE_BYTES:
                yield b"".join(small)
                small, size = [], 0
            small.append(part)
            size += len(part)
    if small:
        yield b"".join(small)
