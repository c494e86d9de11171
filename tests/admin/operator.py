"""An operator at /admin/, without a browser: the session's cookie, the pages as text, the forms as they stand."""

from __future__ import annotations

import http.client
import json
import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

if TYPE_CHECKING:
    from tests.cast import Person
    from tests.house import RunningHouse

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(slots=True)
class Page:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def token(self) -> str:
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.text)
        assert found is not None
        return found[1]

    @property
    def place(self) -> str:
        return self.headers["location"]

    def links(self, pattern: str) -> list[str]:
        return sorted(
            {
                unescape(link)
                for link in re.findall(r'href="([^"]*)"', self.text)
                if re.fullmatch(pattern, unescape(link))
            }
        )


@dataclass(slots=True)
class Visitor:
    """Somebody at these pages; cookies are kept as a browser keeps them, by their names."""

    http: str
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, given: dict[str, str] | None = None, **headers: str) -> Page:
        connection = http.client.HTTPConnection(urlsplit(self.http).netloc, timeout=30)
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None if given is None else urlencode(given)
        connection.request(
            method, path, body=body, headers=sent | (FORM if body is not None else {}) | headers
        )
        answer = connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        page = Page(
            answer.status,
            {name.lower(): value for name, value in answer.getheaders()},
            answer.read().decode("utf-8", "replace"),
        )
        connection.close()
        return page

    def see(self, path: str) -> Page:
        page = self.ask("GET", path)
        assert page.status == 200, (path, page.status, page.place if page.status == 302 else page.text[:300])
        return page

    def send(self, path: str, **given: str) -> Page:
        """Fill in the form that stands at a path and hand it in; gives the page that follows."""
        token = self.see(path).token
        answer = self.ask("POST", path, {"csrfmiddlewaretoken": token, **given})
        return self.see(answer.place) if answer.status == 302 else answer

    def act(self, path: str, name: str, *ids: int) -> Page:
        """An act of a list on its rows."""
        token = self.see(path).token
        rows = "&".join(f"_selected_action={one}" for one in ids)
        body = f"{urlencode({'csrfmiddlewaretoken': token, 'action': name, 'index': '0'})}&{rows}"
        connection = http.client.HTTPConnection(urlsplit(self.http).netloc, timeout=30)
        sent = {"Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items())}
        connection.request("POST", path, body=body, headers=sent | FORM)
        answer = connection.getresponse()
        answer.read()
        for line in answer.headers.get_all("Set-Cookie") or []:
            key, _, value = line.partition(";")[0].partition("=")
            self.cookies[key] = value
        assert answer.status == 302, answer.status
        place = answer.headers["Location"]
        connection.close()
        return self.see(place)


def visit(house: RunningHouse, person: Person) -> Visitor:
    """Log in as the browser client does."""
    visitor = Visitor(house.http)
    connection = http.client.HTTPConnection(urlsplit(house.http).netloc, timeout=30)
    connection.request(
        "POST",
        "/api/v1/auth/session/",
        body=json.dumps({"email": person.email, "password": person.password}),
        headers={"Content-Type": "application/json", "X-Posthouse-Client": "web"},
    )
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    answer.read()
    for line in answer.headers.get_all("Set-Cookie") or []:
        name, _, value = line.partition(";")[0].partition("=")
        visitor.cookies[name] = value
    connection.close()
    return visitor


def operator(house: RunningHouse, person: Person) -> Visitor:
    from posthouse.identity import operators

    operators.appoint(person.email, is_operator=True)
    return visit(house, person)


def stale(person: Person) -> None:
    """Long after the log-in: nothing of it counts as a fresh proof any more."""
    from posthouse.base import db, sql

    @db.action
    def age() -> None:
        sql.run("UPDATE identity_session SET proved_at = 0 WHERE user_id = %s", [person.actor.user_id])

    age()
