"""When sending looks like a thief's: a pure function of how much was sent lately and of how much is usual."""

from __future__ import annotations

from typing import NamedTuple

MANY_NEW, NEW_PLACE, MANY_FAILURES, COMPLAINTS = "many_new", "new_place", "many_failures", "complaints"
REASONS = (MANY_NEW, NEW_PLACE, MANY_FAILURES, COMPLAINTS)

SUDDEN_NEW, SUDDEN_NEW_AT_NEW_PLACE = 100, 30
"""New recipients within two hours at most that are sudden for whoever never had as many in a day."""
TIMES_THE_BUSIEST_DAY = 2
LEAST_FAILURES, LEAST_COMPLAINTS = 20, 5


class Sums(NamedTuple):
    messages: int = 0
    new_recipients: int = 0
    failures: int = 0
    complaints: int = 0


def reason_to_stop(hour: Sums, day: Sums, *, busiest_day: int, is_at_new_place: bool) -> str | None:
    """What of a person's sending looks like a thief's; the numbers hold what is being sent now."""
    if is_at_new_place and hour.new_recipients > max(SUDDEN_NEW_AT_NEW_PLACE, busiest_day):
        return NEW_PLACE
    if hour.new_recipients > max(SUDDEN_NEW, TIMES_THE_BUSIEST_DAY * busiest_day):
        return MANY_NEW
    if day.failures >= LEAST_FAILURES and day.failures * 3 >= max(day.messages, day.new_recipients):
        return MANY_FAILURES
    return COMPLAINTS if day.complaints >= LEAST_COMPLAINTS else None
