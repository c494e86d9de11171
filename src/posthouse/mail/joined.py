"""Who wants to hear that threads were joined: rooms above, which this one does not know.

They are called inside the action that joins, before it commits, so that what they keep by a thread's id goes along.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Joined = Callable[[int, int, Sequence[int]], None]
"""Given an account, the thread that stays, and those that have become part of it."""

_hearing: list[Joined] = []


def on_joined(hear: Joined) -> None:
    """Once at start."""
    _hearing.append(hear)


def tell(account_id: int, into: int, others: Sequence[int]) -> None:
    for hear in _hearing:
        hear(account_id, into, others)
