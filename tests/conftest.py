from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.house import RunningHouse


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    """A running server with every door open, shared by the session."""
    from tests.database import databases
    from tests.house import running_house

    with databases(), running_house(tmp_path_factory.mktemp("house")) as running:
        yield running


@pytest.fixture
def cast(house: RunningHouse) -> Cast:
    """alice, bob and mallory, new for this test."""
    from posthouse.identity import limits
    from tests.cast import new_cast

    limits.reset()
    return new_cast()
