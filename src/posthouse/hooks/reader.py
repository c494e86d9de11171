"""The reader of the log: wakes at the hints of the accounts that somebody hears of, and reads on from their cursors.

A lost hint is repaired at the next round (`POLL_SECONDS`) and at the next start.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from posthouse.base import clock, db
from posthouse.base.hub import Hint, hub
from posthouse.hooks import queries, reading

log = structlog.get_logger(__name__)

POLL_SECONDS = 30.0
FAULT_SECONDS = 5.0
GATHER_SECONDS = 0.05
"""What happens together is read together."""


class Reader:
    def __init__(self) -> None:
        self._wake = asyncio.Event()
        self._stopping = asyncio.Event()
        self._adopt_at = 0.0
        self._subscriptions: dict[int, Callable[[], None]] = {}

    async def run(self) -> None:
        """Work until `stop`; a full disk ends one round, not the work."""
        unsubscribe = hub.subscribe(reading.TOPIC, self._reload)
        try:
            while not self._stopping.is_set():
                self._wake.clear()
                try:
                    await self._round()
                    await _within(self._wake, POLL_SECONDS)
                    await _within(self._stopping, GATHER_SECONDS)
                except Exception:
                    log.exception("hook.round_failed")
                    await _within(self._stopping, FAULT_SECONDS)
        finally:
            unsubscribe()
            for end in self._subscriptions.values():
                end()

    def stop(self) -> None:
        self._stopping.set()
        self._wake.set()

    def _reload(self, hint: Hint) -> None:
        self._adopt_at = 0.0
        self._wake.set()

    async def _round(self) -> None:
        if clock.steady() >= self._adopt_at:
            self._adopt_at = clock.steady() + POLL_SECONDS
            await db.writing(reading.adopt)
            await self._subscribe()
        for account_id in await db.reading(queries.behind):
            while not self._stopping.is_set() and await db.reading(reading.read_account, account_id):
                continue

    async def _subscribe(self) -> None:
        watched = set(await db.reading(queries.watched))
        for account_id in watched - self._subscriptions.keys():
            self._subscriptions[account_id] = hub.subscribe(account_id, lambda _: self._wake.set())
        for account_id in self._subscriptions.keys() - watched:
            self._subscriptions.pop(account_id)()


async def _within(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
