"""Mailboxes as IMAP sees them: placements by UID, views of a mailbox and what changed in it."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from posthouse.base import blobs, sql
from posthouse.base.errors import Missing


class MailboxRow(NamedTuple):
    id: int
    account_id: int
    parent_id: int | None
    name: str
    role: str
    uidvalidity: int
    uidnext: int
    total_emails: int
    unread_emails: int
    modseq: int
    is_subscribed: bool


class View(NamedTuple):
    """A mailbox at one moment; `uids` ascending, `email_ids` in the same order."""

    uidvalidity: int
    uidnext: int
    modseq: int
    uids: array[int]
    email_ids: array[int]


class FlagsRow(NamedTuple):
    uid: int
    email_id: int
    flags: int
    keywords: str
    is_deleted: bool
    modseq: int
    size_bytes: int
    received_at_ms: int


PARTS = ("envelope", "body", "bodystructure", "structure", "fields")
"""The ready-made answers that there are. `fields` is None where it was not made (mail/models.py, EmailPart)."""

Parts = tuple[bytes | None, ...]


class ViewChanges(NamedTuple):
    """What a session that knew UIDs below `uidnext` and the log up to `modseq` must be told.

    `vanished` may name UIDs the session never saw; `changed` holds known ones whose flags are new.
    """

    new: list[tuple[int, int]]
    changed: list[FlagsRow]
    vanished: list[int]
    uidnext: int
    modseq: int


_MAILBOX = (
    "SELECT m.id, m.account_id, m.parent_id, m.name, m.role, m.uidvalidity, m.uidnext, m.total_emails,"
    " m.unread_emails, m.modseq, m.is_subscribed FROM mail_mailbox m"
)
_FLAGS = (
    "SELECT p.uid, p.email_id, e.flags, e.keywords, p.is_deleted,"
    " CASE WHEN p.modseq > e.modseq THEN p.modseq ELSE e.modseq END, e.size_bytes, e.received_at"
    " FROM mail_placement p JOIN mail_email e ON e.id = p.email_id"
)
_FLAGS_OF_CHANGED = _FLAGS.replace(
    "mail_placement p JOIN mail_email e ON e.id = p.email_id",
    "mail_email e CROSS JOIN mail_placement p",
)
"""From the log to the mailbox: SQLite keeps the order of a CROSS JOIN, and without it would scan the mailbox.

The condition of the join goes into WHERE: to PostgreSQL a CROSS JOIN has none."""


def mailboxes(account_id: int) -> list[MailboxRow]:
    return [
        MailboxRow(*row)
        for row in sql.rows(f"{_MAILBOX} WHERE m.account_id = %s ORDER BY m.sort_order, m.name", [account_id])
    ]


def account_of(mailbox_id: int) -> int:
    """Raises Missing."""
    found = sql.row("SELECT account_id FROM mail_mailbox WHERE id = %s", [mailbox_id])
    if found is None:
        raise Missing()
    return int(found[0])


def view(mailbox_id: int) -> View:
    """One consistent look at a mailbox; raises Missing. One pass over its primary key."""
    head = sql.row("SELECT uidvalidity, uidnext, modseq FROM mail_mailbox WHERE id = %s", [mailbox_id])
    if head is None:
        raise Missing()
    rows = sql.rows(
        "SELECT uid, email_id FROM mail_placement WHERE mailbox_id = %s AND uid < %s ORDER BY uid",
        [mailbox_id, head[1]],
    )
    uids, email_ids = array("L"), array("q")
    for uid, email_id in rows:
        uids.append(uid)
        email_ids.append(email_id)
    return View(head[0], head[1], head[2], uids, email_ids)


def flags_of(mailbox_id: int, uids: Sequence[int] | None = None) -> list[FlagsRow]:
    """By UID, ascending; all of them, or those of the given UIDs that exist."""
    if uids is None:
        return [
            FlagsRow(*row)
            for row in sql.rows(f"{_FLAGS} WHERE p.mailbox_id = %s ORDER BY p.uid", [mailbox_id])
        ]
    found: list[FlagsRow] = []
    for low, high in _ranges(uids):
        found += [
            FlagsRow(*row)
            for row in sql.rows(
                f"{_FLAGS} WHERE p.mailbox_id = %s AND p.uid BETWEEN %s AND %s ORDER BY p.uid",
                [mailbox_id, low, high],
            )
        ]
    if _is_dense(uids):
        return found
    wanted = set(uids)
    return [row for row in found if row.uid in wanted]


def deleted(mailbox_id: int) -> list[FlagsRow]:
    """Those that are \\Deleted, by UID."""
    return [
        FlagsRow(*row)
        for row in sql.rows(f"{_FLAGS} WHERE p.mailbox_id = %s AND p.is_deleted ORDER BY p.uid", [mailbox_id])
    ]


def _is_dense(uids: Sequence[int]) -> bool:
    return bool(uids) and len(uids) == uids[-1] - uids[0] + 1


def _ranges(uids: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending UIDs as few ranges: near neighbours are read together, since a range is one index scan."""
    ranges: list[tuple[int, int]] = []
    for uid in uids:
        if ranges and uid - ranges[-1][1] <= 16:
            ranges[-1] = (ranges[-1][0], uid)
        else:
            ranges.append((uid, uid))
    return ranges


def parts_of(email_ids: Iterable[int], columns: Collection[str]) -> dict[int, Parts]:
    """The ready-made IMAP answers by e-mail id, of each the columns asked for in the order of PARTS.

    Those gone are left out.
    """
    select = ", ".join(["email_id", *(name for name in PARTS if name in columns)])
    found: dict[int, Parts] = {}
    for chunk in sql.chunks(email_ids):
        for email_id, *parts in sql.binary_rows(
            f"SELECT {select} FROM mail_emailpart WHERE email_id IN ({sql.marks(chunk)})", chunk
        ):
            found[email_id] = tuple(parts)
    return found


def parts_between(mailbox_id: int, low: int, high: int, columns: Collection[str]) -> list[tuple[Any, ...]]:
    """The same of a mailbox's e-mails from one UID to another, ascending; each row ends with its UID."""
    select = ", ".join(f"e.{name}" for name in PARTS if name in columns)
    return sql.binary_rows(
        f"SELECT {select}, p.uid FROM mail_placement p JOIN mail_emailpart e ON e.email_id = p.email_id"
        " WHERE p.mailbox_id = %s AND p.uid BETWEEN %s AND %s ORDER BY p.uid",
        [mailbox_id, low, high],
    )


def structures_of(email_ids: Iterable[int]) -> dict[int, bytes]:
    """The structures by e-mail id; those gone are left out."""
    found = parts_of(email_ids, ("structure",))
    return {email_id: data for email_id, (data,) in found.items() if data is not None}


def spam_of(email_ids: Iterable[int]) -> dict[int, str]:
    """What the spam filter said at arrival, by e-mail id, as JSON; of those that it was not asked of nothing."""
    found: dict[int, str] = {}
    for chunk in sql.chunks(email_ids):
        found.update(
            sql.rows(
                "SELECT email_id, spam FROM mail_emailpart WHERE spam IS NOT NULL"
                f" AND email_id IN ({sql.marks(chunk)})",
                chunk,
            )
        )
    return found


def raw_of(email_ids: Sequence[int]) -> dict[int, bytes]:
    """The bytes as received, by e-mail id; those gone are left out."""
    return blobs.read_joined("mail_email", "blob_id", email_ids)


def look_at(email_id: int) -> bytes:
    """One of them, for whoever wants little of it (`blobs.look_at`). Raises Missing."""
    found = sql.row("SELECT blob_id FROM mail_email WHERE id = %s", [email_id])
    if found is None:
        raise Missing()
    return blobs.look_at(found[0])


def view_changes(mailbox_id: int, *, account_id: int, uidnext: int, modseq: int) -> ViewChanges:
    """What changed in a mailbox since a session last looked; raises Missing when it was deleted.

    Three index ranges, whatever the size of the mailbox.
    """
    head = sql.row("SELECT uidnext, modseq FROM mail_mailbox WHERE id = %s", [mailbox_id])
    if head is None:
        raise Missing()
    new_uidnext, new_modseq = int(head[0]), int(head[1])
    if new_modseq <= modseq:
        return ViewChanges([], [], [], uidnext, modseq)
    new = sql.rows(
        "SELECT uid, email_id FROM mail_placement WHERE mailbox_id = %s AND uid >= %s AND uid < %s ORDER BY uid",
        [mailbox_id, uidnext, new_uidnext],
    )
    found = changed_since(mailbox_id, account_id=account_id, uidnext=uidnext, modseq=modseq)
    changed = [row for row in found if row.modseq <= new_modseq]  # what is newer is told with all before it
    vanished = vanished_since(mailbox_id, account_id=account_id, modseq=modseq)
    return ViewChanges([(uid, email_id) for uid, email_id in new], changed, vanished, new_uidnext, new_modseq)


def sums(mailbox_ids: Collection[int]) -> dict[int, tuple[int, int, int]]:
    """How many e-mails are \\Deleted, their bytes, and the bytes of all, by mailbox; zeros for an empty one."""
    found = dict.fromkeys(mailbox_ids, (0, 0, 0))
    for chunk in sql.chunks(mailbox_ids):
        for mailbox_id, *three in sql.rows(
            "SELECT p.mailbox_id, sum(CASE WHEN p.is_deleted THEN 1 ELSE 0 END),"
            " sum(CASE WHEN p.is_deleted THEN e.size_bytes ELSE 0 END), sum(e.size_bytes)"
            " FROM mail_placement p JOIN mail_email e ON e.id = p.email_id"
            f" WHERE p.mailbox_id IN ({sql.marks(chunk)}) GROUP BY p.mailbox_id",
            chunk,
        ):
            deleted, deleted_bytes, size_bytes = map(int, three)
            found[mailbox_id] = (deleted, deleted_bytes, size_bytes)
    return found


def changed_since(mailbox_id: int, *, account_id: int, uidnext: int, modseq: int) -> list[FlagsRow]:
    """Placements below a UID whose e-mails the log names after a number."""
    return [
        FlagsRow(*row)
        for row in sql.rows(
            f"{_FLAGS_OF_CHANGED} WHERE p.email_id = e.id AND e.account_id = %s AND e.modseq > %s"
            " AND p.mailbox_id = %s AND p.uid < %s ORDER BY p.uid",
            [account_id, modseq, mailbox_id, uidnext],
        )
    ]


def vanished_since(mailbox_id: int, *, account_id: int, modseq: int) -> list[int]:
    """UIDs that vanished after a number, as far as the log reaches back."""
    return [
        row[0]
        for row in sql.rows(
            "SELECT uid FROM mail_expunged WHERE account_id = %s AND modseq > %s AND mailbox_id = %s ORDER BY uid",
            [account_id, modseq, mailbox_id],
        )
    ]
