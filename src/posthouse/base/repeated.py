"""Requests under an `Idempotency-Key`, and what came of them: kept by the room that acts, in its own transaction.

What of it is HTTP's is in base/api/idempotency.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from posthouse.base import clock, sql
from posthouse.base.errors import Conflict

KEY_MS = 24 * 3600_000
"""So long a key names the same request."""


@dataclass(frozen=True, slots=True)
class Keys:
    """`results` are the columns of the room's table that say what came of a request."""

    table: str
    results: tuple[str, ...]

    def earlier(self, user_id: int, key: str, fingerprint: str) -> tuple[Any, ...] | None:
        """What a request under this key gave; raises Conflict (idempotency_key_reused) when it was another one."""
        if not key:
            return None
        found = sql.row(
            f"SELECT fingerprint, {', '.join(self.results)} FROM {self.table}"
            " WHERE user_id = %s AND key = %s AND created_at > %s",
            [user_id, key, clock.now_ms() - KEY_MS],
        )
        if found is not None and found[0] != fingerprint:
            raise Conflict("idempotency_key_reused", "This key was used for another request.")
        return None if found is None else found[1:]

    def keep(self, user_id: int, key: str, fingerprint: str, *results: int | None) -> None:
        """Call inside the action. Where writers are more than one, the later of two twins is undone by this."""
        if not key:
            return
        now_ms = clock.now_ms()
        sql.run(
            f"DELETE FROM {self.table} WHERE user_id = %s AND key = %s AND created_at <= %s",
            [user_id, key, now_ms - KEY_MS],
        )
        values = [user_id, key, fingerprint, *results, now_ms]
        if not sql.run(
            f"INSERT INTO {self.table} (user_id, key, fingerprint, {', '.join(self.results)}, created_at)"
            f" VALUES ({sql.marks(values)}) ON CONFLICT (user_id, key) DO NOTHING",
            values,
        ):
            raise Conflict("idempotency_in_progress", "The request with this key is still being worked on.")
