"""Putting e-mails into mailboxes and taking them out: the part that every filing verb shares.

Call inside an action, with the account's next modseq in hand. Counters, UIDs, the vanished log and the stamps on
the e-mails are kept here and nowhere else. Filing stamps places and not e-mails: what came is told by the number of
its place, what left by the vanished log (mail/changes.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from posthouse.base import clock, db, sql
from posthouse.base.errors import Missing
from posthouse.base.ids import new_block, new_id
from posthouse.mail.models import Tombstone


class Place(NamedTuple):
    mailbox_id: int
    uid: int
    email_id: int
    is_seen: bool


class Lying(NamedTuple):
    """E-mails of one mailbox: UID and id of each, and how many are not \\Seen."""

    uids: Sequence[int]
    email_ids: Sequence[int]
    unseen: int


@dataclass(slots=True)
class _Count:
    total: int = 0
    unread: int = 0


@dataclass(slots=True)
class Filing:
    """One filing in progress: collects counter changes, writes them once in `finish`.

    `touched` are e-mails to be stamped; `displaced` those that left a mailbox, and perhaps lie nowhere any more.
    """

    account_id: int
    modseq: int
    counts: dict[int, _Count] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)
    displaced: set[int] = field(default_factory=set)

    def count(self, mailbox_id: int, *, total: int = 0, unread: int = 0) -> None:
        count = self.counts.setdefault(mailbox_id, _Count())
        count.total += total
        count.unread += unread


def hold(account_id: int) -> bool:
    """Keep other writers of an account out until the end of the action: what is read from here on stays true.

    For actions that look before they take a number. On SQLite the write lane keeps them out anyway, and it gives False:
    what was read before this is true as well. Who locks submissions or recipients too does so before
    (delivery/actions.py).
    """
    lock = sql.for_update()
    if lock:
        sql.row(f"SELECT id FROM mail_account WHERE id = %s{lock}", [account_id])
    return bool(lock)


def next_modseq(account_id: int) -> int:
    """Take the account's next number; also serialises writers of one account on PostgreSQL."""
    found = sql.row(
        "UPDATE mail_account SET modseq = modseq + 1 WHERE id = %s RETURNING modseq", [account_id]
    )
    if found is None:
        raise Missing()
    db.hint(account_id, found[0])
    db.hint("changed")
    return int(found[0])


def begin(account_id: int) -> Filing:
    return Filing(account_id=account_id, modseq=next_modseq(account_id))


def places_of(email_ids: Iterable[int]) -> list[Place]:
    """Where e-mails lie."""
    found: list[Place] = []
    for chunk in sql.chunks(email_ids):
        found += [
            Place(mailbox_id, uid, email_id, bool(seen))
            for mailbox_id, uid, email_id, seen in sql.rows(
                "SELECT p.mailbox_id, p.uid, p.email_id, e.flags & 1 FROM mail_placement p"
                f" JOIN mail_email e ON e.id = p.email_id WHERE p.email_id IN ({sql.marks(chunk)})"
                " ORDER BY p.mailbox_id, p.uid",
                chunk,
            )
        ]
    return found


def place(filing: Filing, email_ids: Sequence[int], *, mailbox_id: int) -> dict[int, int]:
    """Put e-mails in a mailbox, in this order, with fresh UIDs; gives e-mail id -> UID. They must not lie there."""
    if not email_ids:
        return {}
    first_uid = _take_uids(mailbox_id, len(email_ids))
    uids = {email_id: first_uid + offset for offset, email_id in enumerate(email_ids)}
    placed, now_ms = 0, clock.now_ms()
    for chunk in sql.chunks(email_ids):
        rows = sql.rows(
            f"SELECT id, thread_id, received_at, flags & 1 FROM mail_email WHERE id IN ({sql.marks(chunk)})",
            chunk,
        )
        sql.insert_many(
            "INSERT INTO mail_placement (mailbox_id, uid, email_id, account_id, thread_id, received_at,"
            " is_deleted, modseq, placed_at)",
            [
                (
                    mailbox_id,
                    uids[email_id],
                    email_id,
                    filing.account_id,
                    thread_id,
                    received_at,
                    False,
                    filing.modseq,
                    now_ms,
                )
                for email_id, thread_id, received_at, _ in rows
            ],
        )
        placed += len(rows)
        filing.count(mailbox_id, total=len(rows), unread=sum(not seen for *_, seen in rows))
    if placed != len(email_ids):
        raise Missing()
    return uids


def _take_uids(mailbox_id: int, count: int) -> int:
    """The first of so many fresh UIDs."""
    found = sql.row(
        "UPDATE mail_mailbox SET uidnext = uidnext + %s WHERE id = %s RETURNING uidnext", [count, mailbox_id]
    )
    if found is None:
        raise Missing()
    return int(found[0]) - count


def uids_in(mailbox_id: int, email_ids: Iterable[int]) -> dict[int, int]:
    """Which of the e-mails lie in a mailbox: e-mail id -> UID."""
    found: dict[int, int] = {}
    for chunk in sql.chunks(email_ids):
        found.update(
            sql.rows(
                "SELECT email_id, uid FROM mail_placement"
                f" WHERE email_id IN ({sql.marks(chunk)}) AND mailbox_id = %s",
                [*chunk, mailbox_id],
            )
        )
    return found


def place_beside(filing: Filing, found: Lying, *, source_id: int, mailbox_id: int) -> Sequence[int]:
    """`place` for e-mails of another mailbox of the account, copied from there; gives their UIDs, in this order."""
    if not found.uids:
        return ()
    first_uid, placed, now_ms = _take_uids(mailbox_id, len(found.uids)), 0, clock.now_ms()
    for chunk in sql.chunks(found.uids):
        placed += sql.run(
            "INSERT INTO mail_placement (mailbox_id, uid, email_id, account_id, thread_id, received_at,"
            " is_deleted, modseq, placed_at) SELECT %s, %s + row_number() OVER (ORDER BY uid), email_id, account_id,"
            " thread_id, received_at, %s, %s, %s FROM mail_placement"
            f" WHERE mailbox_id = %s AND uid IN ({sql.marks(chunk)})",
            [mailbox_id, first_uid + placed - 1, False, filing.modseq, now_ms, source_id, *chunk],
        )
    if placed != len(found.uids):
        raise Missing()
    filing.count(mailbox_id, total=placed, unread=found.unseen)
    return range(first_uid, first_uid + placed)


def displace(filing: Filing, places: Collection[Place]) -> None:
    """Take e-mails out of mailboxes; each UID goes into the vanished log."""
    by_mailbox: dict[int, list[Place]] = {}
    for place in places:
        by_mailbox.setdefault(place.mailbox_id, []).append(place)
    for mailbox_id, gone in by_mailbox.items():
        unseen = sum(not place.is_seen for place in gone)
        found = Lying([place.uid for place in gone], [place.email_id for place in gone], unseen)
        displace_from(filing, mailbox_id, found)


def displace_from(filing: Filing, mailbox_id: int, found: Lying, *, has_place: bool = False) -> None:
    """The same for one mailbox. `has_place`: every one of them lies in another as well."""
    now_ms, gone = clock.now_ms(), 0
    for uids in sql.chunks(found.uids):
        these = f"mailbox_id = %s AND uid IN ({sql.marks(uids)})"
        gone += sql.run(
            "INSERT INTO mail_expunged (id, account_id, mailbox_id, uid, email_id, modseq, at)"
            " SELECT %s + row_number() OVER (ORDER BY uid), account_id, mailbox_id, uid, email_id, %s, %s"
            f" FROM mail_placement WHERE {these}",
            [new_block(len(uids)) - 1, filing.modseq, now_ms, mailbox_id, *uids],
        )
        sql.run(f"DELETE FROM mail_placement WHERE {these}", [mailbox_id, *uids])
    if gone != len(found.uids):
        raise Missing()
    filing.count(mailbox_id, total=-len(found.uids), unread=-found.unseen)
    if not has_place:
        filing.displaced.update(found.email_ids)


def finish(filing: Filing) -> None:
    """Stamp what was touched, write the counters, and end e-mails that lie nowhere any more.

    Every mailbox that holds a touched e-mail is at this modseq too: its number is the highest of its e-mails
    (RFC 7162 §3.1.2.1).
    """
    homeless = _homeless(filing.displaced)
    staying = filing.touched - homeless
    note_mailboxes(filing, staying)
    if homeless:
        destroy(filing, homeless)
    stamp(filing, sorted(staying))
    sql.run_many(
        "UPDATE mail_mailbox SET total_emails = total_emails + %s, unread_emails = unread_emails + %s, modseq = %s"
        " WHERE id = %s",
        [(c.total, c.unread, filing.modseq, mailbox_id) for mailbox_id, c in sorted(filing.counts.items())],
    )


def stamp(filing: Filing, email_ids: Iterable[int]) -> None:
    for chunk in sql.chunks(email_ids):
        sql.run(
            f"UPDATE mail_email SET modseq = %s WHERE id IN ({sql.marks(chunk)})",
            [filing.modseq, *chunk],
        )


def note_mailboxes(filing: Filing, email_ids: Iterable[int]) -> None:
    for chunk in sql.chunks(email_ids):
        for (mailbox_id,) in sql.rows(
            f"SELECT DISTINCT mailbox_id FROM mail_placement WHERE email_id IN ({sql.marks(chunk)})",
            chunk,
        ):
            filing.count(mailbox_id)


def _homeless(email_ids: Collection[int]) -> set[int]:
    """Those that lie nowhere. Most often it is all of them or none, which a count tells."""
    homeless: set[int] = set()
    for chunk in sql.chunks(sorted(email_ids)):
        lying = f"SELECT DISTINCT email_id FROM mail_placement WHERE email_id IN ({sql.marks(chunk)})"
        counted = sql.row(f"SELECT count(*) FROM ({lying}) AS l", chunk)
        if counted is None or counted[0] == len(chunk):
            continue
        homeless.update(chunk)
        if counted[0]:
            homeless.difference_update(email_id for (email_id,) in sql.rows(lying, chunk))
    return homeless


def destroy(filing: Filing, email_ids: Iterable[int]) -> None:
    """Delete e-mails that lie in no mailbox; their content goes with the next sweep."""
    now_ms, freed = clock.now_ms(), 0
    for chunk in sql.chunks(email_ids):
        marks = sql.marks(chunk)
        rows = sql.rows(f"SELECT id, thread_id, size_bytes FROM mail_email WHERE id IN ({marks})", chunk)
        freed += sum(size for *_, size in rows)
        sql.run(f"DELETE FROM mail_emailpart WHERE email_id IN ({marks})", chunk)
        sql.run(f"DELETE FROM mail_email WHERE id IN ({marks})", chunk)
        sql.insert_many(
            "INSERT INTO mail_tombstone (id, account_id, kind, object_id, thread_id, modseq, at)",
            [
                (
                    new_id(),
                    filing.account_id,
                    Tombstone.Kind.EMAIL.value,
                    email_id,
                    thread_id,
                    filing.modseq,
                    now_ms,
                )
                for email_id, thread_id, _ in rows
            ],
        )
    sql.run("UPDATE mail_account SET used_bytes = used_bytes - %s WHERE id = %s", [freed, filing.account_id])
