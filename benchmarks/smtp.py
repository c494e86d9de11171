"""How many e-mails a second a server takes by SMTP, durable and visible by IMAP."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.messages import LARGE_BYTES, SMALL_BYTES, Letter, letters
from benchmarks.report import Work, rounds
from benchmarks.smtp_load import send
from benchmarks.systems import PEOPLE, NotTrue, System, Witness


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    connections: int
    size_bytes: int
    letters: int
    goal: str
    is_pipelining: bool = True

    @property
    def name(self) -> str:
        plural = "s" if self.connections > 1 else ""
        one_by_one = "" if self.is_pipelining else ", a command at a time"
        return f"{self.size_bytes // 1024} KB e-mails, {self.connections} connection{plural}{one_by_one}"


CASES = (
    Case(connections=1, size_bytes=SMALL_BYTES, letters=1500, goal="2.5 × Postfix→Dovecot"),
    Case(connections=10, size_bytes=SMALL_BYTES, letters=3000, goal="6 × Postfix→Dovecot"),
    Case(connections=50, size_bytes=SMALL_BYTES, letters=3000, goal="10 × Postfix→Dovecot"),
    Case(connections=10, size_bytes=LARGE_BYTES, letters=600, goal="2 × Postfix→Dovecot"),
    Case(connections=1, size_bytes=SMALL_BYTES, letters=1500, goal="", is_pipelining=False),
    Case(connections=10, size_bytes=SMALL_BYTES, letters=3000, goal="", is_pipelining=False),
    Case(connections=50, size_bytes=SMALL_BYTES, letters=3000, goal="", is_pipelining=False),
)


def deliver_once(
    system: System,
    case: Case,
    *,
    people: Sequence[str],
    quick: bool,
    prepare: Callable[[Letter], Letter] | None = None,
) -> tuple[float, float]:
    """(delivered and visible, only answered 250) per second, after having verified each e-mail.

    `prepare` makes of each letter what is sent, before the clock starts.
    """
    batch = letters(
        case.letters // 5 if quick else case.letters, size_bytes=case.size_bytes, series=os.urandom(6).hex()
    )
    if prepare is not None:
        batch = [prepare(letter) for letter in batch]
    witness = Witness(system, people)
    load = send(
        batch,
        port=system.smtp_port,
        recipients=people,
        connections=case.connections,
        lmtp=system.lmtp,
        is_pipelining=case.is_pipelining,
    )
    started = time.perf_counter()
    witness.wait_until_visible(load)
    seconds = load.seconds + time.perf_counter() - started
    witness.verify(load)
    witness.close()
    if load.refused or len(load.accepted) != len(batch):
        raise NotTrue(f"{system.name} refused some: {load.refused.most_common(3)}")
    return len(batch) / seconds, len(batch) / load.seconds


def measure(systems: Sequence[System], *, quick: bool, people: Sequence[str] = PEOPLE) -> list[Work]:
    by_name = {system.name: system for system in systems}
    works = []
    for case in CASES:
        visible = Work(name=case.name, unit="/s", better="more", goal=case.goal, note="delivered and visible")
        answered = Work(name=case.name, unit="/s", better="more", note="answered 250")

        def once(name: str, _number: int, case: Case = case, a: Work = visible, b: Work = answered) -> None:
            whole, accepted = deliver_once(by_name[name], case, people=people, quick=quick)
            a.add(name, whole)
            b.add(name, accepted)

        rounds(2 if quick else 5, list(by_name), once, title=case.name)
        works += [visible, answered]
    return works
