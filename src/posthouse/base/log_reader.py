"""A task in the loop that reads logs on from its own cursors: it wakes at the hints of those that somebody waits for.

A lost hint is repaired at the next round (`POLL_SECONDS`) and at the next start. A fault ends one round, not the work.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable

import structlog

from posthouse.base.hub import Hint, hub

log = structlog.get_logger(__name__)

POLL_SECONDS = 30.0
FAULT_SECONDS = 5.0


class LogReader(ABC):
    def __init__(self, *, topic: str, gather_seconds: float = 0.0) -> None:
        """`topic` hints that others are to be followed; what happens within `gather_seconds` is read together."""
        self._topic, self._gather_seconds = topic, gather_seconds
        self._wake = asyncio.Event()
        self._stopping = asyncio.Event()
        self._subscriptions: dict[int | str, Callable[[], None]] = {}

    async def run(self) -> None:
        """Work until `stop`."""
        unsubscribe = hub.subscribe(self._topic, self._others)
        try:
            while not self._stopping.is_set():
                self._wake.clear()
                try:
                    await self.round()
                    await _within(self._wake, POLL_SECONDS)
                    if self._gather_seconds:
                        await _within(self._stopping, self._gather_seconds)
                except Exception:
                    log.exception("log_reader.round_failed", topic=self._topic)
                    await _within(self._stopping, FAULT_SECONDS)
        finally:
            unsubscribe()
            for end in self._subscriptions.values():
                end()

    def stop(self) -> None:
        self._stopping.set()
        self._wake.set()

    @property
    def is_stopping(self) -> bool:
        return self._stopping.is_set()

    @abstractmethod
    async def round(self) -> None:
        """Read on wherever there is something."""

    def others_wanted(self) -> None:  # noqa: B027 most look in each round
        """Called when others are to be followed than were."""

    def follow(self, topics: Iterable[int | str]) -> None:
        """Wake at the hints of these, and of no others."""
        wanted = set(topics)
        for topic in wanted - self._subscriptions.keys():
            self._subscriptions[topic] = hub.subscribe(topic, lambda _: self._wake.set())
        for topic in self._subscriptions.keys() - wanted:
            self._subscriptions.pop(topic)()

    def _others(self, hint: Hint) -> None:
        self.others_wanted()
        self._wake.set()


async def _within(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
