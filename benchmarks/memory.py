"""Memory of all processes of a server: fresh, with a thousand IMAP clients in IDLE, and while large e-mails come in."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack

from benchmarks import large_letters
from benchmarks.report import Work
from benchmarks.systems import PEOPLE, NotTrue, System

CLIENTS = 1000
SETTLE_SECONDS = 3.0
_MEBI = 1 << 20


def measure(systems: Sequence[System], *, quick: bool) -> list[Work]:
    clients = CLIENTS // 10 if quick else CLIENTS
    fresh = Work(name="memory at rest", unit="MB", better="less", note="RSS of all processes")
    busy = Work(
        name=f"memory with {clients:,} clients in IDLE",
        unit="MB",
        better="less",
        goal="under 200 MB",
        note="RSS of all processes",
    )
    shared = Work(
        name=f"memory with {clients:,} clients in IDLE",
        unit="MB",
        better="less",
        note="PSS: shared pages counted once",
    )
    for system in systems:
        time.sleep(SETTLE_SECONDS)
        fresh.add(system.name, system.weight().rss_bytes / _MEBI)
        with ExitStack() as stack:
            for number in range(clients):
                box = stack.enter_context(system.imap(PEOPLE[number % len(PEOPLE)]))
                box.select()
                box.idle()
            time.sleep(SETTLE_SECONDS)
            weight = system.weight()
        busy.add(system.name, weight.rss_bytes / _MEBI)
        shared.add(system.name, weight.pss_bytes / _MEBI)
    return [fresh, busy, shared, *_large(systems, quick=quick)]


def _large(systems: Sequence[System], *, quick: bool) -> list[Work]:
    """The peak beyond what there was before; the same with small ones says what does not come of the size."""
    works = []
    for megabytes in (5, 48):
        name = f"{large_letters.CONNECTIONS} e-mails of {megabytes} MB at once"
        goal = "does not grow with the size" if megabytes > 5 else ""
        rss = Work(name=name, unit="MB", better="less", goal=goal, note="RSS beyond what there was")
        private = Work(name=name, unit="MB", better="less", goal=goal, note="of it what belongs to no file")
        for system in systems:
            for _ in range(1 if quick else 3):
                peak = large_letters.bring(system, megabytes * 1_000_000)
                if peak.refused:
                    raise NotTrue(f"{system.name} refused {peak.refused} large e-mails")
                rss.add(system.name, peak.rss_bytes / _MEBI)
                private.add(system.name, peak.private_bytes / _MEBI)
        works += [rss, private]
    return works
