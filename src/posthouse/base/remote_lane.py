"""The write lane asked from another process: what `base.db` is given in a door of its own (config/door.py).

What it wants written goes over a socket pair to the lane of the house (base/ports.py), which commits it together with
everybody else's, and answers after the commit.

Invariant: when the house has gone, every caller gets Unavailable, so no client is told that its mail is kept.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from typing import Any

import msgspec

from posthouse.base.errors import Unavailable, failure_of
from posthouse.base.lane_watch import LaneState
from posthouse.base.remote_calls import Answered, Asked, Call, Frames, Offer, encoded, frame_of, offer_of


class RemoteLane(asyncio.Protocol):
    """What is said within one turn of the loop goes out as one frame."""

    def __init__(self, *, on_note: Callable[[str], None], on_lost: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._on_note, self._on_lost = on_note, on_lost
        self._frames, self._decoder = Frames(), msgspec.msgpack.Decoder(Answered)
        self._transport: asyncio.WriteTransport | None = None
        self._numbers = itertools.count(1)
        self._waiting: dict[int, tuple[Offer, asyncio.Future[Any]]] = {}
        self._calls: list[Call] = []
        self._notes: list[str] = []
        self._is_due = False

    # What base.db calls

    def inside(self) -> bool:
        return False

    def state(self) -> LaneState:
        """The house's lane is the house's to tell of."""
        return LaneState(is_alive=self._transport is not None, queued=len(self._waiting))

    def submit(
        self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> asyncio.Future[Any]:
        """Ask for an offered action; resolves after the commit. To be called in the loop."""
        found = offer_of(fn)
        if kwargs or len(args) != 1:
            raise TypeError(f"{found.name} takes one item")
        if self._transport is None:
            raise _gone()
        number, future = next(self._numbers), self._loop.create_future()
        self._waiting[number] = (found, future)
        self._calls.append(Call(number, found.name, encoded(args[0])))
        self._send_soon()
        return future

    def run(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The same from a thread, which waits."""

        async def asked() -> Any:
            return await self.submit(fn, args, kwargs)

        return asyncio.run_coroutine_threadsafe(asked(), self._loop).result()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self.close)

    # What the door's process calls

    def note(self, word: str) -> None:
        """Tell the house."""
        self._notes.append(word)
        self._send_soon()

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    # What the loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # uvloop's is none by inheritance

    def data_received(self, data: bytes) -> None:
        for frame in self._frames.feed(data):
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

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        waiting, self._waiting = self._waiting, {}
        for _, future in waiting.values():
            if not future.done():
                future.set_exception(_gone())
        self._on_lost()

    def _send_soon(self) -> None:
        if not self._is_due:
            self._is_due = True
            self._loop.call_soon(self._send)

    def _send(self) -> None:
        self._is_due = False
        frame = frame_of(Asked(self._calls, self._notes))
        self._calls, self._notes = [], []
        if self._transport is not None:
            self._transport.write(frame)


def _gone() -> Unavailable:
    return Unavailable("storage_unavailable", "The store cannot be written just now.")
