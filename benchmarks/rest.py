"""REST: the list of fifty threads, of a small and of a large mailbox, beside stock Django REST framework."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.archive import import_into
from benchmarks.http_client import Http
from benchmarks.report import Work, rounds
from benchmarks.systems import PEOPLE, POSTHOUSE, NotTrue, System
from tests.peers.process import Process, free_port, own_folder

LISTED = 50
STOCK = "stock DRF under ASGI"
SMALL = 1000

List = Callable[[int, int], float]
"""Takes the mailbox's size and how often to ask; returns the median milliseconds of one list."""


def _time(http: Http, path: str, tries: int, *, rows: str) -> float:
    if len(http.get(path)[rows]) != LISTED:
        raise NotTrue(f"not {LISTED} in {path}")
    request, times = http.prepared(path), []
    for _ in range(tries):
        started = time.perf_counter()
        http.exchange(request)
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def _ours(system: System, sizes: Sequence[int]) -> List:
    """Fill an inbox of each size by import."""
    owners = dict(zip(sizes, PEOPLE, strict=False))
    for size, person in owners.items():
        import_into(system, person, size)

    def ask(size: int, tries: int) -> float:
        assert system.server
        with Http(system.server.http_port) as http:
            http.log_in(owners[size], system.password)
            mailboxes = http.get("/api/v1/mailboxes/")["items"]
            inbox = next(box["id"] for box in mailboxes if box["role"] == "inbox")
            return _time(http, f"/api/v1/threads/?mailbox={inbox}&limit={LISTED}", tries, rows="items")

    return ask


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


def _theirs(servers: dict[int, tuple[int, str]]) -> List:
    def ask(size: int, tries: int) -> float:
        port, token = servers[size]
        with Http(port) as http:
            http.authorize(f"Token {token}")
            return _time(http, "/threads/", tries, rows="results")

    return ask


def measure(systems: Sequence[System], *, quick: bool) -> list[Work]:
    sizes = (SMALL, 10_000 if quick else 100_000)
    works = {
        size: Work(
            name=f"REST list of {LISTED} threads, mailbox of {size:,}",
            unit="ms",
            better="less",
            goal="under 2 ms",
        )
        for size in sizes
    }
    with ExitStack() as stack:
        lists: dict[str, List] = {}
        for system in systems:
            if system.name == POSTHOUSE:
                lists[POSTHOUSE] = _ours(system, sizes)
        lists[STOCK] = _theirs({size: stack.enter_context(_stock(size)) for size in sizes})

        def once(name: str, _number: int) -> None:
            for size, work in works.items():
                work.add(name, lists[name](size, 200 if quick else 1000))

        rounds(3 if quick else 5, list(lists), once, title="rest")
    return list(works.values())
