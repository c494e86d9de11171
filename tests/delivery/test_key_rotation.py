"""Keys by a schedule: never fewer that sign than before, and the old ones gone when the new ones are surely there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.client import Client, log_in
from tests.base.fake_dns import SERVFAIL, FakeDns
from tests.cast import Cast
from tests.delivery.outside import inbox, until
from tests.delivery.test_signing import alice, dns, key_records, publish
from tests.house import RunningHouse
from tests.identity.factors import Move, moving_clock

__all__ = ["alice", "dns"]

DAY = 86_400


@pytest.fixture
def move() -> Iterator[Move]:
    with moving_clock() as moved:
        yield moved


def schedule(client: Client) -> str:
    return f"/domains/{client.get('/domains/').json['items'][0]['id']}/keys/schedule/"


def published_by(cast: Cast) -> dict[str, str]:
    """What the domain's page shows, asked past the log-in, which the moving clock ends."""
    from posthouse.base import sql

    return {
        f"{selector}._domainkey.{cast.domain}": record
        for selector, record in sql.rows(
            "SELECT k.selector, k.record FROM identity_domainkey k JOIN identity_domain d ON d.id = k.domain_id"
            " WHERE d.name = %s",
            [cast.domain],
        )
    }


def rotate(house: RunningHouse) -> None:
    from posthouse.delivery.domains import key_rotation

    house.call(key_rotation.rotate())


def test_a_pair_is_made_shown_used_and_the_old_one_goes(
    house: RunningHouse, cast: Cast, alice: Client, dns: FakeDns, move: Move
) -> None:
    first = key_records(alice)
    publish(dns, first)
    alice.ok(alice.patch(schedule(alice), {"every_days": 90}))
    rotate(house)
    assert published_by(cast) == first, "it is not old yet"
    move(91 * DAY)
    rotate(house)
    both = published_by(cast)
    second = {name: text for name, text in both.items() if name not in first}
    assert len(second) == 2 and len(both) == 4
    (told,) = until(lambda: inbox(cast.alice))
    assert told["Subject"] == f"New keys for {cast.domain}"
    text = "".join(told.get_content().split())
    assert all(name in text and "".join(record.split()) in text for name, record in second.items())

    rotate(house)
    move(91 * DAY)
    rotate(house)
    assert published_by(cast) == both, "the new one is not published: nothing is made, nothing goes"

    publish(dns, second)
    rotate(house)
    move(6 * DAY)
    rotate(house)
    assert published_by(cast) == both, "not a week yet"
    move(2 * DAY)
    rotate(house)
    assert published_by(cast) == second
    alice = log_in(house, cast.alice)
    facts = [line["facts"] for line in alice.get("/audit/", act="domain.changed").json["items"]]
    assert any(one.get("keys_retired") for one in facts)
    assert {line["via"] for line in alice.get("/audit/", act="domain.changed", via="job").json["items"]} == {
        "job"
    }


def test_a_silent_dns_lets_nothing_go(
    house: RunningHouse, cast: Cast, alice: Client, dns: FakeDns, move: Move
) -> None:
    publish(dns, key_records(alice))
    publish(dns, both := key_records(alice))
    alice.ok(alice.patch(schedule(alice), {"every_days": 90}))
    rotate(house)
    move(5 * DAY)
    dns.broken.update(dict.fromkeys(both, SERVFAIL))
    rotate(house)
    move(5 * DAY)
    dns.broken.clear()
    rotate(house)
    assert published_by(cast) == both, "the week begins anew"
    move(8 * DAY)
    rotate(house)
    assert len(published_by(cast)) == 2


def test_without_a_schedule_nothing_happens_by_itself(
    house: RunningHouse, cast: Cast, alice: Client, dns: FakeDns, move: Move
) -> None:
    publish(dns, key_records(alice))
    alice.ok(alice.patch(schedule(alice), {"every_days": 90}))
    alice.ok(alice.patch(schedule(alice), {"every_days": None}))
    rotate(house)
    move(400 * DAY)
    rotate(house)
    assert len(published_by(cast)) == 2
    alice = log_in(house, cast.alice)
    seen = alice.get(schedule(alice)).json
    assert (seen["every_days"], seen["next_at"]) == (None, None)


def test_the_schedule_says_when(
    house: RunningHouse, cast: Cast, alice: Client, dns: FakeDns, move: Move
) -> None:
    assert alice.get(schedule(alice)).json == {
        "every_days": None, "made_at": None, "published_at": None, "next_at": None,
    }  # fmt: skip
    publish(dns, key_records(alice))
    alice.ok(alice.patch(schedule(alice), {"every_days": 90}))
    rotate(house)
    seen = alice.get(schedule(alice)).json
    assert seen["published_at"] is not None and seen["next_at"] > seen["made_at"]
    assert alice.patch(schedule(alice), {"every_days": 3}).status == 400
