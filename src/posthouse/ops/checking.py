"""`posthouse check`: does the store hold what it says?

Counters against a recount, every e-mail's content against its hash, placements without e-mails, e-mails without
placements, numbers that run ahead of the log, UIDs given twice, blob files that nobody names, the search index
against the store, and the audit log's chains. With `repair`, counters are set right, orphan files removed, accounts
indexed anew and chains sealed anew after a change of SECRET_KEY; the rest can only be reported.

It may run while mail comes in. So what looks wrong is counted again in the write lane, where nothing moves, and
files younger than an hour are left alone: they may be about to be named.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from posthouse.audit import actions as audit_actions
from posthouse.audit import queries as audit
from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.audit.who import THE_COMMAND_LINE
from posthouse.base import blobs, clock, db, sql
from posthouse.base.errors import Failure
from posthouse.base.ids import EPOCH_MS
from posthouse.mail import mailboxes, placing
from posthouse.ops import index_checking

BATCH = 200
YOUNG_MS = 3600_000


def run(*, repair: bool) -> Iterator[dict[str, Any]]:
    """Yield progress, then `{"result": {faults, repaired, left, emails, orphan_files}}`.

    `faults` are sentences for a person; `left` is how many of them remain after a repair.
    """
    faults: list[str] = []
    repaired = 0
    for (account_id,) in sql.rows("SELECT id FROM mail_account ORDER BY id"):
        if _counters(account_id):
            found = _counters_for_certain(account_id, repair=repair)
            faults += found
            repaired += len(found) if repair else 0
    faults += _strays() + _numbers()
    count = 0
    for checked, fault in _content():
        count = checked
        faults += [fault] if fault else []
        if checked % 1000 == 0:
            yield {"progress": {"stored": checked}}
    words = index_checking.run(repair=repair)
    faults += words.faults
    repaired += words.repaired
    chains = audit.faults()
    faults += chains
    if repair:
        repaired += _seal_anew(chains)
    left = len(faults) - repaired
    orphans = _orphan_files()
    if repair and orphans:
        for _, path in orphans:
            path.unlink(missing_ok=True)
        repaired += len(orphans)
        record(THE_COMMAND_LINE, Act.CHECK_REPAIRED, facts={"orphan_files": len(orphans)})
    yield {
        "result": {
            "faults": faults,
            "repaired": repaired,
            "left": left,
            "emails": count,
            "orphan_files": len(orphans),
            "indexed": words.indexed,
            "not_indexed": words.waiting,
        }
    }


def _seal_anew(faults: list[str]) -> int:
    """Chains whose only fault is their seal: the house's key was changed. What was rewritten stays a fault."""
    return (
        sum(audit_actions.seal_anew(organisation_id) for organisation_id in audit.unsealed()) if faults else 0
    )


def _counters(account_id: int) -> list[str]:
    faults = [
        f"mailbox {i}: {kept} e-mails counted, {real} there; {kept_unread} unread counted, {unread} there"
        for i, kept, real, kept_unread, unread in mailboxes.recount(account_id)
    ]
    kept, real = _used(account_id)
    if kept != real:
        faults.append(f"account {account_id}: {kept} bytes counted, {real} there")
    return faults


def _used(account_id: int) -> tuple[int, int]:
    found = sql.row(
        "SELECT used_bytes, (SELECT coalesce(sum(size_bytes), 0) FROM mail_email e WHERE e.account_id = a.id)"
        " FROM mail_account a WHERE id = %s",
        [account_id],
    )
    return (0, 0) if found is None else (int(found[0]), int(found[1]))


@db.action
def _counters_for_certain(account_id: int, *, repair: bool) -> list[str]:
    placing.hold(account_id)
    faults = _counters(account_id)
    if faults and repair:
        modseq = placing.next_modseq(account_id)
        sql.run_many(
            "UPDATE mail_mailbox SET total_emails = %s, unread_emails = %s, modseq = %s WHERE id = %s",
            [(total, unread, modseq, i) for i, _, total, _, unread in mailboxes.recount(account_id)],
        )
        used = _used(account_id)[1]
        sql.run("UPDATE mail_account SET used_bytes = %s WHERE id = %s", [used, account_id])
        found = sql.row("SELECT organisation_id, owner_id FROM mail_account WHERE id = %s", [account_id])
        organisation_id, owner_id = found or (0, 0)
        record(
            THE_COMMAND_LINE,
            Act.CHECK_REPAIRED,
            kind="account",
            object_id=account_id,
            subject=owner_id,
            organisation=organisation_id,
            facts={"counters": len(faults)},
        )
    return faults


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
    unread = sql.rows(
        "SELECT id FROM mail_email e WHERE NOT EXISTS (SELECT 1 FROM base_blob b WHERE b.id = e.blob_id)"
        " OR NOT EXISTS (SELECT 1 FROM mail_emailpart p WHERE p.email_id = e.id)"
    )
    return [
        *(f"e-mail {row[0]}: lies in no mailbox" for row in homeless),
        *(f"mailbox {row[0]}, UID {row[1]}: there is no such e-mail" for row in hollow),
        *(f"mailbox {row[0]}, UID {row[1]}: not below UIDNEXT" for row in beyond),
        *(f"e-mail {row[0]}: its content is not there" for row in unread),
    ]


def _numbers() -> list[str]:
    """What the log and the IMAP sessions count on: see the invariants of mail/models.py."""
    ahead = sql.rows(
        "SELECT e.id FROM mail_email e JOIN mail_account a ON a.id = e.account_id WHERE e.modseq > a.modseq"
    )
    mailboxes_ahead = sql.rows(
        "SELECT m.id FROM mail_mailbox m JOIN mail_account a ON a.id = m.account_id WHERE m.modseq > a.modseq"
    )
    behind = sql.rows(
        "SELECT DISTINCT m.id FROM mail_placement p JOIN mail_email e ON e.id = p.email_id"
        " JOIN mail_mailbox m ON m.id = p.mailbox_id WHERE p.modseq > m.modseq OR e.modseq > m.modseq"
    )
    again = sql.rows(
        "SELECT p.mailbox_id, p.uid FROM mail_expunged x"
        " JOIN mail_placement p ON p.mailbox_id = x.mailbox_id AND p.uid = x.uid"
    )
    return [
        *(f"e-mail {row[0]}: its number is above its account's" for row in ahead),
        *(f"mailbox {row[0]}: its number is above its account's" for row in mailboxes_ahead),
        *(f"mailbox {row[0]}: its number is below that of an e-mail in it" for row in behind),
        *(f"mailbox {row[0]}, UID {row[1]}: vanished, and there again" for row in again),
    ]


def _content() -> Iterator[tuple[int, str]]:
    """Every blob read and hashed; those that went meanwhile are no fault."""
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
            fault = _fault(blob_id, bytes(digest), size)
            is_there = not fault or sql.row("SELECT 1 FROM base_blob WHERE id = %s", [blob_id])
            yield checked, fault if is_there else ""


def _fault(blob_id: int, digest: bytes, size_bytes: int) -> str:
    try:
        raw = blobs.look_at(blob_id)
    except Failure as failure:
        return f"content {blob_id}: {failure.message}"
    if len(raw) != size_bytes or hashlib.sha256(raw).digest() != digest:
        return f"content {blob_id}: not what was stored"
    return ""


def _orphan_files() -> list[tuple[int, Any]]:
    below_id = (clock.now_ms() - YOUNG_MS - EPOCH_MS) << 21
    return [
        (blob_id, path)
        for blob_id, path in blobs.files()
        if blob_id < below_id and not sql.row("SELECT 1 FROM base_blob WHERE id = %s", [blob_id])
    ]
