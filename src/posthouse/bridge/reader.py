"""Follows the conversations in which somebody takes part by mail, and sends on from their cursors.

Digests come due by the same rounds.
"""

from __future__ import annotations

from posthouse.base import db
from posthouse.base.log_reader import LogReader
from posthouse.bridge import outsiders, sending
from posthouse.conversations.changes import conversation_topic

MOST_STEPS = 1_000


class Reader(LogReader):
    def __init__(self) -> None:
        super().__init__(topic=outsiders.TOPIC)

    async def round(self) -> None:
        self.follow(map(conversation_topic, await db.reading(outsiders.living_conversations)))
        for outsider_id in await db.reading(sending.behind):
            for _ in range(MOST_STEPS):
                if self.is_stopping or not await db.reading(sending.step, outsider_id):
                    break
