"""What the whole API answers in: every GET of openapi.json, and the usual writes, over a mailbox of 10,000.

M23: under 100 ms at p99, log-in excepted. Each is asked alone, one after another, by the owner of an organisation.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.archive import import_into
from benchmarks.http_client import Http
from benchmarks.report import Work
from benchmarks.systems import DOMAIN, NotTrue, System, wait_until_at_rest

EMAILS = 10_000
BULK = 100
MESSAGES = 200
_PARAMETER = re.compile(r"\{\w+\}")
_QUERIES = {
    "/api/v1/addresses/": "q=wri",
    "/api/v1/changes/": "since=0&limit=50",
    "/api/v1/threads/": "mailbox={inbox}",
    "/api/v1/emails/": "mailbox={inbox}",
    "/api/v1/search/": "q=parcel",
    "/mail/search/v1/": "q=from:writer",
}
"""What a path must be given; most want nothing."""
_APART = {
    "/api/v1/audit/export/": "streams as long as there is a log",
    "/oauth/userinfo/": "takes tokens of OAuth clients only",
}
LETTER = {"to": [{"email": f"owner@{DOMAIN}"}], "subject": "A short one", "text": "Three words here."}

Ask = Callable[[], bytes]


def measure(systems: Sequence[System], *, quick: bool) -> list[Work]:
    tries = 20 if quick else 200
    (system,) = [one for one in systems if one.server]
    assert system.server
    owner = _owner(system)
    works = []
    with Http(system.server.http_port) as http:
        http.log_in(owner, system.password)
        http.post("/api/v1/groups/", {"name": "Coachmen", "address": f"coachmen@{DOMAIN}"})
        http.post("/api/v1/roles/", {"name": "Help desk", "permissions": ["users.read"]})
        http.post("/api/v1/send/", LETTER)
        room = _conversation(http)
        wait_until_at_rest(system)
        left_out: list[str] = []
        for kind, asked in (("GET", dict(_reads(http, left_out))), ("write", dict(_writes(http, room)))):
            slowest = sorted(((_p99(http, ask, tries), name) for name, ask in asked.items()), reverse=True)
            for place, (ms, name) in enumerate(slowest[:3], 1):
                title = (
                    f"{len(asked)} kinds of {kind}: p99 of the {('slowest', 'second', 'third')[place - 1]}"
                )
                work = Work(name=title, unit="ms", better="less", goal="under 100 ms", note=name)
                work.add(system.name, ms)
                works.append(work)
        print(f"not asked: {', '.join(left_out)}")
    return works


def _owner(system: System) -> str:
    assert system.server
    owner = f"owner@{DOMAIN}"
    text = system.password + "\n"
    added = system.server.command("user", "add", owner, "--admin", "--password-stdin", text=text)
    if added.returncode != 0:
        raise NotTrue(f"user add: {added.stdout}{added.stderr}")
    import_into(system, owner, EMAILS)
    return owner


def _conversation(http: Http) -> str:
    """One with some messages in it."""
    made = http.post("/api/v1/conversations/", {"kind": "group", "name": "Desk", "user_ids": []})
    for number in range(MESSAGES):
        http.post(
            f"/api/v1/conversations/{made['id']}/messages/",
            {"text": f"Parcel {number}", "client_id": f"{number}"},
        )
    return str(made["id"])


def _p99(http: Http, ask: Ask, tries: int) -> float:
    """Milliseconds. Raises RuntimeError for any answer that is no success."""
    times = []
    for _ in range(tries):
        request = ask()
        started = time.perf_counter()
        http.exchange(request)
        times.append((time.perf_counter() - started) * 1000)
    times.sort()
    return times[min(len(times) - 1, len(times) * 99 // 100)]


def _reads(http: Http, left_out: list[str]) -> Iterator[tuple[str, Ask]]:
    """Each path, its parameters filled from the list it belongs to; `left_out` gets what refuses us."""
    spec = json.loads((Path(__file__).parent.parent / "openapi.json").read_text())
    inbox = _inbox(http)
    for path, operations in spec["paths"].items():
        if "get" not in operations:
            continue
        query = _QUERIES.get(path, "").format(inbox=inbox)
        filled = None if path in _APART else _filled(http, path, inbox, spec["paths"])
        if filled is None:
            left_out.append(path)
            continue
        request = http.prepared(f"{filled}?{query}" if query else filled)
        try:
            http.exchange(request)
        except RuntimeError as error:
            if "answered b'HTTP/1.1 4" not in str(error):
                raise
            left_out.append(path)
            continue
        yield path, lambda request=request: request  # type: ignore[misc]


def _filled(http: Http, path: str, inbox: str, paths: Mapping[str, Any]) -> str | None:
    """With the ids of the first there are; None where the list is empty or nothing lists them."""
    while found := _PARAMETER.search(path):
        if found[0] == "{number}":
            path = path.replace("{number}", "1")
            continue
        parent = path[: found.start()]
        if "get" not in paths.get(_listing(parent), {}):
            return None
        query = "mailbox=" + inbox if parent in ("/api/v1/threads/", "/api/v1/emails/") else ""
        items = http.get(f"{_listing(parent)}?{query}")["items"]
        if not items:
            return None
        path = path.replace(found[0], items[0]["id"], 1)
    return path


def _listing(parent: str) -> str:
    return "/mail/get/v1/inbox/" if parent == "/mail/get/v1/mail/" else parent


def _inbox(http: Http) -> str:
    boxes = http.get("/api/v1/mailboxes/")["items"]
    return next(str(box["id"]) for box in boxes if box["role"] == "inbox")


def _writes(http: Http, room: str) -> Iterator[tuple[str, Ask]]:
    inbox = _inbox(http)
    emails = [one["id"] for one in http.get(f"/api/v1/emails/?mailbox={inbox}&limit={BULK}")["items"]]
    label = http.post("/api/v1/mailboxes/", {"name": "Bench"})["id"]
    turn = iter(range(10**9))

    def of(method: str, path: str, body: Callable[[int], Any]) -> Ask:
        return lambda: http.prepared(path, method=method, body=json.dumps(body(next(turn))).encode())

    yield "flag one", of("PATCH", f"/api/v1/emails/{emails[0]}/", lambda n: {"is_flagged": bool(n % 2)})
    yield (
        f"flag {BULK}",
        of("POST", "/api/v1/emails/update/", lambda n: {"ids": emails, "is_seen": bool(n % 2)}),
    )
    yield (
        f"label {BULK}",
        of(
            "POST",
            "/api/v1/emails/label/",
            lambda n: {"ids": emails, ("add" if n % 2 else "remove"): [label]},
        ),
    )
    yield (
        f"move {BULK}",
        of(
            "POST", "/api/v1/emails/move/", lambda n: {"ids": emails, "to_mailbox": label if n % 2 else inbox}
        ),
    )
    yield "save a draft", of("POST", "/api/v1/drafts/", lambda n: LETTER)
    yield "send", of("POST", "/api/v1/send/", lambda n: LETTER)
    yield "make a mailbox", of("POST", "/api/v1/mailboxes/", lambda n: {"name": f"Label {n}"})
    yield "change one's profile", of("PATCH", "/api/v1/users/me/", lambda n: {"title": f"Number {n}"})
    message = f"/api/v1/conversations/{room}/messages/"
    yield "write a message", of("POST", message, lambda n: {"text": "Whoa", "client_id": f"bench-{n}"})
    yield "search people", of("POST", "/api/v1/users/search/", lambda n: {"q": "pers"})
    yield "a ticket for the stream", of("POST", "/api/v1/auth/ticket/", lambda n: {})
