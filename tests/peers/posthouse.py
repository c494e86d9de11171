"""Our own server as a user starts it: the installed command in a process of its own."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from tests.database import settings_for
from tests.peers.process import PeerUnavailable, Process, free_ports

DOORS = ("http", "mx", "submission", "submissions", "imap", "imaps")
COMMAND = Path(sys.executable).parent / "posthouse"
COMMAND_SECONDS = 120


class Posthouse:
    """A server on one data folder that may be killed and started again; its ports stay the same."""

    def __init__(self, *, data: Path, env: Mapping[str, str], password: str, people: Sequence[str]) -> None:
        self.data = data
        self.password = password
        self.people = list(people)
        self.ports = dict(zip(DOORS, free_ports(len(DOORS)), strict=True))
        self.log = data.parent / f"{data.name}.log"
        self.env = {
            **os.environ,
            "POSTHOUSE_PLAINTEXT_LOGIN": "1",
            "POSTHOUSE_RATES": "off",
            **settings_for(data),
            **env,
        }
        self.limits: list[str] = []
        self.process: Process | None = None

    @property
    def http_port(self) -> int:
        return self.ports["http"]

    @property
    def mx_port(self) -> int:
        return self.ports["mx"]

    @property
    def submission_port(self) -> int:
        return self.ports["submission"]

    @property
    def imap_port(self) -> int:
        return self.ports["imap"]

    @property
    def user(self) -> str:
        return self.people[0]

    def command(
        self, *words: str, text: str | None = None, seconds: float = COMMAND_SECONDS
    ) -> subprocess.CompletedProcess[str]:
        """Run a verb of the command line on this data folder; never raises for its exit code."""
        return subprocess.run(
            [str(COMMAND), *words, "--data", str(self.data)],
            input=text,
            capture_output=True,
            text=True,
            env=self.env,
            timeout=seconds,
            check=False,
        )

    def start(self) -> None:
        """Start and return when the server has said that all doors are open."""
        listeners = [word for door in DOORS for word in (f"--{door}", f"127.0.0.1:{self.ports[door]}")]
        since = self.log.stat().st_size if self.log.exists() else 0
        command = [*self.limits, str(COMMAND), "serve", "--data", str(self.data), *listeners]
        self.process = Process(command, log=self.log, env=self.env)
        self.process.wait_for_text("posthouse: ready", since=since)

    def kill9(self) -> None:
        assert self.process
        self.process.kill9()

    def stop(self) -> int | None:
        """Ask it to end; returns its exit code."""
        assert self.process
        return self.process.stop()

    def restart(self) -> None:
        self.stop()
        self.start()

    def add_people(self, people: Sequence[str]) -> None:
        for person in people:
            made = self.command("user", "add", person, "--password-stdin", text=self.password + "\n")
            if made.returncode != 0:
                raise RuntimeError(f"user add {person}: {made.stdout}{made.stderr}")
            if person not in self.people:
                self.people.append(person)

    def lift_sending_limits(self) -> None:
        """For those who send more in a minute than people do in a day, and to more strangers. The house must run."""
        owner = f"owner@{self.user.rpartition('@')[2]}"
        self.command("user", "add", owner, "--admin", "--password-stdin", text=self.password + "\n")
        token = self._ask("POST", "auth/token/", {"email": owner, "password": self.password})["access"]
        figures = ("messages", "new_recipients", "all_messages", "all_new_recipients")
        limits = {"is_watched": False, **dict.fromkeys(figures, 1_000_000)}
        self._ask("PATCH", "sending/limits/", limits, token=token)

    def _ask(self, method: str, path: str, body: object, *, token: str = "") -> Any:
        headers = {
            "Content-Type": "application/json",
            **({"Authorization": f"Bearer {token}"} if token else {}),
        }
        url = f"http://127.0.0.1:{self.http_port}/api/v1/{path}"
        request = urllib.request.Request(url, json.dumps(body).encode(), headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)


@cache
def _empty_database() -> Path:
    """A database of this release with nothing in it: to make one takes seconds, and every server has its own."""
    folder = Path(tempfile.mkdtemp(prefix="empty-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    subprocess.run(
        [str(COMMAND), "manage", "migrate"],
        capture_output=True,
        env={**os.environ, "POSTHOUSE_DATA": str(folder)},
        timeout=COMMAND_SECONDS,
        check=True,
    )
    return folder / "posthouse.sqlite3"


@contextmanager
def posthouse(
    folder: Path,
    *,
    domain: str = "example.test",
    people: Sequence[str] = ("alice@example.test",),
    env: Mapping[str, str] | None = None,
    start: bool = True,
) -> Iterator[Posthouse]:
    """Make the domain and its people in `folder`/data, start the server, and end it with the block.

    Log-in without TLS is allowed, since these are tests on 127.0.0.1. `start=False` leaves the start to the
    caller.
    """
    if not COMMAND.exists():
        raise PeerUnavailable(f"{COMMAND} is not there; run `make setup`")
    data = folder / "data"
    server = Posthouse(data=data, env=env or {}, password="correct horse battery staple", people=people)
    if "DB_NAME" not in server.env and not data.exists():
        data.mkdir(mode=0o700)
        shutil.copy(_empty_database(), data)
    made = server.command("domain", "add", domain)
    if made.returncode != 0:
        raise RuntimeError(f"domain add {domain}: {made.stdout}{made.stderr}")
    server.add_people(people)
    try:
        if start:
            server.start()
        yield server
    finally:
        if server.process is not None:
            server.process.stop()
