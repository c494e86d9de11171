"""Messages on their way out: written, claimed, settled.

Invariants: a message's `next_at` says when to try it, and a claim moves it past a lease by compare-and-set, so that two
processes never send one at the same time; whoever sets `next_at` also wakes the endpoint's job for that moment, in the
same transaction, so that none is forgotten. An endpoint is one job at a time: a slow one keeps no other waiting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from posthouse.base import clock, db, jobs, sql
from posthouse.hooks import queries
from posthouse.hooks.models import Attempt, Endpoint, Message

SCHEDULE_S = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds before each further try: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h."""
GIVE_UP_AFTER_MS = 5 * 86_400_000
"""An endpoint that took nothing for so long is switched off."""
LEASE_MS = 60_000
KIND = "hooks.deliver"
NOTICE = "hooks.notice"


class New(NamedTuple):
    message_id: int
    endpoint_id: int
    type: str
    key: str
    body: str


def insert(messages: Sequence[New]) -> None:
    """Messages whose keys are not known yet, and the jobs that deliver them; call inside an action."""
    now_ms = clock.now_ms()
    sql.insert_many(
        "INSERT INTO hooks_message (id, endpoint_id, type, key, body, state, attempts, next_at, created_at)",
        [(*message, "pending", 0, now_ms, now_ms) for message in messages],
        tail="ON CONFLICT (endpoint_id, key) DO NOTHING",
    )
    for endpoint_id in dict.fromkeys(message.endpoint_id for message in messages):
        wake(endpoint_id, at_ms=now_ms)


def wake(endpoint_id: int, *, at_ms: int) -> None:
    """Have an endpoint's due messages sent at a moment; call inside an action."""
    jobs.enqueue(KIND, due_at_ms=at_ms, key=f"{KIND}:{endpoint_id}:{at_ms}", endpoint_id=endpoint_id)


@db.action
def claim(endpoint_id: int, limit: int) -> list[queries.Parcel]:
    """Lease an endpoint's due messages, oldest first. Of one that is switched off they are skipped.

    Raises Unavailable for a secret that cannot be read.
    """
    endpoint = Endpoint.objects.filter(id=endpoint_id).first()
    if endpoint is None:
        return []
    if endpoint.state != Endpoint.State.ENABLED:
        sql.run(
            "UPDATE hooks_message SET state = 'skipped', next_at = NULL WHERE endpoint_id = %s AND state = 'pending'",
            [endpoint_id],
        )
        return []
    now_ms = clock.now_ms()
    found = sql.rows(
        "SELECT id, body, type, next_at FROM hooks_message WHERE endpoint_id = %s AND state = 'pending'"
        " AND next_at <= %s ORDER BY next_at, id LIMIT %s",
        [endpoint_id, now_ms, limit],
    )
    taken = [
        row
        for row in found
        if sql.run(
            "UPDATE hooks_message SET next_at = %s WHERE id = %s AND state = 'pending' AND next_at = %s",
            [now_ms + LEASE_MS, row[0], row[3]],
        )
    ]
    if not taken:
        return []
    wake(endpoint_id, at_ms=now_ms + LEASE_MS)
    secrets = queries.secrets_of(endpoint)
    return [
        queries.Parcel(message_id=row[0], url=endpoint.url, body=row[1], type=row[2], secrets=secrets)
        for row in taken
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One try: an HTTP status, or the fault that kept one from coming."""

    at_ms: int
    duration_ms: int
    status: int | None = None
    error: str = ""
    answer: str = ""
    wait_s: int = 0

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@db.action
def settle(message_id: int, outcome: Outcome, *, jitter: float) -> str:
    """Write one try down and plan the next; gives the message's state. `jitter` is from 0 to 1."""
    message = Message.objects.filter(id=message_id, state=Message.State.PENDING).first()
    if message is None:
        return ""
    Attempt.objects.create(
        message=message,
        at=clock.from_ms(outcome.at_ms),
        duration_ms=outcome.duration_ms,
        status=outcome.status,
        error=outcome.error[:200],
        answer=outcome.answer[:1_000],
    )
    tries = message.attempts + 1
    state, next_ms = Message.State.DELIVERED, None
    if not outcome.is_success:
        state, next_ms = _after_failure(tries, outcome, jitter)
    sql.run(
        "UPDATE hooks_message SET state = %s, attempts = %s, next_at = %s WHERE id = %s",
        [state.value, tries, next_ms, message_id],
    )
    if next_ms is not None:
        wake(message.endpoint_id, at_ms=next_ms)
    _judge(message.endpoint_id, outcome)
    return state.value


def _after_failure(tries: int, outcome: Outcome, jitter: float) -> tuple[Message.State, int | None]:
    if tries > len(SCHEDULE_S) or outcome.status == 410:
        return Message.State.FAILED, None
    wait_s = max(SCHEDULE_S[tries - 1] * (1 + jitter / 10), outcome.wait_s)
    return Message.State.PENDING, outcome.at_ms + outcome.duration_ms + int(wait_s * 1000)


def _judge(endpoint_id: int, outcome: Outcome) -> None:
    """Switch off an endpoint that says it is gone (410), or that has taken nothing for days."""
    if outcome.is_success:
        sql.run(
            "UPDATE hooks_endpoint SET failing_since = NULL WHERE id = %s AND failing_since IS NOT NULL",
            [endpoint_id],
        )
        return
    sql.run(
        "UPDATE hooks_endpoint SET failing_since = %s WHERE id = %s AND failing_since IS NULL",
        [outcome.at_ms, endpoint_id],
    )
    reason = "gone" if outcome.status == 410 else "failing"
    before_ms = clock.now_ms() if reason == "gone" else clock.now_ms() - GIVE_UP_AFTER_MS
    if sql.run(
        "UPDATE hooks_endpoint SET state = 'disabled', reason = %s WHERE id = %s AND state = 'enabled'"
        " AND failing_since <= %s",
        [reason, endpoint_id, before_ms],
    ):
        jobs.enqueue(NOTICE, key=f"{NOTICE}:{endpoint_id}", endpoint_id=endpoint_id)
