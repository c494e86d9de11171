"""The list of conversations: the newest message of each, and one's own folders."""

from __future__ import annotations

from typing import Any

from tests.api.client import Client
from tests.conversations.rooms import direct, group, refusal, reply, say


def last_of(client: Client, conversation: str) -> Any:
    """As the list tells it, which is what the conversation by itself says."""
    items = client.ok(client.get("/conversations/"))["items"]
    found = next(item for item in items if item["id"] == conversation)["last"]
    assert client.ok(client.get(f"/conversations/{conversation}/"))["last"] == found
    return found


def test_each_conversation_tells_its_newest_message(alice: Client, bob: Client) -> None:
    room = group(alice, bob)
    assert last_of(alice, room) is None, "what the house wrote is nothing said"
    first = say(alice, room, "First")
    found = last_of(bob, room)
    assert (found["id"], found["number"], found["text"]) == (first["id"], first["number"], "First")
    assert found["author"] == {"id": first["author"]["id"], "name": "Alice"} and not found["has_files"]
    assert found["created_at"] == first["created_at"]
    reply(bob, first, "In the thread")
    assert last_of(alice, room)["text"] == "First", "threads are beside the timeline"
    file = alice.request("POST", "/conversations/files/?filename=plan.txt", body=b"x").json
    say(alice, room, "", file_ids=[file["id"]])
    assert (last_of(bob, room)["text"], last_of(bob, room)["has_files"]) == ("", True)
    long = say(bob, room, "x" * 2_000)
    assert last_of(alice, room)["text"] == "x" * 300
    bob.ok(bob.patch(f"/messages/{long['id']}/", {"text": "Shorter"}))
    assert last_of(alice, room)["text"] == "Shorter"


def test_what_was_deleted_is_not_the_newest(alice: Client, bob: Client) -> None:
    room = direct(alice, bob)
    say(alice, room, "Stays")
    second = say(bob, room, "Goes")
    alice.ok(alice.delete(f"/messages/{second['id']}/?for=me"), 204)
    assert last_of(alice, room) is None and last_of(bob, room)["text"] == "Goes"
    bob.ok(bob.delete(f"/messages/{second['id']}/"), 204)
    assert last_of(alice, room)["text"] == last_of(bob, room)["text"] == "Stays"


def test_a_folder_is_renamed_and_taken_away_for_oneself_alone(alice: Client, bob: Client) -> None:
    one, two, other = group(alice, bob), group(alice, bob), group(alice, bob)
    for person in (alice, bob):
        for room in (one, two):
            person.ok(person.patch(f"/conversations/{room}/me/", {"folder": "Work"}))
    since = alice.get("/conversations/unread/").json["state"]
    assert alice.ok(alice.patch("/conversations/folders/", {"folder": "Work", "name": "Desk"})) == {
        "changed": 2
    }

    def folders(client: Client) -> dict[str, str]:
        items = client.ok(client.get("/conversations/"))["items"]
        return {item["id"]: item["me"]["folder"] for item in items}

    assert folders(alice) == {one: "Desk", two: "Desk", other: ""}
    assert folders(bob) == {one: "Work", two: "Work", other: ""}
    told = alice.ok(alice.get("/conversations/changes/", since=since))
    assert {place["conversation_id"]: place["folder"] for place in told["conversations"]} == {
        one: "Desk",
        two: "Desk",
    }
    assert alice.ok(alice.patch("/conversations/folders/", {"folder": "Desk", "name": ""})) == {"changed": 2}
    assert set(folders(alice).values()) == {""}
    assert alice.ok(alice.patch("/conversations/folders/", {"folder": "Desk", "name": "x"})) == {"changed": 0}
    assert refusal(alice.patch("/conversations/folders/", {"folder": "", "name": "x"}))[0] == 400
