"""The hourly sweep: content that nobody names any more, the old end of the vanished log, and what has expired.

Deleting an e-mail deletes its row at once; its content waits here for an hour and a little, so that a reader who
holds its id still gets it and a draft that refers to it can still be saved.
"""

from __future__ import annotations

from posthouse.base import blobs, clock, db, sql
from posthouse.base.ids import EPOCH_MS
from posthouse.base.jobs import handler

HOUR_MS = 3600_000
DAY_MS = 24 * HOUR_MS
VANISHED_DAYS = 35
UPLOAD_DAYS = 7
KEY_DAYS = 2
BATCH = 500

_NAMED_ELSEWHERE = (
    "NOT EXISTS (SELECT 1 FROM mail_email e WHERE e.blob_id = b.id)"
    " AND NOT EXISTS (SELECT 1 FROM mail_upload u WHERE u.blob_id = b.id)"
    " AND NOT EXISTS (SELECT 1 FROM delivery_submission s WHERE s.blob_id = b.id)"
)


@handler("sweep", every_seconds=3600)
def sweep() -> None:
    """Everything, in small transactions, so that mail is never held up."""
    now_ms = clock.now_ms()
    _expire(now_ms)
    _prune_vanished(now_ms - VANISHED_DAYS * DAY_MS)
    while _delete_content(now_ms - HOUR_MS):
        continue
    _delete_files(now_ms - HOUR_MS)


@db.action
def _expire(now_ms: int) -> None:
    sql.run("DELETE FROM mail_upload WHERE created_at < %s", [now_ms - UPLOAD_DAYS * DAY_MS])
    sql.run("DELETE FROM delivery_idempotencykey WHERE created_at < %s", [now_ms - KEY_DAYS * DAY_MS])
    sql.run("DELETE FROM identity_session WHERE expires_at < %s", [now_ms - VANISHED_DAYS * DAY_MS])


@db.action
def _prune_vanished(before_ms: int) -> None:
    """Forget old vanished rows and move the horizon, so that a reader from before is told to fetch afresh."""
    for table in ("mail_expunged", "mail_tombstone"):
        for account_id, modseq in sql.rows(
            f"SELECT account_id, max(modseq) FROM {table} WHERE at < %s GROUP BY account_id", [before_ms]
        ):
            sql.run(
                "UPDATE mail_account SET horizon = %s WHERE id = %s AND horizon < %s",
                [modseq, account_id, modseq],
            )
        sql.run(f"DELETE FROM {table} WHERE at < %s", [before_ms])


def _delete_content(before_ms: int) -> int:
    """Rows first, then files; gives how many rows went."""
    removed = _delete_rows((before_ms - EPOCH_MS) << 21)
    for blob_id, where in removed:
        if where == 1:
            blobs.remove_file(blob_id)
    return len(removed)


@db.action
def _delete_rows(below_id: int) -> list[tuple[int, int]]:
    rows = sql.rows(
        f'SELECT b.id, b."where" FROM base_blob b WHERE b.id < %s AND {_NAMED_ELSEWHERE} LIMIT %s',
        [below_id, BATCH],
    )
    ids = [row[0] for row in rows]
    if ids:
        sql.run(f"DELETE FROM base_blob WHERE id IN ({sql.marks(ids)})", ids)
    return [(blob_id, where) for blob_id, where in rows]


def _delete_files(before_ms: int) -> None:
    """Files whose row never came: the transaction they were prepared for did not happen."""
    below_id = (before_ms - EPOCH_MS) << 21
    for blob_id, path in blobs.files():
        if blob_id < below_id and not sql.row("SELECT 1 FROM base_blob WHERE id = %s", [blob_id]):
            path.unlink(missing_ok=True)
