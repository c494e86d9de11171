"""Search over a million messages of conversations at the API, beside what a plain LIKE over the same rows takes."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from benchmarks.conversations import processor
from benchmarks.fan_peers import ROOT
from benchmarks.http_client import Http
from benchmarks.report import Work, rounds
from benchmarks.systems import DOMAIN, PEOPLE, POSTHOUSE, NotTrue, System
from tests.peers.posthouse import Posthouse, posthouse
from tests.peers.process import own_folder

LARGE, QUICK = 1_000_000, 50_000
ROOMS, CROWD = 50, 500
"""One person is in ROOMS conversations, and another in CROWD, among them the same."""
FILLING_SECONDS = 3_600
LIKE = "plain LIKE"
_LIKE = (
    "SELECT m.id FROM conversations_participant p CROSS JOIN conversations_message m WHERE p.user_id = ?"
    " AND p.left_at IS NULL AND m.id IN (SELECT m.id FROM conversations_message m WHERE m.conversation_id ="
    " p.conversation_id AND m.deleted_at IS NULL AND m.kind = 'text' AND lower(m.body) LIKE ?"
    " ORDER BY m.created_at DESC, m.id DESC LIMIT 51) ORDER BY m.created_at DESC, m.id DESC LIMIT 51"
)
"""As messages were looked for before there was an index of them."""


def measure(systems: Sequence[System], *, quick: bool) -> list[Work]:
    size, tries = (QUICK, 50) if quick else (LARGE, 300)
    works: dict[str, Work] = {}

    def add(name: str, value: float, *, system: str = POSTHOUSE, goal: str = "", unit: str = "ms") -> None:
        work = Work(name=name, unit=unit, better="less" if unit == "ms" else "more", goal=goal)
        works.setdefault(name, work).add(system, value)

    with own_folder("talk") as folder, posthouse(folder, domain=DOMAIN, people=PEOPLE[:2]) as server:
        filled = _filled(server, size)
        add("messages indexed, by processor", size / filled["indexing_seconds"], unit="/s")
        queries = _queries(filled["words"])

        def once(_name: str, _number: int) -> None:
            assert server.process
            for person, rooms in zip(PEOPLE, (ROOMS, CROWD), strict=False):
                with Http(server.http_port) as http:
                    http.log_in(person, server.password)
                    for name, q in queries.items():
                        if rooms == CROWD and name not in ("a common word", "a rare word", "two words"):
                            continue
                        before = processor(server.process.pid)
                        times = _times(http, q, tries)
                        spent = (processor(server.process.pid) - before) * 1000 / (tries + 1)
                        named = f"{name}, in {rooms} conversations"
                        add(f"{named}, p50", times[len(times) // 2], goal="under 10 ms" * (rooms == ROOMS))
                        add(f"{named}, p99", times[len(times) * 99 // 100])
                        add(f"{named}, processor of the server for one", spent)
            for name in ("a common word", "a rare word"):
                spent = _like(server.data, server.user, queries[name].strip())
                add(f"{name}, in {ROOMS} conversations, p50", spent, system=LIKE)

        rounds(2 if quick else 5, [POSTHOUSE], once, title="talk")
    return list(works.values())


def _queries(words: dict[str, str]) -> dict[str, str]:
    common, rare, phrase = words["common"], words["rare"], words["phrase"]
    return {
        "a common word": f"{common} ",
        "a rare word": f"{rare} ",
        "two words": f"{common} {phrase.split()[0]} ",
        "a phrase": f'"{phrase}"',
        "three letters typed": common[:3],
        "a word and not another, by somebody": f"{common} -{phrase.split()[1]} from:writer ",
        "in one conversation": f"in:#room-7 {common} ",
    }


def _filled(server: Posthouse, size: int) -> dict[str, dict[str, str]]:
    with Http(server.http_port) as http:
        http.log_in(PEOPLE[1], server.password)
        other = http.get("/api/v1/users/me/")["id"]
        http.log_in(PEOPLE[0], server.password)
        both = [_open(http, f"Room {number}", [other]) for number in range(ROOMS)]
        http.log_in(PEOPLE[1], server.password)
        rest = [_open(http, f"Other {number}", []) for number in range(CROWD - ROOMS)]
    server.stop()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.talk_fill", str(size)],
        input=json.dumps([*both, *rest[:ROOMS]]),
        cwd=ROOT,
        env={**server.env, "POSTHOUSE_DATA": str(server.data)},
        capture_output=True,
        text=True,
        timeout=FILLING_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise NotTrue(done.stderr[-2000:])
    server.start()
    found: dict[str, dict[str, str]] = json.loads(done.stdout.splitlines()[-1])
    return found


def _open(http: Http, name: str, others: list[str]) -> str:
    made = http.post("/api/v1/conversations/", {"kind": "group", "name": name, "user_ids": others})
    return str(made["id"])


def _times(http: Http, q: str, tries: int) -> list[float]:
    path = f"/api/v1/messages/?q={quote(q)}&limit=50"
    answer = http.get(path)
    if not answer["items"] or not answer["search"]["is_complete"]:
        raise NotTrue(f"{q!r} finds nothing, or not all")
    return http.times(http.prepared(path), tries)


def _like(data: Path, person: str, word: str) -> float:
    """Milliseconds of the statement alone, on the house's own file."""
    connection = sqlite3.connect(f"file:{data / 'posthouse.sqlite3'}?mode=ro", uri=True)
    try:
        (user,) = connection.execute("SELECT id FROM identity_user WHERE email = ?", (person,)).fetchone()
        started = time.perf_counter()
        if not connection.execute(_LIKE, (user, f"%{word}%")).fetchall():
            raise NotTrue(f"LIKE finds no {word!r}")
        return (time.perf_counter() - started) * 1000
    finally:
        connection.close()
