"""What is said in conversations is told to whom it concerns, once, and taken back where it is read or deleted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.client import Client, log_in
from tests.cast import Cast, person
from tests.conversations.rooms import channel, counter, direct, group, me, reply, say
from tests.house import RunningHouse
from tests.push_service import until
from tests.realtime.tab import Tab


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


@pytest.fixture
def bob(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.bob)


def standing(client: Client) -> list[dict[str, Any]]:
    return list(client.ok(client.get("/notifications/", unread="true"))["items"])


def why(client: Client, title: str) -> list[str]:
    """Why one was told (or not) of something of that title, once it was decided."""

    def found() -> list[dict[str, Any]]:
        items = client.ok(client.get("/notifications/decisions/"))["items"]
        return [one for one in items if title in one["title"]]

    return [reason["code"] for reason in until(found)[0]["reasons"]]


def test_a_direct_message_is_told_and_reading_it_takes_it_back(alice: Client, bob: Client) -> None:
    room = direct(alice, bob)
    sent = say(alice, room, "Are the **horses** fresh?")
    (one,) = until(lambda: standing(bob))
    assert (one["kind"], one["title"], one["body"]) == ("message", "Alice", "Are the **horses** fresh?")
    assert one["about"] == {"room": "conversations", "id": room, "in": str(sent["number"])}
    assert standing(alice) == [], "nobody is told of their own words"

    bob.ok(bob.post(f"/conversations/{room}/read/", {"number": sent["number"]}))
    assert standing(bob) == []


def test_what_follows_replaces_and_counts(alice: Client, bob: Client) -> None:
    room = direct(alice, bob)
    for number in range(3):
        say(alice, room, f"m{number}")
    (one,) = until(lambda: [one for one in standing(bob) if one["times"] == 3])
    assert one["body"] == "m2"


def test_a_channel_tells_those_who_are_named(
    house: RunningHouse, cast: Cast, alice: Client, bob: Client
) -> None:
    room = channel(alice)
    dora = log_in(house, person("Dora", cast.domain))
    for client in (bob, dora):
        client.ok(client.post(f"/conversations/{room}/join/"))
    say(alice, room, "To all who care")
    say(alice, room, f"@[Bob](user:{me(bob)}) look here")
    (one,) = until(lambda: standing(bob))
    assert one["title"].endswith(" in general")
    assert one["body"].endswith(" look here") and "user:" not in one["body"]
    assert standing(dora) == []

    say(alice, room, "@channel the house burns")
    (one,) = until(lambda: standing(dora))
    assert one["body"] == "@channel the house burns"


def test_here_names_those_who_are_here_and_channel_everybody(
    house: RunningHouse, cast: Cast, alice: Client, bob: Client
) -> None:
    room = channel(alice)
    dora = log_in(house, person("Dora", cast.domain))
    for client in (bob, dora):
        client.ok(client.post(f"/conversations/{room}/join/"))
    tab = Tab(house, dora)
    tab.hear("hello")
    try:
        said = say(alice, room, "@here tea is ready")
    finally:
        tab.close()
    (one,) = until(lambda: standing(dora))
    assert one["body"] == "@here tea is ready" and standing(bob) == []
    assert _named(dora, room) == 1 and _named(bob, room) == 0
    assert [item["id"] for item in bob.get("/messages/", has="mention").json["items"]] == []

    # Saying it in other words names whom it named, and nobody who came since.
    late = Tab(house, bob)
    late.hear("hello")
    try:
        alice.ok(alice.patch(f"/messages/{said['id']}/", {"text": "@here tea and cake"}))
    finally:
        late.close()
    assert _named(dora, room) == 1 and _named(bob, room) == 0
    say(alice, room, "@channel the house burns")
    (one,) = until(lambda: standing(bob))
    assert one["body"] == "@channel the house burns"
    assert _named(dora, room) == 2 and _named(bob, room) == 1


def _named(client: Client, room: str) -> int:
    found = counter(client, room)
    return int(found["mentions"]) if found else 0


def test_who_wants_all_of_a_channel_hears_all_and_who_muted_it_nothing(alice: Client, bob: Client) -> None:
    room = channel(alice)
    bob.ok(bob.post(f"/conversations/{room}/join/"))
    bob.ok(bob.patch(f"/conversations/{room}/me/", {"level": "all"}))
    say(alice, room, "First")
    until(lambda: standing(bob))

    bob.ok(bob.post(f"/conversations/{room}/read/", {"number": 999}))
    bob.ok(bob.patch(f"/conversations/{room}/me/", {"level": "nothing"}))
    say(alice, room, f"@[Bob](user:{me(bob)}) Second")
    assert why(bob, "Second") == ["messages_all", "muted"]
    assert standing(bob) == []


def test_a_thread_tells_those_who_follow_it(
    house: RunningHouse, cast: Cast, alice: Client, bob: Client
) -> None:
    dora = log_in(house, person("Dora", cast.domain))
    room = group(alice, bob, dora)
    root = say(bob, room, "Who rides north?")
    for client in (alice, dora):
        until(lambda client=client: standing(client))  # type: ignore[misc]
        client.ok(client.post(f"/conversations/{room}/read/", {"number": root["number"]}))
    answer = reply(alice, root, "I do")
    (one,) = until(lambda: standing(bob))
    assert one["about"]["in"] == f"{answer['thread_id']}.{answer['number']}"
    assert standing(dora) == []

    bob.ok(bob.post(f"/conversations/{room}/read/", {"number": answer["number"]}))
    assert standing(bob), "the main timeline is another place"
    place = {"number": answer["number"], "thread_id": answer["thread_id"]}
    bob.ok(bob.post(f"/conversations/{room}/read/", place))
    assert standing(bob) == []


def test_what_is_deleted_is_taken_back(alice: Client, bob: Client) -> None:
    sent = say(alice, direct(alice, bob), "A slip of the tongue")
    until(lambda: standing(bob))
    alice.ok(alice.delete(f"/messages/{sent['id']}/"), 204)
    assert standing(bob) == []


def test_who_is_left_out_or_has_read_hears_nothing(alice: Client, bob: Client) -> None:
    room = group(alice, bob)
    alice.ok(alice.post("/conversations/blocks/", {"user_id": me(bob)}), 204)
    say(bob, room, "Listen to me")
    sent = say(alice, room, "Anybody?")
    until(lambda: standing(bob))
    assert standing(alice) == []

    bob.ok(bob.delete(f"/conversations/{room}/participants/{me(bob)}/"), 204)
    assert say(alice, room, "Gone now")["number"] > sent["number"]


def test_a_reminder_that_is_due_is_told_until_one_is_done_with_it(alice: Client, bob: Client) -> None:
    from posthouse.base import clock

    room = direct(alice, bob)
    kept, gone = say(alice, room, "Feed the horses"), say(alice, room, "Never mind")
    bob.ok(bob.post(f"/conversations/{room}/read/", {"number": gone["number"]}))
    for message in (kept, gone):
        soon = clock.iso(clock.now_ms() + 500)
        bob.ok(bob.post(f"/messages/{message['id']}/remind/", {"remind_at": soon}))

    def due() -> dict[str, dict[str, Any]]:
        return {one["body"]: one for one in standing(bob) if one["kind"] == "reminder"}

    found = until(lambda: due() if len(due()) == 2 else None)["Feed the horses"]
    assert (found["title"], found["about"]["id"]) == ("Reminder: Alice", room)
    assert why(bob, "Feed the horses") == ["reminder"]
    listed = bob.ok(bob.get("/conversations/reminders/"))["items"]
    assert [(one["state"], one["message"]["text"], one["thread_id"]) for one in listed] == [
        ("due", "Feed the horses", None),
        ("due", "Never mind", None),
    ]
    bob.ok(bob.post(f"/conversations/{room}/read/", {"number": gone["number"]}))
    assert set(due()) == {"Feed the horses", "Never mind"}, "reading is not being done with it"
    alice.ok(alice.delete(f"/messages/{gone['id']}/"), 204)
    assert set(due()) == {"Feed the horses"}
    bob.ok(bob.delete(f"/messages/{kept['id']}/remind/"), 204)
    assert due() == {} and standing(alice) == []
    assert bob.ok(bob.get("/conversations/reminders/"))["items"] == []
