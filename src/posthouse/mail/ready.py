"""E-mails of a mailbox with their ready-made IMAP answers, in one read: what FETCH is made of."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from posthouse.base import sql

PART_COLUMNS = ("envelope", "body", "bodystructure", "structure")


class ReadyRow(NamedTuple):
    """`modseq` is the later of the placement's and the e-mail's. Part columns not asked for are empty."""

    uid: int
    email_id: int
    flags: int
    keywords: str
    is_deleted: bool
    modseq: int
    size_bytes: int
    received_at_ms: int
    envelope: bytes
    body: bytes
    bodystructure: bytes
    structure: bytes


def rows_of(mailbox_id: int, uids: Sequence[int], columns: Collection[str]) -> list[ReadyRow]:
    """Ascending by UID; those that are gone are left out. `uids` ascend; `columns` are of PART_COLUMNS."""
    if not uids:
        return []
    low, high = uids[0], uids[-1]
    select = _select(columns)
    if high - low < 2 * len(uids):
        found = sql.rows(f"{select} AND p.uid BETWEEN %s AND %s ORDER BY p.uid", [mailbox_id, low, high])
        if high - low + 1 != len(uids):
            wanted = set(uids)
            found = [row for row in found if row[0] in wanted]
    else:
        found = []
        for chunk in sql.chunks(uids):
            found += sql.rows(
                f"{select} AND p.uid IN ({sql.marks(chunk)}) ORDER BY p.uid", [mailbox_id, *chunk]
            )
    return list(map(ReadyRow._make, found))


def _select(columns: Collection[str]) -> str:
    parts = ", ".join(f"x.{name}" if name in columns else "''" for name in PART_COLUMNS)
    join = " JOIN mail_emailpart x ON x.email_id = p.email_id" if columns else ""
    return (
        "SELECT p.uid, p.email_id, e.flags, e.keywords, p.is_deleted,"
        " CASE WHEN p.modseq > e.modseq THEN p.modseq ELSE e.modseq END, e.size_bytes, e.received_at,"
        f" {parts} FROM mail_placement p JOIN mail_email e ON e.id = p.email_id{join} WHERE p.mailbox_id = %s"
    )
