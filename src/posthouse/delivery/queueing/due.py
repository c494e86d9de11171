"""Which recipients are due, past the long line of a destination or of a sender that is busy. Only looks: `queue.take`
leases.

A line of 100,000 to one slow server takes a tenth of a second to look past, so it is done outside the write lane, and
where it ended is remembered for a minute.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from posthouse.base import clock, sql

PER_DESTINATION = 8
"""Parcels under way to one domain at a time: a slow one keeps as many connections busy, and no more."""
PER_SENDER = 16
"""Of one account, wherever they go, so that who writes to many slow domains leaves room for the others. What the house
sends of its own accord counts as of one sender too."""
HOUSE = 0
MOST_LOOKS = 8
MARK_SECONDS = 60.0
MARGIN_MS = 30_000
"""What is committed while we look has a time of a moment ago: so much of the line is looked at each time."""
MAX_MARKS = 100


class Full(NamedTuple):
    """Domains and senders (accounts, or HOUSE) that have as much under way as they may."""

    domains: tuple[str, ...] = ()
    senders: tuple[int, ...] = ()


NOBODY = Full()
_marks: dict[Full, tuple[float, int]] = {}
"""By who was full: until when it holds, and that whatever is due before is theirs."""


class UnderWay:
    """What is being sent, counted by domain and by sender."""

    def __init__(
        self, domains: Mapping[str, int] | None = None, senders: Mapping[int, int] | None = None
    ) -> None:
        self.domains, self.senders = Counter(domains), Counter(senders)

    def begin(self, domain: str, sender: int) -> None:
        self.domains[domain] += 1
        self.senders[sender] += 1

    def end(self, domain: str, sender: int) -> None:
        self.domains -= Counter([domain])
        self.senders -= Counter([sender])

    def takes(self, domain: str, sender: int) -> bool:
        return self.domains[domain] < PER_DESTINATION and self.senders[sender] < PER_SENDER

    def full(self) -> Full:
        return Full(
            tuple(sorted(one for one, parcels in self.domains.items() if parcels >= PER_DESTINATION)),
            tuple(sorted(one for one, parcels in self.senders.items() if parcels >= PER_SENDER)),
        )

    def copy(self) -> UnderWay:
        return UnderWay(self.domains, self.senders)


def look(limit: int, *, most_parcels: int = 100, under_way: UnderWay | None = None) -> list[int]:
    """Ids of at most `limit` recipients that are due, in at most `most_parcels` groups, the longest due first.

    Where a long line of one domain or one sender is in front, those behind it are looked for past it.
    """
    now_ms, busy = clock.now_ms(), (under_way or UnderWay()).copy()
    found: dict[int, None] = {}
    parcels: set[tuple[int, str]] = set()
    for _ in range(MOST_LOOKS):
        rows = _waiting(now_ms, limit, busy.full())
        for recipient_id, submission_id, domain, sender in rows:
            parcel = (submission_id, domain)
            if parcel not in parcels:
                if len(parcels) == most_parcels or not busy.takes(domain, sender):
                    continue
                parcels.add(parcel)
                busy.begin(domain, sender)
            if len(found) < limit:
                found[recipient_id] = None
        if len(rows) < limit or len(parcels) == most_parcels or len(found) == limit:
            break
    return list(found)


_SENDER = "(SELECT coalesce(s.account_id, 0) FROM delivery_submission s WHERE s.id = submission_id)"


def _waiting(now_ms: int, limit: int, full: Full) -> list[tuple[int, int, str, int]]:
    rows = sql.rows(
        f"SELECT id, submission_id, domain, {_SENDER}, due_at FROM delivery_recipient"
        f" WHERE due_at <= %s AND due_at >= %s{_but(full)} ORDER BY due_at, id LIMIT %s",
        [now_ms, _past(full, now_ms), *full.domains, *full.senders, limit],
    )
    _remember(full, rows[0][4] if rows else now_ms, now_ms)
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def next_due_ms(full: Full = NOBODY) -> int | None:
    """When the next is due that may be sent, past who is full."""
    since = _past(full, clock.now_ms())
    found = sql.row(
        f"SELECT min(due_at) FROM delivery_recipient WHERE due_at >= %s{_but(full)}",
        [since, *full.domains, *full.senders],
    )
    return None if found is None else found[0]


def _past(full: Full, now_ms: int) -> int:
    ends, mark = _marks.get(full, (0.0, 0))
    return mark if full != NOBODY and ends > time.monotonic() and mark <= now_ms - MARGIN_MS else 0


def _remember(full: Full, first_ms: int, now_ms: int) -> None:
    mark = min(first_ms, now_ms - MARGIN_MS)
    ends, _ = _marks.get(full, (0.0, 0))
    if full == NOBODY:
        return
    if ends <= time.monotonic():
        if len(_marks) >= MAX_MARKS:
            _marks.clear()
        ends = time.monotonic() + MARK_SECONDS
    _marks[full] = (ends, mark)


def _but(full: Full) -> str:
    domains = f" AND domain NOT IN ({sql.marks(full.domains)})" if full.domains else ""
    return domains + (f" AND {_SENDER} NOT IN ({sql.marks(full.senders)})" if full.senders else "")
