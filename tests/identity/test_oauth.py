"""The provider: authorization code with PKCE, refresh with rotation, consent, revocation, OpenID Connect."""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest

from tests.api.client import Answer, Client, log_in
from tests.cast import Cast
from tests.house import RunningHouse
from tests.identity.factors import Move, add_totp, with_token
from tests.identity.test_mail_clients import oauthbearer
from tests.identity.test_step_up import stale
from tests.imapd.client import Client as Imap

CALLBACK = "https://app.example.org/cb?x=1"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
ISSUER = "https://mail.posthouse.test"


@pytest.fixture
def app(alice: Client) -> dict[str, Any]:
    """A confidential client of alice's organisation."""
    return client(alice)


def client(admin: Client, **changed: Any) -> dict[str, Any]:
    body = {
        "name": "Notes",
        "redirect_uris": [CALLBACK],
        "scopes": ["openid", "profile", "email", "offline_access", "mail:read", "mail:write"],
        **changed,
    }
    made: dict[str, Any] = admin.ok(admin.post("/oauth/clients/", body), 201)
    return made


def asked(app: dict[str, Any], **changed: str) -> dict[str, str]:
    return {
        "client_id": app["client_id"],
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "openid email offline_access mail:read",
        "state": "s1",
        "nonce": "n1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **changed,
    }


def answer_of(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def approve(person: Client, app: dict[str, Any], **changed: str) -> dict[str, str]:
    body = {**asked(app, **changed), "approve": True}
    return answer_of(person.ok(person.post("/oauth/decisions/", body))["redirect_to"])


def form(house: RunningHouse, path: str, fields: Any, **headers: str) -> Answer:
    named = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    anyone = Client(house.http)
    anyone.request("GET", "/api/v1/health/")
    connection = anyone._connection
    assert connection is not None
    connection.request("POST", f"/oauth/{path}/", body=urlencode(fields), headers=named)
    got = connection.getresponse()
    return Answer(got.status, {k.lower(): v for k, v in got.getheaders()}, got.read())


def basic(app: dict[str, Any]) -> dict[str, str]:
    text = base64.b64encode(f"{app['client_id']}:{app['client_secret']}".encode()).decode()
    return {"Authorization": f"Basic {text}"}


def exchange(house: RunningHouse, app: dict[str, Any], code: str, **changed: str) -> Answer:
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
        **changed,
    }
    return form(house, "token", fields, **basic(app))


def refresh(house: RunningHouse, app: dict[str, Any], token: str, **more: str) -> Answer:
    return form(house, "token", {"grant_type": "refresh_token", "refresh_token": token, **more}, **basic(app))


def tokens(house: RunningHouse, person: Client, app: dict[str, Any], **changed: str) -> dict[str, Any]:
    got = exchange(house, app, approve(person, app, **changed)["code"])
    assert got.status == 200, got.body
    return dict(got.json)


def root(house: RunningHouse, path: str) -> Any:
    anyone = Client(house.http)
    anyone.request("GET", "/api/v1/health/")
    connection = anyone._connection
    assert connection is not None
    connection.request("GET", path)
    got = connection.getresponse()
    return Answer(got.status, {}, got.read()).json


def test_a_program_is_let_in(house: RunningHouse, cast: Cast, alice: Client, app: dict[str, Any]) -> None:
    question = alice.ok(alice.post("/oauth/requests/", asked(app)))
    assert (question["client_name"], question["redirect_host"], question["redirect_to"]) == (
        "Notes", "app.example.org", None,
    )  # fmt: skip
    assert {row["scope"] for row in question["scopes"]} == {"openid", "email", "offline_access", "mail:read"}
    answer = approve(alice, app)
    assert (answer["x"], answer["state"], answer["iss"]) == ("1", "s1", ISSUER)
    got = exchange(house, app, answer["code"])
    assert got.headers["cache-control"] == "no-store"
    body = got.json
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 600)
    program = with_token(house, body["access_token"])
    assert program.get("/mailboxes/").status == 200
    assert program.post("/emails/trash/", {"ids": []}).json["scope"] == "mail:write"
    assert program.get("/security/").json["scope"] == "self"
    again = alice.ok(alice.post("/oauth/requests/", asked(app)))
    assert "code" in answer_of(again["redirect_to"]), "agreed to before"
    more = alice.ok(alice.post("/oauth/requests/", asked(app, scope="openid mail:write")))
    assert more["redirect_to"] is None, "more than before is asked for"


def test_the_id_token_is_signed_by_a_key_of_the_jwks(
    house: RunningHouse, cast: Cast, alice: Client, app: dict[str, Any]
) -> None:
    found = root(house, "/.well-known/openid-configuration")
    assert found["issuer"] == ISSUER and found["code_challenge_methods_supported"] == ["S256"]
    body = tokens(house, alice, app)
    keys = jwt.PyJWKSet.from_dict(root(house, urlsplit(found["jwks_uri"]).path))
    key = keys[jwt.get_unverified_header(body["id_token"])["kid"]]
    claims = jwt.decode(body["id_token"], key, algorithms=["RS256"], audience=app["client_id"], issuer=ISSUER)
    assert (claims["nonce"], claims["email"]) == ("n1", cast.alice.email)
    assert "name" not in claims and claims["sub"] == str(cast.alice.actor.user_id)
    assert "d" not in root(house, "/oauth/jwks/")["keys"][0]
    info = Client(house.http, headers={"Authorization": f"Bearer {body['access_token']}"})
    info.request("GET", "/api/v1/health/")
    info._connection.request("GET", "/oauth/userinfo/", headers=info.headers)  # type: ignore[union-attr]
    got = info._connection.getresponse()  # type: ignore[union-attr]
    assert Answer(got.status, {}, got.read()).json == {
        "sub": claims["sub"],
        "email": cast.alice.email,
        "email_verified": True,
    }
    assert with_token(house, body["id_token"]).get("/me/").json["code"] == "invalid_token", (
        "says who, opens nothing"
    )


def test_a_code_works_once_for_its_client_uri_and_verifier(
    house: RunningHouse, alice: Client, app: dict[str, Any], move: Move
) -> None:
    other = client(alice)
    for changed in ({"code_verifier": "w" * 43}, {"redirect_uri": "https://app.example.org/"}):
        code = approve(alice, app)["code"]
        assert exchange(house, app, code, **changed).json["error"] == "invalid_grant"
        assert exchange(house, app, code).json["error"] == "invalid_grant", "burned by the try"
    assert exchange(house, other, approve(alice, app)["code"]).json["error"] == "invalid_grant"
    code = approve(alice, app)["code"]
    first = exchange(house, app, code).json
    assert with_token(house, first["access_token"]).get("/mailboxes/").status == 200
    assert exchange(house, app, code).json["error"] == "invalid_grant"
    assert with_token(house, first["access_token"]).get("/mailboxes/").status == 401, "somebody has a copy"
    late = approve(alice, app)["code"]
    move(61)
    assert exchange(house, app, late).json["error"] == "invalid_grant"


def test_refresh_rotates_and_reuse_ends_the_chain(
    house: RunningHouse, alice: Client, app: dict[str, Any]
) -> None:
    first = tokens(house, alice, app)
    second = refresh(house, app, first["refresh_token"]).json
    less = refresh(house, app, second["refresh_token"], scope="openid").json
    assert less["scope"] == "openid"
    assert with_token(house, less["access_token"]).get("/mailboxes/").json["code"] == "insufficient_scope"
    assert refresh(house, app, less["refresh_token"], scope="mail:write").json["error"] == "invalid_scope"
    assert refresh(house, client(alice), less["refresh_token"]).json["error"] == "invalid_grant"
    assert refresh(house, app, first["refresh_token"]).json["error"] == "invalid_grant"
    assert refresh(house, app, less["refresh_token"]).json["error"] == "invalid_grant"
    for pair in (first, second):
        assert with_token(house, pair["access_token"]).get("/mailboxes/").status == 401
    assert refresh(house, app, first["access_token"]).json["error"] == "invalid_grant"
    without = tokens(house, alice, app, scope="mail:read")
    assert "refresh_token" not in without and "id_token" not in without


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"scope": ""}, "invalid_scope"),
        ({"scope": "openid admin:write"}, "invalid_scope"),
        ({"prompt": "none"}, "consent_required"),
    ],
)
def test_what_is_wrong_with_a_request_goes_back_to_the_client(
    alice: Client, app: dict[str, Any], changed: dict[str, str], error: str
) -> None:
    question = alice.ok(alice.post("/oauth/requests/", asked(app, **changed)))
    assert answer_of(question["redirect_to"])["error"] == error
    assert approve(alice, app, **changed)["error"] == error


@pytest.mark.parametrize(
    "uri",
    [
        "https://app.example.org/cb",
        "https://app.example.org/cb?x=1&y=2",
        "https://app.example.org.evil.example/cb?x=1",
        "https://app.example.org/cb?x=1#f",
        "javascript:alert(1)",
        "",
    ],
)
def test_nobody_is_sent_anywhere_else(alice: Client, app: dict[str, Any], uri: str) -> None:
    for path, more in (("/oauth/requests/", {}), ("/oauth/decisions/", {"approve": True})):
        answer = alice.post(path, {**asked(app, redirect_uri=uri), **more})
        assert answer.status == 400 and b"redirect_to" not in answer.body
    unknown = alice.post("/oauth/requests/", {**asked(app), "client_id": "phc_0"})
    assert unknown.json["code"] == "unknown_client"


def test_saying_no_and_asking_again(alice: Client, app: dict[str, Any]) -> None:
    body = {**asked(app), "approve": False}
    assert (
        answer_of(alice.ok(alice.post("/oauth/decisions/", body))["redirect_to"])["error"] == "access_denied"
    )
    approve(alice, app)
    asks = alice.ok(alice.post("/oauth/requests/", asked(app, prompt="consent")))
    assert asks["redirect_to"] is None
    silent = alice.ok(alice.post("/oauth/requests/", asked(app, prompt="none")))
    assert "code" in answer_of(silent["redirect_to"])


def test_a_session_that_was_left_open_lets_no_program_in(
    house: RunningHouse, alice: Client, app: dict[str, Any], move: Move
) -> None:
    """A program stays when the session has ended; who only says who they are opens nothing."""
    stale(house, alice, move)
    body = {**asked(app), "approve": True}
    assert alice.post("/oauth/decisions/", body).json["code"] == "step_up_required"
    assert answer_of(alice.post("/oauth/decisions/", {**body, "approve": False}).json["redirect_to"])["error"]
    assert "code" in approve(alice, app, scope="openid email")
    alice.ok(alice.post("/auth/step-up/", {"password": alice.person.password}), 204)  # type: ignore[union-attr]
    assert "code" in approve(alice, app)
    stale(house, alice, move)
    assert "code" in approve(alice, app), "agreed to before"


def test_another_organisations_program_is_not_there(
    house: RunningHouse, cast: Cast, alice: Client, app: dict[str, Any]
) -> None:
    mallory = log_in(house, cast.mallory)
    assert mallory.post("/oauth/requests/", asked(app)).json["code"] == "unknown_client"
    bob = log_in(house, cast.bob)
    assert bob.ok(bob.post("/oauth/requests/", asked(app)))["client_name"] == "Notes"


def test_a_client_must_be_who_it_says(house: RunningHouse, alice: Client, app: dict[str, Any]) -> None:
    code = approve(alice, app)["code"]
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }
    for given, headers in (
        ({}, {}),
        ({"client_id": app["client_id"]}, {}),
        ({"client_id": app["client_id"], "client_secret": "wrong"}, {}),
        ({}, basic({**app, "client_secret": "wrong"})),
        ({}, {"Authorization": "Basic !"}),
        ({"client_id": "phc_nobody", "client_secret": "x"}, {}),
    ):
        answer = form(house, "token", {**fields, **given}, **headers)
        assert (answer.status, answer.json["error"]) == (401, "invalid_client"), given
    posted = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    twice = [*{**fields, **posted}.items(), ("code", "x")]
    assert form(house, "token", twice).json["error"] == "invalid_request"
    assert (
        form(house, "token", {**posted, "grant_type": "password"}).json["error"] == "unsupported_grant_type"
    )
    assert form(house, "token", {**fields, **posted}).status == 200


def test_a_public_client_on_this_machine_may_use_any_port(house: RunningHouse, alice: Client) -> None:
    app = client(alice, redirect_uris=["http://127.0.0.1/cb", "org.example.app:/cb"], is_public=True)
    assert app["client_secret"] == ""
    uri = "http://127.0.0.1:54321/cb"
    code = approve(alice, app, redirect_uri=uri)["code"]
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": uri,
        "code_verifier": VERIFIER,
        "client_id": app["client_id"],
    }
    assert form(house, "token", {**fields, "client_secret": "x"}).status == 401
    assert form(house, "token", fields).status == 200


@pytest.mark.parametrize(
    "uri",
    [
        "http://evil.test\\@127.0.0.1/cb",
        "http://evil.test@127.0.0.1/cb",
        "http://127.0.0.1\\@evil.test/cb",
        "http://127.0.0.1:80@evil.test/cb",
        "http://127.0.0.1:port/cb",
        "ht\ttp://127.0.0.1/cb",
        "http://127.0.0.1:5/cb#",
        "http://127.0.0.1:5/cb/../x",
        "http://localhost:5/cb",
        "http://127.1:5/cb",
    ],
)
def test_what_a_browser_reads_otherwise_is_no_address_of_this_machine(alice: Client, uri: str) -> None:
    """A browser takes a backslash for a slash: the code would go to evil.test, whose verifier fits."""
    app = client(alice, redirect_uris=["http://127.0.0.1/cb"], is_public=True)
    for path, more in (("/oauth/requests/", {}), ("/oauth/decisions/", {"approve": True})):
        answer = alice.post(path, {**asked(app, redirect_uri=uri), **more})
        assert answer.status == 400, answer.body
        assert b"redirect_to" not in answer.body


def test_revoking_and_introspecting(house: RunningHouse, alice: Client, app: dict[str, Any]) -> None:
    other, body = client(alice), tokens(house, alice, app)
    access, renew = {"token": body["access_token"]}, {"token": body["refresh_token"]}
    told = form(house, "introspect", access, **basic(app)).json
    assert told["active"] and told["client_id"] == app["client_id"] and "mail:read" in told["scope"]
    assert form(house, "introspect", renew, **basic(app)).json["active"]
    for wrong in (
        form(house, "introspect", access, **basic(other)),
        form(house, "introspect", {"token": "x"}, **basic(app)),
    ):
        assert wrong.json == {"active": False}
    assert form(house, "revoke", access, **basic(other)).status == 200
    assert with_token(house, body["access_token"]).get("/mailboxes/").status == 200, "not another's to end"
    assert form(house, "revoke", renew, **basic(app)).status == 200
    assert with_token(house, body["access_token"]).get("/mailboxes/").status == 401
    assert form(house, "revoke", {"token": "unknown"}, **basic(app)).status == 200
    assert form(house, "revoke", access).status == form(house, "introspect", access).status == 401


def test_the_person_takes_it_back_and_its_mail_connection_ends(
    house: RunningHouse, cast: Cast, alice: Client, app: dict[str, Any]
) -> None:
    add_totp(alice)
    body = tokens(house, alice, app, scope="mail:read mail:write offline_access")
    imap = Imap(house.ports["imap"])
    imap.ok(f"AUTHENTICATE OAUTHBEARER {oauthbearer(body['access_token'], cast.alice.email)}".encode())
    row = alice.get("/security/").json["applications"][0]
    assert row["name"] == "Notes" and row["last_used_at"]
    mallory = log_in(house, cast.mallory)
    assert mallory.delete(f"/security/applications/{row['id']}/").status == 404
    imap.ok(b"NOOP")
    alice.ok(alice.delete(f"/security/applications/{row['id']}/"), 204)
    imap.wait_closed()
    imap.close()
    assert with_token(house, body["access_token"]).get("/mailboxes/").status == 401
    assert refresh(house, app, body["refresh_token"]).json["error"] == "invalid_grant"


def test_clients_are_made_by_administrators(house: RunningHouse, cast: Cast, alice: Client) -> None:
    bob = log_in(house, cast.bob)
    made = client(alice)
    assert bob.get("/oauth/clients/").status == 403
    assert bob.delete(f"/oauth/clients/{made['id']}/").status == 404
    body = {"name": "x", "redirect_uris": [CALLBACK], "scopes": ["openid"]}
    assert bob.post("/oauth/clients/", body).status == 403
    for wrong in (
        {"redirect_uris": ["http://app.example.org/"]},
        {"redirect_uris": ["javascript:alert(1)"]},
        {"redirect_uris": ["https://user@app.example.org/"]},
        {"redirect_uris": ["https://a.example/#x"]},
        {"scopes": ["self"]},
        {"scopes": ["everything"]},
    ):
        assert alice.post("/oauth/clients/", {**body, **wrong}).status == 400, wrong
    listed = alice.get("/oauth/clients/").json["items"]
    assert made["client_id"] in [row["client_id"] for row in listed]
    assert "client_secret" not in listed[0]
    body = tokens(house, alice, made)
    alice.ok(alice.delete(f"/oauth/clients/{made['id']}/"), 204)
    assert with_token(house, body["access_token"]).get("/mailboxes/").status == 401
    assert alice.get("/security/").json["applications"] == []


def test_no_token_lets_a_program_in(house: RunningHouse, alice: Client, app: dict[str, Any]) -> None:
    program = with_token(house, tokens(house, alice, app)["access_token"])
    answer = program.post("/oauth/decisions/", {**asked(app), "approve": True})
    assert (answer.status, answer.json["code"]) == (403, "insufficient_scope")
