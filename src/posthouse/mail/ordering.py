"""What a mailbox is sorted by, from the columns of its e-mails."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from posthouse.base import sql

COLUMNS = frozenset({"received_at", "sent_at", "size_bytes", "subject", "sender", "recipients", "copied"})
FEW = sql.CHUNK
"""So many are asked for one by one; more by the span they lie in."""


def columns_of(mailbox_id: int, uids: Sequence[int], columns: Collection[str]) -> dict[int, tuple[Any, ...]]:
    """The columns by UID, in one statement. Of `uids`, ascending, those that are gone are left out."""
    names = list(columns)
    if not COLUMNS.issuperset(names):
        raise ValueError(names)
    if not uids:
        return {}
    few = len(uids) <= FEW
    which = f"p.uid IN ({sql.marks(list(uids))})" if few else "p.uid BETWEEN %s AND %s"
    return {
        uid: tuple(values)
        for uid, *values in sql.rows(
            f"SELECT p.uid, {', '.join('e.' + name for name in names)} FROM mail_placement p"
            f" JOIN mail_email e ON e.id = p.email_id WHERE p.mailbox_id = %s AND {which}",
            [mailbox_id, *(uids if few else (uids[0], uids[-1]))],
        )
    }
