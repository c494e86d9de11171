"""Results: each a piece of work with the runs of every system, printed as a table and kept as JSON."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

RESULTS = Path(__file__).parent / "results"


@dataclass(slots=True, kw_only=True)
class Work:
    """One row. `runs` holds every measured value per system; what is shown is the median.

    `ratio` is how many times as good the first system is as the other: faster or smaller counts as better
    according to `better`.
    """

    name: str
    unit: str
    better: Literal["more", "less"]
    goal: str = ""
    note: str = ""
    runs: dict[str, list[float]] = field(default_factory=dict)

    def add(self, system: str, value: float) -> None:
        self.runs.setdefault(system, []).append(value)

    def median(self, system: str) -> float | None:
        values = self.runs.get(system)
        return statistics.median(values) if values else None

    def ratio(self, ours: str, theirs: str) -> float | None:
        mine, other = self.median(ours), self.median(theirs)
        if not mine or not other:
            return None
        return mine / other if self.better == "more" else other / mine


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """Where and when it was measured; figures mean nothing without."""

    at: str
    machine: str
    cores: int
    load_before: float
    disk_ms: float
    python: str


def circumstances(disk_ms: float) -> Circumstances:
    return Circumstances(
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        machine=f"{platform.system()} {platform.release()} {platform.machine()}",
        cores=len(os.sched_getaffinity(0)),
        load_before=round(os.getloadavg()[0], 2),
        disk_ms=round(disk_ms, 3),
        python=platform.python_version(),
    )


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {unit}"


def table(works: Sequence[Work]) -> str:
    """Markdown: the medians of all systems; behind each other one, how many times as good the first is."""
    systems = list(dict.fromkeys(system for work in works for system in work.runs))
    if not systems:
        return "Nothing was measured.\n"
    ours = systems[0]
    lines = [
        "| work | " + " | ".join(systems) + " | goal |",
        "|---|" + "---|" * (len(systems) + 1),
    ]
    for work in works:
        cells = []
        for system in systems:
            cell = _number(work.median(system), work.unit)
            ratio = work.ratio(ours, system) if system != ours else None
            cells.append(f"{cell} (×{ratio:.1f})" if ratio else cell)
        name = f"{work.name} ({work.note})" if work.note else work.name
        lines.append(f"| {name} | " + " | ".join(cells) + f" | {work.goal} |")
    return "\n".join(lines) + "\n"


def keep(name: str, works: Sequence[Work], around: Circumstances) -> None:
    """Print the table and write `results/<name>.md` and `.json`."""
    text = table(works)
    facts = (
        f"Measured {around.at} on {around.cores} cores ({around.machine}), Python {around.python}, load "
        f"{around.load_before} before, {around.disk_ms} ms for a durable write of 4 KB."
    )
    print(f"\n{text}\n{facts}")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.md").write_text(f"{text}\n{facts}\n")
    kept = {"circumstances": asdict(around), "works": [asdict(work) for work in works]}
    (RESULTS / f"{name}.json").write_text(json.dumps(kept, indent=1) + "\n")


def rounds(count: int, systems: Sequence[str], measure: Callable[[str, int], None], *, title: str) -> None:
    """Let every system do the work in turn, `count` times, so that what else the machine does hits all."""
    for number in range(count):
        for system in systems:
            print(f"{title}: round {number + 1} of {count}, {system}", flush=True)
            measure(system, number)
