"""Which recipients are due, past the long line of a destination that is busy. Only looks: `queue.take` leases.

A line of 100,000 to one slow server takes a tenth of a second to look past, so it is done outside the write lane, and
where it ended is remembered for a minute.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence

from posthouse.base import clock, sql

PER_DESTINATION = 8
"""Parcels under way to one domain at a time: a slow one keeps as many connections busy, and no more."""
MOST_LOOKS = 8
MARK_SECONDS = 60.0
MARGIN_MS = 30_000
"""What is committed while we look has a time of a moment ago: so much of the line is looked at each time."""
MAX_MARKS = 100

_marks: dict[frozenset[str], tuple[float, int]] = {}
"""By the domains that were full: until when it holds, and that whatever is due before is theirs."""


def look(limit: int, *, most_parcels: int = 100, under_way: Mapping[str, int] | None = None) -> list[int]:
    """Ids of at most `limit` recipients that are due, in at most `most_parcels` groups, the longest due first.

    `under_way` counts by domain what is being sent already. Where a long line of one domain is in front, those behind
    it are looked for past it.
    """
    now_ms, busy = clock.now_ms(), Counter(under_way)
    found: dict[int, None] = {}
    parcels: set[tuple[int, str]] = set()
    for _ in range(MOST_LOOKS):
        rows = _waiting(now_ms, limit, full_domains(busy))
        for recipient_id, submission_id, domain in rows:
            parcel = (submission_id, domain)
            if parcel not in parcels:
                if len(parcels) == most_parcels or busy[domain] >= PER_DESTINATION:
                    continue
                parcels.add(parcel)
                busy[domain] += 1
            if len(found) < limit:
                found[recipient_id] = None
        if len(rows) < limit or len(parcels) == most_parcels or len(found) == limit:
            break
    return list(found)


def _waiting(now_ms: int, limit: int, full: Sequence[str]) -> list[tuple[int, int, str]]:
    rows = sql.rows(
        "SELECT id, submission_id, domain, due_at FROM delivery_recipient"
        f" WHERE due_at <= %s AND due_at >= %s{_but(full)} ORDER BY due_at, id LIMIT %s",
        [now_ms, _past(full, now_ms), *full, limit],
    )
    _remember(full, rows[0][3] if rows else now_ms, now_ms)
    return [(row[0], row[1], row[2]) for row in rows]


def next_due_ms(full: Sequence[str] = ()) -> int | None:
    """When the next is due that may be sent, past domains that are full."""
    since = _past(full, clock.now_ms())
    found = sql.row(
        f"SELECT min(due_at) FROM delivery_recipient WHERE due_at >= %s{_but(full)}", [since, *full]
    )
    return None if found is None else found[0]


def full_domains(busy: Mapping[str, int]) -> list[str]:
    return sorted(domain for domain, parcels in busy.items() if parcels >= PER_DESTINATION)


def _past(full: Sequence[str], now_ms: int) -> int:
    ends, mark = _marks.get(frozenset(full), (0.0, 0))
    return mark if full and ends > time.monotonic() and mark <= now_ms - MARGIN_MS else 0


def _remember(full: Sequence[str], first_ms: int, now_ms: int) -> None:
    key, mark = frozenset(full), min(first_ms, now_ms - MARGIN_MS)
    ends, _ = _marks.get(key, (0.0, 0))
    if not full:
        return
    if ends <= time.monotonic():
        if len(_marks) >= MAX_MARKS:
            _marks.clear()
        ends = time.monotonic() + MARK_SECONDS
    _marks[key] = (ends, mark)


def _but(domains: Sequence[str]) -> str:
    return f" AND domain NOT IN ({sql.marks(domains)})" if domains else ""
