from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.imapd.client import Client

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.house import RunningHouse


@pytest.fixture
def client(house: RunningHouse, cast: Cast) -> Iterator[Client]:
    """Alice, by IMAP, with her inbox open."""
    connected = Client(house.ports["imap"])
    connected.log_in(cast.alice.email, cast.alice.password)
    connected.ok(b"SELECT INBOX")
    yield connected
    connected.close()
