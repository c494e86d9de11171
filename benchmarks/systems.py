"""The servers that are compared, each as one thing that takes mail, shows it by IMAP, and has a weight."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmarks.http_client import Http
from benchmarks.imap_client import Imap
from benchmarks.messages import Letter
from benchmarks.smtp_load import Load
from tests.peers import PeerUnavailable, Posthouse, dovecot, postfix, posthouse
from tests.peers.process import Process, Weight, own_folder, weigh

DOMAIN = "example.test"
PEOPLE = tuple(f"person{number}@{DOMAIN}" for number in range(10))
POSTHOUSE, POSTFIX, DOVECOT = "posthouse", "postfix+dovecot", "dovecot lmtp"
NAMES = (POSTHOUSE, POSTFIX, DOVECOT)
VISIBLE_SECONDS = 120.0
INDEXING_SECONDS = 3600
QUIET_SECONDS, QUIET_SHARE = 4, 0.06


class NotTrue(AssertionError):
    """What was counted was not there afterwards: the figure is worth nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """`adds_fields`: a filter of it puts fields of its own among those of the e-mail, whose body alone comes back."""

    name: str
    smtp_port: int
    lmtp: bool
    imap_port: int
    password: str
    processes: Sequence[Process] = field(repr=False)
    server: Posthouse | None = None
    adds_fields: bool = False

    def imap(self, person: str = PEOPLE[0]) -> Imap:
        return Imap(self.imap_port, person, self.password)

    def weight(self) -> Weight:
        total = Weight(processes=0, rss_bytes=0, pss_bytes=0)
        for process in self.processes:
            total += weigh(process)
        return total


@contextmanager
def running(names: Sequence[str] = NAMES, *, driver: str = "maildir") -> Iterator[list[System]]:
    """Start the named systems side by side; those that cannot run here are left out with a word."""
    starters = {POSTHOUSE: _posthouse, POSTFIX: _postfix_with_dovecot, DOVECOT: _dovecot_alone}
    with ExitStack() as stack:
        systems = []
        for name in names:
            try:
                systems.append(stack.enter_context(starters[name](driver)))
            except PeerUnavailable as reason:
                print(f"{name} is left out: {reason}")
        yield systems


def ours(server: Posthouse, *, name: str) -> System:
    assert server.process
    return System(
        name=name,
        smtp_port=server.mx_port,
        lmtp=False,
        imap_port=server.imap_port,
        password=server.password,
        processes=[server.process],
        server=server,
    )


@contextmanager
def _posthouse(_driver: str) -> Iterator[System]:
    env = {
        "POSTHOUSE_UNJUDGED_PEERS": "127.0.0.0/8"
    }  # the peers have no junk filter; section `trust` has ours
    with (
        own_folder("posthouse") as folder,
        posthouse(folder, domain=DOMAIN, people=PEOPLE, env=env) as server,
    ):
        yield ours(server, name=POSTHOUSE)


@contextmanager
def _postfix_with_dovecot(driver: str) -> Iterator[System]:
    with dovecot(driver=driver) as store, postfix(lmtp_port=store.lmtp_port, domain=DOMAIN) as front:
        yield System(
            name=POSTFIX,
            smtp_port=front.smtp_port,
            lmtp=False,
            imap_port=store.imap_port,
            password=store.password,
            processes=[front.process, store.process],
        )


@contextmanager
def _dovecot_alone(driver: str) -> Iterator[System]:
    with dovecot(driver=driver) as store:
        yield System(
            name=DOVECOT,
            smtp_port=store.lmtp_port,
            lmtp=True,
            imap_port=store.imap_port,
            password=store.password,
            processes=[store.process],
        )


class Witness:
    """Looks by IMAP at what a run delivered: first that it is there, later that it is right.

    Made before the run, it remembers where each person's inbox ended.
    """

    def __init__(self, system: System, people: Sequence[str]) -> None:
        self._adds_fields = system.adds_fields
        self._boxes = {person: system.imap(person) for person in people}
        self._before = {person: box.messages() for person, box in self._boxes.items()}

    def wait_until_visible(self, load: Load) -> None:
        """Return when STATUS counts every accepted letter in every inbox."""
        expected = Counter(person for person, _ in load.accepted)
        deadline = time.monotonic() + VISIBLE_SECONDS
        for person, count in expected.items():
            while self._boxes[person].messages()[0] < self._before[person][0] + count:
                if time.monotonic() > deadline:
                    raise NotTrue(f"{person} does not see {count} new e-mails after {VISIBLE_SECONDS} s")
                time.sleep(0.01)

    def verify(self, load: Load, *, sample: int = 3) -> None:
        """Every accepted letter is there exactly once, nothing else is, and a sample has its bytes intact."""
        by_id: dict[bytes, Letter] = {letter.id: letter for letter in load.letters}
        for person, box in self._boxes.items():
            wanted = Counter(id_ for recipient, id_ in load.accepted if recipient == person)
            box.select()
            found = box.message_ids(self._before[person][1])
            counted = Counter(id_ for _, id_ in found)
            if counted != wanted:
                missing, extra = (wanted - counted).total(), (counted - wanted).most_common(3)
                raise NotTrue(f"{person}: {missing} missing, too many: {extra}")
            for uid, id_ in random.sample(found, min(sample, len(found))):
                content = by_id[id_].content
                if self._adds_fields:
                    content = content[content.index(b"\r\n\r\n") :]
                if not box.whole(uid).endswith(content):
                    raise NotTrue(f"{person}: {id_!r} came back with other bytes")

    def close(self) -> None:
        for box in self._boxes.values():
            box.close()


def wait_until_indexed(system: System, person: str) -> None:
    """Return when our index of words has all that a person has; a peer has none to wait for."""
    if system.server is None:
        return
    with Http(system.server.http_port) as http:
        http.log_in(person, system.password)
        deadline = time.monotonic() + INDEXING_SECONDS
        while not http.get("/api/v1/threads/?q=from%3Awriter%20&limit=1")["search"]["is_complete"]:
            if time.monotonic() > deadline:
                raise NotTrue(f"the index is not complete after {INDEXING_SECONDS} s")
            time.sleep(0.5)


def cpu_seconds(processes: Sequence[Process]) -> float:
    """What processes and all that descend from them have computed so far."""
    used = 0.0
    for process in processes:
        for member in process.family():
            with suppress(psutil.NoSuchProcess):
                times = member.cpu_times()
                used += times.user + times.system + times.children_user + times.children_system
    return used


def wait_until_at_rest(system: System) -> None:
    """Return when all readers of the log (index, junk, notifications) have done with what came before.

    A server at rest computes some hundredths of a second in each second.
    """
    deadline = time.monotonic() + INDEXING_SECONDS
    quiet = 0
    while quiet < QUIET_SECONDS:
        if time.monotonic() > deadline:
            raise NotTrue(f"{system.name} is not at rest after {INDEXING_SECONDS} s")
        before = cpu_seconds(system.processes)
        time.sleep(1)
        quiet = quiet + 1 if cpu_seconds(system.processes) - before < QUIET_SHARE else 0


def disk_seconds(folder: Path, *, tries: int = 50) -> float:
    """The median time of writing 4 KB and waiting for the disk."""
    times = []
    with (folder / "probe").open("wb", buffering=0) as file:
        for _ in range(tries):
            started = time.perf_counter()
            file.write(b"x" * 4096)
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - started)
    return sorted(times)[tries // 2]
