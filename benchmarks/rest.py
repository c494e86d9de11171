"""REST: the list of fifty threads, of a small and of a large mailbox."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence

from benchmarks.archive import import_into
from benchmarks.http_client import Http
from benchmarks.report import Work, rounds
from benchmarks.systems import PEOPLE, NotTrue, System

LISTED = 50


def _list_once(system: System, person: str, tries: int) -> float:
    """Median milliseconds of the list of the inbox on a kept connection."""
    assert system.server
    with Http(system.server.http_port) as http:
        http.log_in(person, system.password)
        inbox = next(box["id"] for box in http.get("/api/v1/mailboxes/")["items"] if box["role"] == "inbox")
        path = f"/api/v1/threads/?mailbox={inbox}&limit={LISTED}"
        if len(http.get(path)["items"]) != LISTED:
            raise NotTrue(f"not {LISTED} threads in {person}'s list")
        request, times = http.prepared(path), []
        for _ in range(tries):
            started = time.perf_counter()
            http.exchange(request)
            times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def measure(systems: Sequence[System], *, quick: bool) -> list[Work]:
    ours = next((system for system in systems if system.server), None)
    sizes = {PEOPLE[0]: 1000, PEOPLE[1]: 10_000 if quick else 100_000}
    works = {
        person: Work(
            name=f"REST list of {LISTED} threads, mailbox of {size:,}",
            unit="ms",
            better="less",
            goal="under 2 ms",
        )
        for person, size in sizes.items()
    }
    if ours is None:
        return []
    for person, size in sizes.items():
        import_into(ours, person, size)

    def once(name: str, _number: int) -> None:
        for person, work in works.items():
            work.add(name, _list_once(ours, person, 200 if quick else 1000))

    rounds(3 if quick else 5, [ours.name], once, title="rest")
    return list(works.values())
