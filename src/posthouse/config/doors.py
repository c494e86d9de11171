"""Keeps the MX door's processes: starts them, tells them what they need to hear, and starts again those that end.

The listening socket belongs to all of them and to the house, which does not accept on it: while a door is being
started again, who connects waits in the socket's queue. On one core the door stands in the house's own process
instead (`POSTHOUSE_MX_PROCESSES=0`), since there is nothing to gain.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from typing import Any

import orjson
import structlog

from posthouse.base import db, metrics
from posthouse.base.health import Report
from posthouse.base.hub import Hint, hub
from posthouse.base.ports import Port
from posthouse.config.start import CannotServe
from posthouse.delivery.automatic import kept as automatic
from posthouse.filters import kept
from posthouse.filters.spam import choices
from posthouse.identity import directory

log = structlog.get_logger(__name__)

START_SECONDS = 30.0
METRICS_WORD = "metrics:"
"""A door's numbers come as a note that begins so."""
CLOSE_SECONDS = 12.0
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
HEALTHY_SECONDS = 60.0
"""A door that lived so long is started again at once."""


class Doors:
    def __init__(self, listener: socket.socket, *, count: int) -> None:
        self._doors = [_Door(listener, number=number, count=count) for number in range(1, count + 1)]
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Start them; return when all of them accept. Raises CannotServe when one does not, after some tries."""
        self._tasks = [asyncio.create_task(door.live()) for door in self._doors]
        try:
            async with asyncio.timeout(START_SECONDS):
                for door in self._doors:
                    await door.is_ready.wait()
        except TimeoutError:
            raise CannotServe(
                f"The door for mail from the world did not open within {START_SECONDS:.0f} s; its own lines above say"
                " why. POSTHOUSE_MX_PROCESSES=0 takes such mail in the main process."
            ) from None

    def report(self) -> Report:
        doors = [door.facts() for door in self._doors]
        return Report(is_well=all(door["is_open"] for door in doors), facts={"doors": doors})

    async def close(self) -> None:
        """Let messages under way be answered, then end them."""
        for door in self._doors:
            door.ask_to_close()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=CLOSE_SECONDS)
        for door in self._doors:
            door.kill()


class _Door:
    def __init__(self, listener: socket.socket, *, number: int, count: int) -> None:
        self._listener, self._number, self._count = listener, number, count
        self._process: asyncio.subprocess.Process | None = None
        self._port: Port | None = None
        self._is_closing = False
        self._name, self._starts = f"door {number}", 0
        self.is_ready = asyncio.Event()

    async def live(self) -> None:
        """Until the house closes: a process, and another when that one ends."""
        loop, pause = asyncio.get_running_loop(), FIRST_PAUSE_SECONDS
        unsubscribes = [
            hub.subscribe(topic, self._pass_on)
            for topic in (directory.TOPIC, kept.TOPIC, automatic.TOPIC, choices.TOPIC)
        ]
        try:
            while not self._is_closing:
                begun = loop.time()
                code = await self._live_once()
                if self._is_closing:
                    return
                pause = FIRST_PAUSE_SECONDS if loop.time() - begun > HEALTHY_SECONDS else pause
                log.error("door.ended", number=self._number, code=code, again_in_seconds=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        finally:
            for unsubscribe in unsubscribes:
                unsubscribe()

    async def _live_once(self) -> int:
        self._starts += 1
        ours, theirs = socket.socketpair()
        try:
            fds = (self._listener.fileno(), theirs.fileno())
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",
                "-m",
                "posthouse.config.door",
                *map(str, (*fds, self._number, self._count)),
                stdin=asyncio.subprocess.DEVNULL,
                pass_fds=fds,
            )
        finally:
            theirs.close()
        self._port = Port(ours, on_note=self._hear, on_lost=lambda: None)
        db.attach(self._port)
        code = await self._process.wait()
        metrics.retire(self._name)
        self._port.close()
        self._port = self._process = None
        return code

    def facts(self) -> dict[str, Any]:
        process = self._process
        return {
            "number": self._number,
            "is_open": process is not None and self.is_ready.is_set(),
            "process": None if process is None else process.pid,
            "starts": self._starts,
        }

    def _hear(self, word: str) -> None:
        if word == "ready":
            self.is_ready.set()
        elif word.startswith(METRICS_WORD):
            metrics.absorb(self._name, orjson.loads(word.removeprefix(METRICS_WORD)))

    def _pass_on(self, hint: Hint) -> None:
        if self._port is not None:
            self._port.note(str(hint.topic))

    def ask_to_close(self) -> None:
        self._is_closing = True
        if self._port is not None:
            self._port.note("close")

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
