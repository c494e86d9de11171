"""A stream on lines that are full at any moment: nothing is queued, nothing is lost, nothing is told twice."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import MutableMapping
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.client import Client, log_in
from tests.cast import Cast, new_cast
from tests.house import RunningHouse
from tests.realtime import talk
from tests.realtime.conftest import Open
from tests.realtime.tab import Copy, checked, fresh

LARGE = "x" * 15_000


class FullLine:
    """A line in the house's loop that refuses what is pushed, and lets what is sent wait, as it likes."""

    is_two_way = True

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.said: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        self.heard: list[dict[str, Any]] = []
        self.refused = 0

    async def receive(self) -> MutableMapping[str, Any]:
        return await self.said.get()

    async def send(self, said: Any) -> None:
        if self._chance.random() < 0.5:
            await asyncio.sleep(self._chance.random() / 200)
        self.heard.append(checked(said.payload))

    async def close(self, code: int, reason: str) -> None:
        raise AssertionError(f"closed: {code} {reason}")

    def push(self, frame: bytes) -> bool:
        if self._chance.random() < 0.4:
            self.refused += 1
            return False
        self.heard.append(checked(frame[frame.index(b"{") :]))
        return True


class Opened:
    """A stream on such a line."""

    def __init__(self, house: RunningHouse, actor: Any, seed: int) -> None:
        self._house = house

        async def begin() -> None:
            from posthouse.realtime.stream import Stream

            self.line = FullLine(random.Random(seed))
            stream = Stream(actor, self.line, looked_at=0)
            self._task = asyncio.create_task(stream.run())

        house.call(begin())

    def say(self, **message: Any) -> None:
        text = orjson.dumps(message).decode()
        self._put({"type": "websocket.receive", "text": text})

    def _put(self, message: dict[str, Any]) -> None:
        self._house.loop.call_soon_threadsafe(self.line.said.put_nowait, message)

    def applied(self, room: int) -> Copy:
        copy = Copy()
        for message in list(self.line.heard):
            if message.get("conversation_id") == str(room):
                copy.apply(message)
        return copy

    def close(self) -> None:
        self._put({"type": "websocket.disconnect"})

        async def end() -> None:
            await asyncio.wait_for(self._task, 10)

        self._house.call(end())


def session_of(house: RunningHouse, person: Any) -> Any:
    """An actor with a session, as a ticket gives it."""
    from posthouse.identity import live_sessions, tokens

    client = log_in(house, person)
    claims = tokens.read_access(client.headers["Authorization"].removeprefix("Bearer "))
    actor = live_sessions.actor_of(claims.session_id, claims.user_id, via="stream")
    assert actor is not None
    return actor


@pytest.fixture(scope="module")
def people(house: RunningHouse) -> tuple[Cast, list[Any]]:
    cast = new_cast()
    return cast, [session_of(house, one) for one in (cast.alice, cast.bob)]


def write(cast: Cast, room: int, chance: random.Random, count: int) -> None:
    from posthouse.conversations import editing, pointers

    messages: list[int] = []
    for number in range(count):
        act = chance.randrange(6)
        if act < 3 or not messages:
            messages.append(talk.say(cast.alice, room, f"{number} {'x' * chance.randint(0, 300)}"))
        elif act == 3:
            editing.edit(cast.alice.actor, messages[-1], text=f"changed {number}")
        elif act == 4:
            editing.delete(cast.alice.actor, messages.pop())
        else:
            pointers.read(cast.bob.actor, room, number=chance.randint(1, number + 1))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), count=st.integers(1, 25))
def test_whatever_happens_one_has_what_is_there(
    house: RunningHouse, people: tuple[Cast, list[Any]], seed: int, count: int
) -> None:
    cast, actors = people
    room = talk.group(cast.alice, cast.bob)
    streams = [Opened(house, actors[number % 2], seed + number) for number in range(4)]
    try:
        for stream in streams:
            stream.say(type="follow", conversations={str(room): "0"})
        writers = [
            threading.Thread(target=write, args=(cast, room, random.Random(seed * 7 + n), count))
            for n in range(2)
        ]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        now = fresh(room)
        for stream in streams:
            for _ in range(400):
                copy = stream.applied(room)
                if copy.number >= now.number:
                    break
                threading.Event().wait(0.025)
            assert (copy.number, copy.conversation, copy.rows) == (now.number, now.conversation, now.rows)
    finally:
        for stream in streams:
            stream.close()


def test_a_client_that_does_not_read_costs_one_buffer_and_catches_up(
    house: RunningHouse, open_tab: Open, cast: Cast
) -> None:
    from posthouse.realtime.feeds import feeds

    room = talk.group(cast.alice, cast.bob)
    clients: list[Client] = [log_in(house, cast.bob), log_in(house, cast.alice)]
    slow, quick = open_tab(clients[0]), open_tab(clients[1])
    for tab in (slow, quick):
        tab.follow(room)
    feed = feeds.standing(f"conversation:{room}")
    assert feed is not None
    transports = [follow.push.__self__.transport for follow in feed.follows]  # type: ignore[attr-defined]
    largest = 0
    for number in range(400):
        talk.say(cast.alice, room, f"{number} {LARGE}")
        if number % 10 == 0:
            quick.until(lambda number=number: len(quick.texts(room)) > number)  # type: ignore[misc]
            largest = max(largest, *(transport.get_write_buffer_size() for transport in transports))
    quick.until(lambda: len(quick.texts(room)) == 400)
    assert 0 < largest < 2_000_000, "the line was never full, or what it could not take was queued"
    slow.until(lambda: len(slow.texts(room)) == 400, seconds=60)
    assert slow.copies[str(room)].number == talk.seq(room)


def test_all_who_follow_get_the_same_bytes_of_one_reading(house: RunningHouse) -> None:
    from posthouse.base.hub import Hint, hub
    from posthouse.realtime.feeds import Delta, Follow, feeds

    class Source:
        topic = "test:one-reading"
        label: dict[str, Any] = {}
        readings = 0

        def read(self, since: int) -> Delta:
            self.readings += 1
            return Delta(payload=b'{"n":%d}' % since, upto=since + 1, is_only_new=True)

        def state(self) -> int:
            return 0

        def listeners(self, user_ids: Any) -> Any:
            return user_ids

    async def measured() -> tuple[int, list[list[bytes]]]:
        source, boxes = Source(), [list[bytes]() for _ in range(1_200)]
        feed = feeds.feed(source)

        def into(box: list[bytes]) -> Any:
            return lambda frame: box.append(frame) is None

        follows = [
            Follow(user_id=1, push=into(box), lagged=print, ended=print, feed=feed, told=7) for box in boxes
        ]
        for follow in follows:
            feed.add(follow)
            feed.reach(7)
            assert feed.settle(follow)
        hub.publish([Hint(source.topic, 9)])
        for _ in range(200):
            if all(len(box) == 2 for box in boxes):
                break
            await asyncio.sleep(0.01)
        for follow in follows:
            feed.end(follow)
        assert feeds.standing(source.topic) is None
        return source.readings, boxes

    readings, boxes = house.call(measured())
    assert readings == 2
    assert all(box[0] is boxes[0][0] and box[1] is boxes[0][1] for box in boxes), "not the same bytes"
