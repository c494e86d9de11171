"""Sending, editing, deleting, reacting, pinning, finding."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.api.client import Client
from tests.conversations.rooms import channel, counter, direct, group, me, refusal, reply, say, texts
from tests.identity.factors import Move

DAY = 86_400


def test_numbers_are_dense_and_html_is_safe(alice: Client, bob: Client) -> None:
    room = group(alice, bob)
    first = say(alice, room, "**Bold** <script>alert(1)</script> https://localhost:9/x")
    second = say(bob, room, "Next")
    assert second["number"] == first["number"] + 1
    assert "<strong>Bold</strong>" in first["html"] and "<script" not in first["html"]
    assert 'href="https://localhost:9/x"' in first["html"] and first["author"]["id"] == me(alice)


def test_a_retried_send_is_the_same_message(alice: Client, bob: Client) -> None:
    room = group(alice, bob)
    body = {"text": "Once", "client_id": str(uuid4())}
    first = alice.post(f"/conversations/{room}/messages/", body)
    again = alice.post(f"/conversations/{room}/messages/", body)
    assert (first.status, again.status) == (201, 200) and first.json["id"] == again.json["id"]
    assert texts(bob, room) == ["Once"]
    theirs = bob.post(f"/conversations/{room}/messages/", body)
    assert theirs.status == 201, "a client's id is its own"
    assert first.json["client_id"] == body["client_id"]


def test_an_idempotency_key_works_as_for_mail(alice: Client, bob: Client) -> None:
    room, key = group(alice, bob), str(uuid4())
    path = f"/conversations/{room}/messages/"
    first = alice.post(path, {"text": "Once"}, Idempotency_Key=key)
    again = alice.post(path, {"text": "Once"}, Idempotency_Key=key)
    assert (first.status, again.status) == (201, 200) and again.headers["idempotency-replayed"] == "true"
    assert first.json["id"] == again.json["id"]
    assert refusal(alice.post(path, {"text": "Other"}, Idempotency_Key=key)) == (
        422,
        "idempotency_key_reused",
    )
    assert texts(alice, room) == ["Once"]


def test_what_says_nothing_is_refused(alice: Client, bob: Client) -> None:
    room = group(alice, bob)
    path = f"/conversations/{room}/messages/"
    assert refusal(alice.post(path, {"text": "  \n"})) == (400, "empty_message")
    assert refusal(alice.post(path, {"text": "x" * 16_001})) == (400, "max_length")
    assert refusal(alice.post(path, {"text": "x", "txet": "y"})) == (400, "unknown_field")
    assert say(alice, room, "x" * 16_000)["text"] == "x" * 16_000


def test_a_timeline_is_read_in_pieces(alice: Client, bob: Client) -> None:
    room = channel(alice)
    numbers = [say(alice, room, f"m{n}")["number"] for n in range(20)]
    path = f"/conversations/{room}/messages/"
    newest = alice.ok(alice.get(path, limit=5))
    assert [one["text"] for one in newest["items"]] == [f"m{n}" for n in range(15, 20)]
    assert newest["has_older"] and not newest["has_newer"]
    older = alice.ok(alice.get(path, before=newest["items"][0]["number"], limit=5))
    assert [one["text"] for one in older["items"]] == [f"m{n}" for n in range(10, 15)] and older["has_newer"]
    after = alice.ok(alice.get(path, after=numbers[17], limit=5))
    assert [one["text"] for one in after["items"]] == ["m18", "m19"] and after["has_older"]
    around = alice.ok(alice.get(path, around=numbers[10], limit=4))
    assert [one["text"] for one in around["items"]] == ["m8", "m9", "m10", "m11"]
    assert around["has_older"] and around["has_newer"]
    etag = alice.get(path).headers["etag"]
    assert alice.request("GET", path, headers={"If-None-Match": etag}).status == 304
    say(bob if bob.post(f"/conversations/{room}/join/").status == 200 else alice, room)
    assert alice.request("GET", path, headers={"If-None-Match": etag}).status == 200


def test_editing_keeps_what_was_said(alice: Client, bob: Client, move: Move) -> None:
    room = group(alice, bob)
    message = say(alice, room, "Frist")
    path = f"/messages/{message['id']}/"
    edited = alice.ok(alice.patch(path, {"text": "First"}))
    assert edited["text"] == "First" and edited["edited_at"] and edited["revisions"] == 1
    assert refusal(bob.patch(path, {"text": "Mine"})) == (403, "not_your_message")
    (revision,) = bob.ok(bob.get(f"{path}revisions/"))["items"]
    assert revision["text"] == "Frist"
    alice.ok(alice.patch(path, {"text": "First"}))
    assert len(bob.get(f"{path}revisions/").json["items"]) == 1, "the same again is no edit"
    alice.ok(alice.patch("/conversations/policy/", {"hides_revisions": True}))
    assert bob.get(f"{path}revisions/").json["items"] == []
    move(DAY + 10)
    assert refusal(alice.patch(path, {"text": "Late"})) == (409, "too_late")
    alice.ok(alice.patch(f"/conversations/{room}/", {"edit_seconds": 2 * DAY}))
    alice.ok(alice.patch(path, {"text": "Not too late here"}))
    alice.ok(alice.patch(f"/conversations/{room}/", {"edit_seconds": None}))
    alice.ok(alice.patch("/conversations/policy/", {"edit_seconds": None}))
    alice.ok(alice.patch(path, {"text": "Without end"}))


def test_deleting_for_all_leaves_nothing_but_that_it_was(alice: Client, bob: Client, move: Move) -> None:
    from posthouse.base import sql

    room = group(alice, bob)
    secret = f"Secret{room}"
    message = say(bob, room, f"{secret} for @[x](user:{me(alice)})")
    path = f"/messages/{message['id']}/"
    bob.ok(bob.patch(path, {"text": f"{secret}, edited"}))
    alice.ok(alice.post(f"{path}react/", {"emoji": "👍"}))
    alice.ok(alice.post(f"{path}pin/"))
    bob.ok(bob.delete(path), 204)
    tombstone = alice.ok(alice.get(path))
    assert tombstone["deleted_at"] and tombstone["number"] == message["number"]
    assert (tombstone["text"], tombstone["html"], tombstone["reactions"], tombstone["mentions"]) == (
        "",
        "",
        {},
        [],
    )
    assert tombstone["pinned_at"] is None and alice.get(f"/conversations/{room}/pins/").json["items"] == []
    assert refusal(alice.get(f"{path}revisions/")) == (409, "message_deleted")
    for table, column in (("message", "body || html || event"), ("revision", "body || html")):
        kept = f"SELECT count(*) FROM conversations_{table} WHERE {column} LIKE %s"
        assert sql.row(kept, [f"%{secret}%"]) == (0,), table
    assert refusal(bob.delete(path)) == (409, "message_deleted")
    late = say(bob, room, "Late")
    move(DAY + 10)
    assert refusal(bob.delete(f"/messages/{late['id']}/")) == (409, "too_late")
    theirs = say(alice, room, "Mine")
    assert refusal(bob.delete(f"/messages/{theirs['id']}/")) == (403, "not_your_message")
    alice.ok(alice.delete(f"/messages/{late['id']}/"), 204)
    lines = [
        line
        for line in alice.get("/audit/", limit=50).json["items"]
        if line["act"] == "conversation.message_deleted"
    ]
    assert [line["facts"]["by_admin"] for line in lines] == [True, False]


def test_deleting_for_oneself_is_ones_own(alice: Client, bob: Client) -> None:
    room = group(alice, bob)
    keep, drop = say(alice, room, "keep"), say(alice, room, "drop")
    bob.ok(bob.delete(f"/messages/{drop['id']}/?for=me"), 204)
    assert texts(bob, room) == ["keep"] and texts(alice, room) == ["keep", "drop"]
    assert [one["id"] for one in bob.get("/messages/", conversation=room).json["items"]] == [keep["id"]]


def test_a_legal_hold_keeps_what_is_deleted(alice: Client, bob: Client) -> None:
    from posthouse.base import sql

    room = group(alice, bob)
    assert refusal(bob.post(f"/conversations/{room}/hold/")) == (403, "permission_denied")
    alice.ok(alice.post(f"/conversations/{room}/hold/"), 204)
    message = say(bob, room, "Evidence")
    bob.ok(bob.delete(f"/messages/{message['id']}/"), 204)
    assert bob.get(f"/messages/{message['id']}/").json["text"] == ""
    kept = sql.rows("SELECT body FROM conversations_revision WHERE message_id = %s", [int(message["id"])])
    assert kept == [("Evidence",)]
    assert refusal(alice.delete(f"/conversations/{room}/")) == (409, "conversation_held")
    alice.ok(alice.send("DELETE", f"/conversations/{room}/hold/"), 204)
    gone = say(bob, room, "Not kept")
    bob.ok(bob.delete(f"/messages/{gone['id']}/"), 204)
    assert sql.row(
        "SELECT count(*) FROM conversations_revision WHERE message_id = %s", [int(gone["id"])]
    ) == (0,)


def test_reactions_are_emoji_and_each_ones_own(alice: Client, bob: Client) -> None:
    room = group(alice, bob)
    path = f"/messages/{say(alice, room)['id']}/react/"
    alice.ok(alice.post(path, {"emoji": "🎉"}))
    both = bob.ok(bob.post(path, {"emoji": "🎉"}))
    assert both["reactions"] == {"🎉": [me(alice), me(bob)]}
    assert bob.ok(bob.post(path, {"emoji": "🎉"}))["seq"] == both["seq"], "twice is once"
    assert alice.ok(alice.post(path, {"emoji": "🎉", "is_on": False}))["reactions"] == {"🎉": [me(bob)]}
    for emoji in ("❤️", "👩‍🚀", "🇫🇷", "1️⃣", "👍🏽"):
        bob.ok(bob.post(path, {"emoji": emoji}))
    for text in ("x", "<b>", "ab", "👍 no", "1"):
        assert refusal(bob.post(path, {"emoji": text})) == (400, "not_an_emoji"), text
    some = [chr(0x1F400 + n) for n in range(45)]
    answers = [bob.post(path, {"emoji": one}) for one in some]
    assert refusal(answers[-1]) == (429, "too_many_reactions") and answers[-2].status == 200


def test_pins_and_who_has_acknowledged(alice: Client, bob: Client) -> None:
    room = group(alice, bob)
    plain, urgent = say(alice, room), say(alice, room, "Fire drill", importance="urgent", needs_ack=True)
    assert refusal(bob.post(f"/messages/{plain['id']}/acknowledge/")) == (400, "no_acknowledgement")
    path = f"/messages/{urgent['id']}/"
    assert bob.ok(bob.post(f"{path}acknowledge/"))["ack_count"] == 1
    assert bob.ok(bob.post(f"{path}acknowledge/"))["ack_count"] == 1
    readers = alice.ok(alice.get(f"{path}readers/"))
    assert [one["user_id"] for one in readers["acknowledged"]] == [me(bob)]
    assert bob.ok(bob.send("DELETE", f"{path}acknowledge/"))["ack_count"] == 0
    bob.ok(bob.post(f"{path}pin/"))
    (pinned,) = alice.ok(alice.get(f"/conversations/{room}/pins/"))["items"]
    assert pinned["id"] == urgent["id"] and pinned["pinned_by"] == me(bob)
    alice.ok(alice.send("DELETE", f"{path}pin/"))
    assert alice.get(f"/conversations/{room}/pins/").json["items"] == []


def test_a_forward_brings_the_words_and_files(alice: Client, bob: Client, gina: Client) -> None:
    source, target = group(alice, bob), direct(alice, gina)
    file = alice.ok(alice.request("POST", "/conversations/files/?filename=plan.txt", body=b"the plan"), 201)
    message = say(bob, source, "See *this*")
    mine = say(alice, source, "With a file", file_ids=[file["id"]])
    sent = alice.ok(
        alice.post(f"/messages/{message['id']}/forward/", {"conversation_id": target, "text": "From Bob:"}),
        201,
    )
    assert sent["text"] == "From Bob:\n\nSee *this*" and sent["forwarded_from"] == {
        "id": message["id"],
        "name": "Bob",
    }
    second = alice.ok(alice.post(f"/messages/{mine['id']}/forward/", {"conversation_id": target}), 201)
    (copy,) = second["attachments"]
    assert copy["filename"] == "plan.txt" and copy["id"] != file["id"]
    assert gina.get(f"/messages/{second['id']}/files/{copy['id']}/").body == b"the plan"
    assert gina.get(f"/messages/{mine['id']}/files/{file['id']}/").status == 404
    assert gina.post(f"/messages/{message['id']}/forward/", {"conversation_id": target}).status == 404


def test_messages_are_found_over_all_ones_conversations(alice: Client, bob: Client, mallory: Client) -> None:
    one, other = group(alice, bob), direct(alice, bob)
    first = say(alice, one, "Budget for spring https://localhost:9/")
    second = say(bob, other, "The budget, again")
    third = say(bob, one, "Lunch?")
    found = alice.ok(alice.get("/messages/"))["items"]
    assert [item["id"] for item in found] == [third["id"], second["id"], first["id"]]
    page = alice.ok(alice.get("/messages/", limit=2))
    rest = alice.ok(alice.get("/messages/", limit=2, cursor=page["next"]))
    assert [item["id"] for item in rest["items"]] == [first["id"]] and rest["next"] is None
    for query, wanted in (
        ({"q": "BUDGET"}, [second, first]),
        ({"q": "budget again"}, [second]),
        ({"conversation": one}, [third, first]),
        ({"author": me(bob)}, [third, second]),
        ({"has": "link"}, [first]),
        ({"before": third["created_at"], "after": second["created_at"]}, [second]),
    ):
        items = alice.ok(alice.get("/messages/", **query))["items"]
        assert [item["id"] for item in items] == [item["id"] for item in wanted], query
    alice.ok(alice.post(f"/messages/{second['id']}/star/"), 204)
    assert [i["id"] for i in alice.get("/messages/", has="star").json["items"]] == [second["id"]]
    assert bob.get("/messages/", has="star").json["items"] == []
    assert mallory.get("/messages/").json["items"] == []
    made = alice.ok(alice.post("/messages/", {"conversation_id": other, "text": "By the other door"}), 201)
    assert texts(bob, other)[-1] == made["text"]


def test_mentions_are_of_people_who_are_there(
    alice: Client, bob: Client, gina: Client, mallory: Client
) -> None:
    room = group(alice, bob)
    sent = say(
        alice, room, f"@[Boss](user:{me(bob)}) and @[G](user:{me(gina)}), not @[M](user:{me(mallory)}) @here"
    )
    assert f'<span data-mention="user:{me(bob)}">@Bob</span>' in sent["html"], (
        "by the name that the directory has"
    )
    assert [m["name"] for m in sent["mentions"]] == ["Bob", "Gina", "here"]
    assert f'data-mention="user:{me(mallory)}"' not in sent["html"]
    found = counter(bob, room)
    assert found is not None and (found["unread"], found["mentions"]) == (1, 1), (
        "one message, however it names him"
    )
    say(alice, room, "`@channel` in code is nobody")
    assert (counter(bob, room) or {})["mentions"] == 1
    say(alice, room, "@channel is everybody")
    assert (counter(bob, room) or {})["mentions"] == 2


def test_a_group_is_mentioned_by_one_row(alice: Client, bob: Client) -> None:
    from posthouse.base import sql

    room = group(alice, bob)
    coachmen = alice.post("/groups/", {"name": "Coachmen"}).json["id"]
    alice.ok(alice.send("PUT", f"/groups/{coachmen}/members/{me(bob)}/", {}), 204)
    sent = say(alice, room, f"@[x](group:{coachmen}) harness the horses")
    assert (counter(bob, room) or {})["mentions"] == 1
    rows = sql.rows("SELECT user_id FROM conversations_mention WHERE message_id = %s", [int(sent["id"])])
    assert rows == [(None,)]


def test_a_thread_is_below_a_message(alice: Client, bob: Client) -> None:
    room = group(alice, bob)
    root = say(alice, room, "Which inn?")
    first = reply(bob, root, "The Bell")
    second = alice.ok(alice.post(f"/messages/{first['id']}/reply/", {"text": "Agreed"}), 201)
    assert second["thread_id"] == first["thread_id"], "an answer to an answer stays in its thread"
    assert texts(alice, room) == ["Which inn?"]
    assert texts(alice, room, thread=first["thread_id"]) == ["Which inn?", "The Bell", "Agreed"]
    page = alice.ok(alice.get(f"/conversations/{room}/messages/"))
    (thread,) = page["threads"]
    assert (thread["root_id"], thread["reply_count"]) == (root["id"], 2)
    quoted = bob.ok(bob.post(f"/messages/{root['id']}/reply/", {"text": "Quoting", "in_thread": False}), 201)
    assert quoted["thread_id"] is None and quoted["reply_to"] == root["id"]
    path = f"/conversations/{room}/threads/{first['thread_id']}/"
    done = bob.ok(bob.patch(path, {"title": "The inn", "is_resolved": True}))
    assert done["title"] == "The inn" and done["resolved_by"] == me(bob)
    assert alice.ok(alice.get(f"/conversations/{room}/threads/", resolved="false"))["items"] == []
    bob.ok(bob.delete(f"/messages/{first['id']}/"), 204)
    assert alice.ok(alice.get(path))["reply_count"] == 1


@pytest.mark.parametrize("scope, status", [("chat:read", 403), ("chat:write", 201)])
def test_tokens_are_held_to_their_scopes(alice: Client, bob: Client, scope: str, status: int) -> None:
    room = group(alice, bob)
    token = {"name": "x", "scopes": [scope], "expires_in_days": 1}
    made = alice.ok(alice.post("/security/tokens/", token), 201)
    program = Client(alice.http, headers={"Authorization": f"Bearer {made['token']}"})
    assert program.post(f"/conversations/{room}/messages/", {"text": "x"}).status == status
    assert program.get("/conversations/").status == (200 if scope == "chat:read" else 403)
