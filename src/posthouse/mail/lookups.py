"""What IMAP seldom asks of e-mails, read from their rows when it is: threads, previews, when one was put where it is.

Not in `standing`, since every mailbox in memory would pay for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from posthouse.base import ids, sql


def thread_ids(email_ids: Iterable[int]) -> dict[int, int]:
    return _column("thread_id", email_ids)


def previews(email_ids: Iterable[int]) -> dict[int, str]:
    return _column("preview", email_ids)


def _column(name: str, email_ids: Iterable[int]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for chunk in sql.chunks(email_ids):
        found.update(sql.rows(f"SELECT id, {name} FROM mail_email WHERE id IN ({sql.marks(chunk)})", chunk))
    return found


def originals(mailbox_id: int) -> dict[int, int]:
    """Of second e-mails (COPY to where one lies already) in the mailbox's account: which one each was made of."""
    return dict(
        sql.rows(
            "SELECT e.id, e.twin_of FROM mail_email e JOIN mail_mailbox m ON m.account_id = e.account_id"
            " WHERE m.id = %s AND e.twin_of IS NOT NULL",
            [mailbox_id],
        )
    )


def uids_of_thread(mailbox_id: int, thread_id: int) -> set[int]:
    return {
        row[0]
        for row in sql.rows(
            "SELECT uid FROM mail_placement WHERE mailbox_id = %s AND thread_id = %s", [mailbox_id, thread_id]
        )
    }


def saved_at_ms(mailbox_id: int, uids: Sequence[int]) -> dict[int, int]:
    """When e-mails were put into the mailbox, by UID; `uids` ascend.

    One that lies where it came in has no time of its own: its e-mail's id tells it, so that arrivals cost nothing.
    """
    if not uids:
        return {}
    wanted = set(uids)
    return {
        uid: ids.made_at_ms(email_id) if placed_at is None else placed_at
        for uid, email_id, placed_at in sql.rows(
            "SELECT uid, email_id, placed_at FROM mail_placement WHERE mailbox_id = %s AND uid BETWEEN %s AND %s",
            [mailbox_id, uids[0], uids[-1]],
        )
        if uid in wanted
    }
