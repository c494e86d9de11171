"""Who is online, when they were last seen, and how one hides it."""

from __future__ import annotations

import json
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


# --- pushed to who watches -----------------------------------------------------------------------


def watch(socket: ClientConnection, *names: str) -> dict[str, bool | None]:
    socket.send(json.dumps({"type": "watch", "people": list(names)}))
    return told(socket, is_whole=True)


def told(socket: ClientConnection, *, is_whole: bool = False) -> dict[str, bool | None]:
    for _ in range(50):
        message = json.loads(socket.recv(timeout=10))
        if message["type"] == "presence":
            assert message["is_whole"] is is_whole
            people: dict[str, bool | None] = message["people"]
            return people
    raise AssertionError("no presence")


def silent(socket: ClientConnection) -> bool:
    """Longer than the pause in which comings and goings are gathered."""
    try:
        socket.recv(timeout=3)
    except TimeoutError:
        return True
    return False


def test_who_is_watched_is_told_of_when_they_come_and_go(
    alice: Client, bob: Client, cast: Cast, come: Callable[[Client], ClientConnection]
) -> None:
    hers, name = come(alice), user_id(cast.bob)
    assert watch(hers, name, cast.bob.email.upper()) == {name: False, cast.bob.email.upper(): False}
    his = come(bob)
    assert told(hers) == {name: True, cast.bob.email.upper(): True}
    second = come(bob)
    second.close()
    his.close()
    assert told(hers) == {name: False, cast.bob.email.upper(): False}
    assert watch(hers) == {}
    come(bob)
    assert silent(hers), "nobody is watched any more"


def test_who_loads_the_page_anew_does_not_seem_to_leave(
    alice: Client, bob: Client, cast: Cast, come: Callable[[Client], ClientConnection]
) -> None:
    hers, his = come(alice), come(bob)
    assert watch(hers, cast.bob.email) == {cast.bob.email: True}
    his.close()
    come(bob)
    assert silent(hers)


def test_hiding_is_told_at_once_and_works_both_ways(
    alice: Client, bob: Client, cast: Cast, come: Callable[[Client], ClientConnection]
) -> None:
    hers, his = come(alice), come(bob)
    assert watch(hers, cast.bob.email) == {cast.bob.email: True}
    assert watch(his, cast.alice.email) == {cast.alice.email: True}
    bob.ok(bob.patch("/users/me/", {"hides_online": True}))
    assert told(hers) == {cast.bob.email: None}
    assert told(his) == {cast.alice.email: None}
    assert watch(hers, cast.bob.email) == {}, "as if there were no such person"
    bob.ok(bob.patch("/users/me/", {"hides_online": False}))
    assert told(hers) == {cast.bob.email: True}
    assert told(his) == {cast.alice.email: True}


def test_a_hidden_address_is_not_known_by_watching_it(
    alice: Client, bob: Client, cast: Cast, come: Callable[[Client], ClientConnection]
) -> None:
    hers, his = come(alice), come(bob)
    alice.ok(alice.patch("/users/me/", {"hides_email": True}))
    assert watch(his, cast.alice.email, user_id(cast.alice)) == {user_id(cast.alice): True}
    bob.ok(bob.patch("/users/me/", {"hides_email": True}))
    assert watch(hers, cast.bob.email) == {cast.bob.email: True}, "she manages people"


def test_strangers_nobody_and_guests_learn_nothing(
    house: RunningHouse, bob: Client, cast: Cast, come: Callable[[Client], ClientConnection]
) -> None:
    come(bob)
    names = (user_id(cast.bob), cast.bob.email, "1", "nobody@nowhere.test", "", "no name")
    for client in (log_in(house, cast.mallory), log_in(house, guest(cast))):
        assert watch(come(client), *names) == {}


def test_somebody_switched_off_is_not_seen_any_more(
    alice: Client, bob: Client, cast: Cast, come: Callable[[Client], ClientConnection]
) -> None:
    hers = come(alice)
    come(bob)
    assert watch(hers, cast.bob.email) == {cast.bob.email: True}
    alice.ok(alice.patch(f"/users/{user_id(cast.bob)}/", {"is_active": False}))
    assert told(hers) == {cast.bob.email: None}


@pytest.mark.parametrize("people", [None, "bob", [7], ["x" * 321], ["1"] * 101])
def test_what_is_no_list_of_names_is_refused(
    alice: Client, come: Callable[[Client], ClientConnection], people: object
) -> None:
    socket = come(alice)
    socket.send(json.dumps({"type": "watch", "people": people}))
    assert json.loads(socket.recv(timeout=10)) == {"type": "error", "code": "invalid"}
