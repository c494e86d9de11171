"""An e-mail of a mailbox with its ready-made IMAP answers; and what the database finds of a mailbox in one pass."""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection

from posthouse.base import sql
from posthouse.mail.storing import LISTED_ADDRESSES


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


SEARCHED_COLUMNS = frozenset({"subject", "sender", "recipients", "copied"})
_CUT_CHARACTERS = LISTED_ADDRESSES * len('{"name":"","email":""}')


class Holding(NamedTuple):
    """`uids` hold the word for certain; `perhaps` are lists of addresses so long that they may be cut."""

    uids: list[int]
    perhaps: list[int]


def holding(mailbox_id: int, column: str, word: str) -> Holding:
    """Whose column holds an ASCII word, without regard to case; one pass inside the database.

    `column` is of SEARCHED_COLUMNS; addresses are searched as the JSON they are kept in. UIDs ascend.
    """
    if column not in SEARCHED_COLUMNS:
        raise ValueError(column)
    like = "LIKE" if connection.vendor == "sqlite" else "ILIKE"
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    is_cut = "FALSE" if column == "subject" else f"length(e.{column}) >= {_CUT_CHARACTERS:d}"
    found = Holding([], [])
    for uid, may_be_cut in sql.rows(
        f"SELECT p.uid, {is_cut} FROM mail_placement p JOIN mail_email e ON e.id = p.email_id"
        f" WHERE p.mailbox_id = %s AND (e.{column} {like} %s ESCAPE '\\' OR {is_cut}) ORDER BY p.uid",
        [mailbox_id, f"%{escaped}%"],
    ):
        (found.perhaps if may_be_cut else found.uids).append(uid)
    return found
