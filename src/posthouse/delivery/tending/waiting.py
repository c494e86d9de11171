"""The queue as those see it who look after an organisation: what waits, where to, why, and when it is tried next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from posthouse.base import sql
from posthouse.base.clock import iso
from posthouse.delivery.reasons import reason_of, said
from posthouse.identity.actor import Actor

Row = dict[str, Any]

NEEDS = "organisation.manage"
STATES = ("held", "queued", "sending", "retrying")
MAX_DESTINATIONS = 500

_WAITING = " WHERE r.state IN ('held', 'queued', 'sending', 'retrying')"
_OF_ALL = f" FROM delivery_recipient r JOIN delivery_submission s ON s.id = r.submission_id{_WAITING}"
_FROM = (
    " FROM delivery_recipient r JOIN delivery_submission s ON s.id = r.submission_id"
    f" JOIN mail_account a ON a.id = s.account_id{_WAITING} AND a.organisation_id = %s"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    destination: str = ""
    state: str = ""
    sender: str = ""

    @property
    def scope(self) -> str:
        return "|".join((self.destination, self.state, self.sender))

    def conditions(self) -> tuple[str, list[str]]:
        given = [
            (column, value)
            for column, value in (
                ("r.domain", self.destination.lower()),
                ("r.state", self.state),
                ("s.mail_from", self.sender),
            )
            if value
        ]
        return "".join(f" AND {column} = %s" for column, _ in given), [value for _, value in given]


def page(actor: Actor, wanted: Wanted, *, after: int, limit: int) -> tuple[list[Row], int | None]:
    """Recipients that wait, the longest waiting first, and the id to go on after. Raises Denied."""
    actor.require(NEEDS)
    return page_of(wanted, after=after, limit=limit, organisation_id=actor.organisation_id)


def page_of(
    wanted: Wanted, *, after: int, limit: int, organisation_id: int | None
) -> tuple[list[Row], int | None]:
    """Of an organisation, or with None of all and of the house itself; who may see it was asked."""
    where, values = wanted.conditions()
    source, of = (_OF_ALL, []) if organisation_id is None else (_FROM, [organisation_id])
    rows = sql.rows(
        "SELECT r.id, s.id, s.mail_from, r.address, r.domain, r.state, r.hold, r.attempts, s.created_at, r.due_at,"
        f" r.host, r.is_tls, r.proof, r.code, r.answer{source}{where} AND r.id > %s ORDER BY r.id LIMIT %s",
        [*of, *values, after, limit + 1],
    )
    shown = rows[:limit]
    return [_json(row) for row in shown], shown[-1][0] if len(rows) > limit else None


def _json(row: Sequence[Any]) -> Row:
    (
        recipient_id, submission_id, sender, address, domain, state, hold, attempts, created_at, due_at, host, is_tls,
        proof, code, answer,
    ) = row  # fmt: skip
    words = said(code, answer)
    return {
        "id": str(recipient_id),
        "submission_id": str(submission_id),
        "sender": sender,
        "recipient": address,
        "destination": domain,
        "state": state,
        "held_by": hold or ("undo" if state == "held" else None),
        "attempts": attempts,
        "queued_at": iso(created_at),
        "next_attempt_at": iso(due_at) if due_at and state != "sending" else None,
        "host": host or None,
        "tls": None if is_tls is None else bool(is_tls),
        "verified_by": proof or None,
        "answer": words or None,
        "reason": reason_of(words) if words else None,
    }


def destinations(actor: Actor) -> list[Row]:
    """The same by domain, those with the most waiting first. Raises Denied."""
    actor.require(NEEDS)
    rows = sql.rows(
        "SELECT r.domain, count(*), sum(CASE WHEN r.state = 'held' THEN 1 ELSE 0 END),"
        " sum(CASE WHEN r.attempts > 0 THEN 1 ELSE 0 END), min(s.created_at),"
        f" min(CASE WHEN r.state IN ('queued', 'retrying') THEN r.due_at END), max(r.updated_at){_FROM}"
        " GROUP BY r.domain ORDER BY count(*) DESC, r.domain LIMIT %s",
        [actor.organisation_id, MAX_DESTINATIONS],
    )
    heard = _last_words(actor, [row[0] for row in rows])
    return [
        {
            "destination": domain,
            "waiting": waiting,
            "held": held,
            "tried": tried,
            "oldest_at": iso(oldest_at),
            "next_attempt_at": iso(due_at) if due_at else None,
            "answer": heard.get(domain),
            "reason": reason_of(heard[domain]) if domain in heard else None,
        }
        for domain, waiting, held, tried, oldest_at, due_at, _ in rows
    ]


def _last_words(actor: Actor, domains: Sequence[str]) -> dict[str, str]:
    """What a server of each was last heard to say to mail that still waits."""
    found: dict[str, str] = {}
    for chunk in sql.chunks(domains):
        for domain, code, answer in sql.rows(
            f"SELECT r.domain, r.code, r.answer{_FROM} AND r.attempts > 0 AND r.domain IN ({sql.marks(chunk)})"
            " ORDER BY r.updated_at",
            [actor.organisation_id, *chunk],
        ):
            if words := said(code, answer):
                found[domain] = words
    return found
