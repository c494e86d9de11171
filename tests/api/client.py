"""A small JSON client for tests: one connection, one person."""

from __future__ import annotations

import http.client
import json as jsonlib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.cast import Person
from tests.house import RunningHouse

BASE = "/api/v1"


@dataclass(slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    set_cookies: list[str] = field(default_factory=list)

    def cookie(self, name: str) -> str:
        """`name=value` as it was set, to be sent back."""
        return next(line.partition(";")[0] for line in self.set_cookies if line.startswith(f"{name}="))

    @property
    def json(self) -> Any:
        return jsonlib.loads(self.body)


_OAUTH = tuple(f"/oauth/{name}/" for name in ("token", "revoke", "introspect", "userinfo", "jwks"))
AT_THE_ROOT = ("/api/", "/mail/", "/__docs__/", "/.well-known/", *_OAUTH)
"""Paths that are given whole; all others lie below the API's."""


@dataclass(slots=True)
class Client:
    """`get("/threads/", mailbox=1)`; sends the person's token when logged in."""

    http: str
    headers: dict[str, str] = field(default_factory=dict)
    person: Person | None = None
    _connection: http.client.HTTPConnection | None = None

    def request(
        self, method: str, path: str, *, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(urlsplit(self.http).netloc, timeout=30)
        url = path if path.startswith(AT_THE_ROOT) else BASE + path
        self._connection.request(method, url, body=body, headers={**self.headers, **(headers or {})})
        answer = self._connection.getresponse()
        cookies = answer.headers.get_all("Set-Cookie") or []
        return Answer(
            answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read(), set_cookies=cookies
        )

    def get(self, path: str, **query: Any) -> Answer:
        return self.request("GET", f"{path}?{urlencode(query)}" if query else path)

    def send(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        raw = None if body is None else jsonlib.dumps(body).encode()
        return self.request(
            method, path, body=raw, headers={"Content-Type": "application/json", **(headers or {})}
        )

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.send("POST", path, body, named)

    def patch(self, path: str, body: Any) -> Answer:
        return self.send("PATCH", path, body)

    def delete(self, path: str) -> Answer:
        return self.send("DELETE", path)

    def ok(self, answer: Answer, status: int = 200) -> Any:
        """The JSON of an answer that must have this status."""
        assert answer.status == status, (answer.status, answer.body[:500])
        return answer.json if answer.body else None


def log_in(house: RunningHouse, person: Person) -> Client:
    client = Client(house.http, person=person)
    pair = client.ok(client.post("/auth/token/", {"email": person.email, "password": person.password}))
    client.headers["Authorization"] = f"Bearer {pair['access']}"
    return client
