"""Notes on mail threads: who may read the mail talks about it, and nobody else learns that they do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests import make
from tests.api.client import Client, log_in
from tests.bridge import desk
from tests.bridge.desk import note, notes, share, texts, unshare
from tests.cast import Cast, person, user_id
from tests.conversations.rooms import me, refusal
from tests.delivery.outside import until
from tests.house import RunningHouse
from tests.realtime.tab import Tab


@pytest.fixture
def carol(house: RunningHouse, cast: Cast) -> Client:
    """A colleague to whom nothing is shared."""
    return log_in(house, person("Carol", cast.domain))


@pytest.fixture
def open_tab(house: RunningHouse) -> Iterator[Callable[[Client], Tab]]:
    with ExitStack() as stack:

        def opened(client: Client) -> Tab:
            tab = Tab(house, client)
            stack.callback(tab.close)
            return tab

        yield opened


def mention(client: Client) -> str:
    return f"@[x](user:{me(client)})"


# --- who reads ----------------------------------------------------------------------------------


def test_colleagues_with_access_talk_on_a_thread(alice: Client, bob: Client, cast: Cast) -> None:
    share(alice, cast.bob, "read")
    thread = desk.thread(alice)
    assert texts(bob, thread) == [] and notes(bob, thread)["conversations"] == []
    first = note(bob, thread, "Is **this** for us?")
    note(alice, thread, "Yes.")
    assert texts(alice, thread) == texts(bob, thread) == ["Is **this** for us?", "Yes."]
    assert "<strong>this</strong>" in first["html"]
    told = notes(alice, thread)
    assert [(one["id"], one["right"]) for one in told["people"]] == [
        (user_id(cast.alice), "admin"),
        (user_id(cast.bob), "read"),
    ]
    assert len(told["conversations"]) == 1
    place = alice.ok(alice.get(f"/conversations/{first['conversation_id']}/mail-thread/"))
    assert place == {"account_id": str(cast.alice.account_id), "thread_id": thread}


def test_a_note_is_a_message(alice: Client, bob: Client, cast: Cast) -> None:
    """Edited with its history, reacted to, answered below, taken away by its author; its files are read by the same."""
    share(alice, cast.bob, "write")
    thread = desk.thread(alice)
    file = alice.ok(alice.request("POST", "/conversations/files/?filename=offer.txt", body=b"12 rooms"), 201)
    made = note(alice, thread, "Before", file_ids=[file["id"]])
    alice.ok(alice.patch(f"/messages/{made['id']}/", {"text": "After"}))
    bob.ok(bob.post(f"/messages/{made['id']}/react/", {"emoji": "\N{THUMBS UP SIGN}"}))
    answer = bob.ok(bob.post(f"/messages/{made['id']}/reply/", {"text": "Below"}), 201)
    (shown,) = notes(bob, thread)["items"]
    assert shown["text"] == "After" and shown["revisions"] == 1
    assert shown["reactions"] == {"\N{THUMBS UP SIGN}": [user_id(cast.bob)]}
    assert answer["thread_id"] in [one["id"] for one in notes(bob, thread)["conversations"][0]["threads"]]
    assert [one["text"] for one in bob.get(f"/messages/{made['id']}/revisions/").json["items"]] == ["Before"]
    link = bob.ok(bob.get(f"/messages/{made['id']}/files/"))["items"][0]["url"]
    assert bob.get(link).body == b"12 rooms"
    assert refusal(bob.delete(f"/messages/{made['id']}/")) == (403, "not_your_message")
    alice.ok(alice.delete(f"/messages/{made['id']}/"), 204)
    assert texts(bob, thread) == [""]


def test_who_has_the_account_takes_notes_of_others_away(alice: Client, bob: Client, cast: Cast) -> None:
    share(alice, cast.bob, "write")
    made = note(bob, desk.thread(alice))
    alice.ok(alice.delete(f"/messages/{made['id']}/"), 204)


def test_for_others_there_is_nothing(alice: Client, bob: Client, carol: Client, cast: Cast) -> None:
    share(alice, cast.bob, "write")
    thread = desk.thread(alice)
    made = note(bob, thread)
    room = f"/conversations/{made['conversation_id']}/"
    for path in (f"/threads/{thread}/notes/", room, f"{room}messages/", f"{room}changes/?since=0",
                 f"{room}participants/", f"{room}mail-thread/", f"/messages/{made['id']}/",
                 f"/messages/?conversation={made['conversation_id']}",
                 f"/threads/{thread}/assignment/"):  # fmt: skip
        assert refusal(carol.get(path)) == (404, "not_found"), path
    assert carol.post(f"/threads/{thread}/notes/", {"text": "x"}).status == 404
    assert carol.post(f"{room}join/").status == 404
    assert carol.post(f"{room}messages/", {"text": "x"}).status == 404


def test_who_loses_the_mail_loses_the_notes_at_once(
    alice: Client, bob: Client, cast: Cast, open_tab: Callable[[Client], Tab]
) -> None:
    """By REST, in search, on an open stream; and a mention later tells them nothing."""
    grant = share(alice, cast.bob, "write")
    thread = desk.thread(alice)
    made = note(bob, thread, "A word of mine")
    room = int(made["conversation_id"])
    tab = open_tab(bob)
    tab.follow(room, since=0)
    tab.until(lambda: tab.texts(room) == ["A word of mine"])
    unshare(alice, grant)
    note(alice, thread, "Now we are alone")
    assert tab.hear("error")["code"] == "not_found"
    assert tab.silent("conversation")
    assert tab.texts(room) == ["A word of mine"]
    assert bob.get(f"/messages/{made['id']}/").status == 404
    assert bob.get("/messages/", q="word").json["items"] == []
    assert refusal(alice.post(f"/threads/{thread}/notes/", {"text": mention(bob)})) == (
        400,
        "named_without_access",
    )


def test_a_group_brings_its_people(alice: Client, bob: Client, cast: Cast) -> None:
    group = alice.ok(alice.post("/groups/", {"name": "Front desk"}), 201)["id"]
    alice.ok(alice.send("PUT", f"/groups/{group}/members/{user_id(cast.bob)}/", {}), 204)
    path = f"/accounts/{cast.alice.account_id}/grants/"
    alice.ok(alice.post(path, {"group_id": group, "right": "draft"}), 201)
    thread = desk.thread(alice)
    note(bob, thread, "From the group")
    alice.ok(alice.delete(f"/groups/{group}/members/{user_id(cast.bob)}/"), 204)
    assert bob.get(f"/threads/{thread}/notes/").status == 404
    assert texts(alice, thread) == ["From the group"]


# --- not among conversations ----------------------------------------------------------------------


def test_notes_stand_in_no_list_of_conversations(alice: Client, bob: Client, cast: Cast) -> None:
    share(alice, cast.bob, "write")
    thread = desk.thread(alice)
    made = note(bob, thread, f"peculiar {mention(alice)}")
    bob.ok(bob.post(f"/messages/{made['id']}/reply/", {"text": "peculiar too"}), 201)
    for path in ("/conversations/", "/conversations/unread/", "/messages/", "/messages/?q=peculiar", "/threads/unread/",
                 "/search/?q=peculiar", "/conversations/?open=true", "/conversations/?hidden=true"):  # fmt: skip
        items = alice.ok(alice.get(path))["items"]
        assert [one for one in items if made["conversation_id"] in str(one)] == [], path
    in_it = alice.ok(alice.get("/messages/", conversation=made["conversation_id"], q="peculiar"))["items"]
    assert len(in_it) == 2


def test_nobody_is_asked_in(alice: Client, bob: Client, carol: Client, cast: Cast) -> None:
    """Not by name, not by mail, and no note is carried to where others are."""
    share(alice, cast.bob, "write")
    made = note(alice, desk.thread(alice))
    room = f"/conversations/{made['conversation_id']}/"
    for path, body in (
        (f"{room}participants/", {"user_ids": [me(carol)]}),
        (f"{room}outside/", {"address": "zoe@outside.test", "name": "Zoe"}),
    ):
        assert refusal(alice.post(path, body)) == (403, "conversation_right_lacking"), path
    assert refusal(alice.patch(room, {"visibility": "organisation"})) == (403, "conversation_right_lacking")
    assert refusal(alice.delete(room)) == (403, "conversation_right_lacking")
    other = alice.ok(alice.post("/conversations/", {"kind": "group", "user_ids": [me(carol)]}), 201)["id"]
    for body in ({"conversation_id": other}, {"conversation_id": other, "hold_seconds": 5}):
        assert refusal(alice.post(f"/messages/{made['id']}/forward/", body)) == (409, "notes_stay")
    assert refusal(alice.post(f"/messages/{made['id']}/report/", {"reason": "spam"})) == (409, "notes_stay")
    assert refusal(alice.post(f"{room}export/", {})) == (409, "notes_stay")


def test_no_page_is_asked_for_what_a_note_leads_to(alice: Client) -> None:
    from posthouse.conversations import previews

    link = "Look at https://elsewhere.test/page"
    made = note(alice, desk.thread(alice), link)
    room = alice.ok(alice.post("/conversations/", {"kind": "group", "user_ids": []}), 201)["id"]
    said = alice.ok(alice.post(f"/conversations/{room}/messages/", {"text": link}), 201)
    assert previews.wanted(int(made["id"])) is None
    assert previews.wanted(int(said["id"])) is not None


# --- who hears ------------------------------------------------------------------------------------


def _told(client: Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.ok(client.get("/notifications/"))["items"]
    return [one for one in found if "note" in one["title"]]


def test_who_is_named_hears_of_it_without_its_words(alice: Client, bob: Client, cast: Cast) -> None:
    share(alice, cast.bob, "write")
    thread = desk.thread(alice)
    note(alice, thread, f"a secret {mention(bob)}")
    until(lambda: bool(_told(bob)))
    (told,) = _told(bob)
    assert "secret" not in str(told) and told["title"].startswith("Alice")
    room = notes(bob, thread)["conversations"][0]
    assert room["read_number"] == 0
    bob.ok(bob.post(f"/conversations/{room['id']}/read/", {"number": 1}))
    assert [one for one in _told(bob) if one["read_at"] is None] == []


def test_naming_somebody_without_access_is_refused(alice: Client, carol: Client) -> None:
    thread = desk.thread(alice)
    refused = alice.post(f"/threads/{thread}/notes/", {"text": f"look {mention(carol)}"})
    assert refusal(refused) == (400, "named_without_access")
    assert "Carol" in refused.json["detail"]
    made = note(alice, thread, "look")
    refused = alice.patch(f"/messages/{made['id']}/", {"text": f"look {mention(carol)}"})
    assert refusal(refused) == (400, "named_without_access")
    assert texts(alice, thread) == ["look"]


def test_a_note_is_told_to_colleagues_who_look(
    alice: Client, bob: Client, cast: Cast, open_tab: Callable[[Client], Tab]
) -> None:
    """Also where there was none before."""
    share(alice, cast.bob, "read")
    thread = desk.thread(alice)
    room = int(bob.ok(bob.send("PUT", f"/threads/{thread}/notes/"))["conversations"][0]["id"])
    hers, his = open_tab(alice), open_tab(bob)
    for tab in (hers, his):
        tab.follow(room, since=0)
    note(bob, thread, "First")
    for tab in (hers, his):
        tab.until(lambda tab=tab: tab.texts(room) == ["First"])  # type: ignore[misc]


def test_colleagues_see_who_reads_and_who_answers(
    alice: Client, bob: Client, cast: Cast, open_tab: Callable[[Client], Tab]
) -> None:
    """Those who look at the same thread, and nobody else."""
    share(alice, cast.bob, "read")
    thread = desk.thread(alice)
    opened = bob.ok(bob.send("PUT", f"/threads/{thread}/notes/"))
    assert bob.ok(bob.send("PUT", f"/threads/{thread}/notes/"))["conversations"] == opened["conversations"]
    room = opened["conversations"][0]["id"]
    hers, his = open_tab(alice), open_tab(bob)
    for tab in (hers, his):
        tab.follow(int(room))
        tab.say(type="look", conversation=room)
    both = {user_id(cast.alice), user_id(cast.bob)}
    hers.until(lambda: any(set(m.get("people", ())) == both for m in hers.heard))
    his.say(type="typing", conversation=room, answers_mail=True)
    told = hers.hear("typing")
    assert (told["user"], told["is_typing"], told["answers_mail"]) == (user_id(cast.bob), True, True)
    his.say(type="typing", conversation=room)
    assert hers.hear("typing")["answers_mail"] is False


def test_of_two_who_write_on_one_draft_no_word_is_lost(alice: Client, bob: Client, cast: Cast) -> None:
    """A draft is everybody's who may write drafts there; whoever saves second is told, and keeps their own."""
    share(alice, cast.bob, "draft")
    thread = desk.thread(alice)
    original = alice.ok(alice.get(f"/threads/{thread}/"))["emails"][0]["id"]
    body = {"account_id": str(cast.alice.account_id), "reply_to_email_id": original, "subject": "Re: Hello"}
    begun = bob.ok(bob.post("/drafts/", {**body, "text": "Dear Zoe"}), 201)["id"]
    (seen,) = [one for one in alice.ok(alice.get(f"/threads/{thread}/"))["emails"] if one["is_draft"]]
    assert seen["id"] == begun
    tag = {"If-Match": alice.get(f"/emails/{begun}/").headers["etag"]}
    path = f"/drafts/{begun}/"
    alice.ok(alice.send("PUT", path, {**body, "text": "Dear Zoe, yes. Alice"}, tag))
    assert bob.send("PUT", path, {**body, "text": "Dear Zoe, no. Bob"}, tag).status == 404
    bob.ok(bob.post("/drafts/", {**body, "text": "Dear Zoe, no. Bob"}), 201)
    drafts = [one for one in alice.ok(alice.get(f"/threads/{thread}/"))["emails"] if one["is_draft"]]
    assert sorted(one["preview"] for one in drafts) == ["Dear Zoe, no. Bob", "Dear Zoe, yes. Alice"]


# --- threads that end -----------------------------------------------------------------------------


def test_when_threads_are_joined_their_notes_are(alice: Client, bob: Client, cast: Cast) -> None:
    """Both stay readable, with the links to each; new ones go to one of them."""
    share(alice, cast.bob, "write")
    first = desk.thread(alice, message_id="first@outside.test", subject="Rooms")
    second = desk.thread(alice, message_id="second@outside.test", subject="Rooms")
    assert first != second
    one, two = note(alice, first, "On the first"), note(bob, second, "On the second")
    alice.ok(desk.assign(alice, second, assignee_id=user_id(cast.bob), status="pending"))
    make.email(
        cast.alice,
        subject="Re: Rooms",
        headers="References: <first@outside.test> <second@outside.test>\r\n",
    )
    joined = alice.ok(alice.get(f"/conversations/{two['conversation_id']}/mail-thread/"))["thread_id"]
    assert joined == alice.ok(alice.get(f"/conversations/{one['conversation_id']}/mail-thread/"))["thread_id"]
    assert texts(bob, joined) == ["On the first", "On the second"]
    third = note(bob, joined, "On both")
    assert third["conversation_id"] == one["conversation_id"]
    assert texts(alice, joined) == ["On the first", "On the second", "On both"]
    assert alice.ok(alice.get(f"/messages/{two['id']}/"))["text"] == "On the second"
    kept = alice.ok(alice.get(f"/threads/{joined}/assignment/"))
    assert kept["assignee"]["id"] == user_id(cast.bob) and kept["status"] == "open"
    assert {"type": "threads_joined"} in desk.events(bob, joined)


def test_with_the_last_mail_the_notes_go(alice: Client, bob: Client, cast: Cast) -> None:
    """At once for everybody, and their rows with the next round of the house."""
    from posthouse.base import sql
    from posthouse.bridge import joining

    share(alice, cast.bob, "write")
    thread = desk.thread(alice)
    made = note(bob, thread)
    alice.ok(alice.post("/emails/trash/", {"thread_ids": [thread]}))
    assert len(texts(bob, thread)) == 1
    joining.forget_ended()
    assert len(texts(bob, thread)) == 1
    alice.ok(alice.post("/emails/destroy/", {"thread_ids": [thread]}))
    assert bob.get(f"/messages/{made['id']}/").status == 404
    assert alice.get(f"/conversations/{made['conversation_id']}/").status == 404
    joining.forget_ended()
    for table, column in (("message", "conversation_id"), ("conversation", "id")):
        where = f"SELECT 1 FROM conversations_{table} WHERE {column} = %s"
        until(lambda where=where: not sql.rows(where, [made["conversation_id"]]))  # type: ignore[misc]
    assert sql.rows("SELECT 1 FROM bridge_assignment WHERE thread_id = %s", [thread]) == []
