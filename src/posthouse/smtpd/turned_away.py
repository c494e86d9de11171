"""What a door turned away, gathered for a few seconds and handed over at once (delivery/receiving/refusals.py).

Bounded: of more different refusals in that time than `MOST_NOTED`, the rest is counted and not told one by one.
"""

from __future__ import annotations

import asyncio

import structlog

from posthouse.base import clock, db, metrics
from posthouse.base.errors import Failure
from posthouse.delivery.receiving import refusals
from posthouse.delivery.receiving.refusals import Refused
from posthouse.wire.smtp.envelope import Peer
from posthouse.wire.smtp.events import Turned

log = structlog.get_logger(__name__)

FLUSH_SECONDS = 5.0
MOST_NOTED = 200

unnoted = metrics.Counter(
    "posthouse_refusals_unnoted", "Refused mail that came too fast to be written down.", "door"
)

Key = tuple[str, str, str, str, str, str]


class TurnedAway:
    """For one event loop. `flush` hands over what is left at the end."""

    def __init__(self, *, flush_seconds: float = FLUSH_SECONDS) -> None:
        self._seconds = flush_seconds
        self._noted: dict[Key, tuple[int, int, str]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._flushing: asyncio.Task[None] | None = None

    def note(self, peer: Peer, turned: Turned) -> None:
        reply, sender = turned.reply, "" if turned.sender is None else str(turned.sender)
        code = f"{reply.code} {reply.enhanced}"
        for recipient in turned.recipients:
            key = (peer.service.value, peer.ip, sender, str(recipient), code, reply.text)
            known = self._noted.get(key)
            if known is None and len(self._noted) >= MOST_NOTED:
                unnoted.count(peer.service.value)
                continue
            times, at_ms, helo = known or (0, clock.now_ms(), peer.helo)
            self._noted[key] = (times + 1, at_ms, helo)
        if self._noted and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._seconds, self._begin_flush)

    async def flush(self) -> None:
        """Hand over what was noted; what cannot be written is lost, since nobody waits for it."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        noted, self._noted = self._noted, {}
        if not noted:
            return
        batch = [
            Refused(
                at_ms=at_ms,
                times=times,
                door=door,
                peer=ip,
                helo=helo,
                sender=sender,
                recipient=recipient,
                code=code,
                answer=answer,
            )
            for (door, ip, sender, recipient, code, answer), (times, at_ms, helo) in noted.items()
        ]
        try:
            await db.writing(refusals.keep, batch)
        except Failure as failure:
            log.warning("smtp.refusals_lost", count=len(batch), code=failure.code)

    def _begin_flush(self) -> None:
        self._timer = None
        self._flushing = asyncio.ensure_future(self.flush())
