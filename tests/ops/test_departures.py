"""Whoever was deleted two weeks ago goes with everything, and nobody else with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests import make
from tests.api.client import Client, log_in
from tests.cast import Cast, person, user_id
from tests.house import RunningHouse

DAY_MS = 86_400_000


@pytest.fixture
def later() -> Iterator[Any]:
    from posthouse.base import clock

    def move(ms: int) -> None:
        clock.set_source(None)
        now = clock.now_ms() + ms
        clock.set_source(lambda: now / 1000)

    yield move
    clock.set_source(None)


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


def rows_of(account_id: int, who: str) -> dict[str, int]:
    """How many rows each table has that name the account or the person."""
    from django.apps import apps

    from posthouse.base import sql

    found = {}
    for model in apps.get_models():
        for column, value in (("account_id", account_id), ("owner_id", who), ("user_id", who)):
            if any(getattr(field, "column", None) == column for field in model._meta.fields):
                table = model._meta.db_table
                (count,) = sql.rows(f'SELECT count(*) FROM "{table}" WHERE {column} = %s', [value])[0]
                found[f"{table}.{column}"] = found.get(f"{table}.{column}", 0) + count
    return {name: count for name, count in found.items() if count}


def test_a_person_goes_with_all_they_had(house: RunningHouse, alice: Client, cast: Cast, later: Any) -> None:
    from posthouse.ops import checking, departures

    bob, carol = log_in(house, cast.bob), person("Carol", cast.domain)
    bobs, carols = user_id(cast.bob), user_id(carol)
    for n in range(3):
        make.email(cast.bob, subject=f"n{n}")
        make.email(carol, subject=f"n{n}")
    bob.ok(bob.patch("/users/me/", {"title": "Driver"}))
    bob.ok(bob.post("/drafts/", {"text": "x"}), 201)
    bob.ok(bob.post("/send/", {"to": [{"email": carol.email}], "text": "x"}), 202)
    bob.ok(bob.post("/emails/destroy/", {"ids": [str(make.email(cast.bob))]}))
    bob.ok(bob.post(f"/accounts/{cast.bob.account_id}/grants/", {"user_id": carols, "right": "read"}), 201)
    alice.ok(
        alice.send("PUT", f"/groups/{alice.post('/groups/', {'name': 'G'}).json['id']}/members/{bobs}/", {}),
        204,
    )
    room = bob.ok(bob.post("/conversations/", {"kind": "group", "user_ids": [carols]}), 201)["id"]
    said = bob.ok(bob.post(f"/conversations/{room}/messages/", {"text": "Whoa", "client_id": "1"}), 201)["id"]
    bob.ok(bob.post(f"/messages/{said}/star/"), 204)
    bob.ok(bob.send("PUT", f"/conversations/{room}/draft/", {"content": {"text": "x"}}), 204)
    assert len(rows_of(cast.bob.account_id, bobs)) > 10
    before = rows_of(carol.account_id, carols)

    assert alice.delete(f"/users/{bobs}/").status == 204
    later(13 * DAY_MS)
    departures.see_off()
    assert log_in(house, cast.alice).get(f"/users/{bobs}/").status == 200
    later(14 * DAY_MS + 1000)
    assert log_in(house, cast.alice).post(f"/users/{bobs}/restore/").status == 404, "the time is over"
    departures.see_off()
    departures.see_off()
    assert rows_of(cast.bob.account_id, bobs) == {}
    kept = log_in(house, carol).get(f"/messages/{said}/").json
    assert (kept["text"], kept["author"]["id"], kept["author"]["name"]) == ("Whoa", None, "")
    after = rows_of(carol.account_id, carols)
    before.pop("mail_accountgrant.user_id", None)
    # What a colleague has may grow meanwhile (notices of the new mail), but nothing of it goes.
    assert {name: count for name, count in before.items() if after.get(name, 0) < count} == {}
    *_, last = checking.run(repair=False)
    assert not [fault for fault in last["result"]["faults"] if str(cast.bob.account_id) in str(fault)]
    person("Bob", cast.domain)


def test_a_shared_account_goes_too(house: RunningHouse, alice: Client, cast: Cast, later: Any) -> None:
    from posthouse.base import sql
    from posthouse.ops import departures

    made = alice.ok(alice.post("/accounts/", {"name": "Desk", "email": f"desk@{cast.domain}"}), 201)
    assert alice.delete(f"/accounts/{made['id']}/").status == 204
    later(15 * DAY_MS)
    departures.see_off()
    assert sql.row("SELECT 1 FROM mail_account WHERE id = %s", [made["id"]]) is None
