"""Where an organisation requires a second factor, who has none may set one up and do nothing else, at every door."""

from __future__ import annotations

import json
import smtplib
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect as connect_stream

from tests import make
from tests.admin.operator import operator, visit
from tests.api.client import Answer, Client, log_in
from tests.authenticator import Authenticator
from tests.cast import Cast, Person
from tests.house import RunningHouse
from tests.identity import test_oauth
from tests.identity.factors import Move, add_passkey, add_totp, credentials, with_token
from tests.identity.scram_client import by_imap, by_smtp, client_for
from tests.identity.test_mail_clients import Doors, app_password, doors, ends_within_a_second, oauthbearer
from tests.imapd.client import Client as Imap

__all__ = ["doors"]

WEB = {"X-Posthouse-Client": "web"}
TEXT = b"A second factor is required of you"


@pytest.fixture
def bob(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.bob)


def require(alice: Client) -> None:
    """alice sets up a factor of her own and requires one of everybody."""
    add_totp(alice)
    alice.ok(alice.patch("/organisation/", {"requires_mfa": True}))


def is_shut(answer: Answer) -> bool:
    return (answer.status, answer.json.get("code")) == (403, "mfa_setup_required")


def own_session(house: RunningHouse, person: Person) -> Answer:
    return Client(house.http, headers=WEB).post("/auth/session/", credentials(person))


def test_nobody_locks_themselves_out(alice: Client) -> None:
    refused = alice.patch("/organisation/", {"requires_mfa": True})
    assert (refused.status, refused.json["code"]) == (409, "mfa_off")
    assert not alice.get("/organisation/").json["requires_mfa"]
    add_totp(alice)
    alice.ok(alice.patch("/organisation/", {"requires_mfa": True}))
    alice.ok(alice.patch("/organisation/", {"requires_mfa": True, "name": "Post"}))
    assert alice.get("/emails/", role="inbox").status == 200


def test_a_session_without_a_factor_can_set_one_up_and_nothing_else(
    house: RunningHouse, cast: Cast, alice: Client, bob: Client
) -> None:
    from posthouse.config import urls

    require(alice)
    for session in (bob, log_in(house, cast.bob)):
        for base, pattern in [("/", p) for p in urls.api] + [("/mail/", p) for p in urls.named]:
            path = f"{base}{pattern.pattern}".replace("<id:user_id>", "me")
            if "<" in path or path.startswith(("/security/", "/auth/")):
                continue
            answer = session.get(path)
            is_open_to_strangers = Client(house.http).get(path).status != 401
            assert is_open_to_strangers or answer.status == 405 or is_shut(answer), (path, answer.body[:200])
        for path, body in (
            ("/auth/ticket/", None),
            (
                "/auth/password/change/",
                {"current_password": cast.bob.password, "new_password": "slow train, ink"},
            ),
            ("/security/tokens/", {"name": "x", "scopes": ["mail:read"], "expires_in_days": 1}),
            ("/security/app-passwords/", {"name": "x", "scopes": ["imap"]}),
            ("/security/revoke-all/", {}),
            ("/oauth/requests/", {"client_id": "x", "redirect_uri": "https://x.example/"}),
            ("/send/", {"to": [{"email": cast.alice.email}], "text": "x"}),
        ):
            assert is_shut(session.post(path, body)), path
    told = own_session(house, cast.bob)
    assert told.json["needs_factor"] is True
    add_totp(bob)
    assert bob.get("/emails/", role="inbox").status == 200, "at once, with the session one has"
    fresh = Client(house.http, headers=WEB | {"Cookie": told.cookie("posthouse_session")})
    assert fresh.ok(fresh.post("/auth/session/refresh/"))["needs_factor"] is False


def test_a_passkey_will_do(alice: Client, bob: Client) -> None:
    require(alice)
    assert is_shut(bob.get("/me/"))
    add_passkey(bob, Authenticator())
    assert bob.get("/me/").status == 200


def test_a_session_by_cookie_is_held_to_it_and_can_end(
    house: RunningHouse, cast: Cast, alice: Client
) -> None:
    require(alice)
    browser = Client(house.http)
    csrf = browser.get("/api/auth/csrf/")
    cookie = csrf.cookie("csrftoken")
    given = {"X-CSRFToken": csrf.json["csrf_token"], "Cookie": cookie}
    entered = browser.send("POST", "/api/auth/login/", credentials(cast.bob), given)
    browser.ok(entered)
    cookies = f"{entered.cookie('posthouse_login')}; {entered.cookie('csrftoken')}"
    headers = {"X-CSRFToken": entered.json["csrf_token"], "Cookie": cookies}
    assert is_shut(browser.send("GET", "/me/", None, headers))
    fresh = browser.send("GET", "/api/auth/csrf/", None, headers)
    assert fresh.status == 200
    assert browser.send("POST", "/security/totp/", None, headers).status == 200
    assert browser.send("POST", "/api/auth/logout/", None, headers).status == 204


def test_signed_links_and_streams_are_shut_too(
    house: RunningHouse, cast: Cast, alice: Client, bob: Client
) -> None:
    link = bob.get(f"/emails/{make.email(cast.bob)}/").json["html_url"]
    ticket = bob.ok(bob.post("/auth/ticket/"))["ticket"]
    url = house.http.replace("http", "ws") + "/api/v1/stream/"
    protocols: Any = ["posthouse.v1", f"ticket.{ticket}"]
    waiting = bob.ok(bob.post("/auth/ticket/"))["ticket"]
    with connect_stream(url, subprotocols=protocols, open_timeout=10) as stream:
        assert json.loads(stream.recv(timeout=10))["type"] == "hello"
        require(alice)
        begun = time.monotonic()
        with pytest.raises(ConnectionClosed):
            while True:
                stream.recv(timeout=10)
        assert time.monotonic() - begun < 5
    protocols = ["posthouse.v1", f"ticket.{waiting}"]
    with (
        connect_stream(url, subprotocols=protocols, open_timeout=10) as stream,
        pytest.raises(ConnectionClosed),
    ):
        stream.recv(timeout=10)
    anyone = Client(house.http)
    assert is_shut(anyone.get(link.removeprefix("/api/v1")))


def test_tokens_and_programs_are_refused(
    house: RunningHouse, cast: Cast, alice: Client, bob: Client, doors: Doors
) -> None:
    body = {"name": "x", "scopes": ["mail:read", "mail:write", "mail:send"], "expires_in_days": 1}
    token = bob.ok(bob.post("/security/tokens/", body), 201)["token"]
    app = test_oauth.client(alice)
    lent = test_oauth.tokens(house, bob, app, scope="openid offline_access mail:read mail:write")
    code = test_oauth.approve(bob, app)["code"]
    for good in (token, lent["access_token"]):
        assert with_token(house, good).get("/emails/", role="inbox").status == 200
    require(alice)
    for good in (token, lent["access_token"]):
        assert is_shut(with_token(house, good).get("/emails/", role="inbox")), (
            "also what was kept a moment ago"
        )
        imap = doors.imap()
        tag = imap.start(f"AUTHENTICATE OAUTHBEARER {oauthbearer(good)}".encode())
        assert imap.line().startswith(b"+ ")
        imap.send(b"AQ==\r\n")
        assert imap.finish(tag).tagged.startswith(b"NO [AUTHENTICATIONFAILED] " + TEXT)
    assert test_oauth.exchange(house, app, code).json["error"] == "invalid_grant"
    assert test_oauth.refresh(house, app, lent["refresh_token"]).json["error"] == "invalid_grant"
    fields = {"token": lent["access_token"]}
    told = test_oauth.form(house, "introspect", fields, **test_oauth.basic(app))
    assert told.json == {"active": False}
    add_totp(bob)
    assert with_token(house, token).get("/emails/", role="inbox").status == 200


def test_mail_programs_end_and_are_told_why(cast: Cast, alice: Client, bob: Client, doors: Doors) -> None:
    made = app_password(bob)["password"]
    connected = [doors.imap_in(cast.bob, cast.bob.password), doors.imap_in(cast.bob, made)]
    hers = doors.imap_in(cast.mallory, cast.mallory.password)
    require(alice)
    for client in connected:
        assert ends_within_a_second(client)
    for password in (cast.bob.password, made):
        answer = doors.imap().run(f'LOGIN {cast.bob.email} "{password}"'.encode())
        assert answer.tagged.startswith(b"NO [AUTHENTICATIONFAILED] " + TEXT)
        assert any(b"[ALERT]" in line and TEXT in line for line in answer.untagged)
        with pytest.raises(smtplib.SMTPAuthenticationError) as refused:
            doors.smtp_in(cast.bob, password)
        assert (refused.value.smtp_code, refused.value.smtp_error[:6]) == (535, b"5.7.9 ")
        assert TEXT in refused.value.smtp_error
    for said in (
        by_smtp(doors.smtp(), client_for(cast.bob.email, made)).said,
        by_imap(doors.imap(), client_for(cast.bob.email, made)).said,
    ):
        assert said.startswith((b"535 5.7.9 ", b"* NO [ALERT] ")) and TEXT in said
    wrong = doors.imap().run(f"LOGIN {cast.bob.email} wrong".encode())
    assert TEXT not in wrong.tagged and not wrong.untagged, "who has not the password learns nothing"
    hers.ok(b"NOOP")
    add_totp(bob)
    doors.imap_in(cast.bob, made).ok(b"SELECT INBOX")
    assert not doors.imap().run(f'LOGIN {cast.bob.email} "{cast.bob.password}"'.encode()).is_ok


def test_the_last_factor_taken_away_shuts_again(
    cast: Cast, alice: Client, bob: Client, doors: Doors, move: Move
) -> None:
    require(alice)
    add_totp(bob)
    made = app_password(bob)["password"]
    imap: Imap = doors.imap_in(cast.bob, made)
    bob.ok(bob.delete("/security/totp/"), 204)
    assert is_shut(bob.get("/me/"))
    assert ends_within_a_second(imap)
    alice.ok(alice.patch("/organisation/", {"requires_mfa": False}))
    assert bob.get("/me/").status == 200, "and what is no longer required is not asked for"


def test_whoever_comes_later_is_held_to_it(house: RunningHouse, cast: Cast, alice: Client) -> None:
    require(alice)
    body = {"email": f"dora@{cast.domain}", "name": "Dora", "password": cast.bob.password}
    alice.ok(alice.post("/users/", body), 201)
    dora = Client(house.http)
    pair = dora.ok(dora.post("/auth/token/", {name: body[name] for name in ("email", "password")}))
    dora.headers["Authorization"] = f"Bearer {pair['access']}"
    assert is_shut(dora.get("/me/"))
    add_totp(dora)
    assert dora.get("/me/").status == 200


@pytest.fixture
def strict() -> Iterator[None]:
    """As with POSTHOUSE_OPERATOR_MFA=true."""
    with override_settings(OPERATOR_MFA=True):
        yield


@pytest.mark.usefixtures("strict")
def test_the_server_may_require_one_of_its_operators(
    house: RunningHouse, cast: Cast, alice: Client, bob: Client, doors: Doors
) -> None:
    from posthouse.identity import operators

    imap = doors.imap_in(cast.bob, cast.bob.password)
    operators.appoint(cast.bob.email, is_operator=True)
    assert ends_within_a_second(imap), "from the moment that he is one"
    keeper = visit(house, cast.bob)
    assert keeper.ask("GET", "/admin/").status == 302
    assert is_shut(bob.get("/emails/", role="inbox"))
    assert alice.get("/emails/", role="inbox").status == 200, "nobody else"
    add_totp(bob)
    assert bob.get("/emails/", role="inbox").status == 200
    assert "You have no second factor" not in keeper.see("/admin/").text
    bob.ok(bob.delete("/security/totp/"), 204)
    assert keeper.ask("GET", "/admin/").status == 302


def test_an_operator_without_one_is_warned(house: RunningHouse, cast: Cast, bob: Client) -> None:
    keeper, other = operator(house, cast.bob), operator(house, cast.alice)
    for one in (keeper, other):
        assert "You have no second factor" in one.see("/admin/").text
    add_totp(bob)
    assert "You have no second factor" not in keeper.see("/admin/").text
    assert "A password alone" in keeper.see("/admin/").text, "alice's still opens it"
