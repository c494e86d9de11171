"""Who wants to hear that somebody was given a thread: rooms above, which this one does not know.

They are called inside the action, so that what they write stands or falls with it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Given(NamedTuple):
    """`number` is of the line that says so in the notes."""

    to: int
    by: int
    conversation_id: int
    number: int


_of_given: list[Callable[[Given], None]] = []


def on_given(hear: Callable[[Given], None]) -> None:
    """Once at start. Called for what one gives to somebody else."""
    _of_given.append(hear)


def given(one: Given) -> None:
    for hear in _of_given:
        hear(one)
