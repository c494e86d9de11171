"""The organisation, its domains, and the proof that one is its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.client import Client, log_in
from tests.base.fake_dns import FakeDns, fake_dns
from tests.cast import PASSWORD, Cast
from tests.house import RunningHouse
from tests.identity.factors import add_totp


@pytest.fixture
def dns() -> Iterator[FakeDns]:
    """The house asks this one."""
    from posthouse.base import net

    before = net.policy()
    with fake_dns() as server:
        net.configure(net.NetPolicy(dns_server=server.address, dns_timeout=1, allow_nets=before.allow_nets))
        yield server
        net.configure(before)


def test_the_organisation_is_shown_and_changed(alice: Client, bob: Client, gina: Client, cast: Cast) -> None:
    shown = alice.ok(alice.get("/organisation/"))
    assert shown["default_domain"] == cast.domain
    assert (shown["sign_up"], shown["min_password"], shown["requires_mfa"]) == ("invitation", 8, False)
    add_totp(alice)  # who requires a factor has one
    changes = {"name": "Post", "sign_up": "domain", "sign_up_domains": ["Partner.TEST"], "min_password": 12,
               "requires_mfa": True, "sign_up_role": "member"}  # fmt: skip
    changed = alice.ok(alice.patch("/organisation/", changes))
    assert {name: changed[name] for name in changes} == {**changes, "sign_up_domains": ["partner.test"]}
    assert bob.get("/organisation/").json["code"] == "mfa_setup_required"
    alice.ok(alice.patch("/organisation/", {"requires_mfa": False}))
    for client in (bob, gina):
        seen = client.ok(client.get("/organisation/"))
        assert (seen["name"], seen["min_password"], seen["sign_up"]) == ("Post", 12, None)
        assert client.patch("/organisation/", {"name": "Mine"}).status == 403
    short = alice.post("/users/", {"email": f"x@{cast.domain}", "password": "eleven char"})
    assert short.json["code"] == "bad_password"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"default_domain": "elsewhere.test"}, "no_such_domain"),
        ({"sign_up": "maybe"}, "invalid_choice"),
        ({"sign_up_role": "admin"}, "too_much"),
        ({"sign_up_role": "7"}, "invalid_role"),
        ({"min_password": 7}, "min_value"),
        ({"sign_up_domains": ["not a domain"]}, "invalid_domain"),
        ({"owner": "me"}, "unknown_field"),
    ],
)
def test_settings_that_cannot_be(alice: Client, body: dict[str, Any], code: str) -> None:
    answer = alice.patch("/organisation/", body)
    assert (answer.status, answer.json["code"]) == (400, code)


def test_sign_up_is_not_by_addresses_one_gets_here(alice: Client, cast: Cast) -> None:
    answer = alice.patch("/organisation/", {"sign_up_domains": [cast.domain]})
    assert answer.json["code"] == "own_domain"


def test_a_domain_says_what_to_publish(alice: Client, bob: Client, gina: Client, cast: Cast) -> None:
    (domain,) = bob.ok(bob.get("/domains/"))["items"]
    records = {(record["type"], record["name"]): record["value"] for record in domain["records"]}
    assert records["MX", cast.domain] == "10 mail.posthouse.test."
    assert records["TXT", cast.domain].startswith("v=spf1 ")
    assert records["TXT", f"_dmarc.{cast.domain}"].startswith("v=DMARC1")
    assert all(record["why"] for record in domain["records"])
    assert gina.get("/domains/").status == 403
    assert bob.post("/domains/", {"name": "new.test"}).status == 403


def test_among_others_a_domain_is_a_claim_until_the_dns_says_so(
    dns: FakeDns, alice: Client, mallory: Client, cast: Cast
) -> None:
    from posthouse.identity import directory

    name = f"new.{cast.domain}"
    mine, hers = (client.ok(client.post("/domains/", {"name": name}), 201) for client in (alice, mallory))
    assert not mine["is_proved"]
    assert isinstance(directory.lookup(f"postmaster@{name}"), directory.NotOurs)
    proof = mine["records"][0]
    assert (proof["type"], proof["name"]) == ("TXT", f"_posthouse.{name}")
    assert proof["value"] != hers["records"][0]["value"]
    assert alice.post(f"/domains/{mine['id']}/prove/").json["code"] == "not_proved"
    dns.zone[proof["name"], "TXT"] = ['"something else"', f'"{proof["value"]}"']
    assert mallory.post(f"/domains/{hers['id']}/prove/").json["code"] == "not_proved"
    proved = alice.ok(alice.post(f"/domains/{mine['id']}/prove/"))
    assert proved["is_proved"]
    assert isinstance(directory.lookup(f"postmaster@{name}"), directory.Local)
    assert alice.post("/domains/", {"name": name}).json["code"] == "domain_exists"
    dns.zone[proof["name"], "TXT"] = [f'"{hers["records"][0]["value"]}"']
    assert mallory.post(f"/domains/{hers['id']}/prove/").json["code"] == "domain_exists", "it is taken"
    alice.ok(alice.patch("/organisation/", {"default_domain": name}))
    assert alice.delete(f"/domains/{proved['id']}/").status == 204
    assert alice.get("/organisation/").json["default_domain"] == cast.domain
    assert mallory.delete(f"/domains/{hers['id']}/").status == 204


def test_a_domain_with_addresses_stays(alice: Client, cast: Cast) -> None:
    (domain,) = alice.get("/domains/").json["items"]
    assert alice.delete(f"/domains/{domain['id']}/").json["code"] == "domain_in_use"
    for bad in ("nodots", "a b.test", "", "x" * 260):
        assert alice.post("/domains/", {"name": bad}).status == 400, bad


def test_the_minimum_holds_wherever_a_password_is_chosen(house: RunningHouse, cast: Cast) -> None:
    alice, bob = log_in(house, cast.alice), log_in(house, cast.bob)
    alice.ok(alice.patch("/organisation/", {"min_password": 20}))
    short, long = "quartz-lagoon-77", "quartz-lagoon-77-meridian"
    changed = bob.post("/auth/password/change/", {"current_password": PASSWORD, "new_password": short})
    assert (changed.status, changed.json["code"]) == (400, "bad_password")
    person = {"email": f"new@{cast.domain}", "name": "New"}
    added = alice.post("/users/", {**person, "password": short})
    assert (added.status, added.json["code"]) == (400, "bad_password")
    named = alice.post("/users/", {**person, "name": "Meridian", "password": long})
    assert (named.status, named.json["code"]) == (400, "guessable_password")
    alice.ok(alice.post("/users/", {**person, "password": long}), 201)
    assert (
        bob.post("/auth/password/change/", {"current_password": PASSWORD, "new_password": long}).status < 300
    )
