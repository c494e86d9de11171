"""The hot path: many e-mails into the store in one go.

`prepare` does what needs no database (parse, hash, compress) and may run anywhere; `store` is a `Bulk`: the
write lane hands it all arrivals that wait, and it writes each table once. Written as SQL, since Django's
`bulk_create` costs three times as much per row here (benchmarks/README.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import orjson

from posthouse.base import blobs, clock, db, sql
from posthouse.base.errors import Limited, Missing
from posthouse.base.ids import new_id
from posthouse.mail import flags as flag
from posthouse.mail import threading
from posthouse.wire.mime import Address, Digest, digest

LISTED_ADDRESSES = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An e-mail ready to be stored: its content is durable, its digest made."""

    blob: blobs.Prepared
    digest: Digest
    keys: threading.Keys
    received_at_ms: int


class Quota(Enum):
    """What is asked of an account's quota.

    FITS: the e-mail must fit. LAST: there must be some room; one nearly full account may not keep an e-mail from
    everybody else it is for. NONE: nothing, for what we tell people about their own mail.
    """

    FITS = 0
    LAST = 1
    NONE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Storing:
    """Store an arrival in one account, in a mailbox given by id or by role."""

    arrival: Arrival
    account_id: int
    mailbox_id: int | None = None
    role: str = "inbox"
    flags: int = 0
    keywords: str = ""
    thread_id: int | None = None
    quota: Quota = Quota.FITS


class Stored(NamedTuple):
    email_id: int
    thread_id: int
    mailbox_id: int
    uid: int
    uidvalidity: int
    modseq: int


def prepare(raw: bytes, *, received_at_ms: int | None = None, or_sent_at: bool = False) -> Arrival:
    """Parse and make the content durable. Never fails on content, only on the disk (Unavailable).

    Without a time it arrived now, or (`or_sent_at`, for archives) when its Date header says.
    """
    parsed = digest(raw)
    if received_at_ms is None and or_sent_at:
        received_at_ms = parsed.sent_at_ms
    return Arrival(
        blob=blobs.prepare(raw),
        digest=parsed,
        keys=threading.keys_of(parsed),
        received_at_ms=clock.now_ms() if received_at_ms is None else received_at_ms,
    )


def addresses_json(addresses: Sequence[Address]) -> str:
    """As REST shows them; kept ready, and cut at 25 since every list reads them."""
    return orjson.dumps([{"name": a.name, "email": a.email} for a in addresses[:LISTED_ADDRESSES]]).decode()


@dataclass(slots=True)
class _Account:
    id: int
    modseq: int
    used_bytes: int
    quota_bytes: int | None


@dataclass(slots=True)
class _Mailbox:
    id: int
    account_id: int
    role: str
    uidvalidity: int
    uidnext: int
    added: int = 0
    unread: int = 0
    modseq: int = 0


def _store_many(items: Sequence[Storing]) -> list[Stored]:
    accounts, mailboxes = _lock(items)
    index = threading.ThreadIndex([(item.account_id, item.arrival.keys) for item in items])
    stored = [_one(item, accounts, mailboxes, index) for item in items]
    if index.has_merged:
        stored = [new._replace(thread_id=index.now(new.thread_id)) for new in stored]
    _write_content(items, stored)
    index.write()
    sql.run_many(
        "UPDATE mail_mailbox SET uidnext = %s, total_emails = total_emails + %s,"
        " unread_emails = unread_emails + %s, modseq = %s WHERE id = %s",
        [(m.uidnext, m.added, m.unread, m.modseq, m.id) for m in mailboxes if m.modseq],
    )
    sql.run_many(
        "UPDATE mail_account SET modseq = %s, used_bytes = %s WHERE id = %s",
        [(a.modseq, a.used_bytes, a.id) for a in accounts.values()],
    )
    for account in accounts.values():
        db.hint(account.id, account.modseq)
    db.hint("stored")
    return stored


def _lock(items: Sequence[Storing]) -> tuple[dict[int, _Account], list[_Mailbox]]:
    account_ids = sorted({item.account_id for item in items})
    accounts = {
        row[0]: _Account(*row)
        for row in sql.rows(
            f"SELECT id, modseq, used_bytes, quota_bytes FROM mail_account WHERE id IN ({sql.marks(account_ids)})"
            f" ORDER BY id{sql.for_update()}",
            account_ids,
        )
    }
    mailboxes = [
        _Mailbox(*row)
        for row in sql.rows(
            "SELECT id, account_id, role, uidvalidity, uidnext FROM mail_mailbox"
            f" WHERE account_id IN ({sql.marks(account_ids)}) ORDER BY id{sql.for_update()}",
            account_ids,
        )
    ]
    return accounts, mailboxes


def _target(item: Storing, mailboxes: list[_Mailbox]) -> _Mailbox:
    for mailbox in mailboxes:
        if mailbox.account_id != item.account_id:
            continue
        if mailbox.id == item.mailbox_id or (item.mailbox_id is None and mailbox.role == item.role):
            return mailbox
    raise Missing("no_such_mailbox", "There is no such mailbox.")


def _one(
    item: Storing, accounts: dict[int, _Account], mailboxes: list[_Mailbox], index: threading.ThreadIndex
) -> Stored:
    account = accounts.get(item.account_id)
    if account is None:
        raise Missing("no_such_account", "There is no such account.")
    mailbox = _target(item, mailboxes)
    size = item.arrival.blob.size_bytes
    needed = {Quota.FITS: size, Quota.LAST: 1, Quota.NONE: 0}[item.quota]
    if needed and account.quota_bytes is not None and account.used_bytes + needed > account.quota_bytes:
        raise Limited("over_quota", "The mailbox is full.")
    account.modseq += 1
    account.used_bytes += size
    thread_id, same = index.thread_of(item.account_id, item.arrival.keys, chosen=item.thread_id)
    if same:
        changed = index.merge(item.account_id, into=thread_id, others=same, modseq=account.modseq)
        for holder in mailboxes:
            holder.modseq = account.modseq if holder.id in changed else holder.modseq
    uid = mailbox.uidnext
    mailbox.uidnext += 1
    mailbox.added += 1
    mailbox.unread += not item.flags & flag.SEEN
    mailbox.modseq = account.modseq
    return Stored(new_id(), thread_id, mailbox.id, uid, mailbox.uidvalidity, account.modseq)


def _write_content(items: Sequence[Storing], stored: Sequence[Stored]) -> None:
    blobs.insert({item.arrival.blob.id: item.arrival.blob for item in items}.values())
    emails, parts, placements = [], [], []
    for item, new in zip(items, stored, strict=True):
        arrival, parsed = item.arrival, item.arrival.digest
        emails.append((
            new.email_id, item.account_id, new.thread_id, arrival.blob.id, arrival.blob.size_bytes,
            arrival.received_at_ms, parsed.sent_at_ms, parsed.message_id or "", parsed.subject, parsed.preview,
            addresses_json(parsed.from_), addresses_json(parsed.to), addresses_json(parsed.cc),
            item.flags, item.keywords, parsed.has_attachment, new.modseq, new.modseq,
        ))  # fmt: skip
        parts.append((new.email_id, parsed.envelope, parsed.body, parsed.bodystructure, parsed.structure))
        placements.append((
            new.mailbox_id, new.uid, new.email_id, item.account_id, new.thread_id, arrival.received_at_ms,
            False, new.modseq,
        ))  # fmt: skip
    sql.insert_many(
        "INSERT INTO mail_email (id, account_id, thread_id, blob_id, size_bytes, received_at, sent_at, message_id,"
        " subject, preview, sender, recipients, copied, flags, keywords, has_attachment, modseq, created_modseq)",
        emails,
    )
    sql.insert_many(
        "INSERT INTO mail_emailpart (email_id, envelope, body, bodystructure, structure)",
        parts,
    )
    sql.insert_many(
        "INSERT INTO mail_placement (mailbox_id, uid, email_id, account_id, thread_id, received_at, is_deleted,"
        " modseq)",
        placements,
    )


store: db.Bulk[Storing, Stored] = db.Bulk(_store_many)
"""Store one e-mail, or join the batch that the write lane is taking. Raises Missing, Limited (over_quota)."""


def _store_together_many(groups: Sequence[Sequence[Storing]]) -> list[list[Stored]]:
    flat = iter(_store_many([item for group in groups for item in group]))
    return [[next(flat) for _ in group] for group in groups]


store_together: db.Bulk[Sequence[Storing], list[Stored]] = db.Bulk(_store_together_many)
"""Store one arrival for several people, all or nothing; joins the waiting batch like `store`."""
