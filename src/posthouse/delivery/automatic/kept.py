"""The accounts that answer or forward by themselves, kept in memory: asked for every e-mail that comes in.

Invariant: an answer is never older than `FRESH_SECONDS`, and a change made in this house is seen at once (`forget` is
called after the commit, in doors of their own a moment later).
"""

from __future__ import annotations

import time

from posthouse.base import db, sql

FRESH_SECONDS = 2.0
TOPIC = "automatic"

Accounts = frozenset[int]
NOBODY: Accounts = frozenset()

_generation = 0
_kept: tuple[float, Accounts] = (0.0, NOBODY)


def forget() -> None:
    global _generation, _kept
    _generation += 1
    _kept = (0.0, NOBODY)


def forget_after_commit() -> None:
    """For actions that change what accounts do. Doors in other processes hear of it by the hub's TOPIC."""
    db.after_commit(forget)
    db.hint(TOPIC)


def known() -> Accounts | None:
    """What is kept, without touching the database; None when it must be looked up."""
    until, accounts = _kept
    return accounts if until > time.monotonic() else None


def lookup() -> Accounts:
    """What is kept, or read and kept; what was read before somebody changed it is not kept."""
    global _kept
    found = known()
    if found is not None:
        return found
    generation = _generation
    found = frozenset(
        row[0]
        for row in sql.rows(
            "SELECT account_id FROM delivery_vacation WHERE is_enabled UNION"
            " SELECT account_id FROM delivery_forward WHERE is_enabled AND confirmed_at IS NOT NULL"
        )
    )
    if generation == _generation:
        _kept = (time.monotonic() + FRESH_SECONDS, found)
    return found
