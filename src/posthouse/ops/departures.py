"""Those who were deleted two weeks ago go for good, with their mail.

In small transactions, so that nobody's mail is held up by somebody's large mailbox: the store's rows first, a few
hundred at a time, the person last. One that is interrupted goes on where it was. Content goes with the next sweep.
"""

from __future__ import annotations

from posthouse.base import db, sql
from posthouse.base.jobs import handler
from posthouse.conversations import participants
from posthouse.delivery.limits import counting
from posthouse.filters.spam import learning
from posthouse.identity import people
from posthouse.search import index

BATCH = 500
_KEYED = (
    "mail_expunged", "mail_tombstone", "mail_correspondent", "mail_upload", "mail_archiveimport",
    "delivery_answered",
)  # fmt: skip


@handler("departures", every_seconds=3600)
def see_off() -> None:
    for user_id in people.deleted_before():
        accounts = [row[0] for row in sql.rows("SELECT id FROM mail_account WHERE owner_id = %s", [user_id])]
        for account_id in accounts:
            _empty(account_id)
        _let_go_of_sender(user_id)
        participants.forget_person(user_id)
        people.forget(user_id)
        for account_id in accounts:
            index.current().forget(account_id)


def _empty(account_id: int) -> None:
    _let_go_of_sent(account_id)
    while _delete_emails(account_id):
        pass
    for table in _KEYED:
        while _delete(table, "id", account_id):
            pass
    for table, key in (("mail_messagereference", "reference"), ("filters_learnt", "email_id")):
        while _delete(table, key, account_id):
            pass
    learning.leave(account_id)


@db.action
def _let_go_of_sent(account_id: int) -> None:
    """What is on its way still goes."""
    sql.run("UPDATE delivery_submission SET account_id = NULL WHERE account_id = %s", [account_id])


@db.action
def _let_go_of_sender(user_id: int) -> None:
    """Who sent what is on its way, and how much they ever sent."""
    sql.run("UPDATE delivery_submission SET user_id = NULL WHERE user_id = %s", [user_id])
    sql.run(
        "DELETE FROM delivery_sendingcount WHERE scope = %s AND owner_id = %s", [counting.PERSON, user_id]
    )


@db.action
def _delete_emails(account_id: int) -> int:
    ids = [
        row[0]
        for row in sql.rows("SELECT id FROM mail_email WHERE account_id = %s LIMIT %s", [account_id, BATCH])
    ]
    for table, column in (
        ("mail_placement", "email_id"),
        ("mail_emailpart", "email_id"),
        ("mail_email", "id"),
    ):
        sql.run(f"DELETE FROM {table} WHERE {column} IN ({sql.marks(ids)})", ids)
    return len(ids)


@db.action
def _delete(table: str, key: str, account_id: int) -> int:
    return sql.run(
        f"DELETE FROM {table} WHERE account_id = %s AND {key} IN"
        f" (SELECT {key} FROM {table} WHERE account_id = %s LIMIT %s)",
        [account_id, account_id, BATCH],
    )
