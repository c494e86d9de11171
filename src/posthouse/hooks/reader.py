"""The reader of the log: wakes at the hints of the accounts that somebody hears of, and reads on from their cursors."""

from __future__ import annotations

from posthouse.base import clock, db
from posthouse.base.log_reader import POLL_SECONDS, LogReader
from posthouse.hooks import queries, reading

GATHER_SECONDS = 0.05
"""What happens together is read together."""


class Reader(LogReader):
    def __init__(self) -> None:
        super().__init__(topic=reading.TOPIC, gather_seconds=GATHER_SECONDS)
        self._adopt_at = 0.0

    def others_wanted(self) -> None:
        self._adopt_at = 0.0

    async def round(self) -> None:
        if clock.steady() >= self._adopt_at:
            self._adopt_at = clock.steady() + POLL_SECONDS
            await db.writing(reading.adopt)
            self.follow(await db.reading(queries.watched))
        for account_id in await db.reading(queries.behind):
            while not self.is_stopping and await db.reading(reading.read_account, account_id):
                continue
