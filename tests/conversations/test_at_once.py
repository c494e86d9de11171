"""What several people, or one with several devices, do in a conversation at the same moment.

In SQLite's lane one comes after the other; on PostgreSQL each is a transaction of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.api.client import Client
from tests.at_once import at_once, behind, nobody_in_a_ring
from tests.cast import Cast
from tests.conversations.rooms import direct, group, me, reply, say, texts
from tests.conversations.test_files import upload

CONVERSATION = "conversations_conversation"
ROUNDS = 10


@pytest.fixture(autouse=True)
def in_order() -> Iterator[None]:
    with nobody_in_a_ring():
        yield


def device(client: Client) -> Client:
    """Another of the same person."""
    return replace(client, headers=dict(client.headers), _connection=None)


def test_an_edit_brings_nothing_back_that_was_deleted(alice: Client, bob: Client) -> None:
    room = group(alice, bob)
    for _ in range(6):
        message = say(bob, room, "A secret")
        path = f"/messages/{message['id']}/"
        other = device(bob)
        behind(
            CONVERSATION,
            room,
            [lambda p=path: bob.delete(p), lambda p=path, d=other: d.patch(p, {"text": "The secret"})],
        )
        shown = alice.ok(alice.get(path))
        assert (shown["text"], shown["html"]) == ("", "") and shown["deleted_at"]


@pytest.mark.parametrize(
    ("verb", "body", "field", "nothing"),
    [("react", {"emoji": "👍"}, "reactions", {}), ("pin", {}, "pinned_at", None)],
)
def test_nothing_hangs_on_what_was_deleted(
    alice: Client, bob: Client, verb: str, body: dict[str, Any], field: str, nothing: object
) -> None:
    room = group(alice, bob)
    for _ in range(3):
        message = say(bob, room, "Look")
        path = f"/messages/{message['id']}/"
        behind(
            CONVERSATION, room, [lambda p=path: bob.delete(p), lambda p=path: alice.post(f"{p}{verb}/", body)]
        )
        assert bob.ok(bob.get(path))[field] == nothing


def test_an_answer_that_is_deleted_twice_is_one_less(alice: Client, bob: Client) -> None:
    room = group(alice, bob)
    root = say(alice, room, "Who comes?")
    kept, gone = reply(bob, root, "I do"), reply(bob, root, "Or not")
    path = f"/messages/{gone['id']}/"
    other = device(bob)
    answers = behind(CONVERSATION, room, [lambda: bob.delete(path), lambda: other.delete(path)])
    assert sorted(answer.status for answer in answers) == [204, 409]
    thread = alice.ok(alice.get(f"/conversations/{room}/threads/{kept['thread_id']}/"))
    assert thread["reply_count"] == 1


def test_a_file_goes_with_one_message(alice: Client, bob: Client) -> None:
    rooms = [group(alice, bob), group(alice, bob)]
    for _ in range(ROUNDS):
        file_id = upload(alice, b"Only once", "once.txt")["id"]
        devices = [alice, device(alice)]

        def send(number: int, file_id: object = file_id, devices: list[Client] = devices) -> Any:
            body = {"text": "Here", "file_ids": [file_id]}
            return devices[number].post(f"/conversations/{rooms[number]}/messages/", body)

        answers = behind("conversations_file", str(file_id), [lambda: send(0), lambda: send(1)])
        assert sorted(answer.status for answer in answers) == [201, 404]
        sent = next(answer.json for answer in answers if answer.status == 201)
        assert len(bob.ok(bob.get(f"/messages/{sent['id']}/files/"))["items"]) == 1


def test_what_is_scheduled_twice_waits_once(alice: Client, bob: Client) -> None:
    from posthouse.base import clock

    room = group(alice, bob)
    body = {"text": "Later", "client_id": "the-same", "send_at": clock.iso(clock.now_ms() + 3_600_000)}
    devices = [device(alice) for _ in range(4)]
    answers = at_once([lambda d=d: d.post(f"/conversations/{room}/messages/", body) for d in devices])
    assert {answer.status for answer in answers} <= {200, 201, 202}, [answer.body for answer in answers]
    assert len(alice.ok(alice.get("/conversations/scheduled/"))["items"]) == 1


def test_what_is_taken_back_as_it_goes_is_one_or_the_other(alice: Client, bob: Client, cast: Cast) -> None:
    from posthouse.base import clock
    from posthouse.conversations import scheduling

    room = group(alice, bob)
    for number in range(ROUNDS):
        text = f"Number {number}"
        soon_ms = clock.now_ms() + 60_000
        body = {"text": text, "send_at": clock.iso(soon_ms)}
        scheduled = alice.post(f"/conversations/{room}/messages/", body).json["id"]
        actor = cast.alice.actor

        def cancel(scheduled: str = scheduled, actor: Any = actor) -> Any:
            return scheduling.cancel(actor, int(scheduled))

        clock.set_source(lambda soon_ms=soon_ms: soon_ms / 1000 + 1)
        try:
            _, taken_back = at_once([lambda s=scheduled: scheduling.send_due(int(s)), cancel])
        finally:
            clock.set_source(None)
        assert (text in texts(bob, room)) == (taken_back == "already_sent")


def test_one_star_and_one_hiding_are_both_there(alice: Client, bob: Client) -> None:
    room = group(alice, bob)
    for _ in range(ROUNDS):
        message = say(bob, room, "Shiny")
        path = f"/messages/{message['id']}/"
        devices = [device(alice) for _ in range(3)]
        answers = at_once(
            [
                lambda d=devices[0], path=path: d.post(f"{path}star/", {}),
                lambda d=devices[1], path=path: d.post(f"{path}star/", {}),
                lambda d=devices[2], path=path: d.delete(f"{path}?for=me"),
            ]
        )
        assert {answer.status for answer in answers} <= {200, 204}, [answer.body for answer in answers]
        assert texts(alice, room) == []


def test_people_who_write_read_and_get_it_wait_for_nobody_in_a_ring(
    alice: Client, bob: Client, cast: Cast
) -> None:
    """Small conversations tell everybody what was read and delivered, so all of it is in one log."""
    from posthouse.conversations import delivered, pointers, sending
    from posthouse.conversations.delivered import Got
    from posthouse.conversations.sending import Writing

    room = int(direct(alice, bob))
    alice_, bob_ = cast.alice.actor, cast.bob.actor

    def write(actor: Any) -> None:
        for number in range(ROUNDS):
            sending.send(actor, room, Writing(text=f"Number {number}"))

    def read(actor: Any) -> None:
        for number in range(ROUNDS):
            pointers.read(actor, room, number=2 * number)

    def get(*people: Any) -> None:
        for number in range(ROUNDS):
            delivered.note_delivered([Got(actor.user_id, room, 2 * number) for actor in people])

    at_once(
        [
            *(lambda actor=actor: write(actor) for actor in (alice_, bob_)),
            *(lambda actor=actor: read(actor) for actor in (alice_, bob_)),
            lambda: get(alice_, bob_),
            lambda: get(bob_, alice_),
        ]
    )

    page = alice.ok(alice.get(f"/conversations/{room}/messages/", limit=100))
    assert [item["number"] for item in page["items"]] == list(range(1, 2 * ROUNDS + 1))


def test_a_pointer_of_many_devices_only_goes_forward(alice: Client, bob: Client, cast: Cast) -> None:
    from posthouse.base import sql
    from posthouse.conversations import pointers

    room = group(alice, bob)
    root = say(bob, room)
    answers = [reply(bob, root, f"Number {number}") for number in range(8)]
    reply(alice, root, "I follow")
    actor, thread = cast.alice.actor, int(answers[0]["thread_id"])
    pointers.unread(actor, int(room), number=answers[0]["number"], thread_id=thread)
    pointers.read(actor, int(room), number=answers[0]["number"], thread_id=thread, is_reopened=True)

    at_once(
        [
            lambda number=one["number"]: pointers.read(actor, int(room), number=number, thread_id=thread)
            for one in answers
        ]
    )

    found = sql.row(
        "SELECT read_number FROM conversations_follow WHERE thread_id = %s AND user_id = %s",
        [thread, int(me(alice))],
    )
    assert found == (answers[-1]["number"],)


def test_a_hold_that_comes_while_old_messages_go_keeps_the_rest(alice: Client, bob: Client) -> None:
    """Whoever looked which conversations are held has looked too early."""
    from posthouse.base import clock
    from posthouse.conversations import retention

    room = group(alice, bob)
    say(bob, room, "Evidence")
    alice.ok(alice.post(f"/conversations/{room}/hold/"), 204)
    assert retention._expire_some(int(room), clock.now_ms() + 1) == 0
    assert texts(bob, room) == ["Evidence"]
