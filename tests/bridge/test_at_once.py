"""Mail threads that become one, people outside who go, and colleagues who write, at the same moment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests import make
from tests.api.client import Client
from tests.at_once import at_once, behind, nobody_in_a_ring
from tests.bridge import desk
from tests.bridge.people import ZOE, invite
from tests.cast import Cast
from tests.conversations.rooms import group, me
from tests.conversations.test_at_once import device
from tests.delivery.transport.peer import Peer

ROUNDS = 5


@pytest.fixture(autouse=True)
def in_order() -> Iterator[None]:
    with nobody_in_a_ring():
        yield


def two_threads(alice: Client, cast: Cast, number: int) -> tuple[str, str, Any]:
    """Two threads, and the mail that shows that they are one."""
    from posthouse.mail import storing

    one, two = (f"{number}.{side}@{cast.domain}" for side in "ab")
    threads = [desk.thread(alice, subject="Roof", message_id=name) for name in (one, two)]
    joining = make.message(
        subject="Re: Roof",
        to=cast.alice.email,
        message_id=f"{number}.c@{cast.domain}",
        headers=f"References: <{one}> <{two}>\r\n",
    )
    return threads[0], threads[1], storing.prepare(joining)


def test_a_first_note_is_not_left_on_a_thread_that_has_become_another(alice: Client, cast: Cast) -> None:
    """What is on a thread without mail would go with the next job."""
    from posthouse.bridge import joining
    from posthouse.mail import storing

    for number in range(ROUNDS):
        into, other, arrival = two_threads(alice, cast, number)
        account_id = cast.alice.account_id
        _, written = behind(
            "mail_account",
            account_id,
            [
                lambda arrival=arrival, account_id=account_id: storing.store_together(
                    [storing.Storing(arrival=arrival, account_id=account_id)]
                ),
                lambda other=other: alice.post(f"/threads/{other}/notes/", {"text": "Mine"}),
            ],
        )
        joining.forget_ended()
        if written.status == 201:
            assert desk.texts(alice, into) == ["Mine"]
        else:
            assert written.status == 404, written.body


def test_two_first_notes_are_in_one_conversation(alice: Client, bob: Client, cast: Cast) -> None:
    desk.share(alice, cast.bob, "write")
    for _ in range(ROUNDS):
        thread = desk.thread(alice)
        answers = at_once(
            [
                lambda client=client, thread=thread: client.post(f"/threads/{thread}/notes/", {"text": "Me"})
                for client in (alice, bob, device(alice), device(bob))
            ]
        )
        assert [answer.status for answer in answers] == [201] * 4
        assert len(desk.notes(bob, thread)["conversations"]) == 1
        assert desk.texts(bob, thread) == ["Me"] * 4


def test_two_who_ask_the_same_person_in_ask_once(alice: Client, bob: Client, world: Peer) -> None:
    room = group(alice, bob)
    alice.ok(alice.patch(f"/conversations/{room}/participants/{me(bob)}/", {"role": "admin"}), 204)
    body = {"address": ZOE, "name": "Zoe"}
    answers = at_once(
        [
            lambda client=client: client.post(f"/conversations/{room}/outside/", body)
            for client in (alice, bob)
        ]
    )
    assert sorted(answer.status for answer in answers) == [201, 409], [answer.body for answer in answers]


def test_who_leaves_as_they_are_paused_has_left(alice: Client, bob: Client, world: Peer) -> None:
    from posthouse.bridge import outsiders

    room = group(alice, bob)
    for number in range(ROUNDS):
        zoe = invite(alice, room, f"zoe{number}@outside.test")
        path = f"/conversations/{room}/outside/{zoe['id']}/"
        behind(
            "bridge_outsider",
            zoe["id"],
            [
                lambda zoe=zoe: outsiders.leave(int(zoe["id"]), 0),
                lambda path=path: alice.patch(path, {"state": "paused"}),
            ],
        )
        shown = alice.ok(alice.get(f"/conversations/{room}/outside/"))["items"]
        assert [one["state"] for one in shown if one["id"] == zoe["id"]] == ["left"]
