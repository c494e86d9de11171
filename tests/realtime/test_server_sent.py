"""Server-sent events: the same messages, and coming back by Last-Event-ID."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from posthouse.realtime.places import CUT, MAX_ID_CHARS, read_places, write_places
from tests import make
from tests.api.client import Client, log_in
from tests.cast import Cast, user_id
from tests.house import RunningHouse
from tests.realtime import talk
from tests.realtime.tab import SECONDS, checked

PATH = "/api/v1/stream/events/"


class Listener:
    """An EventSource as small as it gets."""

    def __init__(
        self, house: RunningHouse, headers: dict[str, str], query: str = "", last_id: str = ""
    ) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", house.ports["http"], timeout=SECONDS)
        also = {"Last-Event-ID": last_id} if last_id else {}
        self._connection.request("GET", PATH + query, headers={**headers, **also})
        self.answer = self._connection.getresponse()
        self.last_id = last_id
        self.closed: dict[str, Any] | None = None

    def hear(self, kind: str) -> dict[str, Any]:
        for _ in range(100):
            message = self._next()
            if message["type"] == kind:
                return message
        raise AssertionError(f"no {kind}")

    def _next(self) -> dict[str, Any]:
        fields: dict[str, str] = {}
        while line := self.answer.readline().decode().rstrip("\n"):
            name, _, value = line.partition(": ")
            fields[name] = value
        if "data" not in fields:
            raise EOFError
        if fields.get("event") == "close":
            self.closed = json.loads(fields["data"])
            raise EOFError
        self.last_id = fields["id"]
        return checked(fields["data"])

    def until_closed(self) -> dict[str, Any]:
        with pytest.raises(EOFError):
            for _ in range(100):
                self._next()
        assert self.closed is not None
        return self.closed

    def close(self) -> None:
        self._connection.close()


Listen = Callable[..., Listener]


@pytest.fixture
def listen(house: RunningHouse) -> Iterator[Listen]:
    with ExitStack() as stack:

        def opened(client: Client, query: str = "", last_id: str = "") -> Listener:
            listener = Listener(house, client.headers, query, last_id)
            stack.callback(listener.close)
            return listener

        yield opened


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


def test_it_says_what_the_socket_says(listen: Listen, alice: Client, cast: Cast) -> None:
    room = talk.group(cast.alice, cast.bob)
    listener = listen(alice, f"?conversations=all&people={user_id(cast.bob)}")
    assert listener.answer.status == 200
    assert listener.answer.headers["Content-Type"] == "text/event-stream"
    assert listener.answer.headers["Cache-Control"] == "no-store"
    assert listener.hear("hello")["heartbeat_seconds"] == 25
    assert listener.hear("following")["conversations"] == {str(room): str(talk.seq(room))}
    talk.say(cast.bob, room, "Hello")
    assert [row["text"] for row in listener.hear("conversation")["messages"]] == ["Hello"]
    arrived = make.email(cast.alice, subject="Mail too")
    assert [row["id"] for row in listener.hear("changes")["emails"]["changed"]] == [str(arrived)]


def test_who_comes_back_hears_what_was_missed(listen: Listen, alice: Client, cast: Cast) -> None:
    room = talk.group(cast.alice, cast.bob)
    listener = listen(alice, f"?conversations={room}")
    listener.hear("following")
    talk.say(cast.bob, room, "Before")
    listener.hear("conversation")
    listener.close()
    talk.say(cast.bob, room, "Missed")
    missed = make.email(cast.alice)
    again = listen(alice, f"?conversations={room}", listener.last_id)
    told = [again._next() for _ in range(4)]
    assert [message["type"] for message in told].count("resync") == 0
    texts = [row["text"] for message in told for row in message.get("messages", [])]
    emails = [row["id"] for message in told for row in message.get("emails", {}).get("changed", [])]
    assert (texts, emails) == (["Missed"], [str(missed)])


def test_an_id_that_says_too_little_asks_for_everything_afresh(
    listen: Listen, alice: Client, cast: Cast
) -> None:
    cut = write_places({f"c{10**18 + number}": number for number in range(1_000)})
    assert len(cut) <= MAX_ID_CHARS and CUT in read_places(cut)
    for last_id in ("nonsense", cut):
        assert listen(alice, "?conversations=all", last_id)._next() == {"type": "resync"}
    few = {f"c{10**18 + number}": number for number in range(50)} | {"o": 3}
    assert read_places(write_places(few)) == few


def test_it_is_a_sessions_and_ends_with_it(
    house: RunningHouse, listen: Listen, alice: Client, cast: Cast
) -> None:
    assert listen(Client(house.http)).answer.status == 401
    stranger = Client(house.http)
    stranger.headers["Authorization"] = "Bearer made-up"
    assert listen(stranger).answer.status == 401
    assert listen(alice, "?what=1").answer.status == 400
    room = talk.group(cast.mallory)
    listener = listen(alice, f"?conversations={room}")
    assert listener.hear("following")["not_found"] == [str(room)]
    page = log_in(house, cast.alice)
    rows = page.get("/security/").json["sessions"]
    begun = time.monotonic()
    page.ok(page.delete(f"/security/sessions/{next(r['id'] for r in rows if not r['is_current'])}/"), 204)
    assert listener.until_closed()["code"] == 4401
    assert time.monotonic() - begun < 5
