"""The listener of a door that speaks IMAP (base/listener.py)."""

from __future__ import annotations

import ssl

from posthouse.base.listener import Listener
from posthouse.imapd.connection import Connection
from posthouse.imapd.settings import Settings
from posthouse.wire.budget import Budget


class ImapServer(Listener[Connection]):
    """`budget` bounds the messages that all clients of the process are sending at once; None does not."""

    def __init__(
        self, settings: Settings, *, tls: ssl.SSLContext | None = None, budget: Budget | None = None
    ) -> None:
        super().__init__(settings, tls=tls)
        self.settings = settings
        self.budget = budget

    def _connection(self) -> Connection:
        return Connection(self)
