from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conversations.conftest import alice, bob, gina, mallory, move  # noqa: F401 the same people
from tests.delivery.outside import outside
from tests.delivery.transport.peer import Peer
from tests.house import RunningHouse


@pytest.fixture
def world(house: RunningHouse) -> Iterator[Peer]:
    """Where zoe's mail goes."""
    with outside(house, "outside.test") as peer:
        yield peer
