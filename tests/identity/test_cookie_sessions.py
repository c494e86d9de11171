"""The session by cookie (requirement C4): CSRF by double submit, bound to the session."""

from __future__ import annotations

import pytest

from tests.api.client import Answer, Client
from tests.cast import Cast, Person
from tests.house import RunningHouse
from tests.identity.factors import Move, credentials


def _enter(house: RunningHouse, person: Person) -> tuple[Client, str]:
    """A client with the cookies of a log-in, and its token for X-CSRFToken."""
    client = Client(house.http, person=person)
    first = client.ok(client.get("/api/auth/csrf/"))["csrf_token"]
    headers = {"Cookie": f"csrftoken={first}", "X-CSRFToken": first}
    answer = client.send("POST", "/api/auth/login/", credentials(person), headers)
    assert client.ok(answer)["user"]["email"] == person.email
    client.headers["Cookie"] = f"{answer.cookie('posthouse_login')}; {answer.cookie('csrftoken')}"
    return client, answer.json["csrf_token"]


def _change(client: Client, csrf: str | None) -> Answer:
    return client.send("PATCH", "/me/", {"name": "A"}, {} if csrf is None else {"X-CSRFToken": csrf})


def test_the_cookie_opens_the_whole_api(house: RunningHouse, cast: Cast) -> None:
    client, csrf = _enter(house, cast.alice)
    assert client.get("/me/").json["email"] == cast.alice.email
    assert _change(client, csrf).status == 200
    assert client.send("POST", "/auth/ticket/", None, {"X-CSRFToken": csrf}).status == 200
    assert client.get("/security/").json["sessions"][0]["kind"] == "cookie"


def test_the_cookies_are_careful(house: RunningHouse, cast: Cast) -> None:
    anyone = Client(house.http)
    first = anyone.get("/api/auth/csrf/").json["csrf_token"]
    headers = {"Cookie": f"csrftoken={first}", "X-CSRFToken": first}
    answer = anyone.send("POST", "/api/auth/login/", credentials(cast.alice), headers)
    login = next(line for line in answer.set_cookies if line.startswith("posthouse_login="))
    csrf = next(line for line in answer.set_cookies if line.startswith("csrftoken="))
    assert "HttpOnly" in login and "SameSite=Lax" in login and "Path=/api/;" in login
    assert "HttpOnly" not in csrf and "SameSite=Lax" in csrf and "Path=/;" in csrf


def test_what_changes_something_needs_the_token_of_this_session(house: RunningHouse, cast: Cast) -> None:
    client, csrf = _enter(house, cast.alice)
    _, mallorys = _enter(house, cast.mallory)
    for wrong in (None, "", "x", csrf[:-1], mallorys):
        answer = _change(client, wrong)
        assert (answer.status, answer.json["code"]) == (403, "csrf_failed")
    login = client.headers["Cookie"].partition(";")[0]
    client.headers["Cookie"] = f"{login}; csrftoken={mallorys}"
    assert _change(client, mallorys).json["code"] == "csrf_failed", "a pair that fits, of another session"
    stranger = client.get("/api/auth/csrf/").json["csrf_token"]
    client.headers["Cookie"] = f"{login}; csrftoken={stranger}"
    assert _change(client, stranger).status == 200, "a new one of this session"


def test_a_log_in_needs_a_token_too(house: RunningHouse, cast: Cast) -> None:
    anyone = Client(house.http)
    assert anyone.post("/api/auth/login/", credentials(cast.alice)).json["code"] == "csrf_failed"
    _, csrf = _enter(house, cast.alice)
    headers = {"Cookie": f"csrftoken={csrf}", "X-CSRFToken": csrf}
    answer = anyone.send("POST", "/api/auth/login/", credentials(cast.alice), headers)
    assert answer.json["code"] == "csrf_failed", "of a session, not of a log-in"


def test_logging_out_ends_it(house: RunningHouse, cast: Cast) -> None:
    client, csrf = _enter(house, cast.alice)
    assert client.post("/api/auth/logout/").json["code"] == "csrf_failed"
    out = client.send("POST", "/api/auth/logout/", None, {"X-CSRFToken": csrf})
    assert out.status == 204
    assert out.cookie("posthouse_login") == 'posthouse_login=""'
    assert client.get("/me/").json["code"] == "token_revoked"
    assert client.send("POST", "/api/auth/logout/", None, {"X-CSRFToken": csrf}).status == 401


@pytest.mark.parametrize("value", ["", "phs_", "phs_AAAA", "phs_" + "A" * 64, "x" * 5000])
def test_made_up_cookies_are_nobodys(house: RunningHouse, value: str) -> None:
    anyone = Client(house.http, headers={"Cookie": f"posthouse_login={value}"})
    assert anyone.get("/me/").status == 401


def test_it_ends_when_it_is_not_used(house: RunningHouse, cast: Cast, move: Move) -> None:
    client, _ = _enter(house, cast.alice)
    move(13 * 86_400)
    assert client.get("/me/").status == 200
    move(13 * 86_400)
    assert client.get("/me/").status == 200, "used meanwhile"
    move(15 * 86_400)
    assert client.get("/me/").status == 401


def test_a_bearer_beside_the_cookie_is_what_counts(house: RunningHouse, cast: Cast) -> None:
    client, _ = _enter(house, cast.alice)
    assert client.request("GET", "/me/", headers={"Authorization": "Bearer x"}).status == 401
