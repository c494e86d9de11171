"""uvicorn's WebSocket protocol, which also takes frames that are ready: what a thousand sockets are told is made once.

uvicorn makes a frame for each message and socket and passes it through a coroutine. A server's frames are not masked
(RFC 6455 §5.1), so the same bytes do for everybody; they go to the transport at once, between uvicorn's own.

Invariants
- Nothing is pushed on a connection whose client does not keep up: its buffer never grows beyond the transport's limit
  and one frame.
- A client that takes nothing for `STALL_SECONDS` is let go, since a coroutine waits for it.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from posthouse.realtime.line import PUSH

STALL_SECONDS = 60.0


class SocketProtocol(WebSocketsSansIOProtocol):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._is_full = False
        self._stall: asyncio.TimerHandle | None = None

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if not self.close_sent:
            self.scope["extensions"][PUSH] = {"push": self.push}

    def push(self, frame: bytes) -> bool:
        """Write a whole frame; false, and nothing written, when the client does not keep up, is leaving or has gone."""
        if self._is_full or self.close_sent or not self.handshake_complete or self.transport.is_closing():
            return False
        self.transport.write(frame)
        return True

    def pause_writing(self) -> None:
        super().pause_writing()
        self._is_full = True
        self._stall = self.loop.call_later(STALL_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._is_full = False
        self._forget_stall()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_stall()
        super().connection_lost(exc)

    def _forget_stall(self) -> None:
        if self._stall is not None:
            self._stall.cancel()
            self._stall = None
