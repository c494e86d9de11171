"""What surrounds every HTTP exchange: careful headers, an id, whose connection it is, for which host."""

from __future__ import annotations

import http.client
import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from posthouse.wire.html.document import FRAME_CSP
from tests import make
from tests.api.client import Answer, Client, log_in
from tests.cast import Cast
from tests.house import RunningHouse
from tests.peers.posthouse import Posthouse, posthouse

PERSON = "carol@example.test"
EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
API = "default-src 'none'; frame-ancestors 'none'"
DOCS = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
PART = "default-src 'none'; sandbox; frame-ancestors 'none'"
POLICIES = {
    "/api/v1/docs/": DOCS,
    "/api/v1/redoc/": DOCS,
    "/api/v1/emails/<id:email_id>/raw/": PART,
    "/api/v1/emails/<id:email_id>/attachments/<str:number>/": PART,
    "/api/v1/emails/<id:email_id>/html/": FRAME_CSP,
    "/api/v1/images/": PART,
}
"""Routes with a policy of their own; all others of the API have the strictest."""


def plain(
    where: Client | str, path: str, headers: dict[str, str] | None = None, method: str = "GET"
) -> Answer:
    base = where if isinstance(where, str) else where.http
    connection = http.client.HTTPConnection(base.removeprefix("http://"), timeout=20)
    connection.request(method, path, headers=headers or {})
    answer = connection.getresponse()
    found = Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    connection.close()
    return found


def routes() -> Iterator[str]:
    from posthouse.config import urls

    for pattern in urls.api:
        yield f"/api/v1/{pattern.pattern}"


def test_every_route_has_careful_headers(house: RunningHouse, cast: Cast) -> None:
    from posthouse.base.api.problem_pages import CSP

    policies = {**POLICIES, "/api/v1/problems/": CSP, "/api/v1/problems/<slug:code>/": CSP}
    alice = log_in(house, cast.alice)
    raw = make.message(headers="X-A: b\r\n", text="hello")
    email_id = str(make.email(cast.alice, raw))
    others = [
        "/",
        "/mail/inbox/1",
        "/nowhere.js",
        "/metrics",
        "/static/nothing",
        "/api/nowhere",
        "/api/v1/images/",
    ]
    for route in [*routes(), *others]:
        path = re.sub(r"<id:email_id>", email_id, route)
        path = re.sub(r"<id:\w+>", "1", re.sub(r"<str:\w+>", "1", path)).replace("<slug:code>", "not_found")
        for method in ("GET", "POST", "OPTIONS"):
            for headers in (alice.headers, {}):
                answer = plain(alice, path, headers, method)
                assert answer.status < 500, (method, path)
                found = {name: answer.headers.get(name) for name in EVERYWHERE}
                assert found == EVERYWHERE, (method, path)
                assert "camera=()" in answer.headers["permissions-policy"], path
                assert answer.headers["referrer-policy"] in ("no-referrer", "same-origin"), path
                assert "strict-transport-security" not in answer.headers, path
                policy = answer.headers["content-security-policy"]
                assert "frame-ancestors" in policy and policy.startswith("default-src 'none'"), (path, policy)
                if path.startswith("/api/"):
                    assert policy in (API, policies.get(route, API)), (route, policy)
                    assert "x-request-id" in answer.headers or path == "/api/v1/images/", path


def test_the_client_allows_no_inline_code(house: RunningHouse, cast: Cast) -> None:
    policy = plain(house.http, "/").headers["content-security-policy"]
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    assert rules["default-src"] == "'none'" and rules["script-src"] == "'self'"
    assert "'unsafe-eval'" not in policy and rules["frame-ancestors"] == "'none'"
    assert [name for name, rule in rules.items() if "unsafe-inline" in rule] == ["style-src-attr"]


def test_each_page_has_a_nonce_of_its_own(house: RunningHouse, cast: Cast) -> None:
    pages = [plain(house.http, "/"), plain(house.http, "/mail/inbox/1")]
    nonces = []
    for page in pages:
        found = re.search(rb'<meta property="csp-nonce" nonce="([\w-]{20,})"', page.body)
        assert found is not None
        nonces.append(found[1].decode())
        assert f"style-src 'self' 'nonce-{nonces[-1]}';" in page.headers["content-security-policy"]
        assert "etag" not in page.headers
    assert nonces[0] != nonces[1]


def test_a_mail_is_shown_in_a_frame_of_ours_only(house: RunningHouse, cast: Cast) -> None:
    alice = log_in(house, cast.alice)
    email = alice.ok(alice.get(f"/emails/{make.email(cast.alice)}/"))
    found = next(value for value in _texts(email) if "/html/?" in value)
    answer = plain(alice, found)
    policy = answer.headers["content-security-policy"]
    assert answer.status == 200 and "frame-ancestors 'self'" in policy and "script-src" not in policy
    assert "sandbox" in policy and "allow-scripts" not in policy


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(part)


def test_timing_is_for_operators(house: RunningHouse, cast: Cast) -> None:
    """An owner who counted questions could tell which ids of other organisations there are."""
    from posthouse.identity import operators

    names = ("x-request-duration", "x-database-queries", "x-query-time", "server-timing")
    owner = log_in(house, cast.alice).get("/mailboxes/")
    operators.appoint(cast.alice.email, is_operator=True)
    shown = log_in(house, cast.alice).get("/mailboxes/").headers
    operators.appoint(cast.alice.email, is_operator=False)
    assert int(shown["x-database-queries"]) >= 2 and float(shown["x-query-time"]) > 0
    assert float(shown["x-request-duration"]) >= float(shown["x-query-time"])
    assert re.fullmatch(r'total;dur=[\d.]+, db;dur=[\d.]+;desc="\d+ queries"', shown["server-timing"])
    for answer in (owner, log_in(house, cast.bob).get("/mailboxes/"), Client(house.http).get("/health/")):
        assert answer.status == 200 and not set(names) & set(answer.headers)


def test_nobody_is_believed_who_is_no_proxy(house: RunningHouse, cast: Cast) -> None:
    forged = {
        "X-Forwarded-For": "192.0.2.9",
        "X-Forwarded-Proto": "https",
        "Forwarded": "for=192.0.2.9;proto=https",
        "X-Real-IP": "192.0.2.9",
        "X-Posthouse-Client": "web",
    }
    body = {"email": cast.alice.email, "password": cast.alice.password}
    answer = Client(house.http).send("POST", "/auth/session/", body, forged)
    assert answer.status == 200 and "Secure" not in answer.headers["set-cookie"]
    assert "strict-transport-security" not in answer.headers
    line = log_in(house, cast.alice).get("/audit/", act="login.ok", limit=2).json["items"][1]
    assert line["ip"] == "127.0.0.1"


# --- a house behind a proxy ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Posthouse]:
    """A server of its own that trusts a proxy on this machine, answers to one name, and logs every statement."""
    env = {
        "POSTHOUSE_TRUSTED_PROXIES": "127.0.0.1/32 10.0.0.0/8",
        "ALLOWED_HOSTS": "mail.example.test,.inside.test",
        "POSTHOUSE_SLOW_REQUEST_MS": "1",
    }
    with posthouse(tmp_path_factory.mktemp("behind"), people=(PERSON,), env=env) as server:
        yield server


def ask(server: Posthouse, method: str, path: str, body: Any = None, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    named.setdefault("Host", "mail.example.test")
    connection = http.client.HTTPConnection("127.0.0.1", server.http_port, timeout=20)
    content = None if body is None else json.dumps(body)
    connection.request(method, path, content, {"Content-Type": "application/json", **named})
    answer = connection.getresponse()
    found = Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    connection.close()
    return found


def place_of_login(server: Posthouse, *, password: str | None = None, **headers: str) -> tuple[Answer, str]:
    body = {"email": PERSON, "password": password or server.password}
    answer = ask(server, "POST", "/api/v1/auth/session/", body, X_Posthouse_Client="web", **headers)
    assert answer.status == 200, answer.body
    bearer = f"Bearer {answer.json['access']}"
    audit = ask(server, "GET", "/api/v1/audit/?act=login.ok&limit=1", Authorization=bearer)
    return answer, audit.json["items"][0]["ip"]


def test_a_proxy_of_ours_is_believed(behind: Posthouse) -> None:
    answer, ip = place_of_login(behind, X_Forwarded_For="203.0.113.7", X_Forwarded_Proto="https")
    assert ip == "203.0.113.7"
    assert "Secure" in answer.headers["set-cookie"]
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize(
    ("forwarded", "ip"),
    [
        ("198.51.100.1, 203.0.113.7", "203.0.113.7"),  # the first was written by the client itself
        ("198.51.100.1, 203.0.113.7, 10.1.2.3", "203.0.113.7"),
        ("203.0.113.7:4711", "203.0.113.7"),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("198.51.100.1, unknown", "127.0.0.1"),
        ("'; DROP TABLE", "127.0.0.1"),
        ("10.0.0.1, 10.0.0.2", "127.0.0.1"),
        ("", "127.0.0.1"),
        (", " * 5000 + "203.0.113.7", "203.0.113.7"),
    ],
)
def test_the_nearest_address_that_is_no_proxy_counts(behind: Posthouse, forwarded: str, ip: str) -> None:
    assert place_of_login(behind, X_Forwarded_For=forwarded)[1] == ip


@pytest.mark.parametrize("proto", ["http", "HTTPS ", "ftp", "https, http", ""])
def test_only_https_said_plainly_is_https(behind: Posthouse, proto: str) -> None:
    assert "Secure" not in place_of_login(behind, X_Forwarded_Proto=proto)[0].headers["set-cookie"]


def test_limits_count_the_client_and_not_the_proxy(behind: Posthouse) -> None:
    body = {"email": PERSON, "password": "wrong wrong"}
    statuses = [
        ask(behind, "POST", "/api/v1/auth/token/", body, X_Forwarded_For="203.0.113.66").status
        for _ in range(12)
    ]
    assert statuses[-1] == 429
    assert ask(behind, "POST", "/api/v1/auth/token/", body, X_Forwarded_For="203.0.113.67").status == 401


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("mail.example.test", 200),
        ("MAIL.example.test:8443", 200),
        ("a.inside.test", 200),
        ("evil.test", 400),
        ("mail.example.test.evil.test", 400),
        ("evil.test#mail.example.test", 400),
        ("mail.example.test, evil.test", 400),
        ("127.0.0.1", 400),
    ],
)
@pytest.mark.parametrize("path", ["/api/v1/health/", "/", "/metrics"])
def test_the_door_answers_to_its_names_only(behind: Posthouse, host: str, status: int, path: str) -> None:
    answer = ask(behind, "GET", path, Host=host)
    assert answer.status == (404 if status == 200 and path == "/metrics" else status)
    if status == 400:
        assert answer.json["code"] == "unknown_host"
        assert {**EVERYWHERE, **answer.headers} == answer.headers and host not in answer.body.decode()


def test_two_hosts_are_none(behind: Posthouse) -> None:
    with socket.create_connection(("127.0.0.1", behind.http_port), timeout=10) as sock:
        sock.sendall(
            b"GET /api/v1/health/ HTTP/1.1\r\nHost: mail.example.test\r\nHost: evil.test\r\nConnection: close\r\n\r\n"
        )
        assert b" 400 " in sock.makefile("rb").readline()


def test_every_line_of_a_request_has_its_id_and_slow_ones_are_told(behind: Posthouse, tmp_path: Path) -> None:
    body = {"email": PERSON, "password": behind.password}
    ask(behind, "POST", "/api/v1/auth/token/", body, X_Request_Id="find-me")
    lines = [json.loads(line) for line in behind.log.read_text().splitlines() if '"find-me"' in line]
    events = {line["event"]: line for line in lines}
    assert {"request", "request.slow"} <= set(events)
    assert {"method", "path", "status", "ms", "queries", "query_ms"} <= set(events["request.slow"])
    for given in ("bad id", "x" * 65, "a\tb"):
        answer = ask(behind, "GET", "/api/v1/health/", X_Request_Id=given)
        assert re.fullmatch(r"[0-9a-f]{16}", answer.headers["x-request-id"])
