"""Drafts, what is sent later, reminders, places, blocks."""

from __future__ import annotations

from tests.api.client import Client, log_in
from tests.cast import Cast
from tests.conversations.rooms import direct, group, me, refusal, say, texts
from tests.delivery.outside import until
from tests.house import RunningHouse
from tests.identity.factors import Move


def test_a_draft_is_on_all_ones_devices_and_nobody_elses(
    house: RunningHouse, alice: Client, bob: Client, cast: Cast
) -> None:
    room = group(alice, bob)
    phone = log_in(house, cast.alice)
    path = f"/conversations/{room}/draft/"
    alice.ok(alice.send("PUT", path, {"content": {"text": "Half a"}}), 204)
    alice.ok(alice.send("PUT", path, {"content": {"text": "Half a thought"}}), 204)
    (draft,) = phone.ok(phone.get("/conversations/drafts/"))["items"]
    assert draft["content"]["text"] == "Half a thought" and draft["conversation_id"] == room
    assert bob.get("/conversations/drafts/").json["items"] == []
    alice.ok(alice.send("PUT", path, {"content": None}), 204)
    assert phone.get("/conversations/drafts/").json["items"] == []


def test_undo_send_takes_it_back_exactly(alice: Client, bob: Client) -> None:
    room = group(alice, bob)
    path = f"/conversations/{room}/messages/"
    held = alice.ok(alice.post(path, {"text": "Oh no", "hold_seconds": 60, "client_id": "a1"}), 202)
    assert held["state"] == "waiting" and texts(bob, room) == []
    again = alice.post(path, {"text": "Oh no", "hold_seconds": 60, "client_id": "a1"})
    assert (again.status, again.json["id"]) == (202, held["id"])
    assert bob.get(f"/conversations/scheduled/{held['id']}/").status == 404
    assert bob.delete(f"/conversations/scheduled/{held['id']}/").status == 404
    alice.ok(alice.delete(f"/conversations/scheduled/{held['id']}/"), 204)
    assert refusal(alice.delete(f"/conversations/scheduled/{held['id']}/")) == (409, "already_sent")
    from posthouse.conversations import scheduling

    scheduling.send_due(int(held["id"]))
    assert texts(bob, room) == [] and alice.get("/conversations/scheduled/").json["items"] == []


def test_what_is_held_is_sent_by_itself(alice: Client, bob: Client) -> None:
    room = group(alice, bob)
    held = alice.ok(alice.post(f"/conversations/{room}/messages/", {"text": "Soon", "hold_seconds": 1}), 202)
    until(lambda: texts(bob, room) == ["Soon"])
    done = alice.ok(alice.get(f"/conversations/scheduled/{held['id']}/"))
    assert done["state"] == "sent" and alice.get(f"/messages/{done['message_id']}/").json["text"] == "Soon"
    assert refusal(alice.delete(f"/conversations/scheduled/{held['id']}/")) == (409, "already_sent")


def test_scheduled_is_put_off_and_sent_once(alice: Client, bob: Client, move: Move) -> None:
    from posthouse.base import clock
    from posthouse.conversations import scheduling

    room = group(alice, bob)
    body = {"text": "Tomorrow", "send_at": clock.iso(clock.now_ms() + 86_400_000)}
    held = alice.ok(alice.post(f"/conversations/{room}/messages/", body), 202)
    path = f"/conversations/scheduled/{held['id']}/"
    alice.ok(alice.patch(path, {"send_at": clock.iso(clock.now_ms() + 2 * 86_400_000)}))
    move(86_400 + 60)
    scheduling.send_due(int(held["id"]))
    assert texts(bob, room) == [], "the time before counts no more"
    move(86_400)
    for _ in range(2):
        scheduling.send_due(int(held["id"]))
    assert texts(bob, room) == ["Tomorrow"]


def test_what_may_not_be_sent_any_more_says_why(alice: Client, bob: Client, move: Move) -> None:
    from posthouse.base import clock
    from posthouse.conversations import scheduling

    room = group(alice, bob)
    body = {"text": "Later", "send_at": clock.iso(clock.now_ms() + 3_600_000)}
    held = bob.ok(bob.post(f"/conversations/{room}/messages/", body), 202)
    alice.ok(alice.delete(f"/conversations/{room}/participants/{me(bob)}/"), 204)
    move(3_700)
    scheduling.send_due(int(held["id"]))
    (failed,) = bob.ok(bob.get("/conversations/scheduled/"))["items"]
    assert (failed["state"], failed["reason"]) == ("failed", "not_found") and texts(alice, room) == []


def test_a_reminder_comes_due(alice: Client, bob: Client, move: Move) -> None:
    from posthouse.base import clock
    from posthouse.conversations import personal

    room = group(alice, bob)
    path = f"/messages/{say(bob, room)['id']}/remind/"
    first_ms = clock.now_ms() // 1000 * 1000 + 3_600_000
    alice.ok(alice.post(path, {"remind_at": clock.iso(first_ms)}))
    second_ms = first_ms + 3_600_000
    alice.ok(alice.post(path, {"remind_at": clock.iso(second_ms)}))
    (reminder,) = alice.ok(alice.get("/conversations/reminders/"))["items"]
    personal.ring(int(_id_of(reminder["message_id"])), at_ms=first_ms)
    assert alice.get("/conversations/reminders/").json["items"][0]["state"] == "waiting", "it was put off"
    personal.ring(int(_id_of(reminder["message_id"])), at_ms=second_ms)
    assert alice.get("/conversations/reminders/").json["items"][0]["state"] == "due"
    assert bob.get("/conversations/reminders/").json["items"] == []
    alice.ok(alice.send("DELETE", path), 204)
    assert alice.get("/conversations/reminders/").json["items"] == []
    alice.ok(alice.post(path, {"remind_at": clock.iso(clock.now_ms() + 200)}))
    until(lambda: [one["state"] for one in alice.get("/conversations/reminders/").json["items"]] == ["due"])


def _id_of(message_id: str) -> int:
    from posthouse.base import sql

    found = sql.row("SELECT id FROM conversations_reminder WHERE message_id = %s", [int(message_id)])
    assert found is not None
    return int(found[0])


def test_ones_place_is_ones_own(alice: Client, bob: Client) -> None:
    room = group(alice, bob)
    path = f"/conversations/{room}/me/"
    body = {
        "level": "mentions",
        "is_favourite": True,
        "folder": "Work",
        "muted_until": "2035-01-01T00:00:00Z",
    }
    mine = alice.ok(alice.patch(path, body))
    assert (mine["level"], mine["is_favourite"], mine["folder"]) == ("mentions", True, "Work")
    assert mine["muted_until"] == "2035-01-01T00:00:00.000Z"
    theirs = bob.ok(bob.get(f"/conversations/{room}/"))["me"]
    assert (theirs["level"], theirs["is_favourite"], theirs["folder"]) == ("default", False, "")


def test_who_is_blocked_meets_nobody(alice: Client, bob: Client) -> None:
    room = direct(alice, bob)
    message = say(bob, room, "Before")
    alice.ok(alice.post("/conversations/blocks/", {"user_id": me(bob)}), 204)
    assert [one["user_id"] for one in alice.get("/conversations/blocks/").json["items"]] == [me(bob)]
    assert bob.get("/conversations/blocks/").json["items"] == []
    nobody = bob.post("/conversations/", {"kind": "direct", "user_ids": ["58769341962780000"]})
    refused = bob.post("/conversations/", {"kind": "direct", "user_ids": [me(alice)]})
    assert (
        (refused.status, refused.json["code"]) == (nobody.status, nobody.json["code"]) == (404, "not_found")
    )
    for answer in (
        bob.post(f"/conversations/{room}/messages/", {"text": "x"}),
        bob.post(f"/messages/{message['id']}/reply/", {"text": "x"}),
        bob.patch(f"/messages/{message['id']}/", {"text": "x"}),
        bob.post(f"/messages/{message['id']}/react/", {"emoji": "👍"}),
    ):
        assert answer.status == 404, answer.body
    assert texts(alice, room) == ["Before"]
    say(alice, room, "The other way is open")
    shared = group(alice, bob)
    say(bob, shared, "As are rooms with others")
    alice.ok(alice.delete(f"/conversations/blocks/{me(bob)}/"), 204)
    say(bob, room, "Again")


def test_one_says_who_may_open_a_direct_conversation(alice: Client, bob: Client, gina: Client) -> None:
    talk = {"kind": "direct", "user_ids": [me(bob)]}
    assert bob.ok(bob.get("/conversations/settings/")) == {
        "hides_reading": False,
        "direct_from": "everybody",
        "files_bytes": 0,
    }
    there = direct(bob, gina)
    bob.ok(bob.patch("/conversations/settings/", {"direct_from": "nobody"}))
    assert bob.ok(bob.get("/conversations/settings/"))["direct_from"] == "nobody"
    assert refusal(alice.post("/conversations/", talk)) == (403, "direct_refused")
    say(gina, there, "What is there goes on")
    bob.ok(bob.patch("/conversations/settings/", {"direct_from": "groups"}))
    assert refusal(alice.post("/conversations/", talk)) == (403, "direct_refused")
    stable = alice.ok(alice.post("/groups/", {"name": "Stable"}), 201)["id"]
    for person in (alice, bob):
        alice.ok(alice.send("PUT", f"/groups/{stable}/members/{me(person)}/", {}), 204)
    opened = alice.ok(alice.post("/conversations/", talk), 201)
    bob.ok(bob.patch("/conversations/settings/", {"direct_from": "nobody", "hides_reading": True}))
    say(alice, opened["id"], "As before")
    assert direct(bob, alice) == opened["id"], "oneself may write to whom one will"
