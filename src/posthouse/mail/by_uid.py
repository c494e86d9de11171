"""Mailboxes as IMAP sees them: placements by UID, views of a mailbox and what changed in it, and verbs on them."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from posthouse.audit.actions import Fact, record
from posthouse.audit.acts import Act
from posthouse.base import blobs, db, sql
from posthouse.base.errors import Limited, Missing
from posthouse.base.ids import new_id
from posthouse.identity.actor import Actor
from posthouse.mail import access, actions, placing
from posthouse.mail.placing import Place


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


def raw_of(email_ids: Sequence[int]) -> dict[int, bytes]:
    """The bytes as received, by e-mail id; those gone are left out."""
    return blobs.read_joined("mail_email", "blob_id", email_ids)


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


# --- verbs --------------------------------------------------------------------------------------


def _places(mailbox_id: int, uids: Collection[int]) -> list[Place]:
    rows = flags_of(mailbox_id, sorted(uids))
    return [Place(mailbox_id, row.uid, row.email_id, bool(row.flags & 1)) for row in rows]


@db.action
def store_flags(
    actor: Actor,
    mailbox_id: int,
    uids: Collection[int],
    *,
    mode: str,
    bits: int,
    keywords: frozenset[str],
    deleted: bool,
) -> list[FlagsRow]:
    """STORE (RFC 9051 §6.4.6): `mode` is "add", "remove" or "replace"; gives the rows as they are now.

    `deleted` says whether \\Deleted is among the flags named; it belongs to this placement only.
    """
    mailbox = access.mailbox_ref_for(actor, mailbox_id)
    filing = placing.begin(mailbox.account_id)
    rows = flags_of(mailbox_id, sorted(uids))
    ids = [row.email_id for row in rows]
    if mode == "remove":
        changed = actions.apply_flags(filing, ids, clear_bits=bits, remove_keywords=keywords)
    else:
        changed = actions.apply_flags(
            filing, ids, set_bits=bits, add_keywords=keywords, replace=mode == "replace"
        )
    marked: set[int] = set()
    target = deleted and mode != "remove"
    if deleted or mode == "replace":
        for chunk in sql.chunks(row.uid for row in rows if bool(row.is_deleted) is not target):
            sql.run(
                "UPDATE mail_placement SET is_deleted = %s, modseq = %s WHERE mailbox_id = %s"
                f" AND uid IN ({sql.marks(chunk)})",
                [target, filing.modseq, mailbox_id, *chunk],
            )
            marked.update(chunk)
        filing.touched.update(row.email_id for row in rows if row.uid in marked)
    placing.finish(filing)
    return [_stored(row, changed.get(row.email_id), filing.modseq, marked, is_deleted=target) for row in rows]


def _stored(
    row: FlagsRow, changed: tuple[int, str] | None, modseq: int, marked: Collection[int], *, is_deleted: bool
) -> FlagsRow:
    """A row as it is after a STORE."""
    if changed is not None:
        row = row._replace(flags=changed[0], keywords=changed[1], modseq=modseq)
    return row._replace(is_deleted=is_deleted, modseq=modseq) if row.uid in marked else row


@db.action
def copy(actor: Actor, mailbox_id: int, uids: Collection[int], *, to: int) -> dict[int, int]:
    """COPY: gives source UID -> UID in the target.

    The e-mail is put in the target beside where it is (one e-mail, several mailboxes). Where it lies there
    already a client asks for a second one, and gets a second e-mail with the same content.
    """
    source, target = access.mailbox_ref_for(actor, mailbox_id), access.mailbox_ref_for(actor, to)
    if source.account_id != target.account_id:
        raise Missing()
    filing = placing.begin(target.account_id)
    places = _places(source.id, uids)
    there = {
        place.email_id for place in placing.places_of(p.email_id for p in places) if place.mailbox_id == to
    }
    twins = _clone(filing, [place.email_id for place in places if place.email_id in there])
    new_uids = placing.place(
        filing, [twins.get(place.email_id, place.email_id) for place in places], mailbox_id=to
    )
    placing.finish(filing)
    return {place.uid: new_uids[twins.get(place.email_id, place.email_id)] for place in places}


@db.action
def move(actor: Actor, mailbox_id: int, uids: Collection[int], *, to: int) -> dict[int, int]:
    """MOVE (RFC 6851), whole or not at all: gives source UID -> UID in the target.

    An e-mail that lies in the target already keeps its UID there; a move into the same mailbox gives a new UID.
    """
    source, target = access.mailbox_ref_for(actor, mailbox_id), access.mailbox_ref_for(actor, to)
    if source.account_id != target.account_id:
        raise Missing()
    filing = placing.begin(target.account_id)
    places = _places(source.id, uids)
    if source.id == target.id:
        placing.displace(filing, places)
        there: dict[int, int] = {}
    else:
        lying = placing.places_of(place.email_id for place in places)
        there = {place.email_id: place.uid for place in lying if place.mailbox_id == to}
    new_uids = there | placing.place(
        filing, [place.email_id for place in places if place.email_id not in there], mailbox_id=to
    )
    if source.id != target.id:
        placing.displace(filing, places)
    placing.finish(filing)
    return {place.uid: new_uids[place.email_id] for place in places}


@db.action
def discard(actor: Actor, mailbox_id: int, uid: int) -> None:
    """Take one e-mail out, whatever its flags: another is in its place. A draft goes off the record. Raises Missing."""
    mailbox = access.mailbox_ref_for(actor, mailbox_id)
    placing.hold(mailbox.account_id)
    places = _places(mailbox_id, [uid])
    if not places:
        raise Missing()
    filing = placing.begin(mailbox.account_id)
    placing.displace(filing, places)
    placing.finish(filing)
    if mailbox.role != "drafts":
        _record_expunged(actor, mailbox_id, places)


@db.action
def expunge(actor: Actor, mailbox_id: int, uids: Collection[int] | None = None) -> list[int]:
    """Take out what is marked \\Deleted (of the given UIDs only, if given); gives the UIDs that vanished."""
    mailbox = access.mailbox_ref_for(actor, mailbox_id)
    placing.hold(mailbox.account_id)
    wanted = None if uids is None else frozenset(uids)
    places = [
        Place(mailbox_id, uid, email_id, bool(seen))
        for uid, email_id, seen in sql.rows(
            "SELECT p.uid, p.email_id, e.flags & 1 FROM mail_placement p JOIN mail_email e ON e.id = p.email_id"
            " WHERE p.mailbox_id = %s AND p.is_deleted ORDER BY p.uid",
            [mailbox_id],
        )
        if wanted is None or uid in wanted
    ]
    if not places:
        return []
    filing = placing.begin(mailbox.account_id)
    placing.displace(filing, places)
    placing.finish(filing)
    _record_expunged(actor, mailbox_id, places)
    return [place.uid for place in places]


def _record_expunged(actor: Actor, mailbox_id: int, places: Sequence[Place]) -> None:
    ids = [str(place.email_id) for place in places[: actions.RECORDED_IDS]]
    facts: dict[str, Fact] = {"count": len(places), "ids": ids}
    record(actor, Act.EMAIL_EXPUNGED, kind="mailbox", object_id=mailbox_id, facts=facts)


def _clone(filing: placing.Filing, email_ids: Sequence[int]) -> dict[int, int]:
    """Second e-mails with the same content; gives old id -> new id. They count against the quota like any other."""
    _check_room(filing.account_id, email_ids)
    twins = {email_id: new_id() for email_id in email_ids}
    for old, new in twins.items():
        sql.run(
            "INSERT INTO mail_email (id, account_id, thread_id, blob_id, size_bytes, received_at, sent_at, message_id,"
            " subject, preview, sender, recipients, copied, flags, keywords, has_attachment, modseq, created_modseq,"
            " parents, twin_of)"
            " SELECT %s, account_id, thread_id, blob_id, size_bytes, received_at, sent_at, message_id,"
            " subject, preview, sender, recipients, copied, flags, keywords, has_attachment, %s, %s,"
            " parents, coalesce(twin_of, id) FROM mail_email"
            " WHERE id = %s",
            [new, filing.modseq, filing.modseq, old],
        )
        sql.run(
            f"INSERT INTO mail_emailpart (email_id, {', '.join(PARTS)})"
            f" SELECT %s, {', '.join(PARTS)} FROM mail_emailpart WHERE email_id = %s",
            [new, old],
        )
        sql.run(
            "UPDATE mail_account SET used_bytes = used_bytes + (SELECT size_bytes FROM mail_email WHERE id = %s)"
            " WHERE id = %s",
            [new, filing.account_id],
        )
    return twins


def _check_room(account_id: int, email_ids: Sequence[int]) -> None:
    for chunk in sql.chunks(email_ids):
        if sql.row(
            "SELECT 1 FROM mail_account a WHERE a.id = %s AND a.quota_bytes < a.used_bytes"
            f" + (SELECT sum(size_bytes) FROM mail_email WHERE id IN ({sql.marks(chunk)}))",
            [account_id, *chunk],
        ):
            raise Limited("over_quota", "The mailbox is full.")
