"""Messages are found by the language of search: at once, by those who may read them, and by nobody else."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.api.client import Client
from tests.cast import Cast
from tests.conversations.rooms import channel, direct, group, me, reply, say

Said = dict[str, Any]


def found(client: Client, q: str, **query: Any) -> list[str]:
    return [item["text"] for item in client.ok(client.get("/messages/", q=q, **query))["items"]]


def about(client: Client, q: str) -> dict[str, Any]:
    answer: dict[str, Any] = client.ok(client.get("/messages/", q=q))["search"]
    return answer


def upload(client: Client, name: str, raw: bytes = b"the plan") -> str:
    answer = client.request("POST", f"/conversations/files/?filename={name}", body=raw)
    return str(client.ok(answer, 201)["id"])


def index_all() -> None:
    """What the running server's indexer does by and by."""
    from posthouse.conversations import indexing

    for conversation_id in indexing.conversations():
        while indexing.step(conversation_id):
            continue


def known_words(conversation: str) -> set[int]:
    """The messages that the index has of a conversation."""
    from posthouse.search import index

    return set(index.messages().email_ids(int(conversation), after=0, limit=10_000))


@pytest.fixture(params=["at once", "from the index"])
def settle(request: pytest.FixtureRequest) -> Callable[[], None]:
    """Everything holds of what the index has reached and of what it has not."""
    return index_all if request.param == "from the index" else lambda: None


def test_words_are_found_in_text_author_and_file(
    alice: Client, bob: Client, settle: Callable[[], None]
) -> None:
    room = group(alice, bob)
    say(alice, room, "The budget for spring")
    say(bob, room, "Lunch with the Budgetary office?")
    say(bob, room, "See here", file_ids=[upload(bob, "Quarterly.budget.pdf")])
    say(alice, room, f"@[Nobody](user:{me(bob)}) look")
    settle()
    assert found(alice, "budget ") == ["See here", "The budget for spring"]
    assert found(alice, "budget") == ["See here", "Lunch with the Budgetary office?", "The budget for spring"]
    assert found(alice, "BUDGET spring ") == ["The budget for spring"]
    assert found(alice, '"spring budget"') == [] and found(alice, '"budget for spring"') != []
    assert found(alice, "from:bob lunch ") == ["Lunch with the Budgetary office?"]
    assert found(alice, "from:me spring ") == ["The budget for spring"] == found(alice, "from:me budget ")
    assert found(alice, "filename:quarterly ") == ["See here"]
    assert found(alice, "lunch OR spring ") == ["Lunch with the Budgetary office?", "The budget for spring"]
    assert found(alice, "budget -spring ") == ["See here"]
    assert found(alice, "from:me -spring ") == [f"@[Nobody](user:{me(bob)}) look"]
    assert found(alice, "nobody ") == [f"@[Nobody](user:{me(bob)}) look"]
    assert found(alice, "user ") == [], "how a mention is written is no word of it"
    assert found(alice, ",") == [] and found(alice, "nowhere ") == []


def test_scripts_without_blanks_are_found(alice: Client, bob: Client, settle: Callable[[], None]) -> None:
    room = group(alice, bob)
    for text in ("明日の会議は三時です", "ประชุมพรุ่งนี้เช้า", "회의는 내일", "Café à midi"):
        say(alice, room, text)
    settle()
    assert found(bob, "会議") == ["明日の会議は三時です"]
    assert found(bob, "พรุ่งนี้") == ["ประชุมพรุ่งนี้เช้า"]
    assert found(bob, "내일") == ["회의는 내일"]
    assert found(bob, "cafe ") == ["Café à midi"]


def test_what_was_edited_or_deleted_is_not_found_by_its_old_words(
    alice: Client, bob: Client, settle: Callable[[], None]
) -> None:
    room = group(alice, bob)
    edited, deleted = say(alice, room, "first wording"), say(alice, room, "first and gone")
    hidden = say(bob, room, "first, not for alice")
    settle()
    assert len(found(alice, "first ")) == 3
    alice.ok(alice.patch(f"/messages/{edited['id']}/", {"text": "second wording"}))
    alice.ok(alice.delete(f"/messages/{deleted['id']}/"), 204)
    alice.ok(alice.delete(f"/messages/{hidden['id']}/?for=me"), 204)
    for again in (lambda: None, index_all):
        again()
        assert found(alice, "first ") == [] and about(alice, "first ")["estimate"] == 0
        assert found(bob, "first ") == ["first, not for alice"]
        assert found(alice, "second ") == ["second wording"] == found(alice, "wording ")
    assert known_words(room) == {int(edited["id"]), int(hidden["id"])}


def test_only_who_may_read_finds(
    alice: Client, bob: Client, gina: Client, mallory: Client, settle: Callable[[], None]
) -> None:
    private, room = group(alice, bob, name="Quiet"), channel(alice, name="square")
    say(alice, private, "secret pudding")
    say(alice, room, "public pudding")
    settle()
    assert found(bob, "pudding ") == ["public pudding", "secret pudding"], "one may read open channels"
    assert found(gina, "pudding ") == [] and found(mallory, "pudding ") == []
    for q in ("pudding ", "in:#quiet", "in:#square pudding", "from:alice "):
        page = mallory.ok(mallory.get("/messages/", q=q))
        assert page["items"] == [] and page["next"] is None and page["search"]["estimate"] == 0
        assert page["search"]["is_complete"]
    assert mallory.get("/messages/", q="pudding", conversation=private).status == 404
    bob.ok(bob.post(f"/conversations/{private}/leave/"), 204)
    assert found(bob, "pudding ") == ["public pudding"] and found(bob, "in:#quiet pudding ") == []
    assert bob.get("/messages/", q="pudding", conversation=private).status == 404
    alice.ok(alice.delete(f"/conversations/{room}/"), 204)
    assert found(bob, "pudding ") == [], "a channel that was deleted"


def test_whom_one_has_blocked_is_not_found(alice: Client, bob: Client, settle: Callable[[], None]) -> None:
    room = direct(alice, bob)
    say(bob, room, "an offer")
    say(alice, room, "an offer of mine")
    settle()
    alice.ok(alice.post("/conversations/blocks/", {"user_id": me(bob)}), 204)
    assert found(alice, "offer ") == ["an offer of mine"]
    assert len(found(bob, "offer ")) == 2, "the other is not told"


def test_who_asks_for_whom_they_blocked_finds_them(
    alice: Client, bob: Client, settle: Callable[[], None]
) -> None:
    room = group(alice, bob)
    say(bob, room, "an offer")
    say(alice, room, "an offer of mine")
    settle()
    assert found(alice, "offer is:blocked") == []
    alice.ok(alice.post("/conversations/blocks/", {"user_id": me(bob)}), 204)
    assert found(alice, "offer ") == ["an offer of mine"]
    assert found(alice, "offer is:blocked") == ["an offer"]
    assert found(alice, "{is:blocked from:me} offer") == ["an offer of mine", "an offer"]
    assert found(alice, "offer -is:blocked") == ["an offer of mine"]
    both = alice.ok(alice.get("/search/", q="offer is:blocked"))["items"]
    assert [one["message"]["text"] for one in both] == ["an offer"]
    assert [
        one["text"] for one in alice.get(f"/conversations/{room}/messages/").json["items"] if one["text"]
    ] == [
        "an offer",
        "an offer of mine",
    ], "the timeline has it, for the client to fold"


def test_a_conversation_is_named_in_the_search(
    alice: Client, bob: Client, gina: Client, settle: Callable[[], None]
) -> None:
    desk, other = group(alice, bob, name="Front Desk"), group(alice, bob, gina, name="Back")
    talk = direct(alice, bob)
    for room, text in ((desk, "tea one"), (other, "tea two"), (talk, "tea three")):
        say(alice, room, text)
    settle()
    assert found(alice, 'in:#"front desk" tea ') == ["tea one"] == found(alice, "in:#front-desk tea ")
    assert found(alice, "in:#back OR in:@bob tea ") == ["tea three", "tea two"]
    assert found(alice, "in:@bob") == ["tea three"] == found(alice, "in:@bob tea ")
    assert found(alice, "tea -in:#back ") == ["tea three", "tea one"]
    assert found(alice, "in:#nowhere tea ") == []
    assert found(alice, "(in:#back tea) OR one ") == ["tea two", "tea one"]
    assert found(alice, "in:anywhere tea ") == ["tea three", "tea two", "tea one"]


def test_what_messages_bring_and_how_they_stand(
    alice: Client, bob: Client, settle: Callable[[], None]
) -> None:
    room = group(alice, bob)
    png = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
    plain = say(alice, room, "item plain")
    said = {
        "has:file": say(alice, room, "item file", file_ids=[upload(alice, "a.txt")]),
        "has:image": say(alice, room, "item image", file_ids=[upload(alice, "a.png", png)]),
        "has:link": say(alice, room, "item https://example.org"),
        "has:reaction": say(alice, room, "item reaction"),
        "has:thread": say(alice, room, "item thread"),
        "is:pinned": say(alice, room, "item pinned"),
        "is:starred": say(alice, room, "item starred"),
        "is:mention": say(alice, room, f"item @[Bob](user:{me(bob)})"),
        "is:important": say(alice, room, "item now", importance="important"),
    }
    emoji = {"emoji": "\N{THUMBS UP SIGN}"}
    alice.ok(alice.post(f"/messages/{said['has:reaction']['id']}/react/", emoji))
    reply(alice, said["has:thread"], "an answer")
    alice.ok(alice.post(f"/messages/{said['is:pinned']['id']}/pin/"))
    bob.ok(bob.post(f"/messages/{said['is:starred']['id']}/star/"), 204)
    settle()
    said["has:file"], also = said["has:file"], said["has:image"]
    for q, message in said.items():
        wanted = [message["text"]] if q != "has:file" else [also["text"], message["text"]]
        assert found(bob, q) == wanted, q
        assert found(bob, f"item {q}") == wanted, q
        assert message["text"] not in found(bob, f"item -{q}"), q
        assert plain["text"] in found(bob, f"item -{q}"), q
    assert found(alice, "is:starred") == []
    bob.ok(bob.post(f"/conversations/{room}/read/", {"number": said["is:pinned"]["number"]}))
    unread = [said[q]["text"] for q in ("is:important", "is:mention", "is:starred")]
    assert found(bob, "item is:unread") == unread and found(alice, "item is:unread") == []
    assert set(unread).isdisjoint(read := found(bob, "item is:read")) and len(read) == 7
    day = plain["created_at"][:10]
    assert plain["text"] in found(bob, f"item after:{day}") and found(bob, f"item before:{day}") == []
    assert found(bob, "item older_than:1d") == [] and plain["text"] in found(bob, "item newer_than:1d")


def test_what_means_nothing_here_is_said(alice: Client, bob: Client) -> None:
    room = group(alice, bob)
    say(alice, room, "subject: budget")
    search = about(alice, "budget subject:budget is:odd ")
    assert [(part["text"], part["kind"]) for part in search["understood"]] == [
        ("budget", "words"),
        ("subject:budget", "not_understood"),
        ("is:odd", "not_understood"),
    ]
    assert found(alice, "subject:budget ") == ["subject: budget"], "taken as words"


def test_somebody_is_found_by_an_address_that_one_may_see(alice: Client, bob: Client, cast: Cast) -> None:
    room = group(alice, bob)
    say(alice, room, "from the stable")
    assert found(bob, f"from:{cast.alice.email} stable ") == ["from the stable"]
    alice.ok(alice.patch("/users/me/", {"hides_email": True}))
    assert found(bob, f"from:{cast.alice.email} stable ") == []
    assert found(bob, "from:alice stable ") == ["from the stable"]


def test_pages_hold_everything_once(alice: Client, bob: Client) -> None:
    rooms = [group(alice, bob, name=f"Room {number}") for number in range(3)]
    said = [say(alice, rooms[number % 3], f"common {number}")["text"] for number in range(45)]
    index_all()
    said += [say(alice, rooms[number % 3], f"common {number}")["text"] for number in range(45, 60)]
    told: list[str] = []
    cursor = None
    for _ in range(20):
        page = alice.ok(
            alice.get("/messages/", q="common ", limit=7, **({"cursor": cursor} if cursor else {}))
        )
        told += [item["text"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert told == said[::-1]
    assert about(alice, "common 3 ")["estimate"] == 1
    first = alice.ok(alice.get("/messages/", q="common ", limit=7))
    assert first["search"]["estimate"] is None, "what would have to be counted is not"
    assert alice.get("/messages/", q="other", limit=7, cursor=first["next"]).json["code"] == "invalid_cursor"


def test_where_the_words_stand_is_shown(alice: Client, bob: Client) -> None:
    room = group(alice, bob)
    say(alice, room, "word " * 100 + "needle <b>" + " word" * 100, file_ids=[upload(alice, "needle.txt")])
    (item,) = alice.ok(alice.get("/messages/", q="needle "))["items"]
    text = "".join(piece["text"] for piece in item["snippet"]["text"])
    assert len(text) < 200 and text.startswith("…") and "needle <b>" in text
    assert [piece["text"] for piece in item["snippet"]["text"] if piece["is_match"]] == ["needle"]
    assert [piece["text"] for piece in item["snippet"]["filename"] if piece["is_match"]] == ["needle"]
    only = alice.ok(alice.get("/messages/", q="needle ", fields="id,snippet"))["items"]
    assert only == [{"id": item["id"], "snippet": item["snippet"]}]
    assert "snippet" not in alice.ok(alice.get("/messages/"))["items"][0]


def test_the_running_server_indexes_what_is_written(alice: Client, bob: Client) -> None:
    from posthouse.conversations import indexer, indexing
    from posthouse.search import index

    room = group(alice, bob)
    ids = {int(say(alice, room, f"letter {number}")["id"]) for number in range(120)}
    assert indexer.running is not None
    deadline = time.monotonic() + 30
    while known_words(room) != ids:
        assert time.monotonic() < deadline, len(known_words(room))
        time.sleep(0.05)
    progress = index.messages().progress_of(int(room))
    assert progress is not None and progress.upto <= indexing.conversations()[int(room)]


def test_what_goes_with_its_time_leaves_the_index(alice: Client, bob: Client, move: Any) -> None:
    room = group(alice, bob)
    for number in range(70):
        say(alice, room, f"old {number}")
    index_all()
    assert len(known_words(room)) == 70
    alice.ok(alice.patch(f"/conversations/{room}/", {"retention_days": 1}))
    move(2 * 86_400)
    late = say(alice, room, "new")
    from posthouse.conversations import retention

    retention.expire()
    assert found(alice, "old") == []
    index_all()
    assert known_words(room) == {int(late["id"])}


def test_an_index_that_was_lost_is_made_anew_from_the_newest_on(alice: Client, bob: Client) -> None:
    from posthouse.conversations import indexing
    from posthouse.search import index

    room = group(alice, bob)
    said = [say(alice, room, f"kept {number}") for number in range(130)]
    index_all()
    index.messages().forget(int(room))
    for _ in range(2):
        indexing.step(int(room))
    assert known_words(room) <= {int(one["id"]) for one in said[-indexing.STEP :]}
    assert len(found(alice, "kept ", limit=200)) == 130, "what is not there yet is read itself"
    alice.ok(alice.patch(f"/messages/{said[0]['id']}/", {"text": "another"}))
    index_all()
    assert known_words(room) == {int(one["id"]) for one in said}
    assert len(found(alice, "kept ", limit=200)) == 129 and found(alice, "another ") == ["another"]


def test_nobody_waits_for_the_indexer(alice: Client, bob: Client) -> None:
    """Sending goes on while another thread indexes without a rest, and all of it is found."""
    room = group(alice, bob)
    is_done, faults = threading.Event(), []

    def work() -> None:
        while not is_done.is_set():
            try:
                index_all()
            except Exception as error:  # noqa: BLE001 told below
                faults.append(error)
        from posthouse.base import db

        db.release_thread()

    worker = threading.Thread(target=work)
    worker.start()
    for number in range(60):
        say(alice, room, f"rush {number}")
        assert found(bob, f"rush {number} ") == [f"rush {number}"]
    is_done.set()
    worker.join(30)
    assert not faults and len(found(bob, "rush ", limit=200)) == 60


def test_a_search_has_the_searches_own_limit(alice: Client) -> None:
    assert '"search"' in alice.get("/messages/", q="x").headers["ratelimit-policy"]
    assert '"general"' in alice.get("/messages/").headers["ratelimit-policy"]


def test_a_token_that_may_not_read_conversations_finds_nothing(alice: Client) -> None:
    token = {"name": "x", "scopes": ["mail:read"], "expires_in_days": 1}
    made = alice.ok(alice.post("/security/tokens/", token), 201)
    program = Client(alice.http, headers={"Authorization": f"Bearer {made['token']}"})
    assert program.get("/messages/", q="x").json["code"] == "insufficient_scope"
