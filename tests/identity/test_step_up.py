"""Acts that would let a thief stay ask for a fresh proof, each of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.client import Client, log_in
from tests.authenticator import Authenticator
from tests.cast import Cast, user_id
from tests.house import RunningHouse
from tests.identity.factors import Move, add_passkey, add_totp, code

PASSWORD = "correct horse battery staple"
LATER = 601
GUARDED: list[tuple[str, str, Any]] = [
    ("POST", "/security/totp/", None),
    ("POST", "/security/totp/confirm/", {"code": "123456"}),
    ("DELETE", "/security/totp/", None),
    ("POST", "/security/recovery-codes/", None),
    ("POST", "/security/passkeys/options/", None),
    ("POST", "/security/passkeys/", {"challenge": "x", "credential": {}, "name": "x"}),
    ("DELETE", "/security/passkeys/58769341962780000/", None),
    ("POST", "/security/app-passwords/", {"name": "x", "scopes": ["imap"]}),
    ("POST", "/security/tokens/", {"name": "x", "scopes": ["mail:read"], "expires_in_days": 1}),
    ("POST", "/users/", {"email": "x@nowhere.test", "name": "x", "role": "admin"}),
    ("PATCH", "/users/{bob}/", {"role": "admin"}),
    ("POST", "/invitations/", {"email": "x@outside.test", "role": "admin"}),
    ("POST", "/roles/", {"name": "Desk", "permissions": ["users.manage"]}),
    ("PATCH", "/organisation/", {"sign_up": "open"}),
    ("POST", "/domains/{domain}/keys/", None),
    ("PATCH", "/domains/{domain}/", {"catch_all": "alice@posthouse.test"}),
    ("POST", "/accounts/{account}/grants/", {"user_id": "{bob}", "right": "read"}),
    ("PATCH", "/sending/limits/", {"is_watched": False}),
    ("POST", "/webhooks/", {"url": "https://hooks.example.org/in", "events": ["email.received"]}),
]


def _filled(body: Any, ids: dict[str, Any]) -> Any:
    values = (body or {}).items()
    return body and {key: str(ids["bob"]) if value == "{bob}" else value for key, value in values}


def stale(house: RunningHouse, client: Client, move: Move) -> None:
    """Ten minutes later, with an access token that is still good."""
    pair = client.post("/auth/token/", {"email": client.person.email, "password": PASSWORD}).json  # type: ignore[union-attr]
    move(LATER)
    fresh = client.ok(client.post("/auth/token/refresh/", {"refresh": pair["refresh"]}))
    client.headers["Authorization"] = f"Bearer {fresh['access']}"


def test_each_dangerous_act_asks_when_the_proof_is_old(
    house: RunningHouse, cast: Cast, alice: Client, move: Move
) -> None:
    ids = {
        "bob": user_id(cast.bob),
        "domain": alice.get("/domains/").json["items"][0]["id"],
        "account": alice.get("/accounts/").json["items"][0]["id"],
    }
    guarded = [(method, path.format(**ids), _filled(body, ids)) for method, path, body in GUARDED]
    stale(house, alice, move)
    for method, path, body in guarded:
        answer = alice.send(method, path, body)
        assert (answer.status, answer.json["code"]) == (403, "step_up_required"), path
    assert alice.get("/security/").json["is_fresh"] is False
    asked = alice.ok(alice.post("/auth/step-up/options/"))
    assert (asked["methods"], asked["passkey"]) == (["password"], None)
    wrong = alice.post("/auth/step-up/", {"password": "wrong"})
    assert (wrong.status, wrong.json["code"]) == (403, "wrong_proof")
    alice.ok(alice.post("/auth/step-up/", {"password": PASSWORD}), 204)
    for method, path, body in guarded:
        answer = alice.send(method, path, body)
        assert answer.status < 300 or answer.json["code"] != "step_up_required", path


def test_with_a_factor_only_the_factor_will_do(
    house: RunningHouse, cast: Cast, alice: Client, move: Move
) -> None:
    stale(house, alice, move)
    alice.ok(alice.post("/auth/step-up/", {"password": PASSWORD}), 204)
    key = Authenticator()
    secret, codes = add_totp(alice)
    add_passkey(alice, key)
    move(LATER - 300)
    bare = alice.post("/auth/step-up/", {"password": PASSWORD})
    assert (bare.status, bare.json["code"]) == (403, "second_factor_needed")
    for proof in ({"totp": code(secret)}, {"recovery_code": codes[0]}):
        move(299)
        renew(alice)
        assert alice.post("/security/recovery-codes/").json["code"] == "step_up_required"
        question = alice.ok(alice.post("/auth/step-up/options/"))
        assert question["methods"] == ["passkey", "totp", "recovery_code"]
        body = {"challenge": question["challenge"], **_now(proof, secret)}
        alice.ok(alice.post("/auth/step-up/", body), 204)
        assert alice.post("/auth/step-up/", body).json["code"] == "wrong_proof", "twice"
        assert alice.get("/security/").json["is_fresh"] is True
        move(LATER - 299)
    renew(alice)
    question = alice.ok(alice.post("/auth/step-up/options/"))
    signed = key.get(question["passkey"])
    alice.ok(alice.post("/auth/step-up/", {"challenge": question["challenge"], "passkey": signed}), 204)


def _now(proof: dict[str, str], secret: str) -> dict[str, str]:
    return {"totp": code(secret)} if "totp" in proof else proof


def renew(client: Client) -> None:
    """An access token of the same session, which a moved clock has outlived."""
    from posthouse.identity import tokens

    claims = tokens._verified(client.headers["Authorization"].removeprefix("Bearer "), tokens._key())
    client.headers["Authorization"] = f"Bearer {tokens.make_access(claims.user_id, claims.session_id)}"


def test_a_step_up_is_one_sessions_and_one_persons(house: RunningHouse, cast: Cast, move: Move) -> None:
    alice, other = log_in(house, cast.alice), log_in(house, cast.alice)
    mallory = log_in(house, cast.mallory)
    _, codes = add_totp(alice)
    question = alice.ok(alice.post("/auth/step-up/options/"))
    for client in (mallory,):
        body = {"challenge": question["challenge"], "recovery_code": codes[0]}
        assert client.post("/auth/step-up/", body).json["code"] == "wrong_proof"
    move(LATER - 10)
    renew(alice)
    question = alice.ok(alice.post("/auth/step-up/options/"))
    body = {"challenge": question["challenge"], "recovery_code": codes[0]}
    alice.ok(alice.post("/auth/step-up/", body), 204)
    move(11)
    renew(alice)
    renew(other)
    assert alice.get("/security/").json["is_fresh"] is True
    assert other.get("/security/").json["is_fresh"] is False


def test_refreshing_a_session_proves_nothing(house: RunningHouse, alice: Client, move: Move) -> None:
    stale(house, alice, move)
    assert alice.get("/security/").json["is_fresh"] is False


def test_step_up_is_not_to_be_guessed(alice: Client) -> None:
    answers = [alice.post("/auth/step-up/", {"password": f"wrong {n}"}).status for n in range(12)]
    assert answers[-1] == 429


@pytest.mark.parametrize(
    "body", [{}, {"challenge": "x"}, {"password": "x", "totp": "1"}, {"totp": "123456"}, {"challenge": 5}]
)
def test_nonsense_is_refused(alice: Client, body: dict[str, Any]) -> None:
    assert alice.post("/auth/step-up/", body).status == 400


def test_changing_the_password(house: RunningHouse, cast: Cast, alice: Client) -> None:
    elsewhere, third = log_in(house, cast.alice), log_in(house, cast.alice)
    new = "slow train, purple ink"
    path = "/auth/password/change/"
    for password, why in (
        ("short", "bad_password"),
        ("password123", "common_password"),
        ("aaaaaaaaaaaa", "common_password"),
        ("Sunshine1!", "common_password"),
        ("alice is the best", "guessable_password"),
        (f"my {cast.domain.partition('.')[0]} x posthouse", "guessable_password"),
    ):
        answer = alice.post(path, {"current_password": PASSWORD, "new_password": password})
        assert (answer.status, answer.json["code"]) == (400, why), password
    wrong = alice.post(path, {"current_password": "wrong", "new_password": new})
    assert (wrong.status, wrong.json["code"]) == (403, "wrong_proof")
    assert elsewhere.get("/me/").status == 200
    alice.ok(alice.post(path, {"current_password": PASSWORD, "new_password": new}), 204)
    assert alice.get("/me/").status == 200
    assert elsewhere.get("/me/").status == third.get("/me/").status == 401
    assert (
        Client(house.http).post("/auth/token/", {"email": cast.alice.email, "password": PASSWORD}).status
        == 401
    )
    body = {"email": cast.alice.email, "password": new}
    pair = alice.ok(Client(house.http).post("/auth/token/", body))
    again = {"current_password": new, "new_password": "quick boat, green ink", "keep_other_sessions": True}
    alice.ok(alice.post(path, again), 204)
    kept = Client(house.http, headers={"Authorization": f"Bearer {pair['access']}"})
    assert kept.get("/me/").status == 200


def test_with_a_factor_the_password_alone_does_not_change_it(alice: Client, move: Move) -> None:
    add_totp(alice)
    move(LATER)
    renew(alice)
    body = {"current_password": PASSWORD, "new_password": "slow train, purple ink"}
    assert alice.post("/auth/password/change/", body).json["code"] == "step_up_required"
