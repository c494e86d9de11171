from __future__ import annotations

import pytest

from tests.api.client import Client, log_in
from tests.cast import Cast
from tests.house import RunningHouse


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


@pytest.fixture
def mallory(house: RunningHouse, cast: Cast) -> Client:
    """From another organisation."""
    return log_in(house, cast.mallory)


@pytest.fixture
def anyone(house: RunningHouse) -> Client:
    """Not logged in."""
    return Client(house.http)
