"""Lines that break at any moment while people write: whoever applied what they were told has what is there."""

from __future__ import annotations

import json
import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import connect

from tests.api.client import Client, log_in
from tests.cast import Cast, Person, person, user_id
from tests.house import RunningHouse
from tests.realtime import talk
from tests.realtime.tab import Copy, checked, fresh

CLIENTS = 6
SECONDS = 8.0
PATIENCE_SECONDS = 60.0


class BadLine:
    """A TCP relay that cuts each connection after some random bytes, until it is told to be kind."""

    def __init__(self, port: int, chance: random.Random) -> None:
        self._target, self._chance = port, chance
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.is_kind = False
        self.cuts = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
                budget = [self._chance.randint(600, 40_000)]
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self._relay, args=(source, sink, budget), daemon=True).start()

    def _relay(self, source: socket.socket, sink: socket.socket, budget: list[int]) -> None:
        with suppress(OSError):
            while data := source.recv(2_048):
                budget[0] -= len(data)
                if budget[0] < 0 and not self.is_kind:
                    self.cuts += 1
                    sink.sendall(data[: len(data) // 2])  # in the middle of a frame
                    break
                sink.sendall(data)
        for side in (source, sink):
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)
            side.close()

    def close(self) -> None:
        self._listener.close()


class Reader(threading.Thread):
    """A client that comes back whenever it is cut off, from where it was; and that loses a message now and then."""

    def __init__(self, line: BadLine, client: Client, room: int, seed: int) -> None:
        super().__init__(daemon=True)
        self._line, self._client, self._room = line, client, room
        self._chance = random.Random(seed)
        self.copy = Copy()
        self.is_done = threading.Event()
        self.connections = self.losses = 0
        self.fault: BaseException | None = None

    def run(self) -> None:
        try:
            while not self.is_done.is_set():
                with suppress(ConnectionClosed, InvalidHandshake, OSError, EOFError, TimeoutError):
                    self._listen()
        except BaseException as fault:  # noqa: BLE001 told to the test
            self.fault = fault

    def _listen(self) -> None:
        ticket = self._client.post("/auth/ticket/").json["ticket"]
        protocols: Any = ["posthouse.v1", f"ticket.{ticket}"]
        url = f"ws://127.0.0.1:{self._line.port}/api/v1/stream/"
        self.connections += 1
        with connect(url, subprotocols=protocols, open_timeout=5) as opened:
            number = str(self.copy.number)
            opened.send(json.dumps({"type": "follow", "conversations": {str(self._room): number}}))
            while not self.is_done.is_set():
                try:
                    message = checked(opened.recv(timeout=0.2))
                except TimeoutError:
                    continue
                if message["type"] == "ping":
                    opened.send('{"type":"pong"}')
                if message["type"] == "error" or message.get("not_found"):  # put out, to be let in again
                    time.sleep(0.05)
                    return
                if message["type"] != "conversation":
                    continue
                if not self._line.is_kind and self._chance.random() < 0.05:
                    self.losses += 1
                    continue
                if int(message["since"]) != self.copy.number:  # a message was lost on the way
                    return
                self.copy.apply(message)


def disturb(people: list[Person], room: int, stop: threading.Event, seed: int) -> None:
    """Whatever people do, one after another."""
    from posthouse.base.errors import Failure
    from posthouse.conversations import editing, participants, pointers

    chance, messages = random.Random(seed), []
    owner, others = people[0], people[1:]
    while not stop.is_set():
        who = chance.choice(people)
        with suppress(Failure):
            act = chance.randrange(10)
            if act < 5 or not messages:
                messages.append(
                    (who, talk.say(who, room, f"{seed}-{len(messages)} {'x' * chance.randint(1, 400)}"))
                )
                continue
            author, message = chance.choice(messages)
            if act == 5:
                editing.edit(author.actor, message, text=f"changed {chance.random()}")
            elif act == 6:
                editing.react(who.actor, message, "👍", is_on=chance.random() < 0.7)
            elif act == 7:
                editing.delete(author.actor, message)
            elif act == 8:
                pointers.read(who.actor, room, number=chance.randint(1, 500))
            else:
                one = chance.choice(others)
                participants.remove(owner.actor, room, int(user_id(one)))
                talk.say(owner, room, "without one")
                participants.add(owner.actor, room, [int(user_id(one))])


@contextmanager
def bad_line(house: RunningHouse, seed: int) -> Iterator[BadLine]:
    line = BadLine(house.ports["http"], random.Random(seed))
    try:
        yield line
    finally:
        line.close()


@pytest.mark.parametrize("seed", [1, 2])
def test_every_client_ends_with_what_is_there(house: RunningHouse, cast: Cast, seed: int) -> None:
    people = [cast.alice, cast.bob, person("Carol", cast.domain), person("Dave", cast.domain)]
    room = talk.group(cast.alice, *people[1:])
    clients = [log_in(house, people[number % len(people)]) for number in range(CLIENTS)]
    stop = threading.Event()
    with bad_line(house, seed) as line:
        readers = [Reader(line, clients[n], room, seed * 100 + n) for n in range(CLIENTS)]
        writers = [
            threading.Thread(target=disturb, args=(people, room, stop, seed * 10 + n), daemon=True)
            for n in range(2)
        ]
        for thread in (*readers, *writers):
            thread.start()
        time.sleep(SECONDS)
        stop.set()
        for writer in writers:
            writer.join(PATIENCE_SECONDS)
        line.is_kind = True
        end = time.monotonic() + PATIENCE_SECONDS
        while any(one.copy.number < talk.seq(room) for one in readers) and time.monotonic() < end:
            time.sleep(0.05)
        for reader in readers:
            reader.is_done.set()
        for reader in readers:
            reader.join(PATIENCE_SECONDS)
    now = fresh(room)
    assert [one.fault for one in readers] == [None] * CLIENTS
    assert line.cuts > CLIENTS and sum(one.losses for one in readers) > CLIENTS, "the line was not bad at all"
    for reader in readers:
        assert reader.connections > 1
        copy = reader.copy
        assert (copy.number, copy.conversation, copy.rows) == (now.number, now.conversation, now.rows)
