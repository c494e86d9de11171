"""Pointers, counters, threads that are unread: what clears, and what stays."""

from __future__ import annotations

from typing import Any

from tests.api.client import Client, log_in
from tests.cast import Cast, person, user_id
from tests.conversations.rooms import channel, counter, direct, group, me, reply, say
from tests.house import RunningHouse


def _read(client: Client, room: str, number: int, **more: Any) -> dict[str, Any]:
    own: dict[str, Any] = client.ok(client.post(f"/conversations/{room}/read/", {"number": number, **more}))
    return own


def test_reading_anywhere_clears_everywhere(
    house: RunningHouse, alice: Client, bob: Client, cast: Cast
) -> None:
    room = group(alice, bob)
    phone = log_in(house, cast.bob)
    last = [say(alice, room, f"m{n}") for n in range(3)][-1]
    since = phone.get("/conversations/unread/").json["state"]
    assert (counter(phone, room) or {})["unread"] == 3
    _read(bob, room, last["number"])
    assert counter(phone, room) is None
    told = phone.ok(phone.get("/conversations/changes/", since=since))
    assert [(one["conversation_id"], one["read_number"]) for one in told["conversations"]] == [
        (room, last["number"])
    ]
    assert _read(bob, room, 1)["read_number"] == last["number"], "a pointer does not go back by itself"
    assert _read(bob, room, 999_999)["read_number"] == last["number"], "nor beyond what there is"


def test_ones_own_message_reads_what_is_above(alice: Client, bob: Client) -> None:
    room = group(alice, bob)
    say(alice, room)
    assert (counter(bob, room) or {})["unread"] == 1
    say(bob, room, "Seen")
    assert counter(bob, room) is None
    assert (counter(alice, room) or {})["unread"] == 1


def test_marked_unread_sticks_until_it_is_reopened(alice: Client, bob: Client) -> None:
    room = group(alice, bob)
    numbers = [say(alice, room, f"m{n}")["number"] for n in range(4)]
    _read(bob, room, numbers[-1])
    own = bob.ok(bob.post(f"/conversations/{room}/unread/", {"number": numbers[1]}))
    assert own["is_marked_unread"] and own["read_number"] == numbers[1] - 1
    assert (counter(bob, room) or {})["unread"] == 3
    assert _read(bob, room, numbers[-1])["is_marked_unread"], "a window that is still open does not clear it"
    say(bob, room, "Nor does writing")
    assert (counter(bob, room) or {})["unread"] == 3, "and one's own is never unread"
    assert not _read(bob, room, numbers[-1] + 1, is_reopened=True)["is_marked_unread"]
    assert counter(bob, room) is None


def test_what_was_deleted_is_not_unread(alice: Client, bob: Client) -> None:
    room = group(alice, bob)
    kept, gone = say(alice, room, "a"), say(alice, room, "b")
    alice.ok(alice.delete(f"/messages/{gone['id']}/"), 204)
    assert (counter(bob, room) or {})["unread"] == 1
    alice.ok(alice.delete(f"/messages/{kept['id']}/"), 204)
    assert counter(bob, room) is None, "a badge with nothing behind it never clears"


def test_what_the_house_writes_is_not_unread(
    alice: Client, bob: Client, house: RunningHouse, cast: Cast
) -> None:
    room = group(alice, bob)
    _read(bob, room, 1)
    alice.ok(alice.patch(f"/conversations/{room}/", {"name": "Renamed"}))
    carol = person("Carol", cast.domain)
    alice.ok(alice.post(f"/conversations/{room}/participants/", {"user_ids": [user_id(carol)]}), 201)
    assert counter(bob, room) is None
    page = bob.ok(bob.get(f"/conversations/{room}/messages/"))
    events = [item["event"]["type"] for item in page["items"] if item["kind"] == "system"]
    assert events == ["created", "name_changed", "added"]


def test_threads_are_followed_by_those_in_them(
    alice: Client, bob: Client, house: RunningHouse, cast: Cast
) -> None:
    carol = log_in(house, person("Carol", cast.domain))
    room = group(alice, bob, carol)
    root = say(alice, room, "Root")
    for client in (bob, carol):
        _read(client, room, root["number"])
    first = reply(bob, root, "One")
    unread = alice.ok(alice.get("/threads/unread/"))["items"]
    assert [(one["id"], one["unread"]) for one in unread] == [(first["thread_id"], 1)], "who began it follows"
    assert (counter(alice, room) or {})["threads"] == 1 and (counter(alice, room) or {})["unread"] == 0
    assert carol.get("/threads/unread/").json["items"] == []
    reply(bob, root, f"What says @[x](user:{me(carol)})?")
    assert [one["unread"] for one in carol.get("/threads/unread/").json["items"]] == [1], (
        "who is named follows from there"
    )
    assert bob.get("/threads/unread/").json["items"] == [], "who answers has read"
    last = carol.ok(carol.get(f"/conversations/{room}/threads/{first['thread_id']}/"))["last_number"]
    _read(carol, room, last, thread_id=first["thread_id"])
    assert carol.get("/threads/unread/").json["items"] == []
    path = f"/conversations/{room}/threads/{first['thread_id']}/follow/"
    alice.ok(alice.post(path, {"is_following": False}))
    assert alice.get("/threads/unread/").json["items"] == []
    reply(bob, root, f"@[x](user:{me(alice)}) are you still here?")
    assert alice.get("/threads/unread/").json["items"] == [], "who said no is left alone"
    reply(alice, root, "I am")
    reply(bob, root, "Good")
    assert [one["unread"] for one in alice.get("/threads/unread/").json["items"]] == [1], "until they answer"
    alice.ok(alice.post(path, {"is_muted": True}))
    assert alice.get("/threads/unread/").json["items"] == []


def test_a_deleted_answer_is_not_unread(alice: Client, bob: Client) -> None:
    room = group(alice, bob)
    gone = reply(bob, say(alice, room))
    bob.ok(bob.delete(f"/messages/{gone['id']}/"), 204)
    assert alice.get("/threads/unread/").json["items"] == []


def test_who_has_read_is_told_unless_they_hide_it(alice: Client, bob: Client) -> None:
    room = direct(alice, bob)
    message = say(alice, room)
    readers = f"/messages/{message['id']}/readers/"
    assert alice.ok(alice.get(readers))["read"] == []
    _read(bob, room, message["number"])
    assert alice.ok(alice.get(readers))["read"] == [{"user_id": me(bob), "name": "Bob"}]
    state = _state_of(alice, room, me(bob))
    assert state["read_number"] == state["delivered_number"] == message["number"]
    bob.ok(bob.patch("/conversations/settings/", {"hides_reading": True}))
    assert alice.ok(alice.get(readers))["read"] == []
    assert _state_of(alice, room, me(bob))["read_number"] is None
    theirs = say(bob, room)
    _read(alice, room, theirs["number"])
    assert bob.ok(bob.get(f"/messages/{theirs['id']}/readers/"))["read"] == [], (
        "who hides is not shown the other's"
    )
    bob.ok(bob.patch("/conversations/settings/", {"hides_reading": False}))
    assert _state_of(alice, room, me(bob))["read_number"] == theirs["number"]
    alice.ok(alice.patch("/conversations/policy/", {"hides_reading": True}))
    assert (
        alice.ok(alice.get(readers))["read"] == [] and _state_of(alice, room, me(bob))["read_number"] is None
    )


def _state_of(client: Client, room: str, who: str) -> dict[str, Any]:
    people = client.ok(client.get(f"/conversations/{room}/participants/"))["items"]
    return next(one for one in people if one["user_id"] == who)


def test_a_large_channel_tells_no_reading_in_its_log(alice: Client, bob: Client, cast: Cast) -> None:
    from posthouse.base import sql

    room = channel(alice)
    bob.ok(bob.post(f"/conversations/{room}/join/"))
    crowd = [person(f"P{n}", cast.domain) for n in range(30)]
    message = say(alice, room)
    _read(bob, room, message["number"])
    assert _state_of(alice, room, me(bob))["read_number"] == message["number"]
    ids = [user_id(one) for one in crowd]
    alice.ok(alice.post(f"/conversations/{room}/participants/", {"user_ids": ids}), 201)
    before = alice.get(f"/conversations/{room}/").json["seq"]
    last = say(alice, room)
    _read(bob, room, last["number"])
    assert int(alice.get(f"/conversations/{room}/").json["seq"]) == int(before) + 1, (
        "reading is not its log's"
    )
    assert _state_of(alice, room, me(bob))["read_number"] is None
    readers = alice.ok(alice.get(f"/messages/{last['id']}/readers/"))
    assert [one["user_id"] for one in readers["read"]] == [me(bob)] and readers["read_count"] == 1
    written = sql.row(
        "SELECT count(*) FROM conversations_participant WHERE conversation_id = %s", [int(room)]
    )
    assert written == (32,)
