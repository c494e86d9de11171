"""Mail to lists of one's own: everybody can leave by one click, and who has is passed over."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.client import Answer, Client, log_in
from tests.cast import Cast
from tests.delivery.outside import bytes_of, inbox, outside, until
from tests.delivery.test_vacation import idle
from tests.delivery.transport.peer import Peer
from tests.house import RunningHouse

CLICK = "List-Unsubscribe=One-Click"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


@pytest.fixture
def world(house: RunningHouse) -> Iterator[Peer]:
    with outside(house, "outside.test") as peer:
        yield peer


def send(client: Client, *to: str, list_name: str = "news", **fields: Any) -> str:
    body = {"to": [{"email": one} for one in to], "subject": "News", "text": "x", "list": list_name, **fields}
    return str(client.ok(client.post("/send/", body), 202)["submission_id"])


def way_out(message: Any) -> str:
    """The path of a mail's link, below the API's."""
    found = re.fullmatch(
        r"<https://mail\.posthouse\.test/api/v1(/lists/unsubscribe/\?t=\S+)>", message["List-Unsubscribe"]
    )
    assert found is not None and message["List-Unsubscribe-Post"] == CLICK
    return found[1]


def click(house: RunningHouse, path: str) -> Answer:
    """As a reader's program does: without a log-in, with a form."""
    return Client(house.http).request("POST", path, body=CLICK.encode(), headers=FORM)


def lines(client: Client, submission_id: str) -> dict[str, tuple[str, str | None]]:
    found = client.get(f"/submissions/{submission_id}/").json["recipients"]
    return {one["recipient"]: (one["state"], one["answer"]) for one in found}


def test_each_gets_a_way_out_and_who_takes_it_is_passed_over(
    house: RunningHouse, cast: Cast, alice: Client, world: Peer
) -> None:
    people = ("a@outside.test", "b@outside.test", cast.bob.email)
    send(alice, *people)
    until(lambda: len(world.messages) == 2 and inbox(cast.bob))
    mails = [email.message_from_bytes(bytes_of(raw)) for raw in world.messages] + [inbox(cast.bob)[-1]]
    ways = [way_out(one) for one in mails]
    assert len(set(ways)) == 3
    page = Client(house.http).get(ways[0])
    assert page.status == 200 and b"a@outside.test" in page.body and b"<form" in page.body
    assert alice.get("/lists/suppressions/").json["items"] == [], "looking changes nothing"
    for _ in range(2):
        assert click(house, ways[0]).status == 200
    (left,) = alice.get("/lists/suppressions/").json["items"]
    assert (left["list"], left["address"]) == ("news", "a@outside.test")
    later = send(alice, "A@outside.test", "b@outside.test")
    idle()
    assert len(world.messages) == 3
    assert lines(alice, later) == {
        "A@outside.test": ("skipped", "They have left this list."),
        "b@outside.test": ("delivered", "250 2.0.0 ok"),
    }
    send(alice, "a@outside.test", list_name="other")
    idle()
    assert len(world.messages) == 4, "another list"
    alice.ok(alice.post("/send/", {"to": [{"email": "a@outside.test"}], "text": "x"}), 202)
    idle()
    assert email.message_from_bytes(bytes_of(world.messages[-1]))["List-Unsubscribe"] is None, "no list"
    alice.ok(alice.delete(f"/lists/suppressions/{left['id']}/"), 204)
    send(alice, "a@outside.test")
    idle()
    assert len(world.messages) == 6


def test_when_all_have_left_nothing_waits(
    house: RunningHouse, cast: Cast, alice: Client, world: Peer
) -> None:
    send(alice, "a@outside.test")
    until(lambda: world.messages)
    click(house, way_out(email.message_from_bytes(bytes_of(world.messages[0]))))
    submission = send(alice, "a@outside.test", hold_seconds=60)
    found = alice.get(f"/submissions/{submission}/").json
    assert (found["state"], found["undo_until"]) == ("done", None)
    assert alice.post(f"/submissions/{submission}/cancel/").json["code"] == "already_sent"


def test_taken_back_before_it_left_it_is_a_draft_again(
    house: RunningHouse, cast: Cast, alice: Client, world: Peer
) -> None:
    send(alice, "a@outside.test")
    until(lambda: world.messages)
    click(house, way_out(email.message_from_bytes(bytes_of(world.messages[0]))))
    submission = send(alice, "a@outside.test", "b@outside.test", hold_seconds=60)
    alice.ok(alice.post(f"/submissions/{submission}/cancel/"))
    assert {one[0] for one in lines(alice, submission).values()} == {"skipped", "cancelled"}


def test_the_fields_are_signed(house: RunningHouse, cast: Cast, alice: Client, world: Peer) -> None:
    """What proves the way out to the reader's server (RFC 8058 §4)."""
    from posthouse.wire.auth.dkim_sign import SIGNED

    assert {b"list-unsubscribe", b"list-unsubscribe-post"} <= SIGNED


@pytest.mark.parametrize("token", ["", "x", "s1.aaaaaaaa.AAAA"])
def test_a_link_that_is_not_ours_does_nothing(house: RunningHouse, token: str) -> None:
    for method in ("GET", "POST"):
        answer = Client(house.http).request(method, f"/lists/unsubscribe/?t={token}", headers=FORM)
        assert (answer.status, answer.json["code"]) == (403, "invalid_link")


def test_one_accounts_link_says_nothing_of_anothers_list(
    house: RunningHouse, cast: Cast, alice: Client, world: Peer
) -> None:
    send(alice, "a@outside.test")
    until(lambda: world.messages)
    click(house, way_out(email.message_from_bytes(bytes_of(world.messages[0]))))
    bob = log_in(house, cast.bob)
    send(bob, "a@outside.test")
    idle()
    assert len(world.messages) == 2
    assert bob.get("/lists/suppressions/").json["items"] == []


@pytest.mark.parametrize("name", ["", "News", "a b", "x\r\nBcc: y@z.test", "a" * 101, "-x"])
def test_a_lists_name_is_a_plain_word(alice: Client, name: str) -> None:
    body = {"to": [{"email": "a@outside.test"}], "text": "x", "list": name}
    assert alice.post("/send/", body).status == 400
