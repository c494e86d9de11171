"""Logging in by an outside OpenID provider: who is known how, and what must not pass."""

from __future__ import annotations

import base64
import hashlib
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.api.client import Answer, Client, log_in
from tests.cast import Cast
from tests.house import RunningHouse
from tests.identity.factors import Move, add_totp
from tests.peers.openid import OpenId, running_openid

WEB = {"X-Posthouse-Client": "web"}
AT_ONCE = 8


@pytest.fixture
def outside() -> Iterator[OpenId]:
    with running_openid() as provider:
        yield provider


@pytest.fixture
def provider_id(alice: Client, outside: OpenId) -> str:
    body = {"name": "Ours", "issuer": outside.issuer, "client_id": "posthouse", "client_secret": "s e:cret"}
    made: str = alice.ok(alice.post("/identity-providers/", body), 201)["id"]
    return made


def begin(house: RunningHouse, provider_id: str) -> dict[str, str]:
    anyone = Client(house.http)
    begun: dict[str, str] = anyone.ok(anyone.post("/auth/external/begin/", {"provider_id": provider_id}))
    return begun


def finish(house: RunningHouse, flow: str, back: dict[str, str]) -> Answer:
    return Client(house.http, headers=WEB).post("/auth/session/external/", {"flow": flow, **back})


def enter(house: RunningHouse, provider_id: str, outside: OpenId, **claims: Any) -> Answer:
    begun = begin(house, provider_id)
    back = outside.visit(begun["redirect_to"])
    outside.claims = claims
    return finish(house, begun["flow"], back)


def test_a_person_is_known_by_a_verified_address_and_then_by_the_subject(
    house: RunningHouse, cast: Cast, alice: Client, outside: OpenId, provider_id: str
) -> None:
    anyone = Client(house.http)
    for email in (cast.bob.email, f"nobody@{cast.domain}"):
        assert anyone.post("/auth/external/", {"email": email}).json["items"] == [
            {"id": provider_id, "name": "Ours"}
        ]
    assert anyone.post("/auth/external/", {"email": cast.mallory.email}).json["items"] == []
    first = enter(house, provider_id, outside, sub="s1", email=cast.bob.email.upper(), email_verified=True)
    assert (first.status, first.json["user"]["email"]) == (200, cast.bob.email)
    again = enter(house, provider_id, outside, sub="s1", email=cast.alice.email, email_verified=True)
    assert again.json["user"]["email"] == cast.bob.email, "the subject is who it is, not the address"
    posted = outside.token_posts[-1]
    assert base64.b64decode(posted["authorization"][6:]) == b"posthouse:s+e%3Acret"
    mark = hashlib.sha256(posted["code_verifier"].encode()).digest()
    assert outside.asked["tenant"] == "1" and outside.asked["code_challenge_method"] == "S256"
    assert outside.asked["code_challenge"] == base64.urlsafe_b64encode(mark).decode().rstrip("=")
    assert posted["redirect_uri"] == "https://mail.posthouse.test/login/external"


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": "true"},
        {"email": None},
        {"email": "nobody@nowhere.test"},
        {"iss": "http://127.0.0.1:1"},
        {"aud": "another"},
        {"aud": ["posthouse", "another"], "azp": "another"},
        {"nonce": "another"},
        {"exp": 1},
        {"sub": None},
    ],
)
def test_what_does_not_say_who_it_is_lets_nobody_in(
    house: RunningHouse, cast: Cast, alice: Client, outside: OpenId, provider_id: str, claims: dict[str, Any]
) -> None:
    answer = enter(
        house,
        provider_id,
        outside,
        **{"sub": "s1", "email": cast.bob.email, "email_verified": True, **claims},
    )
    assert (answer.status, answer.json["code"]) == (401, "external_login_failed")


def test_a_person_of_another_organisation_is_nobody_here(
    house: RunningHouse, cast: Cast, outside: OpenId, provider_id: str
) -> None:
    answer = enter(house, provider_id, outside, sub="s1", email=cast.mallory.email, email_verified=True)
    assert answer.json["code"] == "external_login_failed"


def test_no_owner_becomes_an_operator_by_naming_a_provider(
    house: RunningHouse, cast: Cast, outside: OpenId, provider_id: str
) -> None:
    """Nobody does more to a person than they may do themselves; whoever names a provider says who it is."""
    from posthouse.identity import operators

    claims = {"sub": "s1", "email": cast.bob.email, "email_verified": True}
    assert enter(house, provider_id, outside, **claims).status == 200
    operators.appoint(cast.bob.email, is_operator=True)
    try:
        answer = enter(house, provider_id, outside, **claims)
        assert (answer.status, answer.json["code"]) == (401, "external_login_failed")
        log_in(house, cast.bob)
    finally:
        operators.appoint(cast.bob.email, is_operator=False)
    assert enter(house, provider_id, outside, **claims).status == 200


def test_only_signed_by_its_own_key(
    house: RunningHouse, cast: Cast, outside: OpenId, provider_id: str
) -> None:
    right = {"sub": "s1", "email": cast.bob.email, "email_verified": True}
    assert enter(house, provider_id, outside, **right).status == 200
    outside.algorithm = "HS256"
    assert enter(house, provider_id, outside, **right).json["code"] == "external_login_failed"
    outside.algorithm = "RS256"
    known, outside.key = outside.key, rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert enter(house, provider_id, outside, **right).json["code"] == "external_login_failed"
    outside.key_name = "k2"
    assert enter(house, provider_id, outside, **right).status == 200, "a new key is asked for"
    assert known is not outside.key


def test_what_the_browser_must_bring_back(
    house: RunningHouse, cast: Cast, outside: OpenId, provider_id: str, move: Move
) -> None:
    outside.claims = {"sub": "s1", "email": cast.bob.email, "email_verified": True}
    begun, other = begin(house, provider_id), begin(house, provider_id)
    back = outside.visit(begun["redirect_to"])
    for flow, given in (
        (other["flow"], back),
        ("x", back),
        (begun["flow"], {**back, "state": "x"}),
        (begun["flow"][:-8] + "AAAAAAAA", back),
    ):
        assert finish(house, flow, given).json["code"] == "external_login_failed"
    move(601)
    assert finish(house, begun["flow"], back).json["code"] == "external_login_failed"


def test_our_own_second_factor_is_asked_for_all_the_same(
    house: RunningHouse, cast: Cast, outside: OpenId, provider_id: str
) -> None:
    add_totp(log_in(house, cast.bob))
    answer = enter(house, provider_id, outside, sub="s1", email=cast.bob.email, email_verified=True)
    assert (answer.status, answer.json["code"]) == (401, "mfa_required")


def test_only_the_owner_names_a_provider_and_where_it_may_be(
    house: RunningHouse, cast: Cast, alice: Client, outside: OpenId, provider_id: str
) -> None:
    bob = log_in(house, cast.bob)
    body = {"name": "x", "issuer": "https://id.example.org", "client_id": "x", "client_secret": "x"}
    assert bob.get("/identity-providers/").status == bob.post("/identity-providers/", body).status == 403
    assert bob.delete(f"/identity-providers/{provider_id}/").status == 404
    for issuer in (
        "http://id.example.org",
        "http://10.0.0.1",
        "file:///etc/passwd",
        "https://u@id.example.org",
        "https://id.example.org/?x=1",
        "https://",
    ):
        assert alice.post("/identity-providers/", {**body, "issuer": issuer}).json["code"] == "bad_issuer", (
            issuer
        )
    assert b"cret" not in alice.get("/identity-providers/").body
    alice.ok(alice.delete(f"/identity-providers/{provider_id}/"), 204)
    gone = Client(house.http).post("/auth/external/begin/", {"provider_id": provider_id})
    assert gone.status == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "http://127.0.0.1:1"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
    ],
)
def test_a_provider_that_speaks_for_another_is_not_followed(
    house: RunningHouse, outside: OpenId, provider_id: str, wrong: dict[str, Any]
) -> None:
    outside.discovery = wrong
    answer = Client(house.http).post("/auth/external/begin/", {"provider_id": provider_id})
    assert (answer.status, answer.json["code"]) == (503, "provider_unavailable")


def test_a_provider_that_never_answers_keeps_nobody_from_writing(house: RunningHouse, alice: Client) -> None:
    """Anybody may begin a log-in by it, any owner may name one: the threads of acts are for acts."""
    alice.ok(alice.get("/me/"))
    with socket.create_server(("127.0.0.1", 0), backlog=50) as silent:
        issuer = f"http://127.0.0.1:{silent.getsockname()[1]}"
        body = {"name": "Tar", "issuer": issuer, "client_id": "x", "client_secret": "x"}
        tar: str = alice.ok(alice.post("/identity-providers/", body), 201)["id"]

        def ask() -> int:
            return Client(house.http).post("/auth/external/begin/", {"provider_id": tar}).status

        with ThreadPoolExecutor(AT_ONCE) as crowd:
            asked = [crowd.submit(ask) for _ in range(AT_ONCE)]
            held = [silent.accept()[0]]
            time.sleep(0.5)  # the others come behind it
            alice.ok(alice.patch("/users/me/", {"title": "Not kept waiting"}))
            assert not any(one.done() for one in asked)
            silent.close()
            held[0].close()
            assert {one.result() for one in asked} == {503}
