"""The WebSocket: catch-up, pushes, and its end."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests import make
from tests.api.client import Client, log_in
from tests.cast import Cast, Person
from tests.house import RunningHouse

SECONDS = 10

Open = Callable[..., ClientConnection]


@pytest.fixture
def open_stream(house: RunningHouse) -> Iterator[Open]:
    with ExitStack() as stack:

        def opened(client: Client | None = None, *, ticket: str | None = None) -> ClientConnection:
            text = ticket if ticket is not None else client.post("/auth/ticket/").json["ticket"]  # type: ignore[union-attr]
            url = house.http.replace("http", "ws") + "/api/v1/stream/"
            socket = connect(url, subprotocols=["posthouse.v1", f"ticket.{text}"], open_timeout=SECONDS)  # type: ignore[list-item]
            return stack.enter_context(socket)

        yield opened


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


def hear(socket: ClientConnection, kind: str) -> dict[str, Any]:
    for _ in range(50):
        message: dict[str, Any] = json.loads(socket.recv(timeout=SECONDS))
        if message["type"] == kind:
            return message
    raise AssertionError(f"no {kind}")


def subscribe(socket: ClientConnection, account_id: Any, since: Any) -> None:
    socket.send(json.dumps({"type": "subscribe", "account": str(account_id), "since": str(since)}))


def state_of(client: Client) -> str:
    found: str = client.get("/mailboxes/").json["state"]
    return found


def close_code(socket: ClientConnection) -> int | None:
    with pytest.raises(ConnectionClosed):
        for _ in range(50):
            socket.recv(timeout=SECONDS)
    return socket.protocol.close_code


def test_it_says_hello_and_what_was_missed_then_pushes(open_stream: Open, alice: Client, cast: Cast) -> None:
    since = state_of(alice)
    missed = make.email(cast.alice, subject="Missed")
    socket = open_stream(alice)
    assert socket.subprotocol == "posthouse.v1"
    assert hear(socket, "hello")["heartbeat_seconds"] == 25
    subscribe(socket, cast.alice.account_id, since)
    first = hear(socket, "changes")
    assert [row["id"] for row in first["emails"]["changed"]] == [str(missed)]
    assert first["account_id"] == str(cast.alice.account_id) and first["since"] == since
    pushed = make.email(cast.alice, subject="Pushed")
    second = hear(socket, "changes")
    assert second["since"] == first["state"]
    assert [row["subject"] for row in second["threads"]["changed"]] == ["Pushed"]
    assert [row["id"] for row in second["emails"]["changed"]] == [str(pushed)]
    alice.ok(alice.post("/emails/destroy/", {"ids": [str(pushed)]}))
    assert hear(socket, "changes")["emails"]["destroyed"] == [str(pushed)]
    again = alice.ok(alice.get("/changes/", since=second["since"]))
    assert again["state"] == state_of(alice)


def test_many_changes_melt_and_none_is_lost(open_stream: Open, alice: Client, cast: Cast) -> None:
    socket = open_stream(alice)
    since = state_of(alice)
    subscribe(socket, cast.alice.account_id, since)

    def store() -> list[int]:
        return [make.email(cast.alice, subject=f"n{n}") for n in range(25)]

    threads = [threading.Thread(target=store) for _ in range(4)]
    for thread in threads:
        thread.start()
    seen: set[str] = set()
    state = since
    while len(seen) < 100:
        message = hear(socket, "changes")
        assert message["since"] == state
        state = message["state"]
        seen |= {row["id"] for row in message["emails"]["changed"]}
    for thread in threads:
        thread.join()
    assert state == state_of(alice)


def test_a_client_from_another_life_is_told_to_fetch_afresh(
    open_stream: Open, alice: Client, cast: Cast
) -> None:
    socket = open_stream(alice)
    subscribe(socket, cast.alice.account_id, 10**12)
    message = hear(socket, "resync")
    assert message == {"type": "resync", "account": str(cast.alice.account_id), "state": state_of(alice)}
    make.email(cast.alice)
    assert hear(socket, "changes")["since"] == message["state"]


def test_a_client_far_behind_is_told_to_fetch_afresh(open_stream: Open, alice: Client, cast: Cast) -> None:
    from posthouse.base import db, sql

    since = state_of(alice)
    for _ in range(2):
        make.email(cast.alice)
    trim = db.action(sql.run)
    trim("UPDATE mail_account SET horizon = modseq WHERE id = %s", [cast.alice.account_id])
    socket = open_stream(alice)
    subscribe(socket, cast.alice.account_id, since)
    assert hear(socket, "resync")["state"] == state_of(alice)


def test_an_account_that_is_not_ones_own_does_not_exist(open_stream: Open, alice: Client, cast: Cast) -> None:
    socket = open_stream(alice)
    answers = []
    for account in (cast.mallory.account_id, 12345):
        subscribe(socket, account, 1)
        answers.append(hear(socket, "error"))
    assert [answer["code"] for answer in answers] == ["not_found", "not_found"]
    make.email(cast.mallory)
    mine = make.email(cast.alice)
    subscribe(socket, cast.alice.account_id, int(state_of(alice)) - 1)
    assert hear(socket, "changes")["emails"]["changed"][0]["id"] == str(mine)


def test_tickets_are_good_once(open_stream: Open, alice: Client) -> None:
    ticket = alice.post("/auth/ticket/").json["ticket"]
    hear(open_stream(ticket=ticket), "hello")
    for bad in (ticket, "made-up", ""):
        assert close_code(open_stream(ticket=bad)) == 4401


def test_an_access_token_does_as_well(house: RunningHouse, alice: Client, cast: Cast) -> None:
    url = house.http.replace("http", "ws") + "/api/v1/stream/"
    token = alice.headers["Authorization"].removeprefix("Bearer ")
    for given, code in ((token, None), (token[:-2], 4401), ("phr_made-up", 4401), ("", 4401)):
        with connect(url, subprotocols=["posthouse.v1", f"bearer.{given}"]) as socket:  # type: ignore[list-item]
            assert socket.subprotocol == "posthouse.v1"
            if code is None:
                hear(socket, "hello")
            else:
                assert close_code(socket) == code


def test_it_ends_with_the_session(house: RunningHouse, open_stream: Open, cast: Cast) -> None:
    client = Client(house.http)
    pair = client.post("/auth/token/", {"email": cast.bob.email, "password": cast.bob.password}).json
    client.headers["Authorization"] = f"Bearer {pair['access']}"
    socket = open_stream(client)
    hear(socket, "hello")
    fresh = client.post("/auth/token/refresh/", {"refresh": pair["refresh"]}).json
    assert client.post("/auth/token/refresh/", {"refresh": pair["refresh"]}).status == 401
    assert fresh["refresh"]
    assert close_code(socket) == 4401


def test_it_ends_when_its_session_is_taken_back_or_its_person_is_switched_off(
    house: RunningHouse, open_stream: Open, cast: Cast
) -> None:
    import time

    from posthouse.base import db
    from posthouse.identity import live_sessions

    page, other = log_in(house, cast.bob), log_in(house, cast.bob)
    taken_back, kept = open_stream(other), open_stream(page)
    hear(taken_back, "hello")
    hear(kept, "hello")
    rows = page.get("/security/").json["sessions"]
    begun = time.monotonic()
    page.ok(page.delete(f"/security/sessions/{next(r['id'] for r in rows if not r['is_current'])}/"), 204)
    assert close_code(taken_back) == 4401
    assert time.monotonic() - begun < 1
    kept.send('{"type": "ping"}')
    hear(kept, "pong")
    db.run(lambda: live_sessions.person_ended(cast.bob.actor.user_id), (), {})
    assert close_code(kept) == 4401


def test_two_accounts_of_tabs_do_not_disturb_each_other(
    house: RunningHouse, open_stream: Open, cast: Cast
) -> None:
    people: list[Person] = [cast.alice, cast.bob]
    clients = [log_in(house, person) for person in people]
    sockets = [open_stream(client) for client in clients for _ in range(3)]
    for index, socket in enumerate(sockets):
        person = people[index // 3]
        subscribe(socket, person.account_id, state_of(clients[index // 3]))
        socket.send('{"type": "ping"}')
        hear(socket, "pong")
    mine = make.email(cast.alice)
    for socket in sockets[:3]:
        assert hear(socket, "changes")["emails"]["changed"][0]["id"] == str(mine)
    theirs = make.email(cast.bob)
    for socket in sockets[3:]:
        assert hear(socket, "changes")["emails"]["changed"][0]["id"] == str(theirs)


def test_nonsense_and_noise_end_it(open_stream: Open, alice: Client) -> None:
    for text in ("not json", "[1]", '{"type": "subscribe", "x": "' + "y" * 5_000 + '"}'):
        socket = open_stream(alice)
        socket.send(text)
        assert close_code(socket) == 4400
    socket = open_stream(alice)
    with pytest.raises(ConnectionClosed):
        for _ in range(500):
            socket.send('{"type": "pong"}')
        close_code(socket)
        raise ConnectionClosed(None, None)
    assert socket.protocol.close_code == 4429


def test_other_paths_and_protocols_are_refused(house: RunningHouse) -> None:
    from websockets.exceptions import InvalidStatus

    base = house.http.replace("http", "ws")
    for path, protocols in (("/api/v1/other/", ["posthouse.v1"]), ("/api/v1/stream/", ["chat"])):
        with pytest.raises(InvalidStatus):
            connect(base + path, subprotocols=protocols, open_timeout=SECONDS)  # type: ignore[arg-type]
