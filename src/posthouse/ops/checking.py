"""`posthouse check`: does the store hold what it says?

Counters against a recount, every e-mail's content against its hash, placements without e-mails, e-mails without
placements, blob files that nobody names. With `repair`, counters are set right and orphan files removed; content
that is gone can only be reported.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from posthouse.base import blobs, db, sql
from posthouse.base.errors import Failure
from posthouse.mail import mailboxes

BATCH = 200


def run(*, repair: bool) -> Iterator[dict[str, Any]]:
    """Yield progress, then `{"result": {"faults": [...], "repaired": n, "emails": n}}`."""
    faults: list[str] = []
    repaired = 0
    accounts = [row[0] for row in sql.rows("SELECT id FROM mail_account ORDER BY id")]
    for account_id in accounts:
        wrong = mailboxes.recount(account_id)
        faults += [
            f"mailbox {i}: {kept} e-mails counted, {real} there; {kept_unread} unread counted, {unread} there"
            for i, kept, real, kept_unread, unread in wrong
        ]
        if wrong and repair:
            repaired += _set_counters(account_id, [(real, unread, i) for i, _, real, _, unread in wrong])
        used = sql.row(
            "SELECT used_bytes, (SELECT coalesce(sum(size_bytes), 0) FROM mail_email e WHERE e.account_id = a.id)"
            " FROM mail_account a WHERE id = %s",
            [account_id],
        )
        if used is not None and used[0] != used[1]:
            faults.append(f"account {account_id}: {used[0]} bytes counted, {used[1]} there")
            repaired += _set_used(account_id, int(used[1])) if repair else 0
    faults += _strays()
    count = 0
    for checked, fault in _content():
        count = checked
        faults += [fault] if fault else []
        if checked % 1000 == 0:
            yield {"progress": {"stored": checked}}
    orphans = _orphan_files()
    if repair:
        for blob_id, path in orphans:
            if not sql.row("SELECT 1 FROM base_blob WHERE id = %s", [blob_id]):
                path.unlink(missing_ok=True)
                repaired += 1
    yield {"result": {"faults": faults, "repaired": repaired, "emails": count, "orphan_files": len(orphans)}}


@db.action
def _set_counters(account_id: int, counts: list[tuple[int, int, int]]) -> int:
    from posthouse.mail import placing

    modseq = placing.next_modseq(account_id)
    sql.run_many(
        "UPDATE mail_mailbox SET total_emails = %s, unread_emails = %s, modseq = %s WHERE id = %s",
        [(total, unread, modseq, mailbox_id) for total, unread, mailbox_id in counts],
    )
    return len(counts)


@db.action
def _set_used(account_id: int, used_bytes: int) -> int:
    return sql.run("UPDATE mail_account SET used_bytes = %s WHERE id = %s", [used_bytes, account_id])


def _strays() -> list[str]:
    homeless = sql.rows(
        "SELECT id FROM mail_email e WHERE NOT EXISTS (SELECT 1 FROM mail_placement p WHERE p.email_id = e.id)"
    )
    hollow = sql.rows(
        "SELECT mailbox_id, uid FROM mail_placement p"
        " WHERE NOT EXISTS (SELECT 1 FROM mail_email e WHERE e.id = p.email_id)"
    )
    beyond = sql.rows(
        "SELECT p.mailbox_id, p.uid FROM mail_placement p JOIN mail_mailbox m ON m.id = p.mailbox_id"
        " WHERE p.uid >= m.uidnext"
    )
    return [
        *(f"e-mail {row[0]}: lies in no mailbox" for row in homeless),
        *(f"mailbox {row[0]}, UID {row[1]}: there is no such e-mail" for row in hollow),
        *(f"mailbox {row[0]}, UID {row[1]}: not below UIDNEXT" for row in beyond),
    ]


def _content() -> Iterator[tuple[int, str]]:
    """Every blob read and hashed."""
    last, checked = 0, 0
    while True:
        rows = sql.rows(
            "SELECT id, sha256, size_bytes FROM base_blob WHERE id > %s ORDER BY id LIMIT %s", [last, BATCH]
        )
        if not rows:
            return
        for blob_id, digest, size in rows:
            checked += 1
            last = blob_id
            try:
                raw = blobs.read(blob_id)
                good = len(raw) == size and hashlib.sha256(raw).digest() == bytes(digest)
                yield checked, "" if good else f"content {blob_id}: not what was stored"
            except Failure as failure:
                yield checked, f"content {blob_id}: {failure.message}"
            except Exception as error:  # noqa: BLE001 damaged compression raises what it likes
                yield checked, f"content {blob_id}: cannot be unpacked ({type(error).__name__})"


def _orphan_files() -> list[tuple[int, Any]]:
    return [
        (blob_id, path)
        for blob_id, path in blobs.files()
        if not sql.row("SELECT 1 FROM base_blob WHERE id = %s", [blob_id])
    ]
