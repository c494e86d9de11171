"""The reader of the logs for the spam filter: a thread beside the doors that learns what people do with their mail."""

from __future__ import annotations

from posthouse.base.log_follower import Pace
from posthouse.delivery.junk import lessons
from posthouse.filters.spam.learning import Place
from posthouse.mail.following import AccountsFollower

PACE = Pace(settle_seconds=0.5, sleep_seconds=60.0, rest=2.0, rest_when_busy=20.0, longest_rest_seconds=2.0)


class JunkReader(AccountsFollower[Place]):
    def __init__(self) -> None:
        super().__init__(name="junk", pace=PACE)

    def step(self, account_id: int, seen: Place | None) -> tuple[Place | None, bool]:
        place = lessons.step(account_id, seen)
        return (seen, False) if place is None else (place, True)
