"""Who is online, when they were last seen, and how one hides it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from websockets.sync.client import ClientConnection, connect

from tests.api.client import Client, log_in
from tests.cast import Cast, guest, user_id
from tests.house import RunningHouse


@pytest.fixture
def come(house: RunningHouse) -> Iterator[Callable[[Client], ClientConnection]]:
    stack = ExitStack()

    def opened(client: Client) -> ClientConnection:
        text = client.post("/auth/ticket/").json["ticket"]
        url = house.http.replace("http", "ws") + "/api/v1/stream/"
        connection = connect(url, subprotocols=["posthouse.v1", f"ticket.{text}"])  # type: ignore[list-item]
        socket = stack.enter_context(connection)
        socket.recv(timeout=10)
        return socket

    with stack:
        yield opened


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


@pytest.fixture
def bob(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.bob)


def online(client: Client) -> list[str]:
    return [person["name"] for person in client.ok(client.get("/users/online/"))["items"]]


def until(wanted: Callable[[], bool]) -> None:
    for _ in range(100):
        if wanted():
            return
        time.sleep(0.05)
    raise AssertionError("it never came true")


def test_one_is_online_while_a_stream_is_open(
    house: RunningHouse, alice: Client, bob: Client, cast: Cast, come: Callable[[Client], ClientConnection]
) -> None:
    assert online(alice) == []
    first, second = come(bob), come(bob)
    assert online(alice) == ["Bob"]
    assert alice.get(f"/users/{user_id(cast.bob)}/").json["is_online"] is True
    assert online(log_in(house, cast.mallory)) == []
    assert online(log_in(house, guest(cast))) == []
    first.close()
    time.sleep(0.2)
    assert online(alice) == ["Bob"], "the other tab is open"
    second.close()
    until(lambda: online(alice) == [])


def test_who_hides_is_not_shown_others_either(
    alice: Client, bob: Client, cast: Cast, come: Callable[[Client], ClientConnection]
) -> None:
    come(bob)
    come(alice)
    bob.ok(bob.patch("/users/me/", {"hides_online": True}))
    assert online(alice) == ["Alice"]
    assert online(bob) == ["Bob"], "oneself one always sees"
    hers, his = f"/users/{user_id(cast.alice)}/", f"/users/{user_id(cast.bob)}/"
    for client, path in ((alice, his), (bob, hers)):
        seen = client.get(path).json
        assert (seen["is_online"], seen["last_seen_at"]) == (None, None)
    bob.ok(bob.patch("/users/me/", {"hides_online": False}))
    assert online(bob) == ["Alice", "Bob"]


def test_last_seen_is_written_once_for_many_requests(alice: Client, bob: Client, cast: Cast) -> None:
    from posthouse.base import db, sql
    from posthouse.identity import presence

    presence.flush()
    path = f"/users/{user_id(cast.bob)}/"
    for _ in range(3):
        bob.get("/users/me/")
    before = alice.get(path).json["last_seen_at"]
    presence.flush()
    after = alice.get(path).json["last_seen_at"]
    assert after is not None
    assert before is None or before < after
    rows = sql.rows("SELECT at FROM identity_lastseen WHERE user_id = %s", [user_id(cast.bob)])
    assert len(rows) == 1
    bob.ok(bob.patch("/users/me/", {"hides_activity": True}))
    assert alice.get(path).json["last_seen_at"] is None
    assert bob.get(path).json["last_seen_at"] == after
    db.release_thread()


def test_somebody_forgotten_meanwhile_does_not_keep_the_others_from_being_written(cast: Cast) -> None:
    from posthouse.base import sql
    from posthouse.identity import presence

    presence.seen(1)
    presence.seen(int(user_id(cast.bob)))
    presence.flush()
    assert sql.row("SELECT 1 FROM identity_lastseen WHERE user_id = %s", [user_id(cast.bob)]) is not None
