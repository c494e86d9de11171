"""Logging in, staying in, and being thrown out."""

from __future__ import annotations

from tests.api.client import Client, log_in
from tests.cast import Cast
from tests.house import RunningHouse

WEB = {"X-Posthouse-Client": "web"}


def test_token_opens_the_api(house: RunningHouse, cast: Cast, anyone: Client) -> None:
    person = cast.bob
    client = log_in(house, person)
    me = client.ok(client.get("/me/"))
    assert me["email"] == person.email
    assert me["accounts"][0]["id"] == str(person.account_id)
    assert me["identities"][0]["email"] == person.email


def test_wrong_password_and_unknown_person_look_alike(
    house: RunningHouse, cast: Cast, anyone: Client
) -> None:
    person = cast.bob
    wrong = anyone.post("/auth/token/", {"email": person.email, "password": "nope"}, X_Request_Id="same")
    unknown = anyone.post(
        "/auth/token/", {"email": "nobody@nowhere.test", "password": "nope"}, X_Request_Id="same"
    )
    assert wrong.status == unknown.status == 401
    assert wrong.body == unknown.body
    assert wrong.json["code"] == "invalid_credentials"


def test_guessing_is_slowed_down(house: RunningHouse, cast: Cast, anyone: Client) -> None:
    person = cast.bob
    answers = [anyone.post("/auth/token/", {"email": person.email, "password": "x"}) for _ in range(12)]
    assert answers[-1].status == 429
    assert answers[-1].json["code"] == "too_many_attempts"
    assert int(answers[-1].headers["retry-after"]) > 0


def test_no_token_a_bad_one_and_another_algorithm_are_401(anyone: Client) -> None:
    assert anyone.get("/me/").json["code"] == "not_authenticated"
    none = "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIiwic2lkIjoiMSIsImF1ZCI6InBvc3Rob3VzZSIsImV4cCI6OTk5OTk5OTk5OX0."
    for token in ("x", "a.b.c", none):
        answer = anyone.request("GET", "/me/", headers={"Authorization": f"Bearer {token}"})
        assert (answer.status, answer.json["code"]) == (401, "invalid_token")
        assert answer.headers["www-authenticate"] == "Bearer"


def test_no_other_algorithm_key_or_purpose_passes_for_a_token(
    house: RunningHouse, cast: Cast, anyone: Client
) -> None:
    """Each has claims that would be right."""
    import jwt
    from cryptography.hazmat.primitives.asymmetric import rsa

    from posthouse.identity import oauth_keys, tokens

    good = anyone.post("/auth/token/", {"email": cast.bob.email, "password": cast.bob.password}).json[
        "access"
    ]
    claims = jwt.decode(good, options={"verify_signature": False})
    key, private = tokens._key(), rsa.generate_private_key(public_exponent=65537, key_size=2048)
    published = jwt.utils.force_bytes(oauth_keys.public_keys()[0]["n"])
    made = [
        jwt.encode(claims, private, algorithm="RS256"),
        jwt.encode(claims, None, algorithm="none"),
        jwt.encode(claims, key, algorithm="HS512"),
        jwt.encode(claims, published, algorithm="HS256"),
        jwt.encode({**claims, "token_type": "refresh"}, key, algorithm="HS256"),
        jwt.encode({**claims, "aud": "another"}, key, algorithm="HS256"),
        jwt.encode({**claims, "exp": 1}, key, algorithm="HS256"),
        oauth_keys.sign(claims),
    ]
    for token in made:
        answer = anyone.request("GET", "/me/", headers={"Authorization": f"Bearer {token}"})
        assert (answer.status, answer.json["code"]) == (401, "invalid_token"), token
    assert anyone.request("GET", "/me/", headers={"Authorization": f"Bearer {good}"}).status == 200


def test_refresh_rotates_and_reuse_ends_the_session(house: RunningHouse, cast: Cast, anyone: Client) -> None:
    person = cast.bob
    first = anyone.post("/auth/token/", {"email": person.email, "password": person.password}).json
    second = anyone.ok(anyone.post("/auth/token/refresh/", {"refresh": first["refresh"]}))
    third = anyone.ok(anyone.post("/auth/token/refresh/", {"refresh": second["refresh"]}))
    assert len({first["refresh"], second["refresh"], third["refresh"]}) == 3
    stolen = anyone.post("/auth/token/refresh/", {"refresh": first["refresh"]})
    assert (stolen.status, stolen.json["code"]) == (401, "token_revoked")
    assert anyone.post("/auth/token/refresh/", {"refresh": third["refresh"]}).status == 401
    bearer = {"Authorization": f"Bearer {third['access']}"}
    assert anyone.request("GET", "/me/", headers=bearer).json["code"] == "token_revoked"


def test_nobody_ends_a_session_with_a_made_up_token(house: RunningHouse, cast: Cast, anyone: Client) -> None:
    person = cast.bob
    pair = anyone.post("/auth/token/", {"email": person.email, "password": person.password}).json
    forged = pair["refresh"][:20] + "AAAA" + pair["refresh"][24:]
    assert anyone.post("/auth/token/refresh/", {"refresh": forged}).status == 401
    assert anyone.post("/auth/token/refresh/", {"refresh": pair["refresh"]}).status == 200


def test_browser_session_by_cookie(house: RunningHouse, cast: Cast, anyone: Client) -> None:
    person = cast.bob
    credentials = {"email": person.email, "password": person.password}
    opened = anyone.send("POST", "/auth/session/", credentials, WEB)
    assert opened.json["user"]["email"] == person.email
    cookie = next(line for line in opened.set_cookies if line.startswith("posthouse_session="))
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/api/v1/auth/session/" in cookie
    renewed = anyone.send(
        "POST", "/auth/session/refresh/", None, {**WEB, "Cookie": opened.cookie("posthouse_session")}
    )
    assert renewed.status == 200 and renewed.json["user"] == opened.json["user"]
    other_tab = anyone.send(
        "POST", "/auth/session/refresh/", None, {**WEB, "Cookie": opened.cookie("posthouse_session")}
    )
    assert other_tab.status == 200 and "set-cookie" not in other_tab.headers
    ended = anyone.send(
        "DELETE", "/auth/session/", None, {**WEB, "Cookie": renewed.cookie("posthouse_session")}
    )
    assert ended.status == 204
    gone = anyone.send(
        "POST", "/auth/session/refresh/", None, {**WEB, "Cookie": renewed.cookie("posthouse_session")}
    )
    assert gone.status == 401
    bearer = {"Authorization": f"Bearer {renewed.json['access']}"}
    assert anyone.request("GET", "/me/", headers=bearer).status == 401


def test_cookie_endpoints_want_our_header(house: RunningHouse, cast: Cast, anyone: Client) -> None:
    person = cast.bob
    credentials = {"email": person.email, "password": person.password}
    assert anyone.post("/auth/session/", credentials).json["code"] == "client_header_required"
    assert anyone.send("POST", "/auth/session/refresh/", None, WEB).status == 401


def test_bodies_are_strict(anyone: Client) -> None:
    answer = anyone.post("/auth/token/", {"email": "a@b.test", "password": "x", "remember": True})
    assert (answer.status, answer.json["code"]) == (400, "unknown_field")
    assert answer.json["errors"] == [
        {"pointer": "/remember", "code": "unknown_field", "detail": "There is no such field."}
    ]
    assert answer.headers["content-type"] == "application/problem+json"
    assert anyone.post("/auth/token/", {"email": 5}).json["errors"][0]["pointer"] in ("/email", "/password")
    bad = anyone.request("POST", "/auth/token/", body=b"{", headers={"Content-Type": "application/json"})
    assert (bad.status, bad.json["code"]) == (400, "malformed_json")
    other = anyone.request("POST", "/auth/token/", body=b"a=1", headers={"Content-Type": "text/plain"})
    assert (other.status, other.json["code"]) == (415, "unsupported_media_type")


def test_profile_and_identity_can_be_changed(alice: Client) -> None:
    me = alice.ok(alice.patch("/me/", {"name": "Alice B", "preferences": {"theme": "dark", "n": [1, None]}}))
    assert me["name"] == "Alice B"
    assert alice.get("/me/").json["preferences"] == {"theme": "dark", "n": [1, None]}
    identity = me["identities"][0]["id"]
    signed = alice.ok(
        alice.patch(f"/identities/{identity}/", {"signature_html": "<b>Alice</b><script>alert(1)</script>"})
    )
    assert signed["signature_html"] == "<b>Alice</b>"
    named = alice.ok(alice.patch(f"/identities/{identity}/", {"name": "Alice\r\nBcc: x@y.test\u2028z"}))
    assert named["name"] == "Alice Bcc: x@y.test z"
    assert alice.post("/drafts/", {"text": "I can still write."}).status == 201
    assert alice.patch("/me/", {"preferences": {"a": "x" * 70_000}}).status == 400
    assert alice.patch("/me/", {"email": "x@y.test"}).json["code"] == "unknown_field"
