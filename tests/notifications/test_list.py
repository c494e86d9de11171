"""The list of notifications (M14): telling, reading, marking, letting go, and following its log."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.client import Client, log_in
from tests.cast import Cast, user_id
from tests.house import RunningHouse

NOTES = "/notifications/"


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


@pytest.fixture
def bob(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.bob)


def note(client: Client, title: str) -> dict[str, Any]:
    made = client.ok(client.post(NOTES, {"title": title}), 201)
    return dict(made["notification"])


def titles(client: Client, **query: Any) -> list[str]:
    return [one["title"] for one in client.ok(client.get(NOTES, **query))["items"]]


def test_one_tells_oneself(alice: Client, bob: Client) -> None:
    made = note(alice, "Does it arrive?")
    assert (made["kind"], made["is_read"], made["about"]) == ("test", False, None)
    assert alice.ok(alice.get(f"{NOTES}{made['id']}/")) == made
    assert titles(bob) == []


def test_an_announcement_reaches_the_organisation_and_nobody_else(
    house: RunningHouse, cast: Cast, alice: Client, bob: Client
) -> None:
    said = {"title": "The lift\u202e is\u0007 out of order", "body": "Until noon.", "to": "everybody"}
    made = alice.ok(alice.post(NOTES, said), 201)["notification"]
    assert (made["kind"], made["title"]) == ("announcement", "The lift is out of order")
    assert titles(bob) == ["The lift is out of order"]
    assert titles(log_in(house, cast.mallory)) == []
    refused = bob.post(NOTES, said)
    assert (refused.status, refused.json["code"]) == (403, "permission_denied")
    line = alice.get("/audit/", act="notification.sent").json["items"][0]
    assert line["facts"] == {"to": "everybody", "people": 2}


def test_read_and_unread_again(alice: Client) -> None:
    path = f"{NOTES}{note(alice, 'One')['id']}/"
    read = alice.ok(alice.patch(path, {"is_read": True}))
    assert read["is_read"] and read["read_at"]
    assert alice.ok(alice.patch(path, {"is_read": True})) == read
    again = alice.ok(alice.patch(path, {"is_read": False}))
    assert (again["is_read"], again["read_at"]) == (False, None)
    assert int(again["seq"]) > int(read["seq"])


def test_all_that_was_shown_is_marked_and_what_came_later_is_not(alice: Client) -> None:
    note(alice, "One")
    shown = note(alice, "Two")["seq"]
    note(alice, "Three")
    marked = alice.ok(alice.post(f"{NOTES}mark_all_read/", {"upto": shown}))
    assert marked == {"marked": 2, "unread": 1}
    assert titles(alice, unread="true") == ["Three"]
    assert alice.ok(alice.post(f"{NOTES}mark_all_read/", {"kind": "mail"}))["marked"] == 0
    assert alice.ok(alice.post(f"{NOTES}mark_all_read/", {})) == {"marked": 1, "unread": 0}


def test_pages(alice: Client) -> None:
    for number in range(5):
        note(alice, str(number))
    first = alice.ok(alice.get(NOTES, limit=2))
    assert [one["title"] for one in first["items"]] == ["4", "3"]
    second = alice.ok(alice.get(NOTES, limit=2, cursor=first["next"]))
    last = alice.ok(alice.get(NOTES, limit=2, cursor=second["next"]))
    assert [one["title"] for one in (*second["items"], *last["items"])] == ["2", "1", "0"]
    assert last["next"] is None
    assert alice.get(NOTES, kind="mail", cursor=first["next"]).json["code"] == "invalid_cursor"


def test_let_go(alice: Client) -> None:
    path = f"{NOTES}{note(alice, 'One')['id']}/"
    alice.ok(alice.delete(path), 204)
    assert alice.get(path).status == 404
    assert titles(alice) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "required"),
        ({"title": ""}, "blank"),
        ({"title": "x", "to": "world"}, "invalid_choice"),
        ({"title": "x", "y": 1}, "unknown_field"),
    ],
)
def test_what_makes_no_sense_is_refused(alice: Client, body: dict[str, Any], code: str) -> None:
    answer = alice.post(NOTES, body)
    assert answer.status == 400
    assert (
        code in [one["code"] for one in answer.json.get("errors", [answer.json])]
        or answer.json["code"] == code
    )


# --- the log --------------------------------------------------------------------------------------


def test_who_follows_the_log_has_what_one_has_that_fetched(cast: Cast, alice: Client) -> None:
    """Whatever was done, from wherever one follows."""
    from posthouse.notifications import queries

    me = cast.alice.actor
    acts = [
        lambda: note(alice, "a"),
        lambda: note(alice, "b"),
        lambda: alice.patch(f"{NOTES}{alice.get(NOTES).json['items'][0]['id']}/", {"is_read": True}),
        lambda: note(alice, "c"),
        lambda: alice.delete(f"{NOTES}{alice.get(NOTES).json['items'][-1]['id']}/"),
        lambda: note(alice, "d"),
        lambda: alice.post(f"{NOTES}mark_all_read/", {}),
        lambda: note(alice, "e"),
    ]
    views: list[tuple[int, dict[str, Any]]] = [(0, {})]
    for act in acts:
        act()
        whole = alice.ok(alice.get(NOTES))
        fresh = {one["id"]: one for one in whole["items"]}
        for since, had in views:
            news = queries.news(me, since)
            assert (news["seq"], news["unread"]) == (whole["state"], whole["unread"])
            if not news["resync"]:
                assert {**had, **{one["id"]: one for one in news["items"]}} == fresh
        views.append((int(whole["state"]), fresh))
    assert queries.news(me, int(views[-1][0]))["items"] == []
    assert queries.news(me, 1)["resync"], "something has vanished since"
    assert queries.news(me, 10**6)["resync"], "from another life"


def test_many_are_told_at_once_and_taken_back_at_once(house: RunningHouse, cast: Cast) -> None:
    """As a conversation will do."""
    from posthouse.base import db
    from posthouse.notifications import telling
    from posthouse.notifications.deciding import MESSAGE, Facts
    from tests.cast import person

    people = [int(user_id(person(f"p{n}", cast.domain))) for n in range(40)]
    occasion = telling.Occasion(
        user_ids=people,
        facts=Facts(kind=MESSAGE),
        key="chat:1",
        title="Room",
        about=telling.About("conversations", "1", "1"),
        named=frozenset(people[:1]),
    )
    told = telling.weigh([occasion])
    assert {one.user_id for one in told} == set(people)
    db.action(lambda: telling.keep(told))()
    standing = telling.standing_about("conversations", ["1"])
    assert sorted(one.user_id for one in standing) == sorted(people)
    db.action(lambda: telling.keep(telling.weigh([occasion])))()
    again = telling.standing_about("conversations", ["1"])
    assert [one.id for one in again] == [one.id for one in standing], "the same key replaces"
    assert db.action(lambda: telling.take_back(again))() == 40
    assert telling.standing_about("conversations", ["1"]) == []
