"""What becomes of notes when their thread ends: joined to another they go along, with the last of its mail they go too.

Conversations are not poured into one another: each keeps its numbers, so every link to a note stays good, and the
thread shows all of them in order of time.
"""

from __future__ import annotations

from collections.abc import Sequence

from posthouse.base import db, sql
from posthouse.bridge.keeper import LIVING
from posthouse.conversations import opening, outside, policies
from posthouse.mail import placing

BATCH = 200
_OPENEST = {"open": 0, "pending": 1, "done": 2}


def join(account_id: int, into: int, others: Sequence[int]) -> None:
    """Inside the action that joins the threads."""
    marks = sql.marks(list(others))
    moved = sql.run(
        f"UPDATE bridge_notes SET thread_id = %s WHERE account_id = %s AND thread_id IN ({marks})",
        [into, account_id, *others],
    )
    found = sql.rows(
        "SELECT id, thread_id, assignee_id, status FROM bridge_assignment WHERE account_id = %s"
        f" AND thread_id IN (%s, {marks}) ORDER BY CASE WHEN thread_id = %s THEN 0 ELSE 1 END, id{sql.for_update()}",
        [account_id, into, *others, into],
    )
    if not found:
        return
    keeps = found[0]
    assignee_id = next((row[2] for row in found if row[2] is not None), None)
    status = min((row[3] for row in found), key=_OPENEST.__getitem__)
    gone = [row[0] for row in found[1:]]
    if gone:
        sql.run(f"DELETE FROM bridge_assignment WHERE id IN ({sql.marks(gone)})", gone)
    sql.run(
        "UPDATE bridge_assignment SET thread_id = %s, assignee_id = %s, status = %s, version = version + 1,"
        " modseq = %s WHERE id = %s",
        [into, assignee_id, status, placing.next_modseq(account_id), keeps[0]],
    )
    if moved:
        _tell(account_id, into)


def _tell(account_id: int, thread_id: int) -> None:
    """A line in each, so that whoever has one of them open learns of the others."""
    for (conversation_id,) in sql.rows(
        "SELECT conversation_id FROM bridge_notes WHERE account_id = %s AND thread_id = %s"
        " ORDER BY conversation_id",
        [account_id, thread_id],
    ):
        outside.tell(conversation_id, None, {"type": "threads_joined"})


def forget_ended() -> None:
    """Notes and assignments of threads that have no e-mail any more; what a legal hold keeps stays, seen by nobody."""
    after = 0
    while found := _ended(after):
        after = found[-1]
        for conversation_id in found:
            _forget(conversation_id)
    while _forget_assignments():
        continue
    _forget_desks()


def _ended(after: int) -> list[int]:
    return [
        row[0]
        for row in sql.rows(
            "SELECT n.conversation_id FROM bridge_notes n WHERE n.conversation_id > %s"
            f" AND NOT {LIVING} ORDER BY n.conversation_id LIMIT %s",
            [after, BATCH],
        )
    ]


@db.action
def _forget(conversation_id: int) -> None:
    """Looked at again: mail may have been joined to the thread meanwhile."""
    found = sql.row("SELECT account_id FROM bridge_notes WHERE conversation_id = %s", [conversation_id])
    if found is not None:
        placing.hold(found[0])
    is_living = sql.row(
        f"SELECT 1 FROM bridge_notes n WHERE n.conversation_id = %s AND {LIVING}", [conversation_id]
    )
    if is_living is None and not policies.is_held(conversation_id):
        sql.run("DELETE FROM bridge_notes WHERE conversation_id = %s", [conversation_id])
        opening.discard_kept(conversation_id)


@db.action
def _forget_assignments() -> int:
    ended = (
        f"SELECT n.id FROM bridge_assignment n WHERE NOT {LIVING} AND NOT EXISTS (SELECT 1 FROM bridge_notes h"
        " WHERE h.account_id = n.account_id AND h.thread_id = n.thread_id) ORDER BY n.id LIMIT %s"
    )
    return sql.run(f"DELETE FROM bridge_assignment WHERE id IN ({ended})", [BATCH])


@db.action
def _forget_desks() -> int:
    return sql.run("DELETE FROM bridge_desk WHERE account_id NOT IN (SELECT id FROM mail_account)")
