"""The house's end of a door's socket pair (base/remote_calls.py). The write lane itself waits on it.

So a call goes from the door to the lane and back with one waking each way: the house's event loop, with all who read,
has no part in it. Everything but `note` and `close` belongs to the lane's thread.

Invariant: what the house is asked for is done even if the door has gone by then; its client will send it again.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import msgspec
import structlog

from posthouse.base.errors import Failure, Unavailable
from posthouse.base.remote_calls import (
    NOTHING,
    Answer,
    Answered,
    Asked,
    Frames,
    encoded,
    frame_of,
    offer_named,
)

log = structlog.get_logger(__name__)

READ_BYTES = 256 * 1024
"""Kept for a port's life: bytes of such a size made anew for each read cost the kernel a mapping each time."""
MAX_UNREAD_BYTES = 64 * 1024 * 1024
"""Answers that a door leaves unread before it is given up."""


class Wanted(NamedTuple):
    """A call of the door's: a Bulk, what it is given, and the number to answer under."""

    bulk: Any
    item: object
    number: int


class Port:
    """`on_note` and `on_lost` are called in the loop that is running where the port is made."""

    def __init__(
        self, sock: socket.socket, *, on_note: Callable[[str], None], on_lost: Callable[[], None]
    ) -> None:
        sock.setblocking(False)  # noqa: FBT003 the socket module's own form
        self._socket = sock
        self._loop = asyncio.get_running_loop()
        self._on_note, self._on_lost = on_note, on_lost
        self._frames, self._decoder = Frames(), msgspec.msgpack.Decoder(Asked)
        self._sending = threading.Lock()
        self._unsent = bytearray()
        self._received = memoryview(bytearray(READ_BYTES))
        self.is_lost = False

    def fileno(self) -> int:
        return self._socket.fileno()

    def note(self, word: str) -> None:
        """Tell the door; from any thread."""
        self._send(frame_of(Answered([], [word])))

    def close(self) -> None:
        """From any thread; the lane finds the end of the stream."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def receive(self) -> list[Wanted]:
        """What the door asks for now; `is_lost` is set at the end of the stream."""
        try:
            size = self._socket.recv_into(self._received)
        except BlockingIOError:
            return []
        except OSError:
            size = 0
        if not size:
            self._lose()
            return []
        wanted: list[Wanted] = []
        try:
            for frame in self._frames.feed(self._received[:size]):
                asked = self._decoder.decode(frame)
                wanted += self._known(asked)
                for word in asked.notes:
                    self._tell(self._on_note, word)
        except Exception:
            log.exception("port.garbled")
            self._lose()
        return wanted

    def _known(self, asked: Asked) -> list[Wanted]:
        wanted: list[Wanted] = []
        for call in asked.calls:
            try:
                found = offer_named(call.name)
                wanted.append(Wanted(found.bulk, found.item.decode(call.item), call.number))
            except (KeyError, msgspec.MsgspecError) as error:
                self._send(frame_of(Answered([Answer(call.number, NOTHING, _told(error))], [])))
        return wanted

    def answer(self, outcomes: Sequence[tuple[int, object, BaseException | None]]) -> None:
        """Number, result and error of calls that are durable, or that failed."""
        try:
            answers = [
                Answer(number, encoded(result)) if error is None else Answer(number, NOTHING, _told(error))
                for number, result, error in outcomes
            ]
        except Exception:
            log.exception("port.unspeakable")
            self.close()
        else:
            self._send(frame_of(Answered(answers, [])))

    @property
    def has_unsent(self) -> bool:
        return bool(self._unsent)

    def send_rest(self) -> None:
        self._send(b"")

    def _send(self, data: bytes) -> None:
        """Without ever waiting: what the door does not take is kept for later."""
        with self._sending:
            self._unsent += data
            try:
                while self._unsent:
                    del self._unsent[: self._socket.send(self._unsent)]
            except BlockingIOError:
                pass
            except OSError:
                self._unsent.clear()
            if len(self._unsent) > MAX_UNREAD_BYTES:
                log.error("port.unread", unread_bytes=len(self._unsent))
                self.close()

    def _lose(self) -> None:
        self.is_lost = True
        self._socket.close()
        self._tell(self._on_lost)

    def _tell(self, listener: Callable[..., None], *words: str) -> None:
        try:
            self._loop.call_soon_threadsafe(listener, *words)
        except RuntimeError:  # the loop is closed
            return


def _told(error: BaseException) -> tuple[str, str, str]:
    if isinstance(error, Failure):
        return error.kind.value, error.code, error.message
    log.error("lane.call_failed", exc_info=error)
    return Unavailable.kind.value, "internal", "Something went wrong here, please try again later."
