"""Passkeys, by a software authenticator: as second factor, as the only one, and what must not pass for one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.client import Answer, Client, log_in
from tests.authenticator import PRESENT, Authenticator, b64, raw
from tests.cast import Cast
from tests.house import RunningHouse
from tests.identity.factors import add_passkey, finish, half_in, with_token


def _alone(house: RunningHouse, key: Authenticator, **changed: Any) -> Answer:
    """Log in by passkey and nothing else."""
    anyone = Client(house.http)
    asked = anyone.ok(anyone.post("/auth/passkey/options/"))
    assert "allowCredentials" not in asked["options"], "says nothing of who has one"
    credential = key.get(asked["options"])
    credential["response"].update(changed)
    return finish(house, asked["challenge"], passkey=credential)


@pytest.mark.parametrize("counts", [True, False])
def test_a_passkey_is_second_factor_and_only_factor(
    house: RunningHouse, cast: Cast, alice: Client, counts: bool
) -> None:
    key = Authenticator(counts=counts)
    assert len(add_passkey(alice, key)) == 10
    asked = half_in(house, cast.alice)
    assert asked["methods"] == ["passkey", "recovery_code"]
    assert [one["id"] for one in asked["passkey"]["allowCredentials"]] == [b64(key.credential_id)]
    credential = key.get(asked["passkey"])
    assert finish(house, asked["challenge"], passkey=credential).status == 200
    assert finish(house, asked["challenge"], passkey=credential).status == 401, "replayed"
    pair = _alone(house, key)
    assert with_token(house, pair.json["access"]).get("/me/").json["email"] == cast.alice.email
    row = alice.get("/security/").json["passkeys"][0]
    assert row["name"] == "My key" and row["last_used_at"]


def test_registration_asks_for_what_can_stand_alone(alice: Client, cast: Cast) -> None:
    options = alice.ok(alice.post("/security/passkeys/options/"))["options"]
    assert options["rp"]["id"] == "mail.posthouse.test"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert cast.alice.email not in raw(options["user"]["id"]).decode("latin-1")
    key = Authenticator()
    add_passkey(alice, key)
    again = alice.ok(alice.post("/security/passkeys/options/"))["options"]
    assert [one["id"] for one in again["excludeCredentials"]] == [b64(key.credential_id)]


def test_several_with_names_each_can_go(house: RunningHouse, cast: Cast, alice: Client) -> None:
    phone, stick = Authenticator(), Authenticator()
    assert add_passkey(alice, phone, name="Phone")
    assert add_passkey(alice, stick, name="Stick") == [], "the codes of the first still count"
    rows = {row["name"]: row["id"] for row in alice.get("/security/").json["passkeys"]}
    alice.ok(alice.patch(f"/security/passkeys/{rows['Phone']}/name/", {"name": "Old phone"}), 204)
    assert {row["name"] for row in alice.get("/security/").json["passkeys"]} == {"Old phone", "Stick"}
    alice.ok(alice.delete(f"/security/passkeys/{rows['Phone']}/"), 204)
    assert _alone(house, phone).status == 401
    assert _alone(house, stick).status == 200
    alice.ok(alice.delete(f"/security/passkeys/{rows['Stick']}/"), 204)
    assert log_in(house, cast.alice), "no factor is left"


def test_a_passkey_of_another_place_or_without_a_check_is_refused(house: RunningHouse, alice: Client) -> None:
    for key in (
        Authenticator(origin="https://mail.posthouse.test.evil.example"),
        Authenticator(flags=PRESENT),
    ):
        asked = alice.ok(alice.post("/security/passkeys/options/"))
        body = {"challenge": asked["challenge"], "credential": key.create(asked["options"]), "name": "x"}
        assert alice.post("/security/passkeys/", body).json["code"] == "invalid_passkey"
    key = Authenticator()
    add_passkey(alice, key)
    key.origin = "https://evil.example"
    assert _alone(house, key).status == 401
    key.origin, key.flags = Authenticator().origin, PRESENT
    assert _alone(house, key).status == 401, "the device did not check who holds it"
    key.flags, key.rp_id = Authenticator().flags, "evil.example"
    assert _alone(house, key).status == 401


def test_what_was_tampered_with_is_refused(house: RunningHouse, cast: Cast, alice: Client) -> None:
    key, other = Authenticator(), Authenticator()
    add_passkey(alice, key)
    assert _alone(house, key, signature=b64(b"\x30\x06\x02\x01\x01\x02\x01\x01")).status == 401
    assert _alone(house, key, authenticatorData=b64(b"\x00" * 37)).status == 401
    assert _alone(house, key, authenticatorData="!").status == 401
    assert _alone(house, key, clientDataJSON=b64(b"{}")).status == 401
    assert _alone(house, key, userHandle=b64(b"somebody")).status == 401
    other.credential_id, other.rp_id, other.handle = key.credential_id, key.rp_id, key.handle
    other.count = key.count
    assert _alone(house, other).status == 401
    assert _alone(house, key).status == 200


def test_a_copied_authenticator_shows_by_its_counter(house: RunningHouse, alice: Client) -> None:
    key = Authenticator()
    add_passkey(alice, key)
    for _ in range(3):
        assert _alone(house, key).status == 200
    key.count = 1
    assert _alone(house, key).status == 401


def test_mallorys_passkey_is_no_second_factor_of_alice(
    house: RunningHouse, cast: Cast, alice: Client
) -> None:
    hers, his = Authenticator(), Authenticator()
    add_passkey(alice, hers)
    add_passkey(log_in(house, cast.mallory), his)
    asked = half_in(house, cast.alice)
    assert finish(house, asked["challenge"], passkey=his.get(asked["passkey"])).status == 401


def test_a_registration_is_its_persons_and_works_once(house: RunningHouse, cast: Cast, alice: Client) -> None:
    mallory = log_in(house, cast.mallory)
    asked = alice.ok(alice.post("/security/passkeys/options/"))
    body = {
        "challenge": asked["challenge"],
        "credential": Authenticator().create(asked["options"]),
        "name": "x",
    }
    assert mallory.post("/security/passkeys/", body).json["code"] == "wrong_proof"
    alice.ok(alice.post("/security/passkeys/", body), 201)
    second = {**body, "credential": Authenticator().create(asked["options"])}
    assert alice.post("/security/passkeys/", second).json["code"] == "wrong_proof"


@pytest.mark.parametrize("credential", [{}, {"id": 5}, {"id": "x", "response": []}, {"id": "x" * 9000}])
def test_nonsense_makes_no_passkey(alice: Client, credential: dict[str, Any]) -> None:
    asked = alice.ok(alice.post("/security/passkeys/options/"))
    body = {"challenge": asked["challenge"], "credential": credential, "name": "x"}
    answer = alice.post("/security/passkeys/", body)
    assert (answer.status, answer.json["code"]) == (400, "invalid_passkey")
