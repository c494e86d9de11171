from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.house import RunningHouse

settings.register_profile("house", deadline=None)  # a busy machine is no fault
settings.load_profile("house")


@pytest.fixture(scope="session", autouse=True)
def database_server() -> Iterator[None]:
    """Ends the PostgreSQL of the run, where there is one (tests/database.py)."""
    from tests.database import databases

    with databases():
        yield


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    """A running server with every door open, shared by the session."""
    from tests.house import running_house

    with running_house(tmp_path_factory.mktemp("house")) as running:
        yield running


@pytest.fixture
def cast(house: RunningHouse) -> Iterator[Cast]:
    """alice, bob and mallory, new for this test. Mail that it left in the queue is no other test's."""
    from posthouse.base import db, sql
    from posthouse.identity import limits
    from tests.cast import new_cast

    limits.reset()
    yield new_cast()
    waiting = "UPDATE delivery_recipient SET state = 'cancelled', due_at = NULL WHERE due_at IS NOT NULL"
    db.run(sql.run, (waiting, []), {})
