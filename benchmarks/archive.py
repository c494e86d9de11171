"""How fast an old mailbox comes in by `posthouse import mbox`, and large inboxes for the other sections."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.messages import SMALL_BYTES, letters
from benchmarks.report import Work, rounds
from benchmarks.systems import PEOPLE, NotTrue, System
from tests.peers.process import own_folder

CHUNK = 5000


def write_mbox(path: Path, count: int) -> None:
    """`count` unique e-mails of 4 KB, a minute apart, with LF line ends and From_ lines as real files have."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    with path.open("wb") as file:
        for start in range(0, count, CHUNK):
            for letter in letters(
                min(CHUNK, count - start), size_bytes=SMALL_BYTES, series=os.urandom(6).hex()
            ):
                at += timedelta(minutes=1)
                file.write(f"From writer@bench.test {at:%a %b %d %H:%M:%S %Y}\n".encode())
                file.write(letter.content.replace(b"\r\n", b"\n") + b"\n")


def import_into(system: System, person: str, count: int) -> float:
    """Import `count` new e-mails into the person's inbox while the server runs; returns the seconds."""
    assert system.server
    with own_folder("mbox") as folder:
        path = folder / "archive.mbox"
        write_mbox(path, count)
        with system.imap(person) as box:
            before, uidnext = box.messages()
            started = time.perf_counter()
            done = system.server.command("import", "mbox", str(path), "--to", person, seconds=1800)
            seconds = time.perf_counter() - started
            if done.returncode != 0:
                raise NotTrue(f"import: {done.stdout[-500:]}{done.stderr[-500:]}")
            if box.messages()[0] != before + count:
                raise NotTrue(f"{box.messages()[0] - before} e-mails of {count} came in")
            box.select()
            if len({id_ for _, id_ in box.message_ids(uidnext)}) != count:
                raise NotTrue("the imported e-mails are not all different")
    return seconds


def measure(systems: Sequence[System], *, quick: bool) -> list[Work]:
    ours = [system for system in systems if system.server]
    count = 2000 if quick else 10_000
    rate = Work(name=f"mbox import, {count:,} of 4 KB", unit="/s", better="more", goal="1,500/s or the disk")

    def once(name: str, number: int) -> None:
        rate.add(name, count / import_into(ours[0], PEOPLE[number], count))

    if ours:
        rounds(2 if quick else 5, [ours[0].name], once, title="import")
    return [rate]
