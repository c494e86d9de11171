"""REST: lists of fifty threads, e-mails and people, by one client and by twenty, beside stock Django REST framework."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.archive import import_into
from benchmarks.http_client import Http
from benchmarks.http_crowd import ask_together
from benchmarks.report import Work, rounds
from benchmarks.systems import DOMAIN, PEOPLE, POSTHOUSE, NotTrue, System, wait_until_at_rest
from tests.peers.process import Process, free_port, own_folder

LISTED = 50
STOCK = "stock DRF under ASGI"
SMALL = 1000

CLIENTS = 20
PAUSE_SECONDS = 0.1

Server = Callable[[int], "Listing"]
"""Gives where to ask, for a mailbox of a size."""


class Listing(NamedTuple):
    """A connection that is logged in, and by name what is listed: the path, and where in the answer the rows are."""

    http: Http
    port: int
    paths: dict[str, tuple[str, str]]


def _request(listing: Listing, name: str) -> bytes:
    path, rows = listing.paths[name]
    if len(listing.http.get(path)[rows]) != LISTED:
        raise NotTrue(f"not {LISTED} in {path}")
    return listing.http.prepared(path)


def _time(listing: Listing, name: str, tries: int) -> float:
    """Median milliseconds of one list."""
    return statistics.median(listing.http.times(_request(listing, name), tries))


def _ours(system: System, sizes: Sequence[int]) -> Server:
    """Fill an inbox of each size by import, and the organisation with people."""
    owners = dict(zip(sizes, PEOPLE, strict=False))
    for size, person in owners.items():
        import_into(system, person, size)
    _add_colleagues(system)
    wait_until_at_rest(system)

    def server(size: int) -> Listing:
        assert system.server
        http = Http(system.server.http_port)
        http.log_in(owners[size], system.password)
        mailboxes = http.get("/api/v1/mailboxes/")["items"]
        inbox = next(box["id"] for box in mailboxes if box["role"] == "inbox")
        paths = {
            "threads": (f"/api/v1/threads/?mailbox={inbox}&limit={LISTED}", "items"),
            "e-mails": (f"/api/v1/emails/?mailbox={inbox}&limit={LISTED}", "items"),
            "people": (f"/api/v1/users/?limit={LISTED}", "items"),
        }
        return Listing(http, system.server.http_port, paths)

    return server


def _add_colleagues(system: System) -> None:
    assert system.server
    owner = f"owner@{DOMAIN}"
    added = system.server.command(
        "user", "add", owner, "--admin", "--password-stdin", text=system.password + "\n"
    )
    if added.returncode != 0:
        raise NotTrue(f"user add: {added.stdout}{added.stderr}")
    with Http(system.server.http_port) as http:
        http.log_in(owner, system.password)
        for number in range(LISTED):
            http.post(
                "/api/v1/users/", {"email": f"colleague{number}@{DOMAIN}", "name": f"Colleague {number}"}
            )


@contextmanager
def _stock(size: int) -> Iterator[tuple[int, str]]:
    """One stock server on a database of that size; gives its port and token."""
    root = Path(__file__).parent.parent
    with own_folder("stock-drf") as folder, ExitStack() as stack:
        env = {**os.environ, "STOCK_DRF_DATABASE": str(folder / "stock.db"), "PYTHONPATH": str(root)}
        make = [sys.executable, "-m", "benchmarks.stock_drf", str(size)]
        token = subprocess.run(make, env=env, check=True, capture_output=True, text=True).stdout.strip()
        port = free_port()
        uvicorn = [sys.executable, "-m", "uvicorn", "benchmarks.stock_drf:application", "--no-access-log"]
        server = Process([*uvicorn, "--port", str(port)], log=folder / "console.log", env=env)
        stack.callback(server.stop)
        server.wait_for_port(port)
        yield port, token


def _theirs(servers: dict[int, tuple[int, str]]) -> Server:
    """One list, which stands for each of ours."""

    def server(size: int) -> Listing:
        port, token = servers[size]
        http = Http(port)
        http.authorize(f"Token {token}")
        return Listing(http, port, dict.fromkeys(("threads", "e-mails", "people"), ("/threads/", "results")))

    return server


def measure(systems: Sequence[System], *, quick: bool) -> list[Work]:
    sizes = (SMALL, 10_000 if quick else 100_000)
    works: dict[str, Work] = {}
    asked = [(size, what) for size in sizes for what in ("threads", "e-mails")] + [(SMALL, "people")]
    with ExitStack() as stack:
        servers: dict[str, Server] = {}
        for system in systems:
            if system.name == POSTHOUSE:
                servers[POSTHOUSE] = _ours(system, sizes)
        servers[STOCK] = _theirs({size: stack.enter_context(_stock(size)) for size in sizes})

        def add(name: str, what: str, value: float, *, unit: str, goal: str) -> None:
            better = "more" if unit == "/s" else "less"
            works.setdefault(what, Work(name=what, unit=unit, better=better, goal=goal)).add(name, value)

        def once(name: str, _number: int) -> None:
            for size, what in asked:
                title = f"list of {LISTED} {what}" + ("" if what == "people" else f" of {size:,}")
                listing = servers[name](size)
                with listing.http:
                    ms = _time(listing, what, 100 if quick else 500)
                    request = _request(listing, what)
                add(name, title, ms, unit="ms", goal="under 2 ms")
                crowd = ask_together(request, port=listing.port, clients=CLIENTS, requests=1_000)
                add(name, f"{title}, {CLIENTS} clients", crowd.rate, unit="/s", goal="4 × stock")
                people = ask_together(
                    request,
                    port=listing.port,
                    clients=CLIENTS,
                    requests=500 if quick else 1_000,
                    pause_seconds=PAUSE_SECONDS,
                )
                p99 = people.percentile(99)
                title = f"{title}, {CLIENTS} clients that ask some ten times a second each, p99"
                add(name, title, p99, unit="ms", goal="under 20 ms")

        rounds(3 if quick else 5, list(servers), once, title="rest")
    return list(works.values())
