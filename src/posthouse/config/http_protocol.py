"""uvicorn's protocol, whose head and body of an answer leave together.

uvicorn writes the head and then the body; the first write would go out by itself and wake the client for nothing: two
system calls and two wakings for each answer.
"""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HELD_BYTES = 64 * 1024
"""What is longer goes out at once, so that a stream still feels how fast its client takes it."""


class _Together:
    """A transport that writes what was said within one turn of the loop at its end."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self.transport = transport
        self._loop = loop
        self._held: list[bytes] = []
        self._bytes = 0

    def write(self, data: bytes) -> None:
        if not self._held:
            self._loop.call_soon(self._flush)
        self._held.append(data)
        self._bytes += len(data)
        if self._bytes > HELD_BYTES:
            self._flush()

    def close(self) -> None:
        self._flush()
        self.transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.transport, name)

    def _flush(self) -> None:
        held, self._held, self._bytes = self._held, [], 0
        if held and not self.transport.is_closing():
            self.transport.write(held[0] if len(held) == 1 else b"".join(held))


class HttpProtocol(HttpToolsProtocol):
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.transport = cast(asyncio.Transport, _Together(transport, self.loop))

    def handle_websocket_upgrade(self) -> None:
        self.transport = cast(_Together, self.transport).transport
        super().handle_websocket_upgrade()
