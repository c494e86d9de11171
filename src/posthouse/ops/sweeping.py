"""The hourly sweep: content that nobody names any more, the old end of the vanished log, and what has expired.

Content is kept before the transaction that names it, so what is younger than an hour may be about to be named and
stays. Once nobody names it, nobody can name it again.
"""

from __future__ import annotations

from posthouse.base import blobs, clock, db, sql, thumbnails
from posthouse.base.ids import EPOCH_MS
from posthouse.base.jobs import handler

HOUR_MS = 3600_000
DAY_MS = 24 * HOUR_MS
VANISHED_DAYS = 35
UPLOAD_DAYS = 7
KEY_DAYS = 2
REPORT_DAYS = 400
BATCH = 500

_UNNAMED = (
    "NOT EXISTS (SELECT 1 FROM mail_email e WHERE e.blob_id = b.id)"
    " AND NOT EXISTS (SELECT 1 FROM mail_upload u WHERE u.blob_id = b.id)"
    " AND NOT EXISTS (SELECT 1 FROM delivery_submission s WHERE s.blob_id = b.id)"
    " AND NOT EXISTS (SELECT 1 FROM conversations_file f WHERE f.blob_id = b.id)"
    " AND NOT EXISTS (SELECT 1 FROM conversations_export x WHERE x.blob_id = b.id)"
    " AND NOT EXISTS (SELECT 1 FROM uploads_piece p WHERE p.blob_id = b.id)"
    " AND NOT EXISTS (SELECT 1 FROM bridge_heldmail h WHERE h.blob_id = b.id)"
)


@handler("sweep", every_seconds=3600)
def sweep() -> None:
    """Everything, in small transactions, so that mail is never held up."""
    now_ms = clock.now_ms()
    _expire(now_ms)
    _prune_vanished(now_ms - VANISHED_DAYS * DAY_MS)
    _delete_submissions(_id_at(now_ms - VANISHED_DAYS * DAY_MS))
    _delete_content(_id_at(now_ms - HOUR_MS))
    _delete_files(_id_at(now_ms - HOUR_MS))


def _id_at(ms: int) -> int:
    """The first id of a moment (base/ids.py)."""
    return (ms - EPOCH_MS) << 21


@db.action
def _expire(now_ms: int) -> None:
    sql.run("DELETE FROM mail_upload WHERE created_at < %s", [now_ms - UPLOAD_DAYS * DAY_MS])
    sql.run(
        "DELETE FROM conversations_file WHERE message_id IS NULL AND created_at < %s",
        [now_ms - UPLOAD_DAYS * DAY_MS],
    )
    sql.run("DELETE FROM conversations_export WHERE expires_at < %s", [now_ms])
    for table in ("delivery_idempotencykey", "conversations_idempotencykey"):
        sql.run(f"DELETE FROM {table} WHERE created_at < %s", [now_ms - KEY_DAYS * DAY_MS])
    sql.run(
        "DELETE FROM delivery_sendingcount WHERE hour < %s", [(now_ms - VANISHED_DAYS * DAY_MS) // HOUR_MS]
    )
    _forget_reports(now_ms - REPORT_DAYS * DAY_MS)
    sql.run("DELETE FROM identity_code WHERE expires_at < %s", [now_ms - DAY_MS])
    sql.run("DELETE FROM identity_spentchallenge WHERE expires_at < %s", [now_ms])
    sql.run("DELETE FROM identity_oauthcode WHERE expires_at < %s", [now_ms - DAY_MS])
    sql.run("DELETE FROM identity_oauthtoken WHERE expires_at < %s", [now_ms])
    sql.run("DELETE FROM identity_trustedbrowser WHERE expires_at < %s", [now_ms])
    sql.run("DELETE FROM identity_accesstoken WHERE expires_at < %s", [now_ms - VANISHED_DAYS * DAY_MS])
    sql.run("DELETE FROM identity_session WHERE expires_at < %s", [now_ms - VANISHED_DAYS * DAY_MS])


def _forget_reports(before_ms: int) -> None:
    old = "SELECT id FROM delivery_domainreport WHERE end_at < %s"
    for table in ("delivery_domainreportrow", "delivery_tlsfailure"):
        sql.run(f"DELETE FROM {table} WHERE report_id IN ({old})", [before_ms])
    sql.run("DELETE FROM delivery_domainreport WHERE end_at < %s", [before_ms])


@db.action
def _prune_vanished(before_ms: int) -> None:
    """Forget old vanished rows and move the horizon, so that a reader from before is told to fetch afresh."""
    tables = ("mail_expunged", "mail_tombstone")
    old = " UNION ALL ".join(f"SELECT account_id, modseq FROM {table} WHERE at < %s" for table in tables)
    for account_id, modseq in sql.rows(
        f"SELECT account_id, max(modseq) FROM ({old}) AS o GROUP BY account_id ORDER BY account_id",
        [before_ms] * len(tables),
    ):
        sql.run(
            "UPDATE mail_account SET horizon = %s WHERE id = %s AND horizon < %s",
            [modseq, account_id, modseq],
        )
    for table in tables:
        sql.run(f"DELETE FROM {table} WHERE at < %s", [before_ms])


def _delete_submissions(below_id: int) -> None:
    """What was sent long ago and whose e-mail is not here any more, and what was forwarded long ago; its content goes
    with it."""
    while True:
        ids = [
            row[0]
            for row in sql.rows(
                "SELECT s.id FROM delivery_submission s WHERE s.id < %s AND s.state IN ('done', 'cancelled')"
                " AND (s.is_forward OR NOT EXISTS (SELECT 1 FROM mail_email e WHERE e.id = s.email_id)) LIMIT %s",
                [below_id, BATCH],
            )
        ]
        if not ids:
            return
        _delete_submission_rows(ids)


@db.action
def _delete_submission_rows(ids: list[int]) -> None:
    marks = sql.marks(ids)
    recipients = f"SELECT id FROM delivery_recipient WHERE submission_id IN ({marks})"
    sql.run(f"DELETE FROM delivery_attempt WHERE recipient_id IN ({recipients})", ids)
    sql.run(f"DELETE FROM delivery_recipient WHERE submission_id IN ({marks})", ids)
    sql.run(f"DELETE FROM delivery_submission WHERE id IN ({marks})", ids)


def _delete_content(below_id: int) -> None:
    """Rows first, then files. Looked for here and not in the lane: it means reading all of a large table."""
    last = 0
    while True:
        ids = [
            row[0]
            for row in sql.rows(
                f"SELECT b.id FROM base_blob b WHERE b.id > %s AND b.id < %s AND {_UNNAMED} ORDER BY b.id LIMIT %s",
                [last, below_id, BATCH],
            )
        ]
        if not ids:
            return
        for blob_id, where in _delete_rows(ids):
            if where == 1:
                blobs.remove_file(blob_id)
        last = ids[-1]


@db.action
def _delete_rows(ids: list[int]) -> list[tuple[int, int]]:
    gone = [
        (blob_id, where)
        for blob_id, where in sql.rows(
            f"DELETE FROM base_blob AS b WHERE b.id IN ({sql.marks(ids)}) AND {_UNNAMED}"
            ' RETURNING id, "where"',
            ids,
        )
    ]
    thumbnails.forget([blob_id for blob_id, _ in gone])
    return gone


def _delete_files(below_id: int) -> None:
    """Files whose row never came: the transaction they were prepared for did not happen."""
    for blob_id, path in blobs.files():
        if blob_id < below_id and not sql.row("SELECT 1 FROM base_blob WHERE id = %s", [blob_id]):
            path.unlink(missing_ok=True)
