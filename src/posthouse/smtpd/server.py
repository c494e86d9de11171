"""The listener of a door that speaks SMTP (base/listener.py)."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from posthouse.base.listener import Listener
from posthouse.base.spool import Spool
from posthouse.smtpd.connection import Connection
from posthouse.smtpd.handler import Handler
from posthouse.smtpd.peer_rates import PeerRates
from posthouse.smtpd.settings import Settings
from posthouse.smtpd.turned_away import TurnedAway
from posthouse.wire.budget import Budget

if TYPE_CHECKING:
    from posthouse.delivery.reporting.dmarc import Judged


class SmtpServer(Listener[Connection]):
    def __init__(
        self,
        settings: Settings,
        handler: Handler,
        *,
        budget: Budget,
        tls: ssl.SSLContext | None = None,
        rates: PeerRates | None = None,
        turned_away: TurnedAway | None = None,
        judged: Judged | None = None,
        spool: Spool | None = None,
    ) -> None:
        super().__init__(settings, tls=tls)
        self.settings = settings
        self.handler = handler
        self.budget = budget
        self.rates = rates
        self.turned_away = turned_away
        self.judged = judged
        self.spool = spool
        self.config = settings.session_config(has_tls=tls is not None)
        self._last_id = 0

    async def close(self, *, grace_seconds: float = 10.0) -> None:
        await super().close(grace_seconds=grace_seconds)
        if self.turned_away is not None:
            await self.turned_away.flush()
        if self.judged is not None:
            await self.judged.flush()

    def next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def _connection(self) -> Connection:
        return Connection(self)
