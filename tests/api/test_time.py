"""What ends by itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from tests import make
from tests.api.client import Client
from tests.cast import Cast
from tests.house import RunningHouse

Later = Callable[[float], None]


@pytest.fixture
def later(house: RunningHouse) -> Iterator[Later]:
    """Move the house's clock forward by so many seconds."""
    from posthouse.base import clock

    yield lambda seconds: clock.set_source(lambda: time.time() + seconds)
    clock.set_source(None)


def test_access_tokens_last_ten_minutes(alice: Client, later: Later) -> None:
    later(590)
    assert alice.get("/me/").status == 200
    later(610)
    assert (alice.get("/me/").status, alice.get("/me/").json["code"]) == (401, "invalid_token")


def test_refresh_tokens_last_thirty_days_from_their_last_use(
    anyone: Client, cast: Cast, later: Later
) -> None:
    person = cast.bob
    pair = anyone.post("/auth/token/", {"email": person.email, "password": person.password}).json
    later(29 * 86_400)
    pair = anyone.ok(anyone.post("/auth/token/refresh/", {"refresh": pair["refresh"]}))
    later(58 * 86_400)
    pair = anyone.ok(anyone.post("/auth/token/refresh/", {"refresh": pair["refresh"]}))
    later(89 * 86_400)
    assert anyone.post("/auth/token/refresh/", {"refresh": pair["refresh"]}).status == 401


def test_signed_links_last_an_hour_or_two(alice: Client, anyone: Client, cast: Cast, later: Later) -> None:
    url = alice.get(f"/emails/{make.email(cast.alice)}/").json["html_url"]
    later(3_500)
    assert anyone.get(url).status == 200
    later(7_300)
    assert (anyone.get(url).status, anyone.get(url).json["code"]) == (403, "invalid_link")
