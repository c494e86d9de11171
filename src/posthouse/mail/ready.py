"""E-mails of a mailbox with their ready-made IMAP answers, in one read: what FETCH is made of."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from django.db import connection

from posthouse.base import sql
from posthouse.mail.storing import LISTED_ADDRESSES

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


SEARCHED_COLUMNS = frozenset({"subject", "sender", "recipients", "copied"})
_CUT_CHARACTERS = LISTED_ADDRESSES * len('{"name":"","email":""}')


def uids_where(
    mailbox_id: int,
    *,
    bits: int = 0,
    is_deleted: bool = False,
    received_ms: tuple[int, int] | None = None,
    size_bytes: tuple[int, int] | None = None,
    holds: tuple[str, str] | None = None,
) -> list[int]:
    """UIDs, ascending, of what fits everything given; one pass inside the database.

    `received_ms` and `size_bytes` are ranges without their end. `holds` is a column of SEARCHED_COLUMNS and an
    ASCII word to look for in it without regard to case; addresses are searched as the JSON they are kept in, and
    a list so long that it may be cut always fits.
    """
    where: list[str] = ["p.mailbox_id = %s"]
    params: list[object] = [mailbox_id]
    if bits:
        where.append(f"(e.flags & {bits:d}) <> 0")
    if is_deleted:
        where.append("p.is_deleted")
    for column, span in (("p.received_at", received_ms), ("e.size_bytes", size_bytes)):
        if span is not None:
            where.append(f"{column} >= %s AND {column} < %s")
            params += span
    if holds is not None:
        column, word = holds
        if column not in SEARCHED_COLUMNS:
            raise ValueError(column)
        like = "LIKE" if connection.vendor == "sqlite" else "ILIKE"
        escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        or_cut = "" if column == "subject" else f" OR length(e.{column}) >= {_CUT_CHARACTERS:d}"
        where.append(f"(e.{column} {like} %s ESCAPE '\\'{or_cut})")
        params.append(f"%{escaped}%")
    needs_email = bits or size_bytes is not None or holds is not None
    join = " JOIN mail_email e ON e.id = p.email_id" if needs_email else ""
    return [
        row[0]
        for row in sql.rows(
            f"SELECT p.uid FROM mail_placement p{join} WHERE {' AND '.join(where)} ORDER BY p.uid",
            params,
        )
    ]
