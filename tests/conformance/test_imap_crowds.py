"""Crowds at the IMAP door of a server of its own: busy, idle, slow, silent, and all back at once after a restart.

Each client checks every answer, and holds one socket in one asyncio loop. Waiting times have wide bounds: this machine
may have other work.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import re
import resource
import time
from collections.abc import Iterator

import psutil
import pytest

from tests.imapd.client import Client
from tests.peers import PeerUnavailable, Posthouse, posthouse
from tests.programs import missing

pytestmark = pytest.mark.conformance
PEOPLE = ["alice@example.test", "bob@example.test"]
LETTERS = 40
BUSY, BUSY_SECONDS = 100, 5.0
IDLE = 1_000
BACK = 500
SLOW = 200
AT_ONCE = 50
LONGEST_SECONDS = 10.0
DEAF, DEAF_COMMANDS = 50, 30
LARGE_BYTES = 1_000_000
MOST_WAITING_BYTES = 3 * LARGE_BYTES  # an answer that is sent, and the one it was made of
MOST_BYTES_EACH = 128 * 1024
_LITERAL = re.compile(rb"\{(\d+)\}\r\n\Z")


class HungUp(Exception):
    """The server closed the connection, maybe after saying why."""


class Caller:
    """One connection; every command is answered OK, or the test fails."""

    def __init__(self, server: Posthouse, number: int, mailbox: bytes = b"Common") -> None:
        self._server, self._number, self._mailbox = server, number, mailbox
        self._tags = itertools.count(1)
        self.longest = 0.0

    async def come(self) -> None:
        self.reader, self.writer = await asyncio.open_connection(
            "127.0.0.1", self._server.imap_port, limit=2**20
        )
        if not (await self.said()).startswith(b"* OK"):
            raise HungUp
        person = PEOPLE[self._number % len(PEOPLE)]
        await self.ask(f'LOGIN {person} "{self._server.password}"'.encode())
        await self.ask(b"SELECT " + self._mailbox)

    async def ask(self, line: bytes) -> list[bytes]:
        """Untagged answers to a command that must be OK."""
        began = time.monotonic()
        tag = b"c%d" % next(self._tags)
        self.writer.write(tag + b" " + line + b"\r\n")
        untagged: list[bytes] = []
        while not (said := await self.said()).startswith(tag + b" "):
            assert said.startswith(b"* "), (line, said)
            untagged.append(said)
        assert said.startswith(tag + b" OK"), (line, said)
        self.longest = max(self.longest, time.monotonic() - began)
        return untagged

    async def said(self) -> bytes:
        whole = b""
        while True:
            line = await self.reader.readline()
            whole += line
            if not line:
                raise HungUp
            if (found := _LITERAL.search(line)) is None:
                return whole
            whole += await self.reader.readexactly(int(found[1]))

    async def idle(self) -> None:
        self.writer.write(b"i IDLE\r\n")
        assert (await self.said()).startswith(b"+ ")

    async def hear(self, word: bytes) -> None:
        while word not in await self.said():
            pass

    async def left(self) -> None:
        """Return when the server has closed."""
        while await self.reader.read(65536):
            pass
        self.writer.close()


async def _in_turns(callers: list[Caller]) -> None:
    """AT_ONCE of them at a time, as a crowd that was not asked to come."""
    for first in range(0, len(callers), AT_ONCE):
        await asyncio.gather(*(caller.come() for caller in callers[first : first + AT_ONCE]))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Posthouse]:
    """One for all of them; what they leave is checked at the end."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 8192)) if hard > 0 else 8192, hard))
    try:
        with posthouse(tmp_path_factory.mktemp("crowds"), people=PEOPLE) as running:
            _fill(running)
            yield running
            running.stop()
            checked = running.command("check")
            assert checked.returncode == 0, checked.stdout + checked.stderr
    except PeerUnavailable as reason:
        missing(reason)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def _letter(text: str) -> bytes:
    return f"From: zoe@outside.test\r\nSubject: {text}\r\n\r\nGood morning, {text}.\r\n".encode()


def _append(server: Posthouse, person: str, mailbox: bytes, letters: list[bytes]) -> None:
    client = Client(server.imap_port)
    client.log_in(person, server.password)
    client.run(b"CREATE " + mailbox)
    client.ok(b"APPEND " + mailbox + b"".join(b" {%d+}\r\n%b" % (len(one), one) for one in letters))
    client.close()


def _fill(server: Posthouse) -> None:
    for person in PEOPLE:
        letters = [_letter(f"letter {number} for {person}") for number in range(LETTERS)]
        letters[-1] += b"A long line of a long letter.\r\n" * (LARGE_BYTES // 31)
        _append(server, person, b"Common", letters)


# --- busy ----------------------------------------------------------------------------------------


class Worker(Caller):
    """Works in the common mailbox and a mailbox of its own, and knows what must be there."""

    def __init__(self, server: Posthouse, number: int) -> None:
        super().__init__(server, number)
        self._random = random.Random(number)
        self._own = b"Desk%d" % number
        self._there = 0
        self.done = 0

    async def work(self, seconds: float) -> None:
        await self.ask(b"CREATE " + self._own)
        steps = (self._append, self._copy, self._flag, self._read, self._search, self._count, self._move_out)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            await self._random.choice(steps)()
            self.done += 1
        await self._count()

    async def _append(self) -> None:
        raw = _letter(f"written by {self._number}")
        await self.ask(b"APPEND %b {%d+}\r\n%b" % (self._own, len(raw), raw))
        self._there += 1

    async def _copy(self) -> None:
        """Of the same e-mail a second time: a second one."""
        await self.ask(b"COPY %d %b" % (self._random.randint(1, LETTERS), self._own))
        self._there += 1

    async def _flag(self) -> None:
        number = self._random.randint(1, LETTERS)
        flag = b"$desk%d" % (self._number % 8)
        answers = await self.ask(b"STORE %d +FLAGS (%b)" % (number, flag))
        assert any(line.startswith(b"* %d FETCH" % number) and flag in line for line in answers), answers

    async def _read(self) -> None:
        number = self._random.randint(1, LETTERS - 1)
        answers = await self.ask(b"FETCH %d (BODY.PEEK[HEADER.FIELDS (SUBJECT)] BODY.PEEK[TEXT])" % number)
        person = PEOPLE[self._number % len(PEOPLE)].encode()
        expected = b"letter %d for %b" % (number - 1, person)
        mine = [line for line in answers if line.startswith(b"* %d FETCH (BODY" % number)]
        assert len(mine) == 1 and mine[0].count(expected) == 2, answers

    async def _search(self) -> None:
        answers = await self.ask(b"UID SEARCH SUBJECT letter")
        found = next(line for line in answers if line.startswith(b"* SEARCH"))
        assert len(found.split()) - 2 == LETTERS, found

    async def _count(self) -> None:
        answers = await self.ask(b"STATUS %b (MESSAGES)" % self._own)
        assert b'* STATUS "%b" (MESSAGES %d)\r\n' % (self._own, self._there) in answers, answers

    async def _move_out(self) -> None:
        """All of the desk's e-mails go to Trash."""
        await self.ask(b"SELECT " + self._own)
        if self._there:
            answers = await self.ask(b"MOVE 1:* Trash")
            assert sum(b"EXPUNGE" in line for line in answers) == self._there, answers
        self._there = 0
        answers = await self.ask(b"SELECT " + self._mailbox)
        assert b"* %d EXISTS\r\n" % LETTERS in answers, answers


def test_a_hundred_busy_clients_are_all_answered_rightly(server: Posthouse) -> None:
    workers = [Worker(server, number) for number in range(BUSY)]

    async def crowd() -> None:
        await _in_turns(list(workers))
        await asyncio.gather(*(worker.work(BUSY_SECONDS) for worker in workers))

    asyncio.run(asyncio.wait_for(crowd(), 40))
    assert min(worker.done for worker in workers) > 0
    assert max(worker.longest for worker in workers) < LONGEST_SECONDS


# --- idle, back at once --------------------------------------------------------------------------


def _cpu_seconds(server: Posthouse) -> float:
    assert server.process is not None
    return sum(sum(member.cpu_times()[:2]) for member in server.process.family())


@pytest.mark.rfc("2177")
def test_a_thousand_idle_clients_hear_of_a_letter_and_cost_nothing_else(server: Posthouse) -> None:
    callers = [Caller(server, number, b"INBOX") for number in range(IDLE)]

    async def crowd() -> tuple[float, float]:
        await _in_turns(callers)
        await asyncio.gather(*(caller.idle() for caller in callers))
        before = _cpu_seconds(server)
        await asyncio.sleep(3)
        spent = _cpu_seconds(server) - before
        began = time.monotonic()
        for person in PEOPLE:
            await asyncio.to_thread(_append, server, person, b"INBOX", [_letter("news")])
        await asyncio.gather(*(caller.hear(b" EXISTS") for caller in callers))
        return spent, time.monotonic() - began

    spent, heard_after = asyncio.run(asyncio.wait_for(crowd(), 40))
    assert spent < 1.0
    assert heard_after < LONGEST_SECONDS


def test_all_come_back_at_once_after_a_restart(server: Posthouse) -> None:
    """They knock from the moment they are cut; once the doors are open nobody is refused, and nobody waits long."""
    callers = [Caller(server, number) for number in range(BACK)]
    ready_at = 0.0

    async def restart() -> None:
        nonlocal ready_at
        await asyncio.to_thread(server.restart)
        ready_at = time.monotonic()

    async def back(caller: Caller) -> float:
        await caller.left()
        while True:
            began = time.monotonic()
            try:
                await caller.come()
            except (OSError, HungUp):
                assert not ready_at or began < ready_at, "refused though the doors are open"
                await asyncio.sleep(0.05)
            else:
                return time.monotonic() - (ready_at or time.monotonic())

    async def crowd() -> list[float]:
        await _in_turns(callers)
        await asyncio.gather(*(caller.idle() for caller in callers[: BACK // 2]))
        restarting = asyncio.create_task(restart())
        waited = await asyncio.gather(*map(back, callers))
        await restarting
        await asyncio.gather(*(caller.ask(b"NOOP") for caller in callers))
        return list(waited)

    waited = asyncio.run(asyncio.wait_for(crowd(), 40))
    assert max(waited) < LONGEST_SECONDS


# --- slow and silent -----------------------------------------------------------------------------


async def _settled(server: Posthouse) -> float:
    """When all that can be sent lies in the sockets' buffers: the time the server has spent until then."""
    before = -1.0
    for _ in range(30):
        if (spent := _cpu_seconds(server)) - before < 0.05 and before > 0:
            break
        before = spent
        await asyncio.sleep(0.5)
    return spent


def test_slow_and_silent_clients_cost_little(server: Posthouse) -> None:
    """Some say nothing, some a byte now and then, some read no answers: one who works does not notice."""
    assert server.process is not None
    memory = psutil.Process(server.process.pid).memory_info
    line = b"x UID FETCH 1:* (FLAGS)"

    async def slow(caller: Caller) -> None:
        for letter in line:
            caller.writer.write(bytes([letter]))
            await asyncio.sleep(0.1)
        caller.writer.write(b"\r\n")
        await caller.hear(b"x OK")

    async def crowd() -> None:
        before = memory().rss
        silent = [await asyncio.open_connection("127.0.0.1", server.imap_port) for _ in range(SLOW)]
        callers = [Caller(server, number) for number in range(SLOW + 1)]
        await _in_turns(callers)
        worker, deaf, slow_ones = callers[0], callers[1 : DEAF + 1], callers[DEAF + 1 :]
        for caller in deaf:
            caller.writer.transport.pause_reading()  # type: ignore[attr-defined]
            caller.writer.write(b"d FETCH %d (BODY.PEEK[])\r\n" % LETTERS * DEAF_COMMANDS)
        began = await _settled(server)
        dripping = [asyncio.create_task(slow(caller)) for caller in slow_ones]
        for _ in line:
            await worker.ask(b"FETCH 1:* (UID FLAGS)")
            await asyncio.sleep(0.1)
        await asyncio.gather(*dripping)
        spent, grown = _cpu_seconds(server) - began, memory().rss - before
        assert worker.longest < LONGEST_SECONDS
        assert spent < 2.0
        assert grown < DEAF * MOST_WAITING_BYTES + 2 * SLOW * MOST_BYTES_EACH

        deaf[0].writer.transport.resume_reading()  # type: ignore[attr-defined]
        for _ in range(DEAF_COMMANDS):
            await deaf[0].hear(b"d OK")
        for caller in callers:
            caller.writer.transport.abort()
        for _, writer in silent:
            writer.transport.abort()

    asyncio.run(asyncio.wait_for(crowd(), 40))
