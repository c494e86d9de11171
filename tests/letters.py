"""Letters of the house to people outside, read as they arrive at a server of the test's."""

from __future__ import annotations

import email
import re
from typing import Any

from tests.delivery.outside import until
from tests.delivery.transport.peer import Peer


class Letters:
    """Each letter once, in the order they arrive."""

    def __init__(self, peer: Peer) -> None:
        self._peer, self._read = peer, 0

    def next(self) -> Any:
        until(lambda: len(self._peer.messages) > self._read)
        raw = self._peer.messages[self._read]
        self._read += 1
        return email.message_from_bytes(raw)

    def code(self) -> str:
        found = re.search(r"\b(\d{4}-\d{4})\b", self.next().get_payload(decode=True).decode())
        assert found is not None
        return found[1]

    def token(self) -> str:
        found = re.search(r"invitation#(\S+)", self.next().get_payload(decode=True).decode())
        assert found is not None
        return found[1]

    def none(self) -> bool:
        """No letter comes: all jobs are done and nothing is in the queue."""
        from posthouse.base import clock, sql

        jobs = "SELECT 1 FROM base_job WHERE kind IN ('code', 'letter') AND due_at <= %s"
        until(lambda: not sql.rows(jobs, [clock.now_ms()]))
        sending = "SELECT 1 FROM delivery_recipient WHERE due_at IS NOT NULL AND domain = 'outside.test'"
        until(lambda: not sql.rows(sending))
        return len(self._peer.messages) == self._read
