"""Addresses that lists pass over: what puts them there, who sees them, and the way back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.client import Client, log_in
from tests.cast import Cast
from tests.delivery.outside import lines, outside, send, settled
from tests.delivery.test_fates import render, report, sent_to
from tests.delivery.test_vacation import idle
from tests.house import RunningHouse
from tests.wire.mime import report_samples as samples

GONE = {"RCPT": b"550 5.1.1 no such user"}


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


def listed(client: Client, **query: Any) -> dict[str, tuple[str, str | None]]:
    items = client.ok(client.get("/sending/suppressions/", **query))["items"]
    return {one["address"]: (one["reason"], one["answer"]) for one in items}


def bounced(
    house: RunningHouse, cast: Cast, address: str = "Zoe@gone.test", answer: bytes = GONE["RCPT"]
) -> None:
    with outside(house, address.partition("@")[2], replies={"RCPT": answer}):
        settled(send(cast.alice, address).submission_id)


def test_a_hard_bounce_is_written_down_with_why(house: RunningHouse, cast: Cast, alice: Client) -> None:
    bounced(house, cast)
    assert listed(alice) == {"zoe@gone.test": ("bounced", "550 5.1.1 no such user")}


@pytest.mark.parametrize("answer", [b"550 5.7.1 not today", b"552 5.2.2 mailbox full", b"550 5.3.4 too big"])
def test_other_refusals_say_nothing_of_the_address(
    house: RunningHouse, cast: Cast, alice: Client, answer: bytes
) -> None:
    bounced(house, cast, answer=answer)
    assert listed(alice) == {}


def test_a_bounce_that_comes_later_and_a_complaint_are_too(
    house: RunningHouse, cast: Cast, alice: Client
) -> None:
    _, traces, _ = sent_to(house, cast.alice, "zoe@there.test", "yan@far.test")
    report(house, cast.alice, render(samples.POSTFIX, cast.alice, traces["there.test"], to="zoe@there.test"))
    complaint = next(shape for shape in samples.SHAPES if shape.action == "complained")
    report(
        house,
        cast.alice,
        render(complaint, cast.alice, traces["far.test"], to="yan@far.test"),
        sender="" if complaint.is_null_sender else "yan@far.test",
    )
    assert {address: reason for address, (reason, _) in listed(alice).items()} == {
        "zoe@there.test": "bounced",
        "yan@far.test": "complained",
    }
    assert set(listed(alice, reason="complained")) == {"yan@far.test"}
    assert set(listed(alice, q="ZOE")) == {"zoe@there.test"}


def test_a_made_up_report_puts_nobody_there(house: RunningHouse, cast: Cast, alice: Client) -> None:
    _, traces, _ = sent_to(house, cast.alice, "zoe@there.test")
    true = traces["there.test"]
    forged = true[:-1] + ("a" if true[-1] != "a" else "i")
    report(house, cast.alice, render(samples.POSTFIX, cast.alice, forged, to="zoe@there.test"))
    assert listed(alice) == {}


def test_lists_pass_them_over_and_people_do_not(house: RunningHouse, cast: Cast, alice: Client) -> None:
    bounced(house, cast)
    with outside(house, "gone.test") as peer:
        body = {"to": [{"email": "zoe@gone.test"}], "text": "x", "list": "news"}
        sent = alice.ok(alice.post("/send/", body), 202)["submission_id"]
        (line,) = alice.get(f"/submissions/{sent}/").json["recipients"]
        assert (line["state"], line["answer"]) == (
            "skipped",
            "Passed over: mail to this address came back for good.",
        )
        settled(send(cast.alice, "zoe@gone.test").submission_id)
        assert len(peer.messages) == 1, "what a person writes goes"
        (found,) = alice.get("/sending/suppressions/").json["items"]
        alice.ok(alice.delete(f"/sending/suppressions/{found['id']}/"), 204)
        assert listed(alice) == {}
        alice.ok(alice.post("/send/", body), 202)
        idle()
        assert len(peer.messages) == 2
    acts = [one for one in alice.get("/audit/").json["items"] if one["act"] == "recipient.released"]
    assert [one["facts"] for one in acts] == [{"reason": "bounced"}], "which address is nobody's business"


def test_another_organisation_hears_nothing(house: RunningHouse, cast: Cast, alice: Client) -> None:
    bounced(house, cast)
    mallory = log_in(house, cast.mallory)
    assert listed(mallory) == {}
    with outside(house, "gone.test") as peer:
        body = {"to": [{"email": "zoe@gone.test"}], "text": "x", "list": "news"}
        sent = mallory.ok(mallory.post("/send/", body), 202)["submission_id"]
        settled(int(sent))
        assert len(peer.messages) == 1
    (found,) = alice.get("/sending/suppressions/").json["items"]
    assert mallory.delete(f"/sending/suppressions/{found['id']}/").status == 404
    assert len(listed(alice)) == 1


def test_who_does_not_manage_the_organisation_sees_none(house: RunningHouse, cast: Cast) -> None:
    bounced(house, cast)
    bob = log_in(house, cast.bob)
    assert bob.get("/sending/suppressions/").status == 403
    assert bob.delete("/sending/suppressions/1/").status == 403


def test_an_address_of_ours_is_never_there(house: RunningHouse, cast: Cast, alice: Client) -> None:
    """It may be somebody's tomorrow, and the directory knows today."""
    nobody = f"nobody@{cast.domain}"
    sent = send(cast.alice, nobody)
    settled(sent.submission_id)
    assert lines(sent.submission_id)[nobody][0] == "failed"
    assert listed(alice) == {}


def test_pages_follow_each_other(house: RunningHouse, cast: Cast, alice: Client) -> None:
    with outside(house, "gone.test", replies=GONE):
        settled(send(cast.alice, *(f"p{n}@gone.test" for n in range(3))).submission_id)
    first = alice.get("/sending/suppressions/", limit=2).json
    second = alice.get("/sending/suppressions/", limit=2, cursor=first["next"]).json
    found = [one["address"] for one in first["items"] + second["items"]]
    assert sorted(found) == ["p0@gone.test", "p1@gone.test", "p2@gone.test"] and second["next"] is None
    assert alice.get("/sending/suppressions/", q="x", cursor=first["next"]).json["code"] == "invalid_cursor"
