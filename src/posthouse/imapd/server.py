"""The listener of a door that speaks IMAP (base/listener.py)."""

from __future__ import annotations

import asyncio
import ssl

from posthouse.base.listener import Listener
from posthouse.base.spool import Spool
from posthouse.imapd.connection import Connection
from posthouse.imapd.settings import Settings
from posthouse.wire.budget import Budget


class ImapServer(Listener[Connection]):
    """`budget` bounds the messages that all clients of the process are sending at once; None does not.

    Large ones go to the `spool`, where there is one, and one of them is worked on at a time (`large`): each is read
    several times, and fills the system's cache.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        tls: ssl.SSLContext | None = None,
        budget: Budget | None = None,
        spool: Spool | None = None,
    ) -> None:
        super().__init__(settings, tls=tls)
        self.settings = settings
        self.budget = budget
        self.spool = spool
        self.large = asyncio.Semaphore(1)

    def _connection(self) -> Connection:
        return Connection(self)
