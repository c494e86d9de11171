"""One search over mail and conversations."""

from __future__ import annotations

from typing import Any

import pytest

from tests import make
from tests.api.client import Client, log_in
from tests.cast import Cast, guest
from tests.conversations.rooms import channel, direct, group, say
from tests.house import RunningHouse


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


@pytest.fixture
def bob(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.bob)


@pytest.fixture
def mallory(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.mallory)


def found(client: Client, q: str, **query: Any) -> list[str]:
    page = client.ok(client.get("/search/", q=q, **query))
    return [shown(item) for item in page["items"]]


def shown(item: dict[str, Any]) -> str:
    if item["kind"] == "mail":
        assert "message" not in item
        return str(item["thread"]["subject"])
    assert "thread" not in item
    return str(item["message"]["text"])


def test_both_are_found_in_one_list_newest_first(
    alice: Client, bob: Client, mallory: Client, cast: Cast
) -> None:
    room = channel(alice, name="stables")
    make.email(cast.alice, subject="Hay one")
    say(alice, room, "Hay two")
    make.email(cast.alice, subject="Hay three")
    say(bob, direct(alice, bob), "Hay four")
    make.email(cast.bob, subject="Hay of bob")
    assert found(alice, "hay ") == ["Hay four", "Hay three", "Hay two", "Hay one"]
    assert found(alice, "hay ", **{"in": "mail"}) == ["Hay three", "Hay one"]
    assert found(alice, "hay ", **{"in": "messages"}) == ["Hay four", "Hay two"]
    assert found(bob, "hay ") == ["Hay of bob", "Hay four", "Hay two"]
    assert found(mallory, "hay ") == []
    page = alice.ok(alice.get("/search/", q="hay two "))
    (item,) = page["items"]
    assert item["conversation"] == {"id": room, "kind": "channel", "name": "stables", "with": None}
    assert item["at"] == item["message"]["created_at"] and page["search"]["estimate"] == 1
    assert [piece["text"] for piece in item["message"]["snippet"]["text"] if piece["is_match"]] == [
        "Hay",
        "two",
    ]
    (letter,) = alice.ok(alice.get("/search/", q="hay three "))["items"]
    assert letter["at"] == letter["thread"]["placed_at"]
    assert {"text": "three", "is_match": True} in letter["thread"]["snippet"]["subject"]


def test_pages_go_over_both(alice: Client, bob: Client, cast: Cast) -> None:
    room = group(alice, bob)
    for number in range(24):
        if number % 3:
            make.email(cast.alice, subject=f"straw {number}")
        else:
            say(alice, room, f"straw {number}")
    for limit in (1, 5, 24):
        told: list[str] = []
        cursor: dict[str, str] = {}
        for _ in range(40):
            page = alice.ok(alice.get("/search/", q="straw ", limit=limit, **cursor))
            assert len(page["items"]) <= limit
            told += map(shown, page["items"])
            if page["next"] is None:
                break
            cursor = {"cursor": page["next"]}
        assert told == [f"straw {number}" for number in reversed(range(24))], limit
    page = alice.ok(alice.get("/search/", q="straw ", limit=5))
    assert alice.get("/search/", q="other", cursor=page["next"]).json["code"] == "invalid_cursor"


def test_what_only_one_of_them_has_leaves_the_other_out(alice: Client, bob: Client, cast: Cast) -> None:
    room = group(alice, bob, name="Yard")
    make.email(cast.alice, subject="oats", sender=cast.bob.email)
    say(bob, room, "oats here")
    assert found(alice, "oats in:#yard ") == ["oats here"]
    assert found(alice, "subject:oats ") == ["oats"]
    assert found(alice, "in:inbox oats ") == ["oats"]
    assert found(alice, "oats -in:#yard ") == ["oats"]
    assert found(alice, "oats -subject:oats ") == ["oats here"]
    assert found(alice, "subject:oats OR in:#yard ") == ["oats here", "oats"]
    assert found(alice, "oats is:unread ") == ["oats here", "oats"]
    assert found(alice, "subject:oats in:#yard ") == []
    assert found(alice, "oats ", unread="true") == ["oats here", "oats"]
    assert found(bob, "oats ", unread="true") == [] and found(bob, "oats ") == ["oats here"]
    search = alice.ok(alice.get("/search/", q="oats in:#yard subject:x is:unread is:odd "))["search"]
    assert [(part["kind"], part["only"]) for part in search["understood"]] == [
        ("words", None),
        ("operator", "messages"),
        ("operator", "mail"),
        ("operator", None),
        ("not_understood", None),
    ]
    for where, word in (("mail", "in:#yard"), ("messages", "subject:oats")):
        search = alice.ok(alice.get("/search/", q=f"oats {word} ", **{"in": where}))["search"]
        assert [part["kind"] for part in search["understood"]] == ["words", "not_understood"], where


def test_who_lacks_one_of_them_finds_the_other(house: RunningHouse, alice: Client, cast: Cast) -> None:
    gina = log_in(house, guest(cast))
    room = group(alice, gina)
    say(alice, room, "barley")
    assert found(gina, "barley ") == ["barley"]
    make.email(cast.alice, subject="barley mail")
    assert found(gina, "barley ") == ["barley"]
    assert gina.get("/search/", q="barley", account=str(cast.alice.account_id)).status == 404


def test_what_cannot_be_asked_is_refused(alice: Client) -> None:
    assert alice.get("/search/", q="x", **{"in": "letters"}).json["code"] == "invalid_parameter"
    assert alice.get("/search/", q="x", limit=1000).json["code"] == "invalid_parameter"
    assert alice.get("/search/", q="x", sort="x").json["code"] == "unknown_field"
    assert found(alice, " ") == []
    assert '"search"' in alice.get("/search/", q="x").headers["ratelimit-policy"]


def test_a_token_finds_what_it_may_read(alice: Client, cast: Cast) -> None:
    make.email(cast.alice, subject="bran")
    say(alice, channel(alice), "bran here")
    for scopes, where, status in (
        (["chat:read"], "messages", 200),
        (["chat:read"], "everything", 403),
        (["mail:read"], "mail", 403),
        (["mail:read", "chat:read"], "everything", 200),
    ):
        made = alice.ok(
            alice.post("/security/tokens/", {"name": "x", "scopes": scopes, "expires_in_days": 1}), 201
        )
        program = Client(alice.http, headers={"Authorization": f"Bearer {made['token']}"})
        assert program.get("/search/", q="bran", **{"in": where}).status == status, (scopes, where)
