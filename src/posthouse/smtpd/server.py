"""The listener of a door that speaks SMTP (base/listener.py)."""

from __future__ import annotations

import ssl

from posthouse.base.listener import Listener
from posthouse.smtpd.connection import Connection
from posthouse.smtpd.handler import Handler
from posthouse.smtpd.settings import Settings
from posthouse.wire.budget import Budget


class SmtpServer(Listener[Connection]):
    def __init__(
        self,
        settings: Settings,
        handler: Handler,
        *,
        budget: Budget,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__(settings, tls=tls)
        self.settings = settings
        self.handler = handler
        self.budget = budget
        self.config = settings.session_config(has_tls=tls is not None)
        self._last_id = 0

    def next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def _connection(self) -> Connection:
        return Connection(self)
