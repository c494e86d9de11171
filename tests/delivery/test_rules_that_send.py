"""Rules that forward and answer: the same guards, confirmed targets, and nothing for old mail."""

from __future__ import annotations

import email
from collections.abc import Iterator
from typing import Any

import pytest

from tests import make
from tests.api.client import Client, log_in
from tests.cast import Cast, user_id
from tests.delivery.outside import bytes_of, outside, smtp
from tests.delivery.test_forwarding import TARGET, envelope, forward, mail, propose
from tests.delivery.test_rules import run_of, subjects
from tests.delivery.test_vacation import AWAY, answers, deliver, idle
from tests.delivery.transport.peer import Peer
from tests.house import RunningHouse
from tests.letters import Letters

BILLS = {"field": "subject", "op": "contains", "value": "bill"}


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


@pytest.fixture
def away(house: RunningHouse) -> Iterator[Peer]:
    with outside(house, "away.test") as peer:
        yield peer


@pytest.fixture
def world(house: RunningHouse) -> Iterator[Peer]:
    with outside(house, "outside.test") as peer:
        yield peer


def rule(client: Client, *actions: dict[str, Any], **fields: Any) -> Any:
    return client.post("/rules/", {"name": "x", "conditions": [BILLS], "actions": list(actions), **fields})


def template(client: Client, **fields: Any) -> str:
    body = {
        "name": "Thanks",
        "subject": "Got it, {{first_name|friend}}",
        "html": "<p>Dear {{name}},</p>",
        **fields,
    }
    return str(client.ok(client.post("/templates/", body), 201)["id"])


def to(path: str) -> dict[str, str]:
    """The action that forwards so."""
    return {"do": "forward", "forward_id": path.split("/")[2]}


def test_a_rule_forwards_what_it_fits(house: RunningHouse, cast: Cast, alice: Client, away: Peer) -> None:
    path = forward(alice, away, is_enabled=False)
    made = alice.ok(rule(alice, to(path), {"do": "trash"}), 201)
    assert made["actions"][0]["forward_id"] == path.split("/")[2]
    deliver(house, cast.alice, subject="A bill")
    deliver(house, cast.alice, subject="A letter")
    idle()
    (gone,) = away.messages
    assert email.message_from_bytes(bytes_of(gone))["Subject"] == "A bill"
    assert envelope(away)[0].startswith("SRS0=")
    assert subjects(alice, make.mailbox(cast.alice, "trash")) == ["A bill"], (
        "as the rule says, though it went on"
    )
    assert [one["Subject"] for one in mail(cast.alice)] == ["A letter"]


def test_a_target_gets_it_once_whoever_sends_it_there(
    house: RunningHouse, cast: Cast, alice: Client, away: Peer
) -> None:
    path = forward(alice, away)
    alice.ok(rule(alice, to(path)), 201)
    alice.ok(rule(alice, to(path), name="y"), 201)
    deliver(house, cast.alice, subject="A bill")
    idle()
    assert len(away.messages) == 1


def test_only_to_who_agreed_and_with_a_fresh_proof(
    house: RunningHouse, cast: Cast, alice: Client, away: Peer
) -> None:
    from tests.identity.factors import moving_clock

    waiting = propose(alice)["forward"]["id"]
    refused = rule(alice, {"do": "forward", "forward_id": waiting})
    assert (refused.status, refused.json["code"]) == (409, "forward_unconfirmed")
    assert rule(alice, {"do": "forward"}).json["code"] == "bad_rule"
    Letters(away).code()
    alice.ok(alice.delete(f"/forwards/{waiting}/"), 204)
    away.messages.clear()
    path = forward(alice, away)
    assert rule(alice, {**to(path), "do": "star"}).json["code"] == "bad_rule"
    made = alice.ok(rule(alice, to(path)), 201)["id"]
    who = {"email": cast.alice.email, "password": cast.alice.password}
    pair = alice.ok(alice.post("/auth/token/", who))
    with moving_clock() as move:
        move(601)
        fresh = alice.ok(alice.post("/auth/token/refresh/", {"refresh": pair["refresh"]}))
        alice.headers["Authorization"] = f"Bearer {fresh['access']}"
        wider = {"conditions": [{**BILLS, "value": "e"}]}
        for answer in (
            rule(alice, to(path)),
            alice.patch(f"/rules/{made}/", wider),
            alice.patch(f"/rules/{made}/", {"match": "any"}),
            alice.patch(f"/rules/{made}/", {"is_enabled": True}),
        ):
            assert (answer.status, answer.json["code"]) == (403, "step_up_required")
        alice.ok(alice.patch(f"/rules/{made}/", {"is_enabled": False, "name": "y"}))
        alice.ok(rule(alice, {"do": "star"}), 201)


def test_another_accounts_forward_is_not_there(
    house: RunningHouse, cast: Cast, alice: Client, away: Peer
) -> None:
    path = forward(alice, away)
    bob = log_in(house, cast.bob)
    assert rule(bob, to(path)).status == 404
    assert rule(bob, {"do": "answer", "template_id": template(alice)}).status == 404


def test_who_may_only_write_makes_no_rule_that_forwards(
    house: RunningHouse, cast: Cast, alice: Client, away: Peer
) -> None:
    path = forward(alice, away)
    bob = log_in(house, cast.bob)
    grant = {"user_id": user_id(cast.bob), "right": "write"}
    alice.ok(alice.post(f"/accounts/{cast.alice.account_id}/grants/", grant), 201)
    there = {"account_id": str(cast.alice.account_id)}
    assert rule(bob, to(path), **there).json["code"] == "right_lacking"
    bob.ok(rule(bob, {"do": "star"}, **there), 201)


def test_a_rule_answers_from_a_template(house: RunningHouse, cast: Cast, alice: Client, world: Peer) -> None:
    made = template(alice)
    alice.ok(rule(alice, {"do": "answer", "template_id": made}), 201)
    deliver(house, cast.alice, subject="Your bill", sender="zoe@outside.test")
    (answer,) = answers(world, cast)
    assert answer["Subject"] == "Got it, Zoe" and answer["Auto-Submitted"] == "auto-replied"
    assert answer["To"] == "zoe@outside.test" and answer["In-Reply-To"]
    plain, rich = (part.get_payload(decode=True).decode() for part in answer.get_payload())
    assert plain.strip() == "Dear Zoe Outside," and "<p>Dear Zoe Outside,</p>" in rich
    deliver(house, cast.alice, subject="The same bill")
    deliver(house, cast.alice, subject="A list's bill", headers="List-Id: <x.y>\r\n", sender="l@outside.test")
    assert len(answers(world, cast)) == 1
    alice.ok(alice.patch("/vacation/", AWAY))
    deliver(house, cast.alice, subject="A bill", sender="yan@outside.test")
    assert {one["Subject"] for one in answers(world, cast)[1:]} == {"Got it, friend", "Away"}


def test_what_a_stranger_calls_himself_is_no_html(
    house: RunningHouse, cast: Cast, alice: Client, world: Peer
) -> None:
    alice.ok(rule(alice, {"do": "answer", "template_id": template(alice)}), 201)
    author = '"<img src=x onerror=alert(1)> {{email}}" <zoe@outside.test>'
    raw = make.message(sender=author, to=cast.alice.email, subject="bill")
    with smtp(house) as client:
        client.sendmail("zoe@outside.test", [cast.alice.email], raw)
    (answer,) = answers(world, cast)
    rich = answer.get_payload()[1].get_payload(decode=True).decode()
    assert "<img" not in rich and "&lt;img" in rich and "{{email}}" in rich, "neither code nor filled twice"
    assert answer["Subject"].count("\n") == 0


def test_the_preview_says_what_would_have_been_sent(
    house: RunningHouse, cast: Cast, alice: Client, away: Peer
) -> None:
    path = forward(alice, away, is_enabled=False)
    deliver(house, cast.alice, subject="bill one")
    deliver(house, cast.alice, subject="bill two", headers="List-Id: <x.y>\r\n")
    deliver(house, cast.alice, subject="bill three", headers=f"X-Loop: {cast.alice.email}\r\n")
    actions = [to(path), {"do": "answer", "template_id": template(alice)}]
    told = alice.ok(alice.post("/rules/preview/", {"conditions": [BILLS], "actions": actions}))
    found = {one["subject"]: (one["forwards_to"], one["is_answered"]) for one in told["items"]}
    assert found == {
        "bill one": ([TARGET], True),
        "bill two": ([TARGET], False),
        "bill three": ([], False),
    }
    plain = alice.ok(alice.post("/rules/preview/", {"conditions": [BILLS]}))
    assert [(one["forwards_to"], one["is_answered"]) for one in plain["items"]] == [([], False)] * 3
    idle()
    assert away.messages == []


def test_old_mail_is_neither_forwarded_nor_answered(
    house: RunningHouse, cast: Cast, alice: Client, away: Peer, world: Peer
) -> None:
    path = forward(alice, away, is_enabled=False)
    deliver(house, cast.alice, subject="An old bill")
    actions = (to(path), {"do": "answer", "template_id": template(alice)}, {"do": "star"})
    made = alice.ok(rule(alice, *actions), 201)["id"]
    assert run_of(alice, alice.post(f"/rules/{made}/apply/"))["changed"] == 1
    idle()
    assert away.messages == [] and world.messages == []


def test_what_a_rule_names_is_not_taken_away(
    house: RunningHouse, cast: Cast, alice: Client, away: Peer
) -> None:
    path, text = forward(alice, away), template(alice)
    made = alice.ok(rule(alice, to(path), {"do": "answer", "template_id": text}), 201)["id"]
    assert alice.delete(path).json["code"] == "forward_in_use"
    assert alice.delete(f"/templates/{text}/").json["code"] == "template_in_use"
    alice.ok(alice.delete(f"/rules/{made}/"), 204)
    alice.ok(alice.delete(path), 204)
    alice.ok(alice.delete(f"/templates/{text}/"), 204)


# --- templates ------------------------------------------------------------------------------------


def test_templates_are_ones_own_or_the_organisations(house: RunningHouse, cast: Cast, alice: Client) -> None:
    bob = log_in(house, cast.bob)
    own, shared = template(bob, name="B"), template(alice, name="A", is_shared=True)
    assert [one["id"] for one in bob.get("/templates/").json["items"]] == [shared, own]
    assert [one["name"] for one in alice.get("/templates/").json["items"]] == ["A"]
    assert alice.get(f"/templates/{own}/").status == 404
    assert bob.get(f"/templates/{shared}/").json["is_shared"] is True
    for answer in (
        bob.patch(f"/templates/{shared}/", {"name": "x"}),
        bob.delete(f"/templates/{shared}/"),
        bob.post("/templates/", {"name": "x", "html": "x", "is_shared": True}),
    ):
        assert (answer.status, answer.json["code"]) == (403, "permission_denied")
    bob.ok(bob.patch(f"/templates/{own}/", {"html": "<p>y<script>alert(1)</script></p>"}))
    assert bob.get(f"/templates/{own}/").json["html"].strip() == "<p>y</p>"


def test_an_organisations_template_answers_for_everybody_in_it(
    house: RunningHouse, cast: Cast, alice: Client, world: Peer
) -> None:
    shared = template(alice, is_shared=True)
    bob = log_in(house, cast.bob)
    bob.ok(rule(bob, {"do": "answer", "template_id": shared}), 201)
    mallory = log_in(house, cast.mallory)
    assert rule(mallory, {"do": "answer", "template_id": shared}).status == 404
    deliver(house, cast.bob, subject="bill")
    assert [one["Subject"] for one in answers(world, cast)] == ["Got it, Zoe"]
