"""What every answer has, the client's files, and the API's own pages."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

from tests.api.client import Answer, Client

DIST = Path(__file__).parents[2] / "web" / "dist"
ROOT = Path(__file__).parents[2]

needs_client = pytest.mark.skipif(not (DIST / "index.html").exists(), reason="the web client is not built")


def test_answers_carry_an_id_and_careful_headers(alice: Client) -> None:
    answer = alice.request("GET", "/me/", headers={"X-Request-Id": "abc-1"})
    assert answer.headers["x-request-id"] == "abc-1"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    made = alice.request("GET", "/me/", headers={"X-Request-Id": "bad id"})
    assert re.fullmatch(r"[0-9a-f]{16}", made.headers["x-request-id"])


def test_wrong_methods_are_a_problem(alice: Client) -> None:
    answer = alice.send("PUT", "/me/", {})
    assert (answer.status, answer.json["code"]) == (405, "method_not_allowed")


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/mailboxes", "/threads/1", "/emails/1/raw", "/auth/token", "/docs"])
def test_a_path_without_its_last_slash_says_what_it_lacks(anyone: Client, method: str, path: str) -> None:
    answer = anyone.request(method, f"{path}?limit=1", body=b"{}")
    assert (answer.status, answer.json["code"]) == (404, "not_found")
    assert answer.json["detail"] == f"Paths end with a slash: /api/v1{path}/"
    assert answer.headers["content-type"] == "application/problem+json"
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/nowhere", "/nowhere/", "/mailboxes//", "/openapi.json/", "/threads/x", "/x%00"]
)
def test_a_path_that_no_slash_would_mend_says_nothing_of_one(anyone: Client, path: str) -> None:
    answer = anyone.get(path)
    assert (answer.status, answer.json["detail"]) == (404, "There is nothing here.")


def test_health_needs_no_one(anyone: Client) -> None:
    health = anyone.ok(anyone.get("/health/"))
    assert health["status"] == "ok" and health["listeners"]["http"]


def test_large_bodies_are_refused(alice: Client) -> None:
    answer = alice.request(
        "POST", "/drafts/", body=b"1" * 9_000_000, headers={"Content-Type": "application/json"}
    )
    assert (answer.status, answer.json["code"]) == (413, "too_large")


def test_chunked_bodies_are_read(alice: Client) -> None:
    import http.client

    connection = http.client.HTTPConnection(alice.http.removeprefix("http://"), timeout=30)
    body = json.dumps({"name": "Chunked"}).encode()
    connection.request(
        "PATCH",
        "/api/v1/me/",
        body=iter([body[:5], body[5:]]),
        headers={**alice.headers, "Content-Type": "application/json", "Transfer-Encoding": "chunked"},
        encode_chunked=True,
    )
    answer = connection.getresponse()
    assert answer.status == 200 and json.loads(answer.read())["name"] == "Chunked"
    connection.close()


@needs_client
def test_the_client_is_served_for_its_own_routes(anyone: Client) -> None:
    page = _plain(anyone, "/")
    assert page.status == 200 and b'<div id="root">' in page.body
    assert len(_plain(anyone, "/mail/inbox/123").body) == len(page.body)
    assert page.headers["cache-control"] == "no-cache"
    icon = _plain(anyone, "/icon.svg")
    assert _plain(anyone, "/icon.svg", {"If-None-Match": icon.headers["etag"]}).status == 304
    script = re.search(rb'src="(/assets/[^"]+\.js)"', page.body)
    assert script
    file = _plain(anyone, script[1].decode(), {"Accept-Encoding": "gzip"})
    assert "immutable" in file.headers["cache-control"] and file.headers["content-encoding"] == "gzip"
    assert gzip.decompress(file.body) == _plain(anyone, script[1].decode()).body


@needs_client
@pytest.mark.parametrize(
    "path", ["/../pyproject.toml", "/assets/../../package.json", "/%2e%2e/package.json", "/x.js"]
)
def test_no_path_leads_out_of_the_client(anyone: Client, path: str) -> None:
    assert _plain(anyone, path).status == 404


def test_the_pages_of_the_api_load_nothing_from_elsewhere(anyone: Client) -> None:
    for path in ("/api/v1/docs/", "/api/v1/redoc/"):
        page = _plain(anyone, path)
        assert page.status == 200, path
        assert page.headers["content-type"].startswith("text/html")
        assert not re.search(rb'(?:src|href)="(?:https?:)?//', page.body), path
        for asset in re.findall(rb'(?:src|href)="(/[^"]+)"', page.body):
            assert _plain(anyone, asset.decode().replace("&amp;", "&")).status == 200, asset
    assert b"<script>" not in _plain(anyone, "/api/v1/redoc/").body


def test_the_schema_is_served_and_committed(anyone: Client) -> None:
    served = anyone.ok(anyone.get("/openapi.json"))
    assert served["openapi"] == "3.1.0"
    committed = json.loads((ROOT / "openapi.json").read_text())
    assert served == committed, "run: posthouse manage spectacular --format openapi-json --file openapi.json"


def _plain(client: Client, path: str, headers: dict[str, str] | None = None) -> Answer:
    import http.client

    connection = http.client.HTTPConnection(client.http.removeprefix("http://"), timeout=30)
    connection.request("GET", path, headers=headers or {})
    answer = connection.getresponse()
    found = Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    connection.close()
    return found
