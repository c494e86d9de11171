"""What is counted for reports, by UTC day and domain, until it is reported or too old.

`keep` adds what doors and the queue have gathered (gathering.py). A flood costs a bounded number of rows: what would
be more than MOST_ROWS of a day, or MOST_OF_DOMAIN, is counted only where its like is there already.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from posthouse.base import db, sql
from posthouse.base.ids import new_id
from posthouse.base.remote_calls import offer
from posthouse.delivery.reporting.gathering import unkept

DMARC, TLS = "dmarc", "tls"
MOST_ROWS = 50_000
MOST_OF_DOMAIN = 4_000
"""As many as fit into a report that every reader takes (wire/auth/dmarc_report.py)."""


class Seen(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """`content` is what was seen, as JSON; seen `times` times."""

    kind: str
    day: int
    domain: str
    content: str
    times: int


def _keep_many(batches: Sequence[Sequence[Seen]]) -> list[int]:
    counts: Counter[tuple[str, int, str, str]] = Counter()
    for batch in batches:
        for one in batch:
            counts[one.kind, one.day, one.domain, one.content] += one.times
    for kind, day in sorted({key[:2] for key in counts}):
        _keep(kind, day, {key[2:]: times for key, times in counts.items() if key[:2] == (kind, day)})
    return [len(batch) for batch in batches]


def _keep(kind: str, day: int, counts: dict[tuple[str, str], int]) -> None:
    """In the order of their keys, so that two writers (PostgreSQL) do not wait for each other."""
    rows = sorted((domain, _key(content), content, times) for (domain, content), times in counts.items())
    room = _room(kind, day, {row[0] for row in rows})
    new, more = [], []
    for domain, key, content, times in rows:
        if min(room[domain], room[""]) > 0:
            room[domain] -= 1
            room[""] -= 1
            new.append((new_id(), kind, day, domain, key, content, times))
        else:
            more.append((times, kind, day, domain, key))
    sql.insert_many(
        "INSERT INTO delivery_seen (id, kind, day, domain, key, content, times)",
        new,
        tail="ON CONFLICT (kind, day, domain, key) DO UPDATE SET times = delivery_seen.times + excluded.times",
    )
    for one in more:
        if not sql.run(
            "UPDATE delivery_seen SET times = times + %s WHERE kind = %s AND day = %s AND domain = %s AND key = %s",
            one,
        ):
            unkept.count(kind)


def _room(kind: str, day: int, domains: Iterable[str]) -> dict[str, int]:
    """How many rows there may yet be, by domain and ("") in all."""
    (all_,) = sql.row(
        "SELECT count(*) FROM (SELECT 1 FROM delivery_seen WHERE kind = %s AND day = %s LIMIT %s) AS t",
        [kind, day, MOST_ROWS],
    ) or (0,)
    room = {"": MOST_ROWS - all_} | dict.fromkeys(domains, MOST_OF_DOMAIN)
    for chunk in sql.chunks(domains):
        for domain, count in sql.rows(
            "SELECT domain, count(*) FROM delivery_seen WHERE kind = %s AND day = %s"
            f" AND domain IN ({sql.marks(chunk)}) GROUP BY domain",
            [kind, day, *chunk],
        ):
            room[domain] = MOST_OF_DOMAIN - count
    return room


def _key(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


keep: db.Bulk[Sequence[Seen], int] = db.Bulk(_keep_many)
offer("delivery.keep_seen", keep, item=list[Seen], result=int)


def days(kind: str, *, before: int) -> list[tuple[int, str]]:
    """Days that are over and domains of which something was seen."""
    return [
        (day, domain)
        for day, domain in sql.rows(
            "SELECT DISTINCT day, domain FROM delivery_seen WHERE kind = %s AND day < %s", [kind, before]
        )
    ]


def of(kind: str, day: int, domain: str) -> list[tuple[str, int]]:
    """What was seen and how often, the most frequent first."""
    return [
        (content, int(times))
        for content, times in sql.rows(
            "SELECT content, times FROM delivery_seen WHERE kind = %s AND day = %s AND domain = %s"
            " ORDER BY times DESC, key LIMIT %s",
            [kind, day, domain, MOST_OF_DOMAIN],
        )
    ]


def take(kind: str, day: int, domain: str) -> bool:
    """Forget it, inside an action; False when somebody else has done so."""
    return bool(
        sql.run("DELETE FROM delivery_seen WHERE kind = %s AND day = %s AND domain = %s", [kind, day, domain])
    )


forget = db.action(take)


@db.action
def forget_before(day: int, *, at_once: int = 5_000) -> int:
    return sql.run(
        "DELETE FROM delivery_seen WHERE id IN (SELECT id FROM delivery_seen WHERE day < %s LIMIT %s)",
        [day, at_once],
    )
