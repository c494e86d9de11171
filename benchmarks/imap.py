"""What a mail client does first: open a mailbox and show its newest fifty e-mails."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Sequence

from benchmarks.messages import SMALL_BYTES, letters
from benchmarks.report import Work, rounds
from benchmarks.smtp_load import send
from benchmarks.systems import PEOPLE, NotTrue, System, Witness

MAILBOX_EMAILS = 1000
NEWEST = 50
_ITEMS = b"(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE)"


def fill(system: System, count: int) -> None:
    """Bring the first person's inbox to `count` e-mails by delivering them."""
    people = PEOPLE[:1]
    witness = Witness(system, people)
    batch = letters(count, size_bytes=SMALL_BYTES, series=os.urandom(6).hex())
    load = send(batch, port=system.smtp_port, recipients=people, connections=10, lmtp=system.lmtp)
    witness.wait_until_visible(load)
    witness.verify(load)
    witness.close()


def _fetch_once(system: System, tries: int) -> tuple[float, float]:
    """Median milliseconds of the FETCH on an open mailbox, and of SELECT with the first FETCH after it."""
    opened, fetched = [], []
    with system.imap() as box:
        command = b""
        for number in range(tries):
            if number % 10 == 0:
                started = time.perf_counter()
                exists = box.select()
                command = b"FETCH %d:%d %s" % (exists - NEWEST + 1, exists, _ITEMS)
                answer = box.ask(command)
                opened.append((time.perf_counter() - started) * 1000)
            started = time.perf_counter()
            answer = box.ask(command)
            fetched.append((time.perf_counter() - started) * 1000)
            if answer.count(b"BODYSTRUCTURE (") != NEWEST or answer.count(b"@bench.test>") < NEWEST:
                raise NotTrue(f"not {NEWEST} answers: {answer[:300]!r}")
    return statistics.median(fetched), statistics.median(opened)


def measure(systems: Sequence[System], *, quick: bool) -> list[Work]:
    by_name = {system.name: system for system in systems}
    for system in systems:
        fill(system, MAILBOX_EMAILS)
    fetch = Work(
        name=f"newest {NEWEST} of {MAILBOX_EMAILS:,}: ENVELOPE, BODYSTRUCTURE",
        unit="ms",
        better="less",
        goal="2 × as fast as Dovecot",
    )
    opening = Work(name="the same with SELECT before it", unit="ms", better="less")

    def once(name: str, _number: int) -> None:
        fetched, opened = _fetch_once(by_name[name], 100 if quick else 400)
        fetch.add(name, fetched)
        opening.add(name, opened)

    rounds(3 if quick else 5, list(by_name), once, title="imap")
    return [fetch, opening]
