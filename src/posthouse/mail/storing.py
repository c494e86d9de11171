"""The hot path: many e-mails into the store in one go.

`prepare` does what needs no database (parse, hash, compress) and may run anywhere; `store` is a `Bulk`: the
write lane hands it all arrivals that wait, and it writes each table once. Written as SQL, since Django's
`bulk_create` costs three times as much per row here (benchmarks/README.md).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple

import msgspec
import orjson

from posthouse.base import blobs, clock, db, jobs, sql
from posthouse.base.errors import Limited, Missing
from posthouse.base.ids import new_id
from posthouse.base.remote_calls import offer
from posthouse.mail import flags as flag
from posthouse.mail import threading
from posthouse.mail.listed import listed_fields
from posthouse.mail.threading import parents_of
from posthouse.wire.mime import Address, digest
from posthouse.wire.mime.part import load_extent

LISTED_ADDRESSES = 25

_last_at = float("-inf")


class Arrival(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """An e-mail ready to be stored: its content is durable, and what its rows take of its digest is at hand.

    `sender`, `recipients` and `copied` are JSON as REST shows it. All of it can go to another process as it is.
    """

    blob: blobs.Prepared
    keys: threading.Keys
    received_at_ms: int
    sent_at_ms: int | None
    message_id: str
    parents: str | None
    subject: str
    preview: str
    sender: str
    recipients: str
    copied: str
    has_attachment: bool
    envelope: bytes
    body: bytes
    bodystructure: bytes
    structure: bytes
    fields: bytes | None
    defects: tuple[str, ...]


class Quota(Enum):
    """What is asked of an account's quota.

    FITS: the e-mail must fit. LAST: there must be some room; one nearly full account may not keep an e-mail from
    everybody else it is for. NONE: nothing, for what we tell people about their own mail.
    """

    FITS = 0
    LAST = 1
    NONE = 2


class Job(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """What another room wants done with an e-mail later; asked for in the transaction that stores it, with its id."""

    kind: str
    arguments: dict[str, Any]


class Storing(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """Store an arrival in one account, in a mailbox given by id or by role, and in others beside it (`labels`).

    One that a rule files (`filed_by`) goes to the inbox when the mailbox is gone meanwhile; a label that is gone is
    left out. `spam` is what the spam filter said (filters/spam/judging.py).
    """

    arrival: Arrival
    account_id: int
    mailbox_id: int | None = None
    role: str = "inbox"
    flags: int = 0
    keywords: str = ""
    thread_id: int | None = None
    quota: Quota = Quota.FITS
    labels: tuple[int, ...] = ()
    filed_by: int | None = None
    job: Job | None = None
    spam: str | None = None


INBOX = "inbox"


class Stored(NamedTuple):
    email_id: int
    thread_id: int
    mailbox_id: int
    uid: int
    uidvalidity: int
    modseq: int


def check_room(account_id: int, size: int) -> None:
    """Before so much comes in: raises Limited (over_quota). What is kept is counted again when it is."""
    found = sql.row(
        "SELECT 1 FROM mail_account WHERE id = %s AND quota_bytes IS NOT NULL AND used_bytes + %s > quota_bytes",
        [account_id, size],
    )
    if found is not None:
        raise _full()


def check_room_beside(user_id: int, kept: Callable[[], int]) -> None:
    """Whether what a person keeps elsewhere fits beside their mail; counted only where there is a quota.

    Raises Limited (over_quota). Mail itself is never refused for what lies elsewhere.
    """
    found = sql.row(
        "SELECT quota_bytes - used_bytes FROM mail_account WHERE owner_id = %s AND quota_bytes IS NOT NULL",
        [user_id],
    )
    if found is not None and kept() > found[0]:
        raise _full()


def _full() -> Limited:
    return Limited("over_quota", "The mailbox is full.")


def prepare(raw: bytes, *, received_at_ms: int | None = None, or_sent_at: bool = False) -> Arrival:
    """Parse and make the content durable. Never fails on content, only on the disk (Unavailable).

    Without a time it arrived now, or (`or_sent_at`, for archives) when its Date header says.
    """
    parsed = digest(raw)
    whole = load_extent(parsed.structure)
    if received_at_ms is None and or_sent_at:
        received_at_ms = parsed.sent_at_ms
    return Arrival(
        blob=blobs.prepare(raw),
        keys=threading.keys_of(parsed),
        received_at_ms=clock.now_ms() if received_at_ms is None else received_at_ms,
        sent_at_ms=parsed.sent_at_ms,
        message_id=parsed.message_id or "",
        parents=parents_of(parsed),
        subject=parsed.subject,
        preview=parsed.preview,
        sender=addresses_json(parsed.from_),
        recipients=addresses_json(parsed.to),
        copied=addresses_json(parsed.cc),
        has_attachment=parsed.has_attachment,
        envelope=parsed.envelope,
        body=parsed.body,
        bodystructure=parsed.bodystructure,
        structure=parsed.structure,
        fields=listed_fields(raw[whole.header_start : whole.body_start]),
        defects=parsed.defects,
    )


def addresses_json(addresses: Sequence[Address]) -> str:
    """As REST shows them; kept ready, and cut at 25 since every list reads them."""
    if not addresses:
        return "[]"
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


def last_at() -> float:
    """When this process last stored something, by the monotonic clock; whoever takes his time asks."""
    return _last_at


def _store_many(items: Sequence[Storing]) -> list[Stored]:
    global _last_at
    _last_at = time.monotonic()
    accounts, mailboxes = _lock(items)
    touched: dict[int, int] = {}
    index = threading.ThreadIndex([(item.account_id, item.arrival.keys) for item in items])
    stored = [_one(item, accounts, mailboxes, index, touched) for item in items]
    if index.has_merged:
        stored = [new._replace(thread_id=index.now(new.thread_id)) for new in stored]
    _write_content(items, stored, _labelled(items, stored, mailboxes))
    for item, new in zip(items, stored, strict=True):
        if item.job is not None:
            jobs.enqueue(item.job.kind, email_id=new.email_id, **item.job.arguments)
    index.write()
    _write_counters(accounts.values(), [mailbox for mailbox in mailboxes if mailbox.added], touched)
    for account in accounts.values():
        db.hint(account.id, account.modseq)
    db.hint("stored")
    return stored


def _write_counters(
    accounts: Collection[_Account], mailboxes: Sequence[_Mailbox], touched: dict[int, int]
) -> None:
    """`touched`: mailboxes with e-mails that went into another thread, and at which modseq."""
    for mailbox in mailboxes:
        mailbox.modseq = max(mailbox.modseq, touched.pop(mailbox.id, 0))
    sql.run_many(
        "UPDATE mail_mailbox SET modseq = %s WHERE id = %s",
        [(modseq, mailbox_id) for mailbox_id, modseq in sorted(touched.items())],
    )
    sql.update_many(
        "mail_mailbox SET uidnext = v.column2, total_emails = total_emails + v.column3,"
        " unread_emails = unread_emails + v.column4, modseq = v.column5",
        [(m.id, m.uidnext, m.added, m.unread, m.modseq) for m in mailboxes],
    )
    sql.update_many(
        "mail_account SET modseq = v.column2, used_bytes = v.column3",
        [(a.id, a.modseq, a.used_bytes) for a in accounts],
    )


def _lock(items: Sequence[Storing]) -> tuple[dict[int, _Account], list[_Mailbox]]:
    """The accounts, and of their mailboxes those that something is for."""
    account_ids = sorted({item.account_id for item in items})
    chosen = {item.mailbox_id for item in items if item.mailbox_id is not None}
    roles = {item.role for item in items if item.mailbox_id is None}
    for item in items:
        if item.filed_by is not None:
            chosen.update(item.labels)
            roles.add(INBOX)
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
            f" WHERE account_id IN ({sql.marks(account_ids)}) AND (id IN ({sql.marks(list(chosen))})"
            f" OR role IN ({sql.marks(list(roles))})) ORDER BY id{sql.for_update()}",
            [*account_ids, *sorted(chosen), *sorted(roles)],
        )
    ]
    return accounts, mailboxes


def _target(item: Storing, mailboxes: list[_Mailbox]) -> _Mailbox:
    for mailbox in mailboxes:
        if mailbox.account_id != item.account_id:
            continue
        if mailbox.id == item.mailbox_id or (item.mailbox_id is None and mailbox.role == item.role):
            return mailbox
    if item.filed_by is not None:
        for mailbox in mailboxes:
            if mailbox.account_id == item.account_id and mailbox.role == INBOX:
                return mailbox
    raise Missing("no_such_mailbox", "There is no such mailbox.")


class _Label(NamedTuple):
    """A further place of an e-mail: `item` is its place in the batch."""

    item: int
    mailbox_id: int
    uid: int


def _labelled(
    items: Sequence[Storing], stored: Sequence[Stored], mailboxes: Sequence[_Mailbox]
) -> list[_Label]:
    found = []
    for place, item in enumerate(items):
        if not item.labels:
            continue
        new = stored[place]
        for mailbox in mailboxes:
            is_meant = mailbox.account_id == item.account_id and mailbox.id in item.labels
            if is_meant and mailbox.id != new.mailbox_id:
                found.append(_Label(place, mailbox.id, _enter(mailbox, item, new.modseq)))
    return found


def _enter(mailbox: _Mailbox, item: Storing, modseq: int) -> int:
    """The next UID, and the counters."""
    uid = mailbox.uidnext
    mailbox.uidnext += 1
    mailbox.added += 1
    mailbox.unread += not item.flags & flag.SEEN
    mailbox.modseq = max(mailbox.modseq, modseq)
    return uid


def _one(
    item: Storing,
    accounts: dict[int, _Account],
    mailboxes: list[_Mailbox],
    index: threading.ThreadIndex,
    touched: dict[int, int],
) -> Stored:
    account = accounts.get(item.account_id)
    if account is None:
        raise Missing("no_such_account", "There is no such account.")
    mailbox = _target(item, mailboxes)
    size = item.arrival.blob.size_bytes
    needed = {Quota.FITS: size, Quota.LAST: 1, Quota.NONE: 0}[item.quota]
    if needed and account.quota_bytes is not None and account.used_bytes + needed > account.quota_bytes:
        raise _full()
    account.modseq += 1
    account.used_bytes += size
    thread_id, same = index.thread_of(item.account_id, item.arrival.keys, chosen=item.thread_id)
    if same:
        changed = index.merge(item.account_id, into=thread_id, others=same, modseq=account.modseq)
        touched.update(dict.fromkeys(changed, account.modseq))
    uid = _enter(mailbox, item, account.modseq)
    return Stored(new_id(), thread_id, mailbox.id, uid, mailbox.uidvalidity, account.modseq)


def _write_content(items: Sequence[Storing], stored: Sequence[Stored], labelled: Sequence[_Label]) -> None:
    blobs.insert({item.arrival.blob.id: item.arrival.blob for item in items}.values())
    emails, parts, placements = [], [], []
    for item, new in zip(items, stored, strict=True):
        arrival = item.arrival
        emails.append((
            new.email_id, item.account_id, new.thread_id, arrival.blob.id, arrival.blob.size_bytes,
            arrival.received_at_ms, arrival.sent_at_ms, arrival.message_id, arrival.subject, arrival.preview,
            arrival.sender, arrival.recipients, arrival.copied,
            item.flags, item.keywords, arrival.has_attachment, new.modseq, new.modseq, arrival.parents,
            item.filed_by,
        ))  # fmt: skip
        parts.append((
            new.email_id, arrival.envelope, arrival.body, arrival.bodystructure, arrival.structure, arrival.fields,
            item.spam,
        ))  # fmt: skip
        placements.append((
            new.mailbox_id, new.uid, new.email_id, item.account_id, new.thread_id, arrival.received_at_ms,
            False, new.modseq,
        ))  # fmt: skip
    for place, mailbox_id, uid in labelled:
        new, item = stored[place], items[place]
        placements.append((
            mailbox_id, uid, new.email_id, item.account_id, new.thread_id, item.arrival.received_at_ms,
            False, new.modseq,
        ))  # fmt: skip
    sql.insert_many(
        "INSERT INTO mail_email (id, account_id, thread_id, blob_id, size_bytes, received_at, sent_at, message_id,"
        " subject, preview, sender, recipients, copied, flags, keywords, has_attachment, modseq, created_modseq,"
        " parents, filed_by)",
        emails,
    )
    sql.insert_many(
        "INSERT INTO mail_emailpart (email_id, envelope, body, bodystructure, structure, fields, spam)",
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
offer("mail.store_together", store_together, item=list[Storing], result=list[Stored])
