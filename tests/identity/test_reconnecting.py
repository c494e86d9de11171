"""Mail programs that come back all at once: how often a slow hash is asked for, counted, not timed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.api.client import log_in
from tests.cast import PASSWORD
from tests.identity.factors import Move
from tests.identity.test_mail_clients import app_password
from tests.imapd.client import Client

if TYPE_CHECKING:
    from tests.cast import Cast, Person
    from tests.house import RunningHouse

AT_ONCE = 16
STORM = 1_000


def slow_hashes() -> int:
    from posthouse.identity.hashing import hashings

    return int(sum(numbers[0] for numbers in hashings.numbers().values()))


def come_in(house: RunningHouse, person: Person, password: str, times: int) -> None:
    """So many connections that stay open, AT_ONCE of them shaking hands at a time."""

    def one(_: int) -> Client:
        client = Client(house.ports["imap"])
        stack.callback(client.close)
        client.log_in(person.email, password)
        return client

    with ExitStack() as stack, ThreadPoolExecutor(AT_ONCE) as threads:
        clients = list(threads.map(one, range(times)))
        for client in clients:
            client.ok(b"NOOP")


def forget_what_is_in_memory(move: Move) -> None:
    """As a restart does."""
    move(301)


def test_app_passwords_cost_no_slow_hash(house: RunningHouse, cast: Cast) -> None:
    made = app_password(log_in(house, cast.alice))["password"]
    before = slow_hashes()
    come_in(house, cast.alice, made, AT_ONCE)
    assert slow_hashes() == before


def test_of_many_who_come_with_one_password_the_first_pays(house: RunningHouse, cast: Cast) -> None:
    """The password has no keys yet, so it is Argon2id that tells whether it is right: once, however many ask."""
    before = slow_hashes()
    come_in(house, cast.bob, PASSWORD, AT_ONCE)
    assert slow_hashes() == before + 1


def test_a_thousand_come_back_after_a_restart(house: RunningHouse, cast: Cast, move: Move) -> None:
    people = (cast.alice, cast.bob, cast.mallory)
    for person in people:
        come_in(house, person, PASSWORD, 1)
    forget_what_is_in_memory(move)
    before = slow_hashes()
    for person in people:
        come_in(house, person, PASSWORD, STORM // len(people))
    assert slow_hashes() == before


@pytest.mark.parametrize("wrong", ["wrong password", ""])
def test_a_wrong_one_always_pays(cast: Cast, wrong: str) -> None:
    from posthouse.base.errors import Denied
    from posthouse.identity.actions import authenticate

    for tries in range(1, 4):
        before = slow_hashes()
        with pytest.raises(Denied):
            authenticate(cast.alice.email, wrong, via="test", ip=f"192.0.2.{tries}")
        assert slow_hashes() == before + 1


def test_what_is_remembered_does_not_outlive_the_password_or_the_person(
    house: RunningHouse, cast: Cast
) -> None:
    alice = log_in(house, cast.alice)
    come_in(house, cast.alice, PASSWORD, 1)
    body = {"current_password": PASSWORD, "new_password": "slow train, purple ink"}
    alice.ok(alice.post("/auth/password/change/", body), 204)
    line = f'LOGIN {cast.alice.email} "{PASSWORD}"'.encode()
    client = Client(house.ports["imap"])
    assert client.run(line).tagged.startswith(b"NO ")
    come_in(house, cast.bob, PASSWORD, 1)
    bob = cast.bob.actor.user_id
    alice.ok(alice.patch(f"/users/{bob}/", {"is_active": False}))
    assert client.run(line.replace(b"alice", b"bob")).tagged.startswith(b"NO ")
    client.close()
