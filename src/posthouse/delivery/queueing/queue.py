"""Taking due recipients from the queue and writing down what became of each try."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from posthouse.base import blobs, clock, db, sql
from posthouse.base.ids import new_id
from posthouse.delivery import stamps
from posthouse.delivery.actions import LEASE_MS
from posthouse.delivery.limits import stops
from posthouse.delivery.queueing import due
from posthouse.delivery.queueing.due import UnderWay
from posthouse.delivery.reasons import said
from posthouse.delivery.suppression import suppressed


class Due(NamedTuple):
    """A leased recipient; `attempts` counts the try that is about to be made."""

    recipient_id: int
    submission_id: int
    address: str
    domain: str
    attempts: int
    lease: int
    notify: str = ""
    original: str = ""
    is_delay_told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What one connection carries: one submission to the recipients of one domain."""

    submission_id: int
    domain: str
    blob_id: int
    mail_from: str
    is_smtputf8: bool
    created_at_ms: int
    begun_at_ms: int
    """When it might leave at the earliest: held mail waits by somebody's wish, and nothing is late."""
    account_id: int | None
    envelope_id: str
    returns_headers_only: bool
    requires_tls: bool
    is_forward: bool
    list_name: str
    ignores_tls: bool
    recipients: Sequence[Due]

    @property
    def sender(self) -> int:
        return due.HOUSE if self.account_id is None else self.account_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one try came to for one recipient; `retry_at_ms` is set when it may be tried again.

    `tells` says that the next server took over what the sender wants to be told of.
    """

    due: Due
    outcome: str
    code: str = ""
    answer: str = ""
    host: str = ""
    is_tls: bool | None = None
    proof: str = ""
    is_remote: bool = False
    tells: bool = False
    retry_at_ms: int | None = None


DELIVERED, TEMPORARY, PERMANENT = "delivered", "temporary", "permanent"


def claim(limit: int, *, most_parcels: int = 100, under_way: UnderWay | None = None) -> list[Parcel]:
    """Look for what is due, and lease it."""
    return take(due.look(limit, most_parcels=most_parcels, under_way=under_way))


@db.action
def take(recipient_ids: Sequence[int]) -> list[Parcel]:
    """Lease those of them that are still due. Held mail whose time has come is released here, by compare-and-set."""
    now_ms = clock.now_ms()
    found = [
        row
        for chunk in sql.chunks(recipient_ids)
        for row in sql.rows(
            "SELECT id, submission_id, address, domain, attempts, notify, original, delay_told_at IS NOT NULL"
            " FROM delivery_recipient"
            f" WHERE id IN ({sql.marks(chunk)}) AND due_at <= %s ORDER BY due_at, id"
            + (f"{sql.for_update()} SKIP LOCKED" if sql.for_update() else ""),
            [*chunk, now_ms],
        )
    ]
    if not found:
        return []
    lease = new_id()
    leased = [
        Due(
            recipient_id, submission_id, address, domain, attempts + 1, lease, notify, original, bool(is_told)
        )
        for recipient_id, submission_id, address, domain, attempts, notify, original, is_told in found
    ]
    sql.run_many(
        "UPDATE delivery_recipient SET state = 'sending', due_at = %s, lease = %s, attempts = %s, updated_at = %s"
        " WHERE id = %s",
        [(now_ms + LEASE_MS, lease, one.attempts, now_ms, one.recipient_id) for one in leased],
    )
    submissions = list(dict.fromkeys(one.submission_id for one in leased))
    for chunk in sql.chunks(submissions):
        sql.run(
            f"UPDATE delivery_submission SET state = 'active' WHERE state = 'held' AND id IN ({sql.marks(chunk)})",
            chunk,
        )
    stamps.stamp(*submissions)
    return _parcels(leased, submissions)


@db.action
def lease(recipient_id: int) -> Parcel | None:
    """One recipient that waits, due or not, taken as `claim` takes them but for a try that is not made."""
    now_ms, mark = clock.now_ms(), new_id()
    found = sql.row(
        "UPDATE delivery_recipient SET state = 'sending', due_at = %s, lease = %s, hold = '', updated_at = %s"
        " WHERE id = %s AND (state IN ('queued', 'retrying') OR (state = 'held' AND hold = 'admin'))"
        " RETURNING submission_id, address, domain, attempts, notify, original",
        [now_ms + LEASE_MS, mark, now_ms, recipient_id],
    )
    if found is None:
        return None
    submission_id, address, domain, attempts, notify, original = found
    leased = Due(recipient_id, submission_id, address, domain, attempts, mark, notify, original)
    return _parcels([leased], [submission_id])[0]


def _parcels(leased: Sequence[Due], submissions: Sequence[int]) -> list[Parcel]:
    heads = {
        row[0]: row[1:]
        for chunk in sql.chunks(submissions)
        for row in sql.rows(
            "SELECT id, blob_id, mail_from, is_smtputf8, created_at, account_id, envelope_id, returns_headers_only,"
            " requires_tls, is_forward, list_name, ignores_tls, hold_until"
            f" FROM delivery_submission WHERE id IN ({sql.marks(chunk)})",
            chunk,
        )
    }
    groups: dict[tuple[int, str], list[Due]] = {}
    for one in leased:
        groups.setdefault((one.submission_id, one.domain), []).append(one)
    return [
        Parcel(
            submission_id=submission_id,
            domain=domain,
            blob_id=heads[submission_id][0],
            mail_from=heads[submission_id][1],
            is_smtputf8=bool(heads[submission_id][2]),
            created_at_ms=heads[submission_id][3],
            begun_at_ms=heads[submission_id][11] or heads[submission_id][3],
            account_id=heads[submission_id][4],
            envelope_id=heads[submission_id][5],
            returns_headers_only=bool(heads[submission_id][6]),
            requires_tls=bool(heads[submission_id][7]),
            is_forward=bool(heads[submission_id][8]),
            list_name=heads[submission_id][9],
            ignores_tls=bool(heads[submission_id][10]),
            recipients=dues,
        )
        for (submission_id, domain), dues in groups.items()
    ]


class Settled(NamedTuple):
    """What one call wrote: those that are done with, and those that wait for another try."""

    ended: Sequence[Result]
    waiting: Sequence[Result]


def settle(results: Sequence[Result]) -> Settled:
    """Write one try's outcome per recipient.

    Call inside an action. Only the holder of the lease may write, so a try that outlived its lease changes nothing.
    """
    now_ms = clock.now_ms()
    ended: list[Result] = []
    waiting: list[Result] = []
    for result in results:
        state, due_at = _next_state(result)
        if not sql.run(
            "UPDATE delivery_recipient SET state = %s, due_at = %s, lease = 0, host = %s, is_tls = %s, proof = %s,"
            " code = %s, answer = %s, updated_at = %s WHERE id = %s AND lease = %s AND state = 'sending'",
            [state, due_at, result.host[:255], result.is_tls, result.proof, result.code[:12], result.answer[:500],
             now_ms, result.due.recipient_id, result.due.lease],
        ):  # fmt: skip
            continue
        sql.run(
            "INSERT INTO delivery_attempt (id, recipient_id, at, host, is_tls, proof, outcome, code, answer)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [new_id(), result.due.recipient_id, now_ms, result.host[:255], result.is_tls, result.proof,
             result.outcome, result.code[:12], result.answer[:500]],
        )  # fmt: skip
        (ended if due_at is None else waiting).append(result)
    submissions = list(dict.fromkeys(result.due.submission_id for result in results))
    _hold(submissions)
    for submission_id in submissions:
        sql.run(
            "UPDATE delivery_submission SET state = 'done' WHERE id = %s AND state = 'active' AND NOT EXISTS"
            " (SELECT 1 FROM delivery_recipient r WHERE r.submission_id = delivery_submission.id"
            " AND (r.due_at IS NOT NULL OR r.state = 'held'))",
            [submission_id],
        )
    stamps.stamp(*submissions)
    _tell_of_trouble([*ended, *waiting])
    return Settled(ended, waiting)


def _tell_of_trouble(results: Sequence[Result]) -> None:
    """Behind the stamps: who sends holds their account before they count."""
    for result in results:
        state, _ = _next_state(result)
        if state == "failed":
            stops.note_trouble(result.due.submission_id, failures=int(result.outcome == PERMANENT))
            if result.outcome == PERMANENT:
                one = result.due
                suppressed.note_bounce(one.submission_id, one.address, said(result.code, result.answer))
        elif state == "retrying":
            stops.hold_if_stopped(result.due.submission_id)


def _hold(submission_ids: Sequence[int]) -> None:
    """Of two who settle the last recipients at once, the second waits here and then sees what the first wrote."""
    if sql.for_update():
        sql.rows(
            f"SELECT id FROM delivery_submission WHERE id IN ({sql.marks(submission_ids)}) ORDER BY id"
            f"{sql.for_update()}",
            submission_ids,
        )


def _next_state(result: Result) -> tuple[str, int | None]:
    if result.outcome == DELIVERED:
        return "delivered", None
    if result.outcome == TEMPORARY and result.retry_at_ms is not None:
        return "retrying", result.retry_at_ms
    return "failed", None


@db.action
def end_leases() -> int:
    """After a start on one machine: nobody else can hold a lease, so what was being sent is due now."""
    return sql.run(
        "UPDATE delivery_recipient SET due_at = %s, state = 'retrying', lease = 0 WHERE state = 'sending'",
        [clock.now_ms()],
    )


def content_of(parcel: Parcel) -> bytes:
    """A large one as the map of a file (base/spool.py): many may be on their way at a time."""
    return blobs.look_at(parcel.blob_id)
