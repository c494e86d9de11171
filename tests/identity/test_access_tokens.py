"""Personal access tokens: what each scope opens, and that nothing else does."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver

from tests import make
from tests.api.client import Client, log_in
from tests.cast import Cast
from tests.house import RunningHouse
from tests.identity.factors import Move, with_token

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
OPEN = re.compile(
    r"^/api/(v1/auth/(token|mfa|session|passkey|external)/|auth/(csrf|login|mfa)/|v1/(health/|openapi.json|docs/|redoc/))"
    r"|^/oauth/|^/[.]well-known/|^/__docs__/"
)


def token(client: Client, *scopes: str, days: int = 30) -> str:
    body = {"name": "A program", "scopes": list(scopes), "expires_in_days": days}
    made: str = client.ok(client.post("/security/tokens/", body), 201)["token"]
    return made


def endpoints() -> list[tuple[str, str, Any]]:
    """(method, path, view) of everything there is, as the URL configuration says."""
    from posthouse.config.urls import urlpatterns

    found: list[tuple[str, str, Any]] = []

    def walk(patterns: list[Any], prefix: str) -> None:
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, route)
            elif isinstance(pattern, URLPattern) and hasattr(pattern.callback, "cls"):
                view = pattern.callback.cls
                path = re.sub(r"<id:\w+>", "58769341962780000", "/" + route)
                path = re.sub(r"<str:kind>", "sessions", re.sub(r"<\w+:\w+>", "1", path))
                path = path.replace("sessions" if "<" in path else "\0", "sessions")
                found.extend((method, path, view) for method in METHODS if hasattr(view, method.lower()))

    walk(urlpatterns, "")
    return found


def test_every_endpoint_asks_a_token_for_its_scope(house: RunningHouse, alice: Client) -> None:
    """A token that may only read mail, at every door: what it lacks is named, and nothing else is done."""
    from posthouse.identity.api.permissions import scope_of
    from posthouse.identity.scopes import SCOPES, SELF

    reader = with_token(house, token(alice, "mail:read"))
    before = alice.get("/security/").json
    seen = set()
    for method, path, view in endpoints():
        if OPEN.match(path) or not view.permission_classes:
            continue
        needed = scope_of(view, method)
        seen.add(needed)
        answer = reader.send(method, path, {} if method != "GET" else None)
        if needed == "mail:read":
            assert answer.status != 403, (method, path, answer.body)
            continue
        assert answer.status == (401 if path == "/api/auth/logout/" else 403), (method, path, answer.body)
        if answer.status == 403:
            assert (answer.json["code"], answer.json["scope"]) == ("insufficient_scope", needed), path
    assert {"mail:read", "mail:write", "mail:send", "account:read", "account:write", "self"} <= seen
    assert seen <= {*SCOPES, SELF}, "every scope asked for stands in the table"
    after = alice.get("/security/").json
    assert [row["id"] for row in before["sessions"]] == [row["id"] for row in after["sessions"]]


def test_the_named_paths_ask_for_the_same_scopes(house: RunningHouse, alice: Client) -> None:
    letter = {"to": [alice.get("/me/").json["email"]], "subject": "x", "body": "x"}
    writer = with_token(house, token(alice, "mail:read", "mail:write"))
    refused = writer.send("POST", "/mail/create/v1/", letter)
    assert (refused.status, refused.json["scope"]) == (403, "mail:send")
    sender = with_token(house, token(alice, "mail:send"))
    assert sender.send("POST", "/mail/create/v1/", letter).status == 202
    for path in ("/mail/get/v1/inbox/", "/mail/search/v1/?q=x"):
        assert writer.send("GET", path).status == 200
        assert sender.send("GET", path).json["scope"] == "mail:read"
    assert writer.get("/webhooks/").json["scope"] == "webhooks:read"


def test_a_token_of_every_scope_cannot_touch_the_security_of_its_person(
    house: RunningHouse, alice: Client
) -> None:
    from posthouse.identity.api.permissions import scope_of
    from posthouse.identity.scopes import SCOPES, SELF

    everything = with_token(house, token(alice, *SCOPES))
    kept = [one for one in endpoints() if scope_of(one[2], one[0]) == SELF and not OPEN.match(one[1])]
    assert len(kept) > 12
    for method, path, _ in kept:
        answer = everything.send(method, path, {} if method != "GET" else None)
        assert answer.status in (401, 403), (method, path)
    assert everything.get("/me/").status == 200


@pytest.mark.parametrize(
    ("scope", "opens"), [("mail:write", "trash"), ("mail:send", "send"), ("account:write", "me")]
)
def test_one_scope_opens_one_thing(
    house: RunningHouse, cast: Cast, alice: Client, scope: str, opens: str
) -> None:
    program = with_token(house, token(alice, scope))
    email_id = make.email(cast.alice)
    acts = {
        "trash": program.post("/emails/trash/", {"ids": [str(email_id)]}).status,
        "send": program.post("/send/", {"to": [{"email": cast.bob.email}], "text": "x"}).status,
        "me": program.patch("/me/", {"name": "A"}).status,
        "read": program.get("/mailboxes/").status,
    }
    assert acts.pop(opens) < 300
    assert set(acts.values()) == {403}


def test_a_token_is_shown_once_ends_and_tells_of_its_use(
    house: RunningHouse, alice: Client, move: Move
) -> None:
    made = token(alice, "mail:read", days=2)
    assert re.fullmatch(r"php_[\w-]{40}", made)
    program = with_token(house, made)
    program.headers["User-Agent"] = "backup/1"
    assert program.get("/mailboxes/").status == 200
    row = alice.get("/security/").json["tokens"][0]
    assert (row["name"], row["scopes"], row["last_ip"], row["last_client"]) == (
        "A program", ["mail:read"], "127.0.0.1", "backup/1",
    )  # fmt: skip
    assert row["last_used_at"] and made not in alice.get("/security/").body.decode()
    assert with_token(house, made[:-1] + "x").get("/mailboxes/").json["code"] == "invalid_token"
    move(2 * 86_400)
    assert program.get("/mailboxes/").json["code"] == "invalid_token"


def test_a_revoked_token_opens_nothing_at_once(house: RunningHouse, alice: Client) -> None:
    program = with_token(house, token(alice, "mail:read"))
    assert program.get("/mailboxes/").status == 200
    row = alice.get("/security/").json["tokens"][0]
    alice.ok(alice.delete(f"/security/tokens/{row['id']}/"), 204)
    assert program.get("/mailboxes/").json["code"] == "invalid_token"


@pytest.mark.parametrize(
    "changed",
    [
        {"scopes": []},
        {"scopes": ["self"]},
        {"scopes": ["mail:everything"]},
        {"expires_in_days": 367},
        {"expires_in_days": 0},
        {"expires_in_days": None},
        {"name": ""},
    ],
)
def test_a_token_needs_scopes_and_an_end(alice: Client, changed: dict[str, Any]) -> None:
    body = {"name": "x", "scopes": ["mail:read"], "expires_in_days": 1, **changed}
    assert alice.post("/security/tokens/", body).status == 400
    del body["expires_in_days"]
    assert alice.post("/security/tokens/", body).status == 400


def test_somebody_switched_off_takes_their_tokens_with_them(
    house: RunningHouse, cast: Cast, move: Move
) -> None:
    from posthouse.base import db
    from posthouse.identity.models import User

    made = token(log_in(house, cast.bob), "mail:read")
    assert with_token(house, made).get("/mailboxes/").status == 200
    db.run(lambda: User.objects.filter(email=cast.bob.email).update(is_active=False), (), {})
    move(4)
    assert with_token(house, made).get("/mailboxes/").status == 401


def test_the_table_of_scopes_is_told(alice: Client) -> None:
    from posthouse.identity.scopes import SCOPES

    assert {row["scope"] for row in alice.get("/security/scopes/").json["items"]} == set(SCOPES)
