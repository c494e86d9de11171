"""Where is my mail? Reads of the queue as a person sees it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from posthouse.base import sql
from posthouse.base.clock import iso
from posthouse.base.errors import Missing
from posthouse.identity.actor import Actor
from posthouse.mail import access
from posthouse.mail.access import Right

Row = dict[str, Any]

LEFT = "They have left this list."

_SUBMISSION = (
    "SELECT s.id, s.email_id, s.state, s.hold_until, s.created_at FROM delivery_submission s"
    " JOIN mail_account a ON a.id = s.account_id"
)


def _json(rows: list[tuple[Any, ...]]) -> list[Row]:
    lines = _deliveries(row[0] for row in rows)
    return [
        {
            "id": str(submission_id),
            "email_id": None if email_id is None else str(email_id),
            "state": state,
            "undo_until": iso(hold_until) if state == "held" and hold_until else None,
            "created_at": iso(created_at),
            "recipients": lines.get(submission_id, []),
        }
        for submission_id, email_id, state, hold_until, created_at in rows
    ]


def _deliveries(submission_ids: Iterable[int]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for chunk in sql.chunks(submission_ids):
        for (
            submission_id,
            address,
            state,
            attempts,
            due_at,
            host,
            tls,
            proof,
            code,
            answer,
            updated_at,
            is_forward,
        ) in sql.rows(
            "SELECT r.submission_id, r.address, r.state, r.attempts, r.due_at, r.host, r.is_tls, r.proof, r.code,"
            " r.answer, r.updated_at, s.is_forward FROM delivery_recipient r"
            " JOIN delivery_submission s ON s.id = r.submission_id"
            f" WHERE r.submission_id IN ({sql.marks(chunk)}) ORDER BY r.id",
            chunk,
        ):
            found.setdefault(submission_id, []).append(
                {
                    "recipient": address,
                    "state": state,
                    "attempts": attempts,
                    "next_attempt_at": iso(due_at) if state in ("queued", "retrying") and due_at else None,
                    "host": host or None,
                    "tls": None if tls is None else bool(tls),
                    "verified_by": proof or None,
                    "answer": LEFT if state == "skipped" else f"{code} {answer}".strip() or None,
                    "updated_at": iso(updated_at),
                    "is_forward": bool(is_forward),
                }
            )
    return found


def submission_for(actor: Actor, submission_id: int) -> Row:
    """One submission of an account that the actor reads; raises Missing."""
    found = sql.row("SELECT account_id FROM delivery_submission WHERE id = %s", [submission_id])
    access.account_id_for(actor, 0 if found is None else found[0] or 0, need=Right.READ)
    rows = sql.rows(f"{_SUBMISSION} WHERE s.id = %s", [submission_id])
    if not rows:
        raise Missing()
    return _json(rows)[0]


def active_submissions(account_id: int, *, limit: int = 200) -> list[Row]:
    """What is held or still being tried, newest first."""
    return _json(
        sql.rows(
            f"{_SUBMISSION} WHERE s.account_id = %s AND s.state IN ('held', 'active') ORDER BY s.id DESC LIMIT %s",
            [account_id, limit],
        )
    )


def deliveries_of_email(email_id: int) -> list[Row] | None:
    """The delivery lines of an e-mail one sent or that was forwarded, else None. The caller checked access."""
    found = sql.row(
        "SELECT id FROM delivery_submission WHERE email_id = %s AND state <> 'cancelled' ORDER BY id DESC LIMIT 1",
        [email_id],
    )
    return None if found is None else _deliveries([found[0]]).get(found[0], [])


def submission_changes(account_id: int, *, since: int, upto: int) -> list[Row]:
    """Submissions that changed in (since, upto] of the account's numbers."""
    return _json(
        sql.rows(
            f"{_SUBMISSION} WHERE s.account_id = %s AND s.modseq > %s AND s.modseq <= %s ORDER BY s.id",
            [account_id, since, upto],
        )
    )
