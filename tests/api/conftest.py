from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.client import Client, log_in
from tests.house import House, house


@pytest.fixture(scope="session", name="house")
def _house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as opened:
        yield opened


@pytest.fixture
def alice(house: House) -> Client:
    return log_in(house, house.person("alice"))


@pytest.fixture
def mallory(house: House) -> Client:
    """From another organisation."""
    return log_in(house, house.person("mallory"))


@pytest.fixture
def anyone(house: House) -> Client:
    """Not logged in."""
    return Client(house.http)


def raw(subject: str = "Hello", **fields: Any) -> bytes:
    return subject.encode()
