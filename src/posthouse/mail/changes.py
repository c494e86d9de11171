"""The log: what changed in an account since a number.

Every reader (REST, WebSocket, indexer) asks here with a cursor. The log is not a table of its own: the rows carry
the number of their last change, and what vanished is in two small tables until the horizon passes it. An e-mail has
changed when its row says so, when one of its places is new, and when it has left one: filing it does not write its row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from posthouse.base import sql
from posthouse.base.errors import CannotCalculate
from posthouse.mail import queries
from posthouse.mail.queries import Row

MAX_LIMIT = 500
MAX_ONE_ACTION = 5_000
"""What one action touched is told together; beyond so much, fetching afresh is cheaper."""

_LogRow = tuple[Any, ...]
"""What it is of, its thread, its number in the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    account_id: int
    since: int
    state: int
    has_more: bool
    mailboxes: list[Row] = field(default_factory=list)
    gone_mailboxes: list[str] = field(default_factory=list)
    emails: list[Row] = field(default_factory=list)
    gone_emails: list[str] = field(default_factory=list)
    threads: list[Row] = field(default_factory=list)
    gone_threads: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "account_id": str(self.account_id),
            "since": str(self.since),
            "state": str(self.state),
            "has_more": self.has_more,
            "mailboxes": {"changed": self.mailboxes, "destroyed": self.gone_mailboxes},
            "emails": {"changed": self.emails, "destroyed": self.gone_emails},
            "threads": {"changed": self.threads, "destroyed": self.gone_threads},
        }


def since(account_id: int, number: int, *, limit: int = MAX_LIMIT) -> Changes:
    """What changed after `number`, at most about `limit` e-mails at a time; raises CannotCalculate."""
    account = sql.row("SELECT modseq, horizon FROM mail_account WHERE id = %s", [account_id])
    if account is None or number > account[0] or number < account[1]:
        raise CannotCalculate()
    upto = int(account[0])
    if upto == number:
        return Changes(account_id=account_id, since=number, state=number, has_more=False)
    changed, gone, cut = _changed_and_gone(account_id, number, limit=limit, upto=upto)
    emails = queries.emails(list(dict.fromkeys(row[0] for row in changed)))
    there = [int(email["thread_id"]) for email in emails]
    thread_ids = list(dict.fromkeys([*there, *(row[1] for row in gone)]))
    threads = queries.threads(account_id, thread_ids)
    alive = {thread["id"] for thread in threads}
    return Changes(
        account_id=account_id,
        since=number,
        state=cut,
        has_more=cut < upto,
        mailboxes=_mailboxes(account_id, number),
        gone_mailboxes=[
            str(row[0])
            for row in sql.rows(
                "SELECT object_id FROM mail_tombstone WHERE account_id = %s AND modseq > %s AND kind = 'mailbox'",
                [account_id, number],
            )
        ],
        emails=emails,
        gone_emails=[str(row[0]) for row in gone if row[3] == "email"],
        threads=threads,
        gone_threads=[str(i) for i in thread_ids if str(i) not in alive],
    )


_CHANGED = (
    "SELECT id, thread_id, modseq FROM mail_email",
    "SELECT email_id, thread_id, modseq FROM mail_placement",
    "SELECT email_id, NULL, modseq FROM mail_expunged",
)
"""E-mails by what tells that they changed; the last names some that are gone for good."""


def _changed_and_gone(
    account_id: int, number: int, *, limit: int, upto: int
) -> tuple[list[_LogRow], list[_LogRow], int]:
    """What changed, what is gone, and the number up to which that is all: no reader has a cursor inside an action."""
    told = [_until(account_id, number, limit, select) for select in _CHANGED]
    gone, cut_gone = _until(
        account_id,
        number,
        limit,
        "SELECT object_id, thread_id, modseq, kind FROM mail_tombstone",
        " AND kind IN ('email', 'thread')",
    )
    cut = min(upto, cut_gone or upto, *(one or upto for _, one in told))
    changed = [row for rows, _ in told for row in rows if row[2] <= cut]
    return sorted(changed, key=itemgetter(2)), [row for row in gone if row[2] <= cut], cut


def new_among(account_id: int, email_ids: Sequence[int], *, since: int) -> frozenset[str]:
    """Those of the e-mails that were not there at a number."""
    return frozenset(
        str(row[0])
        for chunk in sql.chunks(email_ids)
        for row in sql.rows(
            f"SELECT id FROM mail_email WHERE account_id = %s AND created_modseq > %s AND id IN ({sql.marks(chunk)})",
            [account_id, since, *chunk],
        )
    )


def _until(
    account_id: int, number: int, limit: int, select: str, also: str = ""
) -> tuple[list[_LogRow], int | None]:
    """Rows in order of change, whole numbers only; and the number to stop at when there are more than the limit."""
    rows = sql.rows(
        f"{select} WHERE account_id = %s AND modseq > %s{also} ORDER BY modseq LIMIT %s",
        [account_id, number, limit + 1],
    )
    if len(rows) <= limit:
        return rows, None
    last = rows[-1][2]
    whole = [row for row in rows if row[2] < last]
    if not whole:  # one action touched more than the limit, and no cursor lies inside it
        whole = sql.rows(
            f"{select} WHERE account_id = %s AND modseq = %s{also} LIMIT %s",
            [account_id, last, MAX_ONE_ACTION + 1],
        )
        if len(whole) > MAX_ONE_ACTION:
            raise CannotCalculate()
    return whole, whole[-1][2]


def _mailboxes(account_id: int, number: int) -> list[Row]:
    return [
        queries.mailbox_json(row)
        for row in sql.rows(
            f"SELECT {queries.MAILBOX_COLUMNS} FROM mail_mailbox WHERE account_id = %s AND modseq > %s",
            [account_id, number],
        )
    ]


__all__ = ["MAX_LIMIT", "MAX_ONE_ACTION", "CannotCalculate", "Changes", "new_among", "since"]
