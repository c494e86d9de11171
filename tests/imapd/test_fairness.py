"""Many busy clients at once: all are served, and nobody waits for more than a bounded number of others' commands."""

from __future__ import annotations

import asyncio
import select
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests import make
from tests.cast import PASSWORD

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.house import RunningHouse
    from tests.imapd.client import Client

CLIENTS = 100
ROUNDS = 3
COMMANDS = (
    b"NOOP", b"UID SEARCH ALL", b"FETCH 1:* (UID FLAGS)", b"UID STORE 1 +FLAGS.SILENT (\\Seen)",
    b"STATUS Trash (MESSAGES)", b"UID FETCH 1 (BODY.PEEK[])", b"UID SEARCH TEXT morning",
)  # fmt: skip
MAX_TURNS = 10
"""How often each of the others may come between two answers of one: some commands are ten times dearer."""
PIPELINED = 20_000
MAX_AT_ONCE = 64


class Busy:
    """One connection that sends its next command as soon as the last is answered."""

    def __init__(self, number: int, finished: list[int]) -> None:
        self.number, self.finished = number, finished

    async def run(self, port: int, email: str) -> None:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
        await self.reader.readline()
        await self.ask(f'LOGIN {email} "{PASSWORD}"'.encode())
        await self.ask(b"SELECT INBOX")
        for turn in range(ROUNDS * len(COMMANDS)):
            await self.ask(COMMANDS[(turn + self.number) % len(COMMANDS)])
            self.finished.append(self.number)
        self.writer.close()

    async def ask(self, line: bytes) -> None:
        self.writer.write(b"t " + line + b"\r\n")
        while not (said := await self.reader.readline()).startswith(b"t "):
            assert said, "hung up"
        assert said.startswith(b"t OK "), (line, said)


def test_a_hundred_busy_clients_take_turns(house: RunningHouse, cast: Cast) -> None:
    for _ in range(5):
        make.email(cast.alice)
    finished: list[int] = []

    async def all_of_them() -> None:
        people = (cast.alice.email, cast.bob.email, cast.mallory.email)
        for person in (cast.bob, cast.mallory):
            make.email(person)
        clients = [Busy(number, finished) for number in range(CLIENTS)]
        runs = [client.run(house.ports["imap"], people[client.number % 3]) for client in clients]
        await asyncio.wait_for(asyncio.gather(*runs), 60)

    asyncio.run(all_of_them())
    assert len(finished) == CLIENTS * ROUNDS * len(COMMANDS)
    last: dict[int, int] = {}
    longest = 0
    for at, number in enumerate(finished):
        longest = max(longest, at - last.get(number, at))
        last[number] = at
    assert longest <= CLIENTS * MAX_TURNS, longest


def test_one_who_pipelines_thousands_does_not_hold_the_others(house: RunningHouse, cast: Cast) -> None:
    """Commands that wait for nothing give way now and then: counted in turns of the server's loop."""
    from posthouse.imapd.commands import commands

    def done() -> int:
        return int(commands.numbers().get(("NOOP",), [0])[0])

    async def watch() -> int:
        before, most = done(), 0
        first = before
        for _ in range(200_000):
            await asyncio.sleep(0)
            now = done()
            most, before = max(most, now - before), now
            if now - first >= PIPELINED:
                break
        return most

    async def flood() -> None:
        greedy = Busy(0, [])
        greedy.reader, greedy.writer = await asyncio.open_connection("127.0.0.1", house.ports["imap"])
        await greedy.reader.readline()
        await greedy.ask(f'LOGIN {cast.alice.email} "{PASSWORD}"'.encode())
        watching = asyncio.run_coroutine_threadsafe(watch(), house.loop)
        greedy.writer.write(b"x NOOP\r\n" * PIPELINED + b"t NOOP\r\n")
        answered = 0
        while not (await greedy.reader.readline()).startswith(b"t "):
            answered += 1
        assert answered == PIPELINED
        assert await asyncio.wrap_future(watching) <= MAX_AT_ONCE
        greedy.writer.close()

    asyncio.run(asyncio.wait_for(flood(), 60))


def _reading(words: int) -> bytes:
    """A search that reads every message for each of its words, which no index knows."""
    return b"SEARCH CHARSET UTF-8" + b" NOT TEXT {2+}\r\n\xc3\xa9" * words


def _filled(cast: Cast, count: int) -> None:
    for _ in range(count):
        make.email(cast.alice, text="Some words of a letter.\r\n" * 40)


def test_searches_that_read_all_mail_keep_nobody_else_waiting(
    connect: Callable[..., Client], cast: Cast
) -> None:
    _filled(cast, 80)
    make.email(cast.bob)
    bob = connect(cast.bob)
    searching = [connect() for _ in range(5)]
    tags = [client.start(_reading(60)) for client in searching]
    for line in (
        b"STATUS Archive (MESSAGES SIZE)",
        b"FETCH 1 (BODY.PEEK[])",
        b"SEARCH SUBJECT hello",
        b"SELECT INBOX",
    ):
        bob.ok(line)
    still = len(searching) - len(select.select(searching, [], [], 0)[0])
    assert still >= 3, "they were over before bob had his answers"
    assert bob.ok(b"SEARCH TEXT morning").untagged == [b"* SEARCH 1"], "one person's searches take turns"
    for client, tag in zip(searching, tags, strict=True):
        assert client.finish(tag).is_ok


def test_a_search_ends_with_its_client(connect: Callable[..., Client], cast: Cast) -> None:
    _filled(cast, 80)
    patient, hasty = connect(), connect()

    def seconds(client: Client, line: bytes) -> float:
        started = time.monotonic()
        client.ok(line)
        return time.monotonic() - started

    whole = seconds(patient, _reading(200))
    hasty.start(_reading(200))
    time.sleep(whole / 10)
    hasty.abort()
    assert seconds(patient, b"SEARCH TEXT morning") < whole / 2
