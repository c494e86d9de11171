"""Reports, policies, retention, and people who are forgotten."""

from __future__ import annotations

from tests.api.client import Client
from tests.conversations.rooms import direct, group, me, refusal, reply, say, texts
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


def test_retention_takes_what_is_old_and_nothing_else(alice: Client, bob: Client, move: Move) -> None:
    from posthouse.base import sql
    from posthouse.conversations import retention

    room, other = group(alice, bob), group(alice, bob)
    since = alice.get(f"/conversations/{room}/").json["seq"]
    old, root = say(alice, room, "old"), say(alice, room, "old, but talked about")
    reply(bob, old, "old answer")
    kept = say(alice, other, "elsewhere")
    alice.ok(alice.patch(f"/conversations/{room}/", {"retention_days": 30}))
    move(31 * DAY)
    first = reply(bob, root, "still talking")
    say(alice, room, "new")
    alice.ok(alice.post(f"/conversations/{room}/hold/"), 204)
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
    acts = [line["act"] for line in alice.get("/audit/", limit=10).json["items"]]
    assert "conversation.expired" in acts
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
