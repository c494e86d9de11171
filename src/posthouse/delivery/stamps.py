"""Numbers of the account's log for submissions, so that who reads the log hears of them."""

from __future__ import annotations

from posthouse.base import sql
from posthouse.mail import placing


def stamp(*submission_ids: int) -> None:
    """Give each submission its account's next number."""
    for chunk in sql.chunks(submission_ids):
        owned = sql.rows(
            f"SELECT account_id, id FROM delivery_submission WHERE id IN ({sql.marks(chunk)})"
            " AND account_id IS NOT NULL ORDER BY account_id, id",
            chunk,
        )
        for account_id, submission_id in owned:
            sql.run(
                "UPDATE delivery_submission SET modseq = %s WHERE id = %s",
                [placing.next_modseq(account_id), submission_id],
            )
