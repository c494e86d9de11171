"""Opening conversations, coming and going, roles and policies."""

from __future__ import annotations

from tests.api.client import Client, log_in
from tests.cast import Cast, person, user_id
from tests.conversations.rooms import channel, direct, group, me, refusal, say, texts
from tests.house import RunningHouse


def test_a_direct_conversation_is_one_for_both(alice: Client, bob: Client, cast: Cast) -> None:
    first = alice.post("/conversations/", {"kind": "direct", "user_ids": [me(bob)]})
    assert first.status == 201 and first.json["with"] == {"id": me(bob), "name": "Bob"}
    again = bob.post("/conversations/", {"kind": "direct", "user_ids": [me(alice)]})
    assert again.status == 200 and again.json["id"] == first.json["id"]
    assert again.json["with"]["name"] == "Alice"
    own = alice.ok(alice.post("/conversations/", {"kind": "direct", "user_ids": [me(alice)]}), 201)
    assert own["members"] == 1 and own["with"] is None
    assert refusal(alice.post("/conversations/", {"kind": "direct", "user_ids": []})) == (400, "one_person")


def test_only_those_in_a_private_conversation_see_it(
    alice: Client, bob: Client, house: RunningHouse, cast: Cast
) -> None:
    room = group(alice, bob)
    carol = log_in(house, person("Carol", cast.domain))
    say(bob, room, "Just us")
    assert texts(alice, room) == ["Just us"]
    assert carol.get(f"/conversations/{room}/").status == 404
    assert carol.get(f"/conversations/{room}/messages/").status == 404
    assert carol.post(f"/conversations/{room}/messages/", {"text": "x"}).status == 404
    assert carol.get("/conversations/").json["items"] == []
    assert alice.ok(alice.post(f"/conversations/{room}/participants/", {"user_ids": [me(carol)]}), 201) == {
        "added": 1
    }
    assert texts(carol, room) == ["Just us"], "who comes later may read what was said"
    alice.ok(alice.delete(f"/conversations/{room}/participants/{me(carol)}/"), 204)
    assert carol.get(f"/conversations/{room}/messages/").status == 404


def test_an_open_channel_is_read_and_joined_by_all_but_guests(
    alice: Client, bob: Client, gina: Client, mallory: Client
) -> None:
    room = channel(alice)
    say(alice, room, "Welcome")
    assert texts(bob, room) == ["Welcome"]
    assert refusal(bob.post(f"/conversations/{room}/messages/", {"text": "x"})) == (
        403,
        "conversation_right_lacking",
    )
    found = bob.ok(bob.get("/conversations/", open="true", q="gener"))["items"]
    assert [(one["id"], one["me"]) for one in found] == [(room, None)]
    bob.ok(bob.post(f"/conversations/{room}/join/"))
    say(bob, room, "Thank you")
    for stranger in (gina, mallory):
        assert stranger.get(f"/conversations/{room}/").status == 404
        assert stranger.post(f"/conversations/{room}/join/").status == 404
        assert stranger.get("/conversations/", open="true").json["items"] == []
    refused = gina.post("/conversations/", {"kind": "channel", "name": "x", "visibility": "organisation"})
    assert refusal(refused) == (403, "permission_denied")
    alice.ok(alice.post(f"/conversations/{room}/participants/", {"user_ids": [me(gina)]}), 201)
    assert texts(gina, room) == ["Welcome", "Thank you"], "a guest reads where they were brought in"
    alice.ok(alice.patch(f"/conversations/{room}/", {"visibility": "private"}))
    bob.ok(bob.post(f"/conversations/{room}/leave/"), 204)
    assert bob.get(f"/conversations/{room}/").status == 404


def test_roles_say_who_may_change_what(alice: Client, bob: Client, house: RunningHouse, cast: Cast) -> None:
    room = group(alice, bob, posting="admins", inviting="admins")
    carol = person("Carol", cast.domain)
    lacking = (403, "conversation_right_lacking")
    assert refusal(bob.post(f"/conversations/{room}/messages/", {"text": "x"})) == lacking
    assert (
        refusal(bob.post(f"/conversations/{room}/participants/", {"user_ids": [user_id(carol)]})) == lacking
    )
    assert refusal(bob.patch(f"/conversations/{room}/", {"name": "x"})) == lacking
    assert refusal(bob.delete(f"/conversations/{room}/")) == lacking
    alice.ok(alice.patch(f"/conversations/{room}/participants/{me(bob)}/", {"role": "admin"}), 204)
    say(bob, room, "Now I may")
    bob.ok(bob.patch(f"/conversations/{room}/", {"name": "Desk two"}))
    assert (
        refusal(bob.patch(f"/conversations/{room}/participants/{me(alice)}/", {"role": "member"})) == lacking
    )
    assert refusal(bob.delete(f"/conversations/{room}/participants/{me(alice)}/")) == lacking
    alice.ok(alice.post(f"/conversations/{room}/leave/"), 204)
    people = bob.ok(bob.get(f"/conversations/{room}/participants/"))["items"]
    assert [(one["user_id"], one["role"]) for one in people] == [(me(bob), "owner")], "somebody owns it"


def test_a_guest_is_a_guest_in_the_conversation_too(alice: Client, gina: Client) -> None:
    room = group(alice, gina)
    people = alice.ok(alice.get(f"/conversations/{room}/participants/"))["items"]
    assert {one["user_id"]: one["role"] for one in people} == {me(alice): "owner", me(gina): "guest"}
    refused = alice.patch(f"/conversations/{room}/participants/{me(gina)}/", {"role": "admin"})
    assert refusal(refused) == (400, "guest_stays_guest")


def test_archived_is_read_only(alice: Client, bob: Client) -> None:
    room = group(alice, bob)
    message = say(alice, room)
    assert alice.ok(alice.post(f"/conversations/{room}/archive/"))["archived_at"]
    for answer in (
        bob.post(f"/conversations/{room}/messages/", {"text": "x"}),
        bob.post(f"/messages/{message['id']}/react/", {"emoji": "👍"}),
        alice.patch(f"/messages/{message['id']}/", {"text": "y"}),
    ):
        assert refusal(answer) == (409, "conversation_archived")
    assert bob.get("/conversations/").json["items"] == []
    assert [one["id"] for one in bob.get("/conversations/", archived="true").json["items"]] == [room]
    bob.ok(bob.post(f"/conversations/{room}/read/", {"number": 3}))
    alice.ok(alice.send("DELETE", f"/conversations/{room}/archive/"))
    say(bob, room, "Again")


def test_hidden_until_something_new_comes(alice: Client, bob: Client) -> None:
    room = direct(alice, bob)
    say(bob, room)
    assert refusal(alice.post(f"/conversations/{room}/leave/")) == (400, "direct_has_no_settings")
    alice.ok(alice.patch(f"/conversations/{room}/me/", {"is_hidden": True}))
    assert alice.get("/conversations/").json["items"] == []
    assert [one["id"] for one in alice.get("/conversations/", hidden="true").json["items"]] == [room]
    say(bob, room, "Are you there?")
    assert [one["id"] for one in alice.get("/conversations/").json["items"]] == [room]


def test_the_list_is_paged_by_what_was_written_last(alice: Client, bob: Client) -> None:
    rooms = [group(alice, bob, name=f"Room {n}") for n in range(5)]
    for room in (rooms[3], rooms[0]):
        say(bob, room)
    wanted = [rooms[0], rooms[3], rooms[4], rooms[2], rooms[1]]
    seen, cursor = [], None
    for _ in range(4):
        page = alice.ok(alice.get("/conversations/", limit=2, **({"cursor": cursor} if cursor else {})))
        seen += [one["id"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == wanted
    few = alice.ok(alice.get("/conversations/", fields="name", limit=1))["items"]
    assert list(few[0]) == ["id", "name"]


def test_deleting_takes_everything_with_it(alice: Client, bob: Client) -> None:
    from posthouse.base import sql
    from posthouse.conversations import retention

    room = group(alice, bob)
    reply_to = say(alice, room)
    alice.ok(alice.post(f"/messages/{reply_to['id']}/reply/", {"text": "x"}), 201)
    bob.ok(bob.post(f"/messages/{reply_to['id']}/star/"), 204)
    alice.ok(alice.delete(f"/conversations/{room}/"), 204)
    for client in (alice, bob):
        assert client.get(f"/conversations/{room}/").status == 404
        assert client.get(f"/messages/{reply_to['id']}/").status == 404
    retention.remove(int(room))
    for table in ("conversation", "message", "participant", "thread", "mark", "follow"):
        column = "id" if table == "conversation" else "conversation_id"
        left = sql.row(f"SELECT count(*) FROM conversations_{table} WHERE {column} = %s", [int(room)])
        assert left == (0,), table


def test_if_match_goes_by_what_is_written(alice: Client, bob: Client) -> None:
    room = group(alice, bob)
    etag = alice.get(f"/conversations/{room}/").headers["etag"]
    say(bob, room, "A message makes no other conversation of it")
    changed = alice.send("PATCH", f"/conversations/{room}/", {"name": "A"}, {"If-Match": etag})
    assert changed.status == 200, changed.body
    late = alice.send("PATCH", f"/conversations/{room}/", {"name": "B"}, {"If-Match": etag})
    assert refusal(late) == (412, "precondition_failed")
