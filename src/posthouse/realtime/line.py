"""What a stream speaks through: a WebSocket, or an answer of HTTP that never ends (server_sent.py).

Invariant: an `Event` is encoded once for each kind of line, however many get it.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any, Protocol

from websockets.frames import Frame, Opcode

from posthouse.base.api.rendering import dumps

PUSH = "posthouse.push"
"""An extension of the ASGI scope: its `push` writes a ready frame at once or not at all (config/socket_protocol.py)."""

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Any]
Receive = Callable[[], Any]
Push = Callable[[bytes], bool]


class Event:
    """One message to clients. One of a numbered stream leads from `since` to `upto`, and is of nothing said before
    `oldest`."""

    __slots__ = ("_frame", "oldest", "payload", "since", "upto")

    def __init__(self, payload: bytes, *, since: int = 0, upto: int = 0, oldest: int | None = None) -> None:
        self.payload, self.since, self.upto, self.oldest = payload, since, upto, oldest
        self._frame: bytes | None = None

    @property
    def frame(self) -> bytes:
        if self._frame is None:
            self._frame = Frame(Opcode.TEXT, self.payload).serialize(mask=False)
        return self._frame


def event(message: dict[str, Any]) -> Event:
    return Event(dumps(message))


class Line(Protocol):
    is_two_way: bool
    """Whether the client can answer, so that its silence means something."""

    async def receive(self) -> MutableMapping[str, Any]:
        """What the client says, as ASGI has it."""

    async def send(self, said: Event) -> None:
        """Returns when the client can take more; raises OSError when it has gone."""

    async def close(self, code: int, reason: str) -> None: ...

    def push(self, frame: bytes) -> bool:
        """Write a frame now, if the client keeps up; else false and nothing is written."""


class SocketLine:
    """A WebSocket."""

    is_two_way = True

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self.push: Push = scope["extensions"][PUSH]["push"]

    async def receive(self) -> MutableMapping[str, Any]:
        message: MutableMapping[str, Any] = await self._receive()
        return message

    async def send(self, said: Event) -> None:
        if not self.push(said.frame):
            await self._send({"type": "websocket.send", "text": said.payload.decode()})

    async def close(self, code: int, reason: str) -> None:
        await self._send({"type": "websocket.close", "code": code, "reason": reason})
