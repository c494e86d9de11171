from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.client import Client, log_in
from tests.cast import Cast
from tests.house import RunningHouse
from tests.identity.factors import Move, moving_clock


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


@pytest.fixture
def anyone(house: RunningHouse) -> Client:
    return Client(house.http)


@pytest.fixture
def move() -> Iterator[Move]:
    with moving_clock() as moved:
        yield moved
