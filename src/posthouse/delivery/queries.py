"""Where is my mail? Reads of the queue as a person sees it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from posthouse.base import sql
from posthouse.base.clock import iso
from posthouse.base.errors import Missing
from posthouse.delivery.reasons import reason_of, said
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


class _Line(NamedTuple):
    submission_id: int
    address: str
    state: str
    attempts: int
    due_at: int | None
    host: str
    is_tls: bool | None
    proof: str
    code: str
    answer: str
    updated_at: int
    report: str
    report_host: str
    report_code: str
    report_answer: str
    reported_at: int | None
    read_at: int | None
    complained_at: int | None
    is_forward: bool

    @property
    def fate(self) -> str:
        """The queue's word, but for mail that failed behind the server that took it."""
        return "failed" if self.state == "delivered" and self.report == "failed" else self.state

    @property
    def said(self) -> str:
        return said(self.code, self.answer)

    @property
    def reported(self) -> str:
        return said(self.report_code, self.report_answer)


_COLUMNS = ", ".join(f"{'s' if name == 'is_forward' else 'r'}.{name}" for name in _Line._fields)


def _deliveries(submission_ids: Iterable[int]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for chunk in sql.chunks(submission_ids):
        for row in sql.rows(
            f"SELECT {_COLUMNS} FROM delivery_recipient r"
            " JOIN delivery_submission s ON s.id = r.submission_id"
            f" WHERE r.submission_id IN ({sql.marks(chunk)}) ORDER BY r.id",
            chunk,
        ):
            line = _Line(*row)
            found.setdefault(line.submission_id, []).append(_delivery(line))
    return found


def _delivery(line: _Line) -> Row:
    speaks_late = line.report in ("failed", "delayed")
    has_trouble = line.fate in ("failed", "retrying") or line.report == "delayed"
    return {
        "recipient": line.address,
        "state": line.fate,
        "attempts": line.attempts,
        "next_attempt_at": iso(line.due_at) if line.state in ("queued", "retrying") and line.due_at else None,
        "host": line.host or None,
        "tls": None if line.is_tls is None else bool(line.is_tls),
        "verified_by": line.proof or None,
        "answer": line.said or (LEFT if line.state == "skipped" else None),
        "reason": reason_of(line.reported if speaks_late else line.said) if has_trouble else None,
        "report": _report(line),
        "read_at": iso(line.read_at) if line.read_at else None,
        "complained_at": iso(line.complained_at) if line.complained_at else None,
        "updated_at": iso(line.updated_at),
        "is_forward": bool(line.is_forward),
    }


def _report(line: _Line) -> Row | None:
    if not line.report or not line.reported_at:
        return None
    return {
        "action": line.report,
        "host": line.report_host or None,
        "answer": line.reported or None,
        "at": iso(line.reported_at),
    }


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


def ends_of(submission_ids: Sequence[int]) -> dict[int, str]:
    """`failed` where a recipient cannot be reached, as queue or later report says; `delivered` where all took it."""
    found: dict[int, str] = {}
    for chunk in sql.chunks(submission_ids):
        for submission_id, open_count, failed_count in sql.rows(
            "SELECT submission_id, sum(CASE WHEN state = 'delivered' THEN 0 ELSE 1 END),"
            " sum(CASE WHEN state = 'failed' OR report = 'failed' THEN 1 ELSE 0 END) FROM delivery_recipient"
            f" WHERE submission_id IN ({sql.marks(chunk)}) GROUP BY submission_id",
            chunk,
        ):
            if failed_count:
                found[submission_id] = "failed"
            elif not open_count:
                found[submission_id] = "delivered"
    return found


def submission_changes(account_id: int, *, since: int, upto: int) -> list[Row]:
    """Submissions that changed in (since, upto] of the account's numbers."""
    return _json(
        sql.rows(
            f"{_SUBMISSION} WHERE s.account_id = %s AND s.modseq > %s AND s.modseq <= %s ORDER BY s.id",
            [account_id, since, upto],
        )
    )
