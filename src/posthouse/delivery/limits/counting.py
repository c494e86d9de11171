"""How much was sent, by the hour: for each person and for each organisation.

Few numbers that are added to with each mail, so that asking "how many today?" costs the same however many there were.
Call inside an action.
"""

from __future__ import annotations

from posthouse.base import clock, sql
from posthouse.delivery.limits.suspicion import Sums

HOUR_MS = 3600_000
DAY_HOURS = 24
PERSON, ORGANISATION = "person", "organisation"


def this_hour() -> int:
    return clock.now_ms() // HOUR_MS


def add(scope: str, owner_id: int, sums: Sums) -> None:
    sql.run(
        "INSERT INTO delivery_sendingcount (scope, owner_id, hour, messages, new_recipients, failures, complaints)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (scope, owner_id, hour) DO UPDATE SET"
        " messages = delivery_sendingcount.messages + excluded.messages,"
        " new_recipients = delivery_sendingcount.new_recipients + excluded.new_recipients,"
        " failures = delivery_sendingcount.failures + excluded.failures,"
        " complaints = delivery_sendingcount.complaints + excluded.complaints",
        [scope, owner_id, this_hour(), *sums],
    )


def sums(scope: str, owner_id: int, *, hours: int) -> Sums:
    """Of the last so many hours, the one that runs included."""
    found = sql.row(
        "SELECT sum(messages), sum(new_recipients), sum(failures), sum(complaints) FROM delivery_sendingcount"
        " WHERE scope = %s AND owner_id = %s AND hour > %s",
        [scope, owner_id, this_hour() - hours],
    )
    return Sums(*(int(number or 0) for number in found or ()))


def busiest_day(owner_id: int) -> int:
    """The most new recipients that a person had in a day of the last month, today and yesterday apart."""
    found = sql.row(
        "SELECT max(total) FROM (SELECT sum(new_recipients) AS total FROM delivery_sendingcount"
        " WHERE scope = %s AND owner_id = %s AND hour <= %s GROUP BY hour / 24) AS days",
        [PERSON, owner_id, this_hour() - DAY_HOURS],
    )
    return int((found and found[0]) or 0)
