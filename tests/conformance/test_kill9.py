"""`kill -9` at any moment under load: what was answered is there, once; what was not is whole or absent.

The promise on which all else rests, so it goes through every door that changes mail: MX, submission, APPEND,
STORE, MOVE, EXPUNGE. At the end it reads everything by IMAP and by REST, lets the queue run empty, and has
the store check itself.
"""

from __future__ import annotations

import json
import random
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.crowd import Crowd, body
from tests.conformance.ledger import look
from tests.peers import PeerUnavailable, Posthouse, Sink, posthouse, sink
from tests.programs import missing

KILLS = 20
ENOUGH = 5
PEOPLE = ("alice@example.test", "bob@example.test")
QUEUE_SECONDS = 90.0

pytestmark = pytest.mark.conformance


@pytest.fixture
def outside() -> Iterator[Sink]:
    with sink() as running:
        yield running


@pytest.fixture
def server(tmp_path: Path, outside: Sink) -> Iterator[Posthouse]:
    env = {
        "POSTHOUSE_ROUTES": f"*=127.0.0.1:{outside.port}",
        "POSTHOUSE_RETRY": "1,1,1,1,2,2,2,2,5,5,5,5,10,10,10",
        "POSTHOUSE_ALLOW_NETS": "127.0.0.0/8",
    }
    try:
        with posthouse(tmp_path, people=PEOPLE, env=env) as running:
            running.lift_sending_limits()
            yield running
    except PeerUnavailable as reason:
        missing(reason)


def test_what_was_answered_survives_every_kill(server: Posthouse, outside: Sink) -> None:
    crowd = Crowd(
        mx_port=server.mx_port,
        imap_port=server.imap_port,
        submission_port=server.submission_port,
        password=server.password,
        people=PEOPLE,
    )
    validity = {person: look(server.imap_port, person, server.password).validity for person in PEOPLE}
    crowd.begin(filers=4)
    for kill in range(KILLS):
        time.sleep(random.uniform(0.4, 1.5) if kill % 5 else random.uniform(0.0, 0.1))
        server.kill9()
        server.start()
    time.sleep(2.0)
    crowd.end()

    assert crowd.refusals == []
    for work in ("delivered", "submitted", "appended", "flagged", "moved", "expunged"):
        assert crowd.ledger.counts[work] >= ENOUGH, f"too little was {work}: {crowd.ledger.counts}"
    for person in PEOPLE:
        seen = look(server.imap_port, person, server.password)
        assert crowd.ledger.faults(person, seen.emails) == []
        assert all(whole.endswith(b"\r\n\r\n" + body(id_)) for id_, whole in seen.whole.items())
        assert validity[person].items() <= seen.validity.items()
        by_imap = Counter(id_ for id_, found in seen.emails.items() for _ in found)
        assert Counter(_ids_by_rest(server, person)) == by_imap
    assert outside.wait_for(crowd.submitted, seconds=QUEUE_SECONDS) == set()
    server.stop()
    checked = server.command("check")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def _ids_by_rest(server: Posthouse, person: str) -> Iterator[str]:
    """The id in the subject of every letter of the crowd, in every mailbox; the notice of this log-in is none."""
    token = _ask(server, "/api/v1/auth/token/", {"email": person, "password": server.password})["access"]
    for mailbox in _ask(server, "/api/v1/mailboxes/", token=token)["items"]:
        cursor = ""
        for _page in range(1000):
            path = f"/api/v1/emails/?mailbox={mailbox['id']}&limit=200{cursor}"
            page = _ask(server, path, token=token)
            subjects = [item["subject"] for item in page["items"]]
            yield from (
                subject.removeprefix("letter ") for subject in subjects if subject.startswith("letter ")
            )
            if not page["next"]:
                break
            cursor = f"&cursor={page['next']}"


def _ask(server: Posthouse, path: str, body: object = None, *, token: str = "") -> Any:
    request = urllib.request.Request(f"http://127.0.0.1:{server.http_port}{path}")
    request.add_header("Accept", "application/json")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    if body is not None:
        request.add_header("Content-Type", "application/json")
        request.data = json.dumps(body).encode()
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)
