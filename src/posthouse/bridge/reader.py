"""Follows the conversations in which somebody takes part by mail, and sends on from their cursors.

A lost hint is repaired at the next round and at the next start; digests come due by the same rounds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from posthouse.base import db
from posthouse.base.hub import hub
from posthouse.bridge import outsiders, sending
from posthouse.conversations.changes import conversation_topic

log = structlog.get_logger(__name__)

POLL_SECONDS = 30.0
FAULT_SECONDS = 5.0
MOST_STEPS = 1_000


class Reader:
    def __init__(self) -> None:
        self._wake = asyncio.Event()
        self._stopping = asyncio.Event()
        self._subscriptions: dict[int, Callable[[], None]] = {}

    async def run(self) -> None:
        """Work until `stop`; a full disk ends one round, not the work."""
        unsubscribe = hub.subscribe(outsiders.TOPIC, lambda _: self._wake.set())
        try:
            while not self._stopping.is_set():
                self._wake.clear()
                try:
                    await self._round()
                    await _within(self._wake, POLL_SECONDS)
                except Exception:
                    log.exception("bridge.round_failed")
                    await _within(self._stopping, FAULT_SECONDS)
        finally:
            unsubscribe()
            for end in self._subscriptions.values():
                end()

    def stop(self) -> None:
        self._stopping.set()
        self._wake.set()

    async def _round(self) -> None:
        await self._subscribe()
        for outsider_id in await db.reading(sending.behind):
            for _ in range(MOST_STEPS):
                if self._stopping.is_set() or not await db.reading(sending.step, outsider_id):
                    break

    async def _subscribe(self) -> None:
        watched = set(await db.reading(outsiders.living_conversations))
        for conversation_id in watched - self._subscriptions.keys():
            topic = conversation_topic(conversation_id)
            self._subscriptions[conversation_id] = hub.subscribe(topic, lambda _: self._wake.set())
        for conversation_id in self._subscriptions.keys() - watched:
            self._subscriptions.pop(conversation_id)()


async def _within(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
