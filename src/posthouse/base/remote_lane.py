"""The write lane asked from another process.

A door in a process of its own (config/door.py) has no lane. What it wants written goes over a socket pair to the
process that holds the folder, whose lane commits it together with everybody else's, and answers after the commit.
Only actions that were offered can be asked for, and what they are given is decoded by its declared type.

Frames are four bytes of length and msgpack, from the door `Asked`, from the house `Answered`. Beside calls they carry
notes: words that one side wants the other to know ("ready", "close", or the hub's topic of which there is news).

Invariants
- An answer is sent after the commit.
- When the house has gone, every caller gets Unavailable, so no client is told that its mail is kept.
- What the house is asked for is done even if the door has gone by then: the client will send it again.
"""

from __future__ import annotations

import asyncio
import functools
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
import structlog

from posthouse.base import db
from posthouse.base.errors import Failure, Unavailable, failure_of
from posthouse.base.lane import Bulk

log = structlog.get_logger(__name__)

MAX_FRAME_BYTES = 1024 * 1024 * 1024
_LENGTH_BYTES = 4

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class _Offer:
    name: str
    bulk: Bulk[Any, Any]
    item: msgspec.msgpack.Decoder[Any]
    result: msgspec.msgpack.Decoder[Any]


_by_name: dict[str, _Offer] = {}
_by_bulk: dict[int, _Offer] = {}


def offer(name: str, bulk: Bulk[Item, Result], *, item: object, result: object) -> None:
    """Let doors in other processes ask for an action; `item` and `result` are the types that cross over."""
    made = _Offer(name, bulk, msgspec.msgpack.Decoder(item), msgspec.msgpack.Decoder(result))
    _by_name[name] = _by_bulk[id(bulk)] = made


class Call(msgspec.Struct, array_like=True):
    number: int
    name: str
    item: msgspec.Raw


class Answer(msgspec.Struct, array_like=True):
    """`failure` is (kind, code, message)."""

    number: int
    result: msgspec.Raw
    failure: tuple[str, str, str] | None = None


class Asked(msgspec.Struct, array_like=True):
    calls: list[Call]
    notes: list[str]


class Answered(msgspec.Struct, array_like=True):
    answers: list[Answer]
    notes: list[str]


_encoder = msgspec.msgpack.Encoder()
_NOTHING = msgspec.Raw(_encoder.encode(None))


class Frames:
    """Bytes of a stream to whole frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """The frames that are complete now; raises ValueError for one that is too long to be true."""
        buffer, found, position = self._buffer, [], 0
        buffer += data
        while len(buffer) - position >= _LENGTH_BYTES:
            length = int.from_bytes(buffer[position : position + _LENGTH_BYTES], "big")
            if length > MAX_FRAME_BYTES:
                raise ValueError(f"a frame of {length} bytes")
            end = position + _LENGTH_BYTES + length
            if len(buffer) < end:
                break
            found.append(bytes(buffer[position + _LENGTH_BYTES : end]))
            position = end
        del buffer[:position]
        return found


class _End(asyncio.Protocol):
    """One end of the socket pair. What is said within one turn of the loop goes out as one frame."""

    def __init__(self, *, on_note: Callable[[str], None], on_lost: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._on_note, self._on_lost = on_note, on_lost
        self._frames = Frames()
        self._notes: list[str] = []
        self._is_due = False
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # uvloop's is none by inheritance

    def data_received(self, data: bytes) -> None:
        for frame in self._frames.feed(data):
            self._take(frame)

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        self._on_lost()

    @property
    def is_connected(self) -> bool:
        return self._transport is not None

    def note(self, word: str) -> None:
        """Tell the other side."""
        self._notes.append(word)
        self._send_soon()

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def _take(self, frame: bytes) -> None:
        raise NotImplementedError

    def _frame(self) -> bytes:
        """All that is to be said now."""
        raise NotImplementedError

    def _send_soon(self) -> None:
        if not self._is_due:
            self._is_due = True
            self._loop.call_soon(self._send)

    def _send(self) -> None:
        self._is_due = False
        frame = self._frame()
        if self._transport is not None:
            self._transport.write(len(frame).to_bytes(_LENGTH_BYTES, "big") + frame)


class HouseEnd(_End):
    """In the process that holds the folder: runs what the door asks for."""

    def __init__(self, *, on_note: Callable[[str], None], on_lost: Callable[[], None]) -> None:
        super().__init__(on_note=on_note, on_lost=on_lost)
        self._decoder = msgspec.msgpack.Decoder(Asked)
        self._answers: list[Answer] = []

    def _take(self, frame: bytes) -> None:
        asked = self._decoder.decode(frame)
        for call in asked.calls:
            try:
                found = _by_name[call.name]
                future = db.writing(found.bulk, found.item.decode(call.item))
            except Exception as error:  # noqa: BLE001 the top of a call from another process
                self._answer(Answer(call.number, _NOTHING, _told(error)))
            else:
                future.add_done_callback(functools.partial(self._done, call.number))
        for word in asked.notes:
            self._on_note(word)

    def _done(self, number: int, done: asyncio.Future[Any]) -> None:
        error = done.exception()
        if error is not None:
            self._answer(Answer(number, _NOTHING, _told(error)))
        else:
            self._answer(Answer(number, msgspec.Raw(_encoder.encode(done.result()))))

    def _answer(self, answer: Answer) -> None:
        self._answers.append(answer)
        self._send_soon()

    def _frame(self) -> bytes:
        frame = _encoder.encode(Answered(self._answers, self._notes))
        self._answers, self._notes = [], []
        return frame


def _told(error: BaseException) -> tuple[str, str, str]:
    if isinstance(error, Failure):
        return error.kind.value, error.code, error.message
    log.error("lane.call_failed", exc_info=error)
    return Unavailable.kind.value, "internal", "Something went wrong here, please try again later."


class RemoteLane(_End):
    """In the door's process: the lane that `base.db` is given there."""

    def __init__(self, *, on_note: Callable[[str], None], on_lost: Callable[[], None]) -> None:
        super().__init__(on_note=on_note, on_lost=on_lost)
        self._decoder = msgspec.msgpack.Decoder(Answered)
        self._numbers = itertools.count(1)
        self._calls: list[Call] = []
        self._waiting: dict[int, tuple[_Offer, asyncio.Future[Any]]] = {}

    def inside(self) -> bool:
        return False

    def submit(
        self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> asyncio.Future[Any]:
        """Ask for an offered action; resolves after the commit. To be called in the loop."""
        found = _by_bulk.get(id(fn))
        if found is None or kwargs or len(args) != 1:
            raise TypeError(f"{fn!r} was not offered to doors in processes of their own")
        if self._transport is None:
            raise _gone()
        number, future = next(self._numbers), self._loop.create_future()
        self._waiting[number] = (found, future)
        self._calls.append(Call(number, found.name, msgspec.Raw(_encoder.encode(args[0]))))
        self._send_soon()
        return future

    def run(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The same from a thread, which waits."""

        async def asked() -> Any:
            return await self.submit(fn, args, kwargs)

        return asyncio.run_coroutine_threadsafe(asked(), self._loop).result()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self.close)

    def connection_lost(self, error: Exception | None) -> None:
        waiting, self._waiting = self._waiting, {}
        for _, future in waiting.values():
            if not future.done():
                future.set_exception(_gone())
        super().connection_lost(error)

    def _take(self, frame: bytes) -> None:
        answered = self._decoder.decode(frame)
        for answer in answered.answers:
            found, future = self._waiting.pop(answer.number)
            if future.done():
                continue
            if answer.failure is not None:
                future.set_exception(failure_of(*answer.failure))
            else:
                future.set_result(found.result.decode(answer.result))
        for word in answered.notes:
            self._on_note(word)

    def _frame(self) -> bytes:
        frame = _encoder.encode(Asked(self._calls, self._notes))
        self._calls, self._notes = [], []
        return frame


def _gone() -> Unavailable:
    return Unavailable("storage_unavailable", "The store cannot be written just now.")
