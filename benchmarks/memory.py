"""Memory of all processes of a server, fresh and with a thousand IMAP clients in IDLE."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack

from benchmarks.report import Work
from benchmarks.systems import PEOPLE, System

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
    return [fresh, busy, shared]
