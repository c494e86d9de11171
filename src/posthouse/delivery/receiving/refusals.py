"""Mail that a door turned away, kept for a month so that "it never came" has an answer.

Doors note what they refuse in memory and hand it over every few seconds, the same refusal once with how often, so that
a flood costs a bounded number of rows and no write of its own. Kept is what was for one of our domains, for the admins
of its organisation; what was for others (relaying) is only counted.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from posthouse.base import clock, db, sql
from posthouse.base.ids import first_at, new_id
from posthouse.base.jobs import handler
from posthouse.base.remote_calls import offer

KEPT_DAYS = 30
MOST_ROWS = 50_000
"""Of one organisation; the oldest go first."""
SWEPT_AT_ONCE = 5_000
DAY_MS = 24 * 3600_000


class Refused(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """Mail from one peer for one address, and what it was answered, `times` times; all texts as they came."""

    at_ms: int
    times: int
    door: str
    peer: str
    helo: str
    sender: str
    recipient: str
    code: str
    answer: str


def _keep_many(batches: Sequence[Sequence[Refused]]) -> list[int]:
    """How many of each batch were for one of our organisations."""
    items = [one for batch in batches for one in batch]
    domains = list({_domain(one) for one in items})
    owners: dict[str, int] = {}
    for chunk in sql.chunks(domains):
        owners |= dict(
            sql.rows(
                f"SELECT name, organisation_id FROM identity_domain WHERE name IN ({sql.marks(chunk)})", chunk
            )
        )
    sql.insert_many(
        "INSERT INTO delivery_refusal (id, organisation_id, at, times, door, peer, helo, sender, recipient, code,"
        " answer)",
        [
            (new_id(), owners[_domain(one)], one.at_ms, one.times, one.door, one.peer[:45], one.helo[:255],
             one.sender[:320], one.recipient[:320], one.code[:12], one.answer[:400])
            for one in items
            if _domain(one) in owners
        ],
    )  # fmt: skip
    return [sum(_domain(one) in owners for one in batch) for batch in batches]


def _domain(one: Refused) -> str:
    return one.recipient.rpartition("@")[2].lower()


keep: db.Bulk[Sequence[Refused], int] = db.Bulk(_keep_many)
"""Write down what was refused; joins what other doors hand over at the moment."""
offer("delivery.keep_refusals", keep, item=list[Refused], result=int)


@handler("refusals", every_seconds=3600)
def forget_old() -> None:
    """What is older than KEPT_DAYS, or more than MOST_ROWS of an organisation, in small transactions."""
    old = first_at(clock.now_ms() - KEPT_DAYS * DAY_MS) - 1
    for (organisation_id,) in sql.rows("SELECT DISTINCT organisation_id FROM delivery_refusal"):
        beyond = sql.row(
            "SELECT id FROM delivery_refusal WHERE organisation_id = %s ORDER BY id DESC LIMIT 1 OFFSET %s",
            [organisation_id, MOST_ROWS],
        )
        while _forget_up_to(organisation_id, old if beyond is None else max(old, beyond[0])):
            continue


@db.action
def _forget_up_to(organisation_id: int, refusal_id: int) -> int:
    return sql.run(
        "DELETE FROM delivery_refusal WHERE id IN (SELECT id FROM delivery_refusal"
        " WHERE organisation_id = %s AND id <= %s ORDER BY id LIMIT %s)",
        [organisation_id, refusal_id, SWEPT_AT_ONCE],
    )
