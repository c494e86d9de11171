"""A conversation taken out as files is what its reader could read, and nobody else gets it."""

from __future__ import annotations

import io
import json
import time
import zipfile
from typing import Any

from tests.api.client import Client
from tests.conversations.rooms import channel, direct, group, me, refusal, reply, say

Row = dict[str, Any]


def upload(client: Client, name: str, raw: bytes) -> str:
    answer = client.request("POST", f"/conversations/files/?filename={name}", body=raw)
    return str(client.ok(answer, 201)["id"])


def asked(client: Client, conversation: str) -> Row:
    made: Row = client.ok(client.post(f"/conversations/{conversation}/export/"), 202)
    return made


def done(client: Client, export: Row) -> Row:
    """The running server's job makes it."""
    deadline = time.monotonic() + 30
    while (found := client.ok(client.get(f"/conversations/exports/{export['id']}/")))["state"] == "waiting":
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return dict(found)


def opened(client: Client, export: Row) -> tuple[Row, list[Row], zipfile.ZipFile]:
    """By the link alone, as a browser loads it: what the conversation is, its messages, and the archive."""
    link = done(client, export)
    assert link["state"] == "done", link
    answer = Client(client.http).get(link["url"])
    assert answer.status == 200 and answer.headers["content-type"] == "application/zip"
    assert answer.headers["cache-control"] == "private, no-store"
    assert len(answer.body) == link["size_bytes"]
    made = zipfile.ZipFile(io.BytesIO(answer.body))
    assert made.testzip() is None
    lines = [json.loads(line) for line in made.read("messages.jsonl").splitlines()]
    assert len(lines) == link["messages"]
    return json.loads(made.read("conversation.json")), lines, made


def test_it_holds_what_was_said_with_its_files(alice: Client, bob: Client) -> None:
    room = group(alice, bob, name="Desk", topic="What is to do")
    png = b"\x89PNG\r\n\x1a\n" + b"\0" * 3000
    files = [upload(alice, "plan.txt", b"the plan"), upload(alice, "%2E%2E%2Fa%3Ab.png", png)]
    first = say(alice, room, "First, with files", file_ids=files)
    answer = reply(bob, first, "日本語 and \u2028 a line")
    alice.ok(alice.patch(f"/messages/{first['id']}/", {"text": "First, as edited"}))
    alice.ok(alice.post(f"/messages/{first['id']}/react/", {"emoji": "\N{THUMBS UP SIGN}"}))
    about, lines, made = opened(bob, asked(bob, room))
    assert about["format"] == "posthouse-conversation" and about["version"] == 1
    assert about["conversation"]["name"] == "Desk" and about["conversation"]["topic"] == "What is to do"
    assert {one["name"] for one in about["participants"]} == {"Alice", "Bob"}
    said = [line for line in lines if line["kind"] == "text"]
    assert [line["text"] for line in said] == ["First, as edited", "日本語 and \u2028 a line"]
    assert [line["number"] for line in lines] == sorted(line["number"] for line in lines)
    assert said[0]["author"] == {"id": me(alice), "name": "Alice", "email": None}
    assert said[0]["reactions"] == {"\N{THUMBS UP SIGN}": [me(alice)]}
    assert [one["text"] for one in said[0]["revisions"]] == ["First, with files"]
    assert said[1]["thread_id"] == answer["thread_id"]
    paths = [one["path"] for one in said[0]["attachments"]]
    assert [made.read(path) for path in paths] == [b"the plan", png]
    assert all(".." not in path.split("/") and path.count("/") == 2 for path in made.namelist()[2:])
    assert sorted(made.namelist()) == sorted(["conversation.json", "messages.jsonl", *paths])


def test_nothing_that_was_deleted_or_hidden_is_in_it(alice: Client, bob: Client) -> None:
    room = group(alice, bob)
    gone = say(alice, room, "pudding one", file_ids=[upload(alice, "pudding.txt", b"pudding file")])
    mine = say(bob, room, "pudding two")
    edited = say(alice, room, "pudding three")
    alice.ok(alice.patch("/conversations/policy/", {"is_held": True, "hides_revisions": True}))
    alice.ok(alice.delete(f"/messages/{gone['id']}/"), 204)
    alice.ok(alice.delete(f"/messages/{mine['id']}/?for=me"), 204)
    alice.ok(alice.patch(f"/messages/{edited['id']}/", {"text": "a cake"}))
    _, lines, made = opened(bob, asked(bob, room))
    by_id = {line["id"]: line for line in lines}
    assert by_id[gone["id"]]["deleted_at"] and by_id[gone["id"]]["text"] == ""
    assert by_id[gone["id"]]["attachments"] == by_id[gone["id"]]["revisions"] == []
    assert by_id[mine["id"]]["text"] == "pudding two" and by_id[edited["id"]]["revisions"] == []
    whole = b"".join(made.read(name) for name in made.namelist())
    assert whole.count(b"pudding") == 1, "what a hold keeps is shown to nobody"
    _, lines, _ = opened(alice, asked(alice, room))
    assert mine["id"] not in {line["id"] for line in lines}, "she has deleted it for herself"
    assert [one["text"] for line in lines for one in line["revisions"]] == ["pudding three"], (
        "admins see them"
    )


def test_policy_says_who_may(alice: Client, bob: Client, gina: Client, mallory: Client) -> None:
    """alice manages conversations; bob owns the group."""
    room = group(bob, alice, gina)
    for exporting, may in (("members", [alice, bob, gina]), ("admins", [alice, bob]), ("nobody", [alice])):
        alice.ok(alice.patch("/conversations/policy/", {"exporting": exporting}))
        for client in (alice, bob, gina):
            answer = client.post(f"/conversations/{room}/export/")
            wanted = 202 if client in may else 403
            assert answer.status == wanted, (exporting, client.person)
            if answer.status == 202:
                client.ok(client.delete(f"/conversations/exports/{answer.json['id']}/"), 204)
    assert refusal(mallory.post(f"/conversations/{room}/export/")) == (404, "not_found")
    alice.ok(alice.patch("/conversations/policy/", {"exporting": "members"}))
    square = channel(alice)
    assert refusal(bob.post(f"/conversations/{square}/export/")) == (403, "conversation_right_lacking")
    assert bob.post(f"/conversations/{direct(alice, bob)}/export/").status == 202


def test_it_is_one_s_own_and_ends(alice: Client, bob: Client, mallory: Client, move: Any) -> None:
    room = group(alice, bob)
    say(alice, room, "kept for a day")
    export = asked(bob, room)
    link = done(bob, export)
    assert [one["id"] for one in bob.ok(bob.get("/conversations/exports/"))["items"]] == [export["id"]]
    for client in (alice, mallory):
        assert client.get("/conversations/exports/").json["items"] == []
        for path in (
            f"/conversations/exports/{export['id']}/",
            f"/conversations/exports/{export['id']}/file/",
        ):
            assert client.get(path).status == 404
        assert client.delete(f"/conversations/exports/{export['id']}/").status == 404
    assert Client(bob.http).get(link["url"].partition("?")[0]).status == 401
    move(25 * 3_600)
    assert bob.get(f"/conversations/exports/{export['id']}/file/").status == 404
    assert bob.get("/conversations/exports/").json["items"] == []
    from posthouse.base import sql
    from posthouse.ops import sweeping

    blob = sql.rows("SELECT blob_id FROM conversations_export WHERE id = %s", [int(export["id"])])[0][0]
    assert blob is not None
    move(25 * 3_600)
    sweeping.sweep()
    assert sql.row("SELECT 1 FROM conversations_export WHERE id = %s", [int(export["id"])]) is None


def test_who_has_lost_the_conversation_gets_nothing_of_it(alice: Client, bob: Client) -> None:
    room = group(alice, bob)
    say(alice, room, "between us")
    export = asked(bob, room)
    url = done(bob, export)["url"]
    alice.ok(alice.delete(f"/conversations/{room}/participants/{me(bob)}/"), 204)
    assert Client(bob.http).get(url).status == 404 == bob.get(url).status
    from posthouse.base import db, sql
    from posthouse.conversations import exports

    db.run(
        sql.run,
        (
            "UPDATE conversations_export SET state = 'waiting', blob_id = NULL WHERE id = %s",
            [int(export["id"])],
        ),
        {},
    )
    exports.make(int(export["id"]))
    failed = bob.ok(bob.get(f"/conversations/exports/{export['id']}/"))
    assert (failed["state"], failed["reason"], failed["url"]) == ("failed", "not_found", None)


def test_made_twice_it_is_kept_once(alice: Client, bob: Client) -> None:
    """As after a crash in its midst."""
    from posthouse.base import blobs
    from posthouse.conversations import exports

    room = group(alice, bob)
    say(alice, room, "once")
    export = asked(alice, room)
    done(alice, export)
    before = {blob_id for blob_id, _ in blobs.files()}
    exports.make(int(export["id"]))
    assert {blob_id for blob_id, _ in blobs.files()} == before
    assert len(opened(alice, export)[1]) == done(alice, export)["messages"]


def test_a_large_one_is_never_in_memory_as_a_whole(alice: Client, bob: Client) -> None:
    """Thirty megabytes of files that do not pack, by the link, in pieces."""
    import random

    room = group(alice, bob)
    random_ = random.Random(3)
    raws = [random_.randbytes(10_000_000) for _ in range(3)]
    for number, raw in enumerate(raws):
        say(alice, room, f"part {number}", file_ids=[upload(alice, f"{number}.bin", raw)])
    _, lines, made = opened(alice, asked(alice, room))
    brought = [made.read(one["path"]) for line in lines for one in line["attachments"]]
    assert brought == raws


def test_there_is_an_end_to_asking(alice: Client, bob: Client) -> None:
    from posthouse.conversations import exports

    room = group(alice, bob)
    for _ in range(exports.MOST_KEPT):
        done(alice, asked(alice, room))
    assert refusal(alice.post(f"/conversations/{room}/export/")) == (429, "too_many_exports")
    newest = alice.ok(alice.get("/conversations/exports/"))["items"][0]
    alice.ok(alice.delete(f"/conversations/exports/{newest['id']}/"), 204)
    assert alice.post(f"/conversations/{room}/export/").status == 202


def test_taking_out_has_its_line(alice: Client, bob: Client) -> None:
    room = group(alice, bob, name="Hidden name")
    asked(bob, room)
    line = alice.ok(alice.get("/audit/", act="conversation.exported"))["items"][0]
    assert (line["object_id"], line["actor_id"]) == (room, me(bob)) and "Hidden name" not in json.dumps(line)
