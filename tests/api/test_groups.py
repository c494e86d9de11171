"""Groups and addresses by the API, and whom mail to them reaches by SMTP."""

from __future__ import annotations

import itertools
import smtplib
from typing import Any

import pytest

from tests import make
from tests.api.client import Client, log_in
from tests.cast import PASSWORD, Cast, Person, person, user_id
from tests.delivery.outside import set_quota
from tests.house import RunningHouse

OUTSIDE = "zoe@outside.test"


def group(client: Client, name: str, **fields: Any) -> Any:
    return client.ok(client.post("/groups/", {"name": name, **fields}), 201)


def join(client: Client, group: Any, who: Person, **fields: Any) -> None:
    client.ok(client.send("PUT", f"/groups/{group['id']}/members/{user_id(who)}/", fields), 204)


def nest(client: Client, outer: Any, inner: Any) -> Any:
    return client.send("PUT", f"/groups/{outer['id']}/groups/{inner['id']}/")


def subjects(client: Client) -> list[str]:
    boxes = {box["role"]: box["id"] for box in client.get("/mailboxes/").json["items"]}
    return [email["subject"] for email in client.get("/emails/", mailbox=boxes["inbox"]).json["items"]]


def from_outside(house: RunningHouse, to: str | list[str], subject: str, *, sender: str = OUTSIDE) -> Any:
    """What the MX door says: {} or the refusals."""
    with smtplib.SMTP("127.0.0.1", house.ports["mx"]) as smtp:
        try:
            return smtp.sendmail(sender, to, make.message(subject=subject))
        except smtplib.SMTPRecipientsRefused as refused:
            return refused.recipients


def submitted(house: RunningHouse, who: Person, to: str, subject: str, *, sender: str = "") -> Any:
    with smtplib.SMTP("127.0.0.1", house.ports["submission"]) as smtp:
        smtp.login(who.email, PASSWORD)
        raw = make.message(subject=subject, sender=sender or who.email, to=to)
        try:
            return smtp.sendmail(sender or who.email, [to], raw)
        except smtplib.SMTPRecipientsRefused as refused:
            return refused.recipients


# --- groups -------------------------------------------------------------------------------------


def test_a_group_is_made_shown_changed_and_removed(
    alice: Client, bob: Client, gina: Client, cast: Cast
) -> None:
    made = group(alice, "Coachmen", about="Who drive", address=f"Coach@{cast.domain}")
    assert (made["address"], made["posting"], made["members"]) == (f"coach@{cast.domain}", "organisation", 1)
    assert bob.get("/groups/").json["items"][0]["name"] == "Coachmen"
    assert gina.get("/groups/").json["items"] == []
    path = f"/groups/{made['id']}/"
    assert gina.get(path).status == 404
    for answer in (bob.patch(path, {"name": "x"}), bob.delete(path), bob.post("/groups/", {"name": "Mine"})):
        assert answer.status == 403
    assert alice.post("/groups/", {"name": "coachmen"}).json["code"] == "group_exists"
    assert alice.post("/groups/", {"name": "x", "address": cast.bob.email}).json["code"] == "address_exists"
    assert (
        alice.post("/groups/", {"name": "x", "address": "a@elsewhere.test"}).json["code"] == "no_such_domain"
    )
    assert (
        alice.post("/groups/", {"name": "x", "address": f"a+b@{cast.domain}"}).json["code"]
        == "invalid_address"
    )
    changed = alice.ok(alice.patch(path, {"name": "Drivers", "posting": "members", "address": None}))
    assert (changed["name"], changed["posting"], changed["address"]) == ("Drivers", "members", None)
    assert alice.delete(path).status == 204
    assert alice.get(path).status == 404


def test_a_group_counts_those_whom_its_list_shows(alice: Client, cast: Cast) -> None:
    made = group(alice, "Coachmen")
    join(alice, made, cast.bob)
    assert alice.get(f"/groups/{made['id']}/").json["members"] == 2
    alice.ok(alice.patch(f"/users/{user_id(cast.bob)}/", {"is_active": False}))
    assert alice.get(f"/groups/{made['id']}/").json["members"] == 1
    assert len(alice.get(f"/groups/{made['id']}/members/").json["items"]) == 1


def test_a_manager_says_who_is_in_it_and_anybody_may_leave(
    alice: Client, bob: Client, gina: Client, cast: Cast
) -> None:
    made = group(alice, "Coachmen")
    path = f"/groups/{made['id']}/members/"
    assert bob.send("PUT", f"{path}{user_id(cast.bob)}/", {}).status == 403
    join(alice, made, cast.bob, is_manager=True)
    assert gina.person is not None
    join(bob, made, gina.person)
    seen = gina.ok(gina.get(path))["items"]
    assert [(item["user"]["name"], item["is_manager"]) for item in seen] == [
        ("Alice", True), ("Bob", True), ("Gina", False)]  # fmt: skip
    assert gina.send("PUT", f"{path}{user_id(gina.person)}/", {"is_manager": True}).status == 403
    assert gina.delete(f"{path}{user_id(cast.bob)}/").status == 403
    assert bob.patch(f"/groups/{made['id']}/", {"address": f"x@{cast.domain}"}).status == 403
    assert gina.delete(f"{path}{user_id(gina.person)}/").status == 204
    assert gina.get(path).status == 404
    assert bob.delete(f"{path}{user_id(gina.person)}/").status == 404
    assert alice.send("PUT", f"{path}{user_id(cast.mallory)}/", {}).status == 404
    page = alice.ok(alice.get(path, limit=1))
    rest = alice.ok(alice.get(path, limit=1, cursor=page["next"]))
    assert [item["user"]["name"] for item in page["items"] + rest["items"]] == ["Alice", "Bob"]


def test_groups_nest_five_deep_and_in_no_circle(alice: Client) -> None:
    chain = [group(alice, f"g{n}") for n in range(6)]
    for outer, inner in itertools.pairwise(chain[:5]):
        assert nest(alice, outer, inner).status == 204
    assert nest(alice, chain[4], chain[5]).json["code"] == "group_too_deep"
    assert nest(alice, chain[5], chain[0]).json["code"] == "group_too_deep"
    for inner in (chain[0], chain[1], chain[4]):
        assert nest(alice, chain[4], inner).json["code"] == "group_loop"
    assert nest(alice, chain[5], chain[5]).json["code"] == "group_loop"
    path = f"/groups/{chain[0]['id']}/groups/{chain[1]['id']}/"
    assert alice.delete(path).status == 204
    assert alice.delete(path).status == 404
    assert nest(alice, chain[4], chain[0]).status == 204


# --- mail to groups -----------------------------------------------------------------------------


def test_mail_to_a_group_reaches_everybody_once(
    house: RunningHouse, alice: Client, bob: Client, cast: Cast
) -> None:
    carol = person("Carol", cast.domain)
    all_of_us = group(alice, "All", address=f"all@{cast.domain}", posting="everybody")
    inner = group(alice, "Inner")
    join(alice, inner, cast.bob)
    join(alice, inner, carol)
    join(alice, all_of_us, cast.bob)
    assert nest(alice, all_of_us, inner).status == 204
    to = [f"all@{cast.domain}", f"ALL+tag@{cast.domain}", cast.bob.email]
    assert from_outside(house, to, "To all") == {}
    for client in (alice, bob, log_in(house, carol)):
        assert subjects(client) == ["To all"]
    alice.ok(alice.delete(f"/groups/{inner['id']}/members/{user_id(carol)}/"), 204)
    assert from_outside(house, to[0], "Without Carol") == {}
    assert subjects(log_in(house, carol)) == ["To all"]
    alice.ok(alice.patch(f"/users/{user_id(cast.bob)}/", {"is_active": False}))
    assert from_outside(house, to[0], "Without Bob") == {}
    assert subjects(alice) == ["Without Bob", "Without Carol", "To all"]


@pytest.mark.parametrize(("posting", "bobs", "carols"), [("organisation", 250, 250), ("members", 250, 550)])
def test_who_may_write_to_a_group(
    house: RunningHouse,
    alice: Client,
    bob: Client,
    mallory: Client,
    cast: Cast,
    posting: str,
    bobs: int,
    carols: int,
) -> None:
    """By the MX nobody who is not let in by everybody, whatever they call themselves: nothing proves them there."""
    carol = person("Carol", cast.domain)
    address = f"team@{cast.domain}"
    team = group(alice, "Team", address=address, posting=posting)
    join(alice, team, cast.bob)
    for sender in (OUTSIDE, cast.bob.email):
        refused = from_outside(house, address, "From outside", sender=sender)
        assert refused[address][0] == 550 and b"5.7.1" in refused[address][1]
    for who, wanted in ((cast.bob, bobs), (carol, carols), (cast.mallory, 550)):
        answer = submitted(house, who, address, f"By {who.name}")
        assert (answer[address][0] if answer else 250) == wanted, who.name
    body = {"to": [{"email": address}], "subject": "By the API", "text": "x"}
    answers = [client.post("/send/", body) for client in (bob, log_in(house, carol), mallory)]
    wanted = [202, 202 if carols == 250 else 400, 400]
    assert [answer.status for answer in answers] == wanted
    assert {answer.json["code"] for answer in answers if answer.status == 400} == {"may_not_post"}
    assert "From outside" not in subjects(alice)


def test_an_empty_group_is_nobody(house: RunningHouse, alice: Client, cast: Cast) -> None:
    address = f"empty@{cast.domain}"
    made = group(alice, "Empty", address=address, posting="everybody")
    alice.ok(alice.delete(f"/groups/{made['id']}/members/{user_id(cast.alice)}/"), 204)
    assert from_outside(house, address, "x")[address][0] == 550


def test_one_full_member_does_not_hold_up_a_group(
    house: RunningHouse, alice: Client, bob: Client, cast: Cast
) -> None:
    address = f"all@{cast.domain}"
    join(alice, group(alice, "All", address=address, posting="everybody"), cast.bob)
    set_quota(cast.bob, 0)
    assert from_outside(house, address, "For both") == {}
    assert subjects(alice) == subjects(bob) == ["For both"]
    set_quota(cast.alice, 0)
    assert from_outside(house, address, "For none")[address][0] == 452


def test_mail_for_nobody_goes_where_the_domain_says(
    house: RunningHouse, alice: Client, bob: Client, cast: Cast
) -> None:
    (domain,) = alice.get("/domains/").json["items"]
    path, nobody = f"/domains/{domain['id']}/", f"nobody@{cast.domain}"
    assert from_outside(house, nobody, "x")[nobody][0] == 550
    assert alice.patch(path, {"catch_all": "a@elsewhere.test"}).json["code"] == "no_such_address"
    assert alice.patch(path, {"catch_all": cast.mallory.email}).json["code"] == "no_such_address"
    assert alice.ok(alice.patch(path, {"catch_all": cast.bob.email}))["catch_all"] == cast.bob.email
    assert from_outside(house, nobody, "Caught") == {}
    assert subjects(bob) == ["Caught"]
    alice.ok(alice.patch(f"/users/{user_id(cast.bob)}/", {"is_active": False}))
    for address in (nobody, cast.bob.email):
        assert from_outside(house, address, "x")[address][0] == 550
    alice.ok(alice.patch(path, {"catch_all": None}))


# --- addresses of people ------------------------------------------------------------------------


def test_an_alias_reaches_and_may_be_sent_as(
    house: RunningHouse, alice: Client, bob: Client, cast: Cast
) -> None:
    path, alias = f"/users/{user_id(cast.bob)}/addresses/", f"post@{cast.domain}"
    assert submitted_refused(house, cast.bob, alias)
    assert bob.post(path, {"email": alias}).status == 403
    made = alice.ok(alice.post(path, {"email": alias.upper()}), 201)
    assert made == {"id": made["id"], "email": alias, "is_primary": False}
    assert [item["email"] for item in bob.ok(bob.get(path))["items"]] == [cast.bob.email, alias]
    assert from_outside(house, [alias, f"post+x@{cast.domain}"], "By alias") == {}
    assert subjects(bob) == ["By alias"]
    assert submitted(house, cast.bob, cast.alice.email, "As alias", sender=alias) == {}
    identity = next(one for one in bob.get("/me/").json["identities"] if one["email"] == alias)
    body = {"identity_id": identity["id"], "to": [{"email": cast.alice.email}], "text": "x", "subject": "API"}
    assert bob.post("/send/", body).status == 202
    assert alice.post(path, {"email": alias}).json["code"] == "address_exists"
    assert alice.post(path, {"email": "a@elsewhere.test"}).json["code"] == "no_such_domain"
    assert alice.delete(f"{path}{made['id']}/").status == 204
    assert from_outside(house, alias, "x")[alias][0] == 550
    assert bob.post("/send/", body).status == 404, "the address is lost, and so is sending as it"
    assert [one["email"] for one in bob.get("/me/").json["identities"]] == [cast.bob.email]
    assert submitted_refused(house, cast.bob, alias)


def submitted_refused(house: RunningHouse, who: Person, sender: str) -> bool:
    with pytest.raises(smtplib.SMTPSenderRefused):
        submitted(house, who, who.email, "x", sender=sender)
    return True


def test_the_address_one_logs_in_with_can_be_another(
    house: RunningHouse, alice: Client, bob: Client, cast: Cast
) -> None:
    path, new = f"/users/{user_id(cast.bob)}/addresses/", f"robert@{cast.domain}"
    made = alice.ok(alice.post(path, {"email": new}), 201)
    old = alice.get(path).json["items"][0]
    assert alice.delete(f"{path}{old['id']}/").json["code"] == "primary_address"
    alice.ok(alice.post(f"{path}{made['id']}/primary/"))
    assert bob.get("/me/").json["email"] == new
    assert bob.get("/me/").json["identities"][0]["email"] == new
    assert bob.post("/auth/token/", {"email": cast.bob.email, "password": PASSWORD}).status == 401
    bob.ok(bob.post("/auth/token/", {"email": new, "password": PASSWORD}))
    assert from_outside(house, cast.bob.email, "Still reaches") == {}
    assert subjects(bob) == ["Still reaches"]


def test_managers_may_send_as_their_group(
    house: RunningHouse, alice: Client, bob: Client, cast: Cast
) -> None:
    address = f"team@{cast.domain}"
    team = group(alice, "Team", address=address)
    join(alice, team, cast.bob)
    assert submitted_refused(house, cast.bob, address)
    join(alice, team, cast.bob, is_manager=True)
    assert submitted(house, cast.bob, cast.alice.email, "As the team", sender=address) == {}
    assert address in [one["email"] for one in bob.get("/me/").json["identities"]]
    join(alice, team, cast.bob)
    assert address not in [one["email"] for one in bob.get("/me/").json["identities"]]
    assert submitted_refused(house, cast.bob, address)
