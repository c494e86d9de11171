"""Mail that leaves while our own machine fails: `kill -9` in a loop, and a full disk. Counted where it arrives.

Nothing is lost. What comes twice was on its way when the house died: between any two copies lies a kill. A full disk
doubles nothing, since what came of a try is written down as soon as there is room.
"""

from __future__ import annotations

import itertools
import random
import resource
import smtplib
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conformance.crowd import letter
from tests.database import is_postgresql
from tests.delivery.outside import until
from tests.peers import PeerUnavailable, Posthouse, Sink, posthouse, sink
from tests.programs import missing

ALICE = "alice@example.test"
KILLS = 8
MESSAGES = 80
ROOM_BYTES = 64 * 1024
WAIT_SECONDS = 120.0
SINK_SECONDS = 0.5
"""How long what a dead sender has left on the line may take to be counted."""

pytestmark = pytest.mark.conformance


@pytest.fixture
def outside() -> Iterator[Sink]:
    with sink() as running:
        yield running


@pytest.fixture
def server(tmp_path: Path, outside: Sink) -> Iterator[Posthouse]:
    env = {"POSTHOUSE_ROUTES": f"*=127.0.0.1:{outside.port}", "POSTHOUSE_RETRY": ",".join(["1"] * 60)}
    try:
        with posthouse(tmp_path, env=env) as running:
            yield running
    except PeerUnavailable as reason:
        missing(reason)


def submit(server: Posthouse, name: str) -> bool:
    """Whether the house has said that it has it."""
    try:
        with smtplib.SMTP("127.0.0.1", server.submission_port, timeout=20) as client:
            client.login(ALICE, server.password)
            return (
                client.sendmail(ALICE, ["zoe@outside.test"], letter(name, "zoe@outside.test", sender=ALICE))
                == {}
            )
    except (OSError, smtplib.SMTPException):
        return False


def pair(name: str) -> tuple[str, str]:
    return f"<{name}>", "zoe@outside.test"


def waiting(server: Posthouse) -> list[str]:
    """The states of recipients that are not done with."""
    found = [
        path
        for path in server.data.rglob("*")
        if path.is_file() and path.open("rb").read(15) == b"SQLite format 3"
    ]
    database = max(found, key=lambda path: path.stat().st_size)
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        return [
            row[0]
            for row in connection.execute("SELECT state FROM delivery_recipient WHERE due_at IS NOT NULL")
        ]


def test_killed_while_it_sends(server: Posthouse, outside: Sink) -> None:
    accepted: list[str] = []
    stop, numbers = threading.Event(), itertools.count()

    def keep_at_it() -> None:
        while not stop.is_set():
            name = f"{next(numbers)}@kill.test"
            if submit(server, name):
                accepted.append(name)

    writers = [threading.Thread(target=keep_at_it, daemon=True) for _ in range(3)]
    for writer in writers:
        writer.start()
    kills: list[tuple[float, float]] = []
    for _ in range(KILLS):
        time.sleep(random.uniform(0.3, 1.5))
        begun = time.monotonic()
        server.kill9()
        kills.append((begun, time.monotonic() + SINK_SECONDS))
        server.start()
    time.sleep(1.0)
    stop.set()
    for writer in writers:
        writer.join(60)
        assert not writer.is_alive()

    assert len(accepted) >= KILLS, "too little was sent"
    wanted = {pair(name) for name in accepted}
    assert outside.wait_for(wanted, seconds=WAIT_SECONDS) == set(), "lost"
    twice = {one: outside.at[one] for one, count in outside.seen.items() if count > 1}
    for one, at in twice.items():
        for first, second in itertools.pairwise(at):
            is_between = any(first <= gone and begun <= second for begun, gone in kills)
            assert is_between, f"{one} came twice without a kill between"


@pytest.mark.skipif(is_postgresql(), reason="the disk of another server is not ours to fill")
def test_a_disk_that_fills_while_it_sends(server: Posthouse, outside: Sink) -> None:
    """The room runs out while mail is on its way, so that what came of it cannot be written for a while."""
    outside.pause.clear()
    accepted = [
        name for name in (f"{number}@disk.test" for number in range(MESSAGES)) if submit(server, name)
    ]
    assert len(accepted) == MESSAGES
    until(lambda: outside.paused >= 1, seconds=WAIT_SECONDS)
    largest = max(path.stat().st_size for path in server.data.rglob("*") if path.is_file())
    _limit_files(server, largest)
    refused = 0
    while refused < 3 and largest:
        refused += not submit(server, f"{1000 + refused}@disk.test")
    outside.pause.set()
    until(lambda: sum(outside.seen.values()) >= 8, seconds=WAIT_SECONDS)
    time.sleep(3.0)
    _limit_files(server, resource.RLIM_INFINITY)

    wanted = {pair(name) for name in accepted}
    assert outside.wait_for(wanted, seconds=WAIT_SECONDS) == set(), "lost"
    until(lambda: not waiting(server), seconds=WAIT_SECONDS)
    assert {one: outside.seen[one] for one in wanted} == dict.fromkeys(wanted, 1)
    server.stop()
    checked = server.command("check")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def _limit_files(server: Posthouse, size_bytes: int) -> None:
    assert server.process
    for member in server.process.family():
        with suppress(ProcessLookupError):
            resource.prlimit(member.pid, resource.RLIMIT_FSIZE, (size_bytes, resource.RLIM_INFINITY))
