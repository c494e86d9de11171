"""Signatures: several of an account, one that each address begins with."""

from __future__ import annotations

import pytest

from tests.api.client import Client, log_in
from tests.cast import Cast, user_id
from tests.house import RunningHouse


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


def html_of(client: Client) -> list[str]:
    return [one["signature_html"].strip() for one in client.get("/me/").json["identities"]]


def test_an_address_begins_with_the_one_it_is_given(cast: Cast, alice: Client) -> None:
    alice.ok(alice.post(f"/users/{user_id(cast.alice)}/addresses/", {"email": f"desk@{cast.domain}"}), 201)
    own, desk = (one["id"] for one in alice.get("/me/").json["identities"])
    long = alice.ok(
        alice.post("/signatures/", {"name": "Long", "html": "<p>Alice</p>", "identity_ids": [own, desk]}), 201
    )
    assert long["identity_ids"] == [own, desk] and html_of(alice) == ["<p>Alice</p>", "<p>Alice</p>"]
    short = alice.ok(alice.post("/signatures/", {"name": "Brief", "html": "<p>A.</p>"}), 201)["id"]
    alice.ok(alice.patch(f"/signatures/{short}/", {"identity_ids": [desk]}))
    assert html_of(alice) == ["<p>Alice</p>", "<p>A.</p>"]
    assert [(one["name"], one["identity_ids"]) for one in alice.get("/signatures/").json["items"]] == [
        ("Brief", [desk]),
        ("Long", [own]),
    ], "an address has one"
    alice.ok(alice.patch(f"/signatures/{long['id']}/", {"html": "<p>Alice M.</p>"}))
    assert html_of(alice) == ["<p>Alice M.</p>", "<p>A.</p>"], "its addresses follow"
    alice.ok(alice.delete(f"/signatures/{short}/"), 204)
    assert html_of(alice) == ["<p>Alice M.</p>", ""]


def test_who_writes_an_identitys_own_has_chosen_none(cast: Cast, alice: Client) -> None:
    own = alice.get("/me/").json["identities"][0]["id"]
    made = alice.ok(
        alice.post("/signatures/", {"name": "x", "html": "<p>x</p>", "identity_ids": [own]}), 201
    )["id"]
    alice.ok(alice.patch(f"/identities/{own}/", {"signature_html": "<p>own</p>"}))
    assert alice.get(f"/signatures/{made}/").json["identity_ids"] == []
    alice.ok(alice.patch(f"/signatures/{made}/", {"html": "<p>z</p>"}))
    alice.ok(alice.delete(f"/signatures/{made}/"), 204)
    assert html_of(alice) == ["<p>own</p>"]


def test_it_is_cleaned(alice: Client) -> None:
    body = {"name": "x", "html": '<p onclick="x()">A<script>x</script><img src="https://a.test/x.png"></p>'}
    html = alice.ok(alice.post("/signatures/", body), 201)["html"]
    assert "script" not in html and "onclick" not in html


def test_an_account_signs_for_itself(house: RunningHouse, cast: Cast, alice: Client) -> None:
    bob = log_in(house, cast.bob)
    theirs = bob.get("/me/").json["identities"][0]["id"]
    answer = alice.post("/signatures/", {"name": "x", "html": "x", "identity_ids": [theirs]})
    assert answer.status == 404 and alice.get("/signatures/").json["items"] == []
    grant = {"user_id": user_id(cast.bob), "right": "write"}
    alice.ok(alice.post(f"/accounts/{cast.alice.account_id}/grants/", grant), 201)
    body = {"name": "x", "html": "x", "account_id": str(cast.alice.account_id)}
    assert bob.post("/signatures/", body).json["code"] == "right_lacking"
