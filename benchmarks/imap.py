"""The work of an IMAP server, on a mailbox of ten thousand e-mails and on one of a hundred thousand."""

from __future__ import annotations

import os
from collections.abc import Sequence

from benchmarks import imap_work
from benchmarks.messages import SMALL_BYTES, letters
from benchmarks.report import Work, rounds
from benchmarks.smtp_load import send
from benchmarks.systems import PEOPLE, NotTrue, System, Witness, wait_until_indexed

SIZES, QUICK_SIZES = (10_000, 100_000), (1_000, 10_000)
DELIVERED = 10_000
"""So many come by SMTP or LMTP. What is beyond is appended: into a large maildir LMTP delivers ever more slowly."""
APPENDED_AT_ONCE = 200

_GOALS = {
    "connect, log in, SELECT": "1 ×",
    "log-ins, one after another": "3 ×",
    "FETCH 1:* (UID FLAGS)": "1 ×",
    "newest 50, ENVELOPE and BODYSTRUCTURE": "2 ×",
    "all, the same": "3 × at 10,000, 2 × at 100,000",
    "all, the same, for the first time": "20 ×",
    "all, headers as Thunderbird asks": "1 ×",
    "bodies": "0.7 ×",
    "SEARCH FROM": "3 ×",
    "SEARCH SINCE": "3 ×",
    "SEARCH TEXT, a common word": "50 × (Dovecot has no index)",
    "SEARCH TEXT, a rare word": "50 × (Dovecot has no index)",
    "COPY 1,000": "1 ×",
    "MOVE 1,000": "1 ×",
    "EXPUNGE 1,000": "1 ×",
    "STORE 1,000": "under 2 ms",
    "STORE one": "under 0.5 ms",
    "APPEND, one by one": "1 ×",
    "MULTIAPPEND of 200": "1 ×",
    "SORT (REVERSE DATE)": "1 ×",
    "SORT (SUBJECT)": "1 ×",
    "THREAD REFERENCES": "1 ×",
    "SELECT with QRESYNC after 100 changes": "1 ×",
}
_UNITS = {
    "log-ins, one after another": "/s",
    "APPEND, one by one": "/s",
    "MULTIAPPEND of 200": "/s",
    "bodies": "MB/s",
}


def fill(system: System, count: int, *, person: str = PEOPLE[0]) -> None:
    """Bring a person's empty inbox to `count` e-mails."""
    _deliver(system, min(count, DELIVERED), person)
    with system.imap(person) as box:
        for _ in range(DELIVERED, count, APPENDED_AT_ONCE):
            batch = letters(APPENDED_AT_ONCE, size_bytes=SMALL_BYTES, series=os.urandom(6).hex())
            box.ask(
                b"APPEND INBOX "
                + b" ".join(b"{%d+}\r\n%b" % (len(one.content), one.content) for one in batch)
            )
        if (found := box.messages()[0]) != count:
            raise NotTrue(f"{person} has {found} e-mails, not {count}")


def _deliver(system: System, count: int, person: str) -> None:
    people = (person,)
    witness = Witness(system, people)
    batch = letters(count, size_bytes=SMALL_BYTES, series=os.urandom(6).hex())
    load = send(batch, port=system.smtp_port, recipients=people, connections=10, lmtp=system.lmtp)
    witness.wait_until_visible(load)
    witness.verify(load)
    witness.close()


def measure(systems: Sequence[System], *, quick: bool) -> list[Work]:
    works: dict[str, Work] = {}
    for person, size in zip(PEOPLE, QUICK_SIZES if quick else SIZES, strict=False):
        _measure_one(systems, works, person=person, size=size, rounds_=2 if quick else 5)
    return list(works.values())


def _measure_one(
    systems: Sequence[System], works: dict[str, Work], *, person: str, size: int, rounds_: int
) -> None:
    by_name, words = {system.name: system for system in systems}, {}

    def add_to(system: str) -> imap_work.Add:
        def add(what: str, value: float) -> None:
            unit = _UNITS.get(what, "ms")
            better = "less" if unit == "ms" else "more"
            work = Work(name=f"{what}, {size:,}", unit=unit, better=better, goal=_GOALS.get(what, ""))
            works.setdefault(work.name, work).add(system, value)

        return add

    for system in systems:
        fill(system, size, person=person)
        wait_until_indexed(system, person)
        words[system.name] = _words(system, person)
        with system.imap(person) as box:
            box.select()
            add_to(system.name)("all, the same, for the first time", imap_work.overview(box)[0])

    def once(name: str, number: int) -> None:
        system, add = by_name[name], add_to(name)
        imap_work.opening(system, person, add)
        with system.imap(person) as box:
            imap_work.reading(box, add)
            wait_until_indexed(system, person)
            imap_work.searching(box, *words[name], add)
            imap_work.ordering(box, add)
            imap_work.filing(box, add)
            imap_work.appending(box, f"append{number}{os.urandom(4).hex()}", add)
        imap_work.returning(system, person, add)

    rounds(rounds_, list(by_name), once, title=f"imap, {size:,}")


def _words(system: System, person: str) -> tuple[bytes, bytes]:
    """A word of the newest e-mail's text that many have, and one that only it has (its own number)."""
    with system.imap(person) as box:
        box.select()
        whole = box.whole(box.messages()[1] - 1)
    text = whole.partition(b"text/plain; charset=utf-8\r\n\r\n")[2].split()
    id_ = whole.partition(b"Message-ID: <")[2].partition(b"@")[0]
    return max(text[:40], key=len), id_
