"""The rules in force, by account, kept in memory: asked for every e-mail that comes in.

Invariant: an answer is never older than `FRESH_SECONDS`, and a change made in this house is seen at once (`forget` is
called after the commit, in doors of their own a moment later). Accounts without rules, which most are, cost one
question for all of them in that time.
"""

from __future__ import annotations

import time
from collections.abc import Collection

from posthouse.base import db
from posthouse.filters import queries
from posthouse.filters.engine import Rule

FRESH_SECONDS = 2.0
MAX_KEPT = 10_000
TOPIC = "rules"

Rules = dict[int, tuple[Rule, ...]]
"""By account; those that have none are left out."""

_generation = 0
_with_rules: tuple[float, frozenset[int]] = (0.0, frozenset())
_kept: dict[int, tuple[float, tuple[Rule, ...]]] = {}


def forget() -> None:
    global _generation, _with_rules
    _generation += 1
    _with_rules = (0.0, frozenset())
    _kept.clear()


def forget_after_commit() -> None:
    """For actions that change rules. Doors in other processes hear of it by the hub's TOPIC."""
    db.after_commit(forget)
    db.hint(TOPIC)


def known(account_ids: Collection[int]) -> Rules | None:
    """What is kept, without touching the database; None when it must be looked up."""
    now = time.monotonic()
    until, with_rules = _with_rules
    if until <= now:
        return None
    found: Rules = {}
    for account_id in account_ids:
        if account_id in with_rules:
            entry = _kept.get(account_id)
            if entry is None or entry[0] <= now:
                return None
            found[account_id] = entry[1]
    return found


def lookup(account_ids: Collection[int]) -> Rules:
    """What is kept, or read and kept; what was read before somebody changed it is not kept."""
    global _with_rules
    found = known(account_ids)
    if found is not None:
        return found
    generation = _generation
    with_rules = queries.accounts_with_rules()
    found = queries.rules_in_force([a for a in account_ids if a in with_rules])
    if generation == _generation:
        until = time.monotonic() + FRESH_SECONDS
        if len(_kept) >= MAX_KEPT:
            _kept.clear()
        _with_rules = (until, with_rules)
        _kept.update((a, (until, found.get(a, ()))) for a in account_ids if a in with_rules)
    return found
