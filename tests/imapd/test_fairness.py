"""Many busy clients at once: all are served, and nobody waits for more than a bounded number of others' commands."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tests import make
from tests.cast import PASSWORD

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.house import RunningHouse

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
