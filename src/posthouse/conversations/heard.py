"""Who wants to hear of what happens in conversations: rooms above, which this one does not know.

They are called inside the action, so that what they write stands or falls with it; they do little there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Reading(NamedTuple):
    """Somebody has read up to a number: in the main timeline, or in one of its threads."""

    user_id: int
    conversation_id: int
    thread_id: int | None
    number: int


class Reminder(NamedTuple):
    """A reminder of somebody that has become due, or that they are done with."""

    id: int
    user_id: int
    message_id: int
    is_due: bool


Deleted = Callable[[int, int | None, int], None]
"""Given a conversation, a thread and the number of a message."""


_of_sent: list[Callable[[int], None]] = []
_of_read: list[Callable[[Reading], None]] = []
_of_deleted: list[Deleted] = []
_of_reminder: list[Callable[[Reminder], None]] = []


def on_sent(hear: Callable[[int], None]) -> None:
    """Once at start. Called with the id of a message that somebody wrote."""
    _of_sent.append(hear)


def on_read(hear: Callable[[Reading], None]) -> None:
    _of_read.append(hear)


def on_deleted(hear: Deleted) -> None:
    """Called for a message that was taken away from everybody."""
    _of_deleted.append(hear)


def on_reminder(hear: Callable[[Reminder], None]) -> None:
    _of_reminder.append(hear)


def sent(message_id: int) -> None:
    for hear in _of_sent:
        hear(message_id)


def read(reading: Reading) -> None:
    for hear in _of_read:
        hear(reading)


def deleted(conversation_id: int, thread_id: int | None, number: int) -> None:
    for hear in _of_deleted:
        hear(conversation_id, thread_id, number)


def reminder(one: Reminder) -> None:
    for hear in _of_reminder:
        hear(one)
