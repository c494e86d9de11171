from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.client import Client, log_in
from tests.cast import Cast, guest
from tests.house import RunningHouse
from tests.identity.factors import Move, moving_clock


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


@pytest.fixture
def bob(house: RunningHouse, cast: Cast) -> Client:
    """alice's colleague, a member."""
    return log_in(house, cast.bob)


@pytest.fixture
def mallory(house: RunningHouse, cast: Cast) -> Client:
    """From another organisation."""
    return log_in(house, cast.mallory)


@pytest.fixture
def gina(house: RunningHouse, cast: Cast) -> Client:
    """A guest in alice's organisation."""
    return log_in(house, guest(cast))


@pytest.fixture
def move(house: RunningHouse, alice: Client, bob: Client) -> Iterator[Move]:
    """Moves the clock; who was logged in is again, since a token lives ten minutes."""
    with moving_clock() as moved:

        def move_and_return(seconds: float) -> None:
            moved(seconds)
            for client in (alice, bob):
                assert client.person is not None
                client.headers |= log_in(house, client.person).headers

        yield move_and_return
