"""Lists that an account keeps: who is on them, what goes to each, and what came of it."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from typing import Any

import pytest

from posthouse.delivery.mailing.people import MAX_LINES, lines_of
from tests.api.client import Answer, Client, log_in
from tests.cast import Cast, user_id
from tests.delivery.outside import bytes_of, inbox, outside, until
from tests.delivery.test_lists import click, way_out
from tests.delivery.test_vacation import idle
from tests.delivery.transport.peer import Peer
from tests.house import RunningHouse

CONSENT = "Signed the book at the fair"


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


@pytest.fixture
def world(house: RunningHouse) -> Iterator[Peer]:
    with outside(house, "outside.test") as peer:
        yield peer


def made(client: Client, people: str = "", **fields: Any) -> str:
    body = {"name": "news", "title": "News of the inn", **fields}
    found = client.ok(client.post("/lists/", body), 201)["id"]
    if people:
        client.ok(client.post(f"/lists/{found}/members/", {"people": people, "consent": CONSENT}))
    return str(found)


def members(client: Client, list_id: str, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.ok(client.get(f"/lists/{list_id}/members/", **query))["items"]
    return found


def write(client: Client, list_id: str, **fields: Any) -> Answer:
    body = {"subject": "The new stable", "html": "<p>It is open.</p>", **fields}
    return client.post(f"/lists/{list_id}/send/", body)


def parsed(raw: bytes) -> Any:
    return email.message_from_bytes(bytes_of(raw), policy=email.policy.SMTP)


def test_each_member_gets_a_copy_of_their_own(
    house: RunningHouse, cast: Cast, alice: Client, world: Peer
) -> None:
    listed = made(alice, f"Ann <Ann@outside.test>\nb@outside.test\n{cast.bob.email}")
    sent = alice.ok(write(alice, listed), 202)
    until(lambda: len(world.messages) == 2 and inbox(cast.bob))
    mails = [parsed(raw) for raw in world.messages] + [inbox(cast.bob)[-1]]
    assert sorted(mail["To"] for mail in mails) == sorted(
        ["ann@outside.test", "b@outside.test", cast.bob.email]
    )
    assert len({way_out(mail) for mail in mails}) == 3
    for raw, mail in zip(world.messages, mails, strict=False):
        others = {"ann@outside.test", "b@outside.test"} - {mail["To"]}
        assert not any(one.encode() in raw for one in others), "nobody sees who else is on it"
    kept = alice.get(f"/emails/{sent['email_id']}/").json
    assert [one["name"] for one in kept["to"]] == ["News of the inn"]
    (told,) = alice.get(f"/lists/{listed}/sendings/").json["items"]
    assert (told["subject"], told["recipients"], told["delivered"]) == ("The new stable", 3, 3)


def test_what_came_of_each_sending_is_told(
    house: RunningHouse, cast: Cast, alice: Client, world: Peer
) -> None:
    listed = made(alice, "a@outside.test\nb@outside.test\nc@outside.test")
    world.replies["RCPT c@outside.test"] = b"550 5.1.1 no such user"
    alice.ok(write(alice, listed), 202)
    until(lambda: len(world.messages) == 2)
    idle()
    first = next(parsed(raw) for raw in world.messages if parsed(raw)["To"] == "a@outside.test")
    assert click(house, way_out(first)).status == 200
    by_address = {one["address"]: one for one in members(alice, listed)}
    assert by_address["a@outside.test"]["left_at"] and not by_address["b@outside.test"]["left_at"]
    assert by_address["c@outside.test"]["suppressed"] == "bounced"
    found = alice.get(f"/lists/{listed}/").json
    assert (found["members"], found["left"], found["suppressed"]) == (3, 1, 1)

    alice.ok(write(alice, listed), 202)
    until(lambda: len(world.messages) == 3)
    idle()
    newer, older = alice.get(f"/lists/{listed}/sendings/").json["items"]
    counts = ("recipients", "waiting", "delivered", "failed", "left", "suppressed")
    assert [older[name] for name in counts] == [3, 0, 2, 1, 0, 0]
    assert [newer[name] for name in counts] == [3, 0, 1, 0, 1, 1]

    left = by_address["a@outside.test"]["suppression_id"]
    alice.ok(alice.delete(f"/lists/suppressions/{left}/"), 204)
    assert alice.get(f"/lists/{listed}/").json["left"] == 0


def test_who_has_left_stays_out_when_put_on_again(
    house: RunningHouse, cast: Cast, alice: Client, world: Peer
) -> None:
    listed = made(alice, "a@outside.test")
    alice.ok(write(alice, listed), 202)
    until(lambda: world.messages)
    click(house, way_out(parsed(world.messages[0])))
    alice.ok(alice.delete(f"/lists/{listed}/"), 204)
    again = made(alice, "a@outside.test")
    assert members(alice, again)[0]["left_at"]
    alice.ok(write(alice, again), 202)
    idle()
    assert len(world.messages) == 1


def test_people_are_put_on_it_with_how_they_said_yes(alice: Client) -> None:
    listed = made(alice)
    text = "Name,E-mail\nAnn Lee,ann@outside.test\nb@outside.test; c@outside.test\nnobody\nx@@y\nANN@outside.test"
    done = alice.ok(alice.post(f"/lists/{listed}/members/", {"people": text, "consent": CONSENT}))
    assert (done["added"], done["known"], done["refused_count"]) == (3, 0, 2)
    assert [one["text"] for one in done["refused"]] == ["nobody", "x@@y"]
    found = members(alice, listed)
    assert {one["address"]: one["name"] for one in found} == {
        "ann@outside.test": "Ann Lee",
        "b@outside.test": "",
        "c@outside.test": "",
    }
    assert {one["consent"] for one in found} == {CONSENT}
    again = alice.ok(alice.post(f"/lists/{listed}/members/", {"people": text, "consent": "other"}))
    assert (again["added"], again["known"]) == (0, 3)
    assert {one["consent"] for one in members(alice, listed)} == {CONSENT}, "what was said first stays"
    assert [one["address"] for one in members(alice, listed, q="LEE")] == ["ann@outside.test"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"people": "a@outside.test"}, "required"),
        ({"people": "a@outside.test", "consent": " "}, "blank"),
        ({"people": "Name,E-mail", "consent": "x"}, "nobody_named"),
    ],
)
def test_nobody_is_put_on_it_without_a_word(alice: Client, body: dict[str, str], code: str) -> None:
    listed = made(alice)
    answer = alice.post(f"/lists/{listed}/members/", body)
    assert answer.status == 400 and code in (answer.json["code"], answer.json["errors"][0]["code"])
    assert members(alice, listed) == []


def test_a_list_holds_a_thousand(alice: Client) -> None:
    listed = made(alice, "\n".join(f"p{n}@outside.test" for n in range(999)))
    more = alice.post(
        f"/lists/{listed}/members/", {"people": "x@outside.test\ny@outside.test", "consent": "x"}
    )
    assert (more.status, more.json["code"]) == (409, "list_full")
    alice.ok(alice.post(f"/lists/{listed}/members/", {"people": "x@outside.test", "consent": "x"}))
    assert alice.get(f"/lists/{listed}/").json["members"] == 1_000


def test_nothing_is_sent_to_nobody(alice: Client) -> None:
    assert write(alice, made(alice)).json["code"] == "no_members"


def test_a_name_is_there_once_and_stays(alice: Client) -> None:
    listed = made(alice)
    assert alice.post("/lists/", {"name": "news", "title": "x"}).json["code"] == "list_exists"
    assert alice.patch(f"/lists/{listed}/", {"name": "other"}).status == 400
    assert alice.patch(f"/lists/{listed}/", {"title": "Other"}).json["title"] == "Other"


@pytest.mark.parametrize("title", ["x\r\nBcc: y@outside.test", "Ann <x@y.test>, Bob", '"\\'])
def test_a_title_is_no_header(alice: Client, world: Peer, title: str) -> None:
    answer = alice.post("/lists/", {"name": "news", "title": title})
    if answer.status == 400:
        return
    listed = answer.json["id"]
    alice.ok(alice.post(f"/lists/{listed}/members/", {"people": "a@outside.test", "consent": "x"}))
    sent = alice.ok(write(alice, listed), 202)
    until(lambda: world.messages)
    assert parsed(world.messages[0])["Bcc"] is None
    kept = alice.get(f"/emails/{sent['email_id']}/").json
    assert len(kept["to"]) == 1 and kept["bcc"] == []


def test_it_can_be_taken_back_while_it_is_held(alice: Client, world: Peer) -> None:
    listed = made(alice, "a@outside.test")
    sent = alice.ok(write(alice, listed, hold_seconds=60), 202)
    assert alice.get(f"/lists/{listed}/sendings/").json["items"][0]["state"] == "held"
    alice.ok(alice.post(f"/submissions/{sent['submission_id']}/cancel/"))
    assert alice.get(f"/lists/{listed}/sendings/").json["items"] == []
    assert world.messages == []


def test_the_same_request_again_sends_once(alice: Client, world: Peer) -> None:
    listed = made(alice, "a@outside.test")
    body = {"subject": "x", "html": "<p>x</p>"}
    answers = [
        alice.send("POST", f"/lists/{listed}/send/", body, {"Idempotency-Key": "one"}) for _ in range(2)
    ]
    assert answers[0].json == answers[1].json
    idle()
    assert len(world.messages) == 1


def test_a_shared_accounts_list_is_kept_by_those_who_may_write_there(
    house: RunningHouse, cast: Cast, alice: Client
) -> None:
    desk = alice.ok(alice.post("/accounts/", {"name": "Desk", "email": f"desk@{cast.domain}"}), 201)["id"]
    grants = f"/accounts/{desk}/grants/"
    granted = alice.ok(alice.post(grants, {"user_id": user_id(cast.bob), "right": "read"}), 201)["id"]
    alice.ok(alice.post(grants, {"user_id": user_id(cast.alice), "right": "write"}), 201)
    listed = made(alice, "a@outside.test", account_id=desk)
    bob = log_in(house, cast.bob)
    assert [one["title"] for one in bob.ok(bob.get("/lists/", account=desk))["items"]] == ["News of the inn"]
    assert bob.post(f"/lists/{listed}/members/", {"people": "x@outside.test", "consent": "x"}).status == 403
    assert write(bob, listed).status == 403
    alice.ok(alice.delete(f"{grants}{granted}/"), 204)
    assert bob.get(f"/lists/{listed}/").status == 404


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("a@b.test", [("", "a@b.test")]),
        ('"Lee, Ann" <a@b.test>, B <b@b.test>', [("Lee, Ann", "a@b.test"), ("B", "b@b.test")]),
        ("a@b.test, b@b.test", [("", "a@b.test"), ("", "b@b.test")]),
        ("a@b.test\tAnn\tLee", [("Ann Lee", "a@b.test")]),
        ('"Lee, Ann",a@b.test', [("Lee, Ann", "a@b.test")]),
        ("E-Mail;Name\r\na@b.test;Ann\r\n\r\n", [("Ann", "a@b.test")]),
        ("", []),
    ],
)
def test_people_are_read_as_they_are_pasted(text: str, people: list[tuple[str, str]]) -> None:
    found = [(one.person.name, one.person.email) for one in lines_of(text) if one.person]
    assert found == people


@pytest.mark.parametrize("text", ['"', "<", "<<>>", "a,b@c,d@e", "\0@\0", '"a@b.test', "x" * 200_000])
def test_what_cannot_be_read_is_named_and_breaks_nothing(text: str) -> None:
    assert all(one.person is None or one.person.email for one in lines_of(text))


def test_no_more_lines_are_read_than_a_list_may_ever_need() -> None:
    assert len(lines_of("a@b.test\n" * (MAX_LINES + 5))) == MAX_LINES
