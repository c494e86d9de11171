"""Compare Posthouse with its peers: `python -m benchmarks all|SECTION ... [--quick] [--only NAME ...]`."""

from __future__ import annotations

import argparse
import resource
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks import (
    archive,
    conversations,
    endpoints,
    imap,
    latency,
    memory,
    rest,
    search,
    sending,
    smtp,
    spam,
    talk,
    trust,
)
from benchmarks.report import Work, circumstances, keep
from benchmarks.systems import DOVECOT, NAMES, POSTFIX, POSTHOUSE, System, disk_seconds, running


class Measure(Protocol):
    def __call__(self, systems: Sequence[System], *, quick: bool) -> list[Work]: ...


@dataclass(frozen=True, slots=True)
class Section:
    measure: Measure
    systems: Sequence[str] = NAMES


SECTIONS = {
    "smtp": Section(smtp.measure),
    "trust": Section(trust.measure, (POSTHOUSE, POSTFIX)),
    "sending": Section(sending.measure, ()),
    "spam": Section(spam.measure, ()),
    "latency": Section(latency.measure),
    "imap": Section(imap.measure, (POSTHOUSE, DOVECOT)),
    "rest": Section(rest.measure, (POSTHOUSE,)),
    "endpoints": Section(endpoints.measure, (POSTHOUSE,)),
    "conversations": Section(conversations.measure, ()),
    "search": Section(search.measure, (POSTHOUSE,)),
    "talk": Section(talk.measure, ()),
    "import": Section(archive.measure, (POSTHOUSE,)),
    "memory": Section(memory.measure, (POSTHOUSE, POSTFIX)),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("what", nargs="+", choices=["all", *SECTIONS])
    parser.add_argument(
        "--quick", action="store_true", help="fewer e-mails and rounds: an idea, not a result"
    )
    parser.add_argument(
        "--only", nargs="+", choices=NAMES, default=list(NAMES), help="the systems to compare"
    )
    parser.add_argument(
        "--driver", default="maildir", choices=["maildir", "sdbox", "mdbox"], help="Dovecot's format"
    )
    chosen = parser.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 16384)), hard))
    disk_ms = disk_seconds(Path(tempfile.gettempdir())) * 1000
    for name, section in SECTIONS.items():
        if name not in chosen.what and "all" not in chosen.what:
            continue
        around = circumstances(disk_ms)
        names = [system for system in section.systems if system in chosen.only]
        with running(names, driver=chosen.driver) as systems:
            works = section.measure(systems, quick=chosen.quick)
            keep(name, works, around)


if __name__ == "__main__":
    main()
