from __future__ import annotations

import pytest

from tests.api.client import Client, log_in
from tests.cast import Cast, guest
from tests.house import RunningHouse


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


@pytest.fixture
def mallory(house: RunningHouse, cast: Cast) -> Client:
    """From another organisation."""
    return log_in(house, cast.mallory)


@pytest.fixture
def bob(house: RunningHouse, cast: Cast) -> Client:
    """alice's colleague, a member."""
    return log_in(house, cast.bob)


@pytest.fixture
def gina(house: RunningHouse, cast: Cast) -> Client:
    """A guest in alice's organisation."""
    return log_in(house, guest(cast))


@pytest.fixture
def anyone(house: RunningHouse) -> Client:
    """Not logged in."""
    return Client(house.http)
