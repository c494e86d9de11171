"""Reports, policies, retention, and people who are forgotten."""

from __future__ import annotations

from typing import Any

from tests.api.client import Client
from tests.conversations.rooms import direct, group, me, refusal, reply, say, texts
from tests.delivery.outside import until
from tests.identity.factors import Move

DAY = 86_400


def test_a_report_goes_to_those_who_manage(alice: Client, bob: Client, gina: Client, mallory: Client) -> None:
    room = group(bob, gina)
    message = say(gina, room, "Something unkind")
    for _ in range(2):
        bob.ok(bob.post(f"/messages/{message['id']}/report/", {"reason": "harassment", "note": "Look"}), 204)
    assert refusal(bob.get("/conversations/reports/")) == (403, "permission_denied")
    assert mallory.get("/conversations/reports/").json["items"] == []
    assert alice.get(f"/messages/{message['id']}/").status == 404, "she is not in it"
    (report,) = alice.ok(alice.get("/conversations/reports/"))["items"]
    assert (report["text"], report["author"]["name"], report["reporter"]["name"]) == (
        "Something unkind",
        "Gina",
        "Bob",
    )
    gina.ok(gina.patch(f"/messages/{message['id']}/", {"text": "Nothing"}))
    assert alice.get("/conversations/reports/").json["items"][0]["text"] == "Something unkind"
    path = f"/conversations/reports/{report['id']}/"
    assert mallory.patch(path, {"state": "removed"}).status == 404
    assert alice.ok(alice.patch(path, {"state": "removed"}))["state"] == "removed"
    assert refusal(alice.patch(path, {"state": "dismissed"})) == (409, "already_decided")
    assert texts(bob, room) == [""] and bob.get(f"/messages/{message['id']}/").json["deleted_at"]
    acts = [line["act"] for line in alice.get("/audit/", limit=20).json["items"]]
    assert {"conversation.reported", "conversation.report_decided"} <= set(acts)


def test_policies_are_for_those_who_manage(alice: Client, bob: Client) -> None:
    assert refusal(bob.patch("/conversations/policy/", {"edit_seconds": 0})) == (403, "permission_denied")
    room = direct(alice, bob)
    message = say(bob, room)
    alice.ok(alice.patch("/conversations/policy/", {"edit_seconds": 0, "delete_seconds": 0}))
    assert bob.ok(bob.get("/conversations/policy/"))["edit_seconds"] == 0
    from posthouse.base import clock

    clock.set_source(lambda: __import__("time").time() + 1)
    try:
        assert refusal(bob.patch(f"/messages/{message['id']}/", {"text": "x"})) == (409, "too_late")
        assert refusal(bob.delete(f"/messages/{message['id']}/")) == (409, "too_late")
    finally:
        clock.set_source(None)
    own = group(bob, alice)
    assert refusal(bob.patch(f"/conversations/{own}/", {"retention_days": 1})) == (403, "permission_denied")


def test_an_answer_that_was_deleted_is_not_one_less_again_when_it_is_old(
    alice: Client, bob: Client, move: Move
) -> None:
    from posthouse.conversations import retention

    room = group(alice, bob)
    root = say(alice, room, "Who comes?")
    gone = reply(bob, root, "Perhaps")
    reply(bob, root, "I do")
    bob.ok(bob.delete(f"/messages/{gone['id']}/"), 204)
    move(31 * DAY)
    kept = reply(alice, root, "Me too")
    alice.ok(alice.patch(f"/conversations/{room}/", {"retention_days": 30}))
    retention.expire()
    assert texts(alice, room, thread=kept["thread_id"])[-1] == "Me too"
    thread = alice.ok(alice.get(f"/conversations/{room}/threads/{kept['thread_id']}/"))
    assert thread["reply_count"] == 1


def test_retention_takes_what_is_old_and_nothing_else(alice: Client, bob: Client, move: Move) -> None:
    from posthouse.base import sql
    from posthouse.conversations import retention

    room, other = group(alice, bob), group(alice, bob)
    since = alice.get(f"/conversations/{room}/").json["seq"]
    old, root = say(alice, room, "old"), say(alice, room, "old, but talked about")
    reply(bob, old, "old answer")
    kept = say(alice, other, "elsewhere")
    move(31 * DAY)
    first = reply(bob, root, "still talking")
    say(alice, room, "new")
    # Only now: the house looks for what is old by itself, whenever its clock says so.
    alice.ok(alice.post(f"/conversations/{room}/hold/"), 204)
    alice.ok(alice.patch(f"/conversations/{room}/", {"retention_days": 30}))
    retention.expire()
    assert texts(alice, room) == ["old", "old, but talked about", "new"], "a hold keeps all"
    alice.ok(alice.send("DELETE", f"/conversations/{room}/hold/"), 204)
    retention.expire()
    assert texts(alice, room) == ["old, but talked about", "new"]
    assert texts(alice, room, thread=first["thread_id"])[-1] == "still talking"
    assert texts(alice, other) == ["elsewhere"] and alice.get(f"/messages/{kept['id']}/").status == 200
    assert alice.get(f"/messages/{old['id']}/").status == 404
    stale = alice.get(f"/conversations/{room}/changes/", since=since)
    assert refusal(stale) == (410, "cannot_calculate_changes")
    left = sql.row(
        "SELECT count(*) FROM conversations_message WHERE conversation_id = %s AND body LIKE %s",
        [int(room), "old%"],
    )
    assert left == (1,)
    # The house may have been first, and notes it a moment later.
    until(
        lambda: "conversation.expired" in [one["act"] for one in alice.get("/audit/", limit=10).json["items"]]
    )
    say(bob, room, "and it goes on")
    retention.expire()
    assert texts(alice, room)[-1] == "and it goes on"


def test_who_is_forgotten_is_in_nothing_any_more(alice: Client, bob: Client, gina: Client) -> None:
    from posthouse.conversations import participants

    room = group(bob, alice, gina)
    message = say(bob, room, "I was here")
    participants.forget_person(int(me(bob)))
    shown = alice.ok(alice.get(f"/messages/{message['id']}/"))
    assert shown["author"] == {"id": None, "name": "", "email": None} and shown["text"] == "I was here"
    people = alice.ok(alice.get(f"/conversations/{room}/participants/"))["items"]
    assert [(one["user_id"], one["role"]) for one in people] == [(me(alice), "owner"), (me(gina), "guest")]


def test_managers_see_all_groups_and_channels_but_not_what_is_said(
    alice: Client, bob: Client, gina: Client, mallory: Client
) -> None:
    private, talk = group(bob, gina, name="Back room"), direct(bob, alice)
    say(bob, private, "Just us")
    assert refusal(bob.get("/conversations/managed/")) == (403, "permission_denied")
    assert mallory.ok(mallory.get("/conversations/managed/"))["items"] == []
    (found,) = alice.ok(alice.get("/conversations/managed/"))["items"]
    assert (found["id"], found["name"], found["members"], found["is_held"]) == (
        private,
        "Back room",
        2,
        False,
    )
    assert talk not in str(found) and "Just us" not in str(found)
    assert alice.ok(alice.get("/conversations/managed/", q="front"))["items"] == []
    assert len(alice.ok(alice.get("/conversations/managed/", q="BACK"))["items"]) == 1
    path = f"/conversations/managed/{private}/"
    assert alice.ok(alice.patch(path, {"is_held": True, "retention_days": 30}))["is_held"]
    assert len(alice.ok(alice.get("/conversations/managed/", held="true"))["items"]) == 1
    assert alice.ok(alice.get("/conversations/managed/", held="false"))["items"] == []
    assert refusal(bob.patch(path, {"is_held": False})) == (403, "permission_denied")
    assert alice.patch(f"/conversations/managed/{talk}/", {"is_held": True}).status == 404
    assert refusal(bob.delete(f"/conversations/{private}/")) == (409, "conversation_held")
    acts = [line["act"] for line in alice.get("/audit/", limit=20).json["items"]]
    assert acts.count("conversation.held") == 1 and acts.count("conversation.changed") == 1
    assert bob.ok(bob.get(f"/conversations/{private}/"))["retention_days"] == 30


def test_a_hold_keeps_what_is_deleted(alice: Client, bob: Client) -> None:
    from posthouse.base import sql

    room = group(bob, alice)
    alice.ok(alice.patch(f"/conversations/managed/{room}/", {"is_held": True}))
    message = say(bob, room, "Burn this")
    bob.ok(bob.delete(f"/messages/{message['id']}/"), 204)
    kept = "SELECT body FROM conversations_revision WHERE message_id = %s"
    assert sql.rows(kept, [int(message["id"])]) == [("Burn this",)]
    assert bob.get(f"/messages/{message['id']}/revisions/").status == 409, "it is shown to nobody"
    alice.ok(alice.patch(f"/conversations/managed/{room}/", {"is_held": False}))
    other = say(bob, room, "And this")
    bob.ok(bob.delete(f"/messages/{other['id']}/"), 204)
    assert sql.rows(kept, [int(other["id"])]) == []


def test_what_would_go_is_told_before_it_goes(alice: Client, bob: Client, move: Move) -> None:
    from posthouse.conversations import retention

    room, own, talk = group(alice, bob), group(alice, bob), direct(alice, bob)
    for place in (room, own, talk):
        say(bob, place, "old")
    alice.ok(alice.patch(f"/conversations/managed/{own}/", {"retention_days": 3_650}))
    root = say(alice, room, "old, but talked about")
    move(31 * DAY)
    reply(bob, root, "still talking")
    say(alice, room, "new")

    def expiring(**query: Any) -> dict[str, Any]:
        found: dict[str, Any] = alice.ok(alice.get("/conversations/expiring/", days=30, **query))
        return found

    assert refusal(bob.get("/conversations/expiring/", days=30)) == (403, "permission_denied")
    assert refusal(alice.get("/conversations/expiring/"))[0] == 400
    # The lines of the house that opened a group are as old as the messages.
    everywhere, here = expiring(), expiring(conversation=room)
    assert (here["messages"], here["conversations"]) == (2, 1)
    assert (everywhere["messages"], everywhere["conversations"], everywhere["is_more"]) == (3, 2, False)
    assert expiring(conversation=own)["messages"] == 2
    alice.ok(alice.patch("/conversations/policy/", {"retention_days": 30, "is_held": True}))
    assert expiring()["is_held"]
    alice.ok(alice.patch("/conversations/policy/", {"is_held": False}))
    retention.expire()
    assert texts(alice, room) == ["old, but talked about", "new"] and texts(alice, talk) == []
    assert texts(alice, own) == ["old"]
    assert expiring()["messages"] == 0


def test_what_was_said_around_a_report_is_shown_and_noted(alice: Client, bob: Client, gina: Client) -> None:
    room = group(bob, gina)
    for number in range(8):
        say(gina, room, f"Before {number}")
    message = say(gina, room, "Something unkind")
    reply(bob, message, "In the thread")
    for number in range(8):
        say(bob, room, f"After {number}")
    bob.ok(bob.post(f"/messages/{message['id']}/report/", {"reason": "other"}), 204)
    (report,) = alice.ok(alice.get("/conversations/reports/"))["items"]
    path = f"/conversations/reports/{report['id']}/context/"
    assert refusal(bob.post(path)) == (403, "permission_denied")
    shown = [one["text"] for one in alice.ok(alice.post(path))["items"]]
    assert shown == [
        *(f"Before {number}" for number in range(3, 8)),
        "Something unkind",
        *(f"After {number}" for number in range(5)),
    ]
    (line,) = [
        one for one in alice.get("/audit/").json["items"] if one["act"] == "conversation.report_viewed"
    ]
    assert line["facts"] == {"report": report["id"], "message": message["id"]}
    assert alice.get(f"/conversations/{room}/").status == 404, "she is still not in it"


def test_who_opens_channels_is_the_organisations_to_say(alice: Client, bob: Client) -> None:
    body = {"kind": "channel", "name": "news"}
    bob.ok(bob.post("/conversations/", body), 201)
    alice.ok(alice.patch("/conversations/policy/", {"creating": "admins"}))
    assert bob.ok(bob.get("/conversations/policy/"))["creating"] == "admins"
    assert refusal(bob.post("/conversations/", body)) == (403, "channels_are_admins")
    alice.ok(alice.post("/conversations/", body), 201)
    group(bob, alice)
