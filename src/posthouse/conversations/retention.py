"""What goes by itself: messages older than a conversation keeps them, and conversations that were deleted.

Rows go a few hundred at a time, so that nobody's sending waits. The conversation's horizon moves past what went: who
has a cursor from before fetches afresh. Nothing goes while a legal hold is on. Notes stay as long as their mail
(bridge/), however old.
"""

from __future__ import annotations

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.audit.who import A_JOB
from posthouse.base import clock, db, sql
from posthouse.conversations import editing, log

DAY_MS = 86_400_000
BATCH = 500
_HANGING = (
    "mention", "revision", "acknowledgement", "file", "preview", "mark", "reminder", "report", "idempotencykey"
)  # fmt: skip
_OF_A_CONVERSATION = ("draft", "scheduled", "export", "participant")


def expire() -> None:
    """In every conversation that keeps messages for some days only."""
    for conversation_id, organisation_id, days in sql.rows(
        "SELECT c.id, c.organisation_id, coalesce(c.retention_days, o.retention_days)"
        " FROM conversations_conversation c LEFT JOIN conversations_policy o ON o.organisation_id = c.organisation_id"
        " WHERE c.kind <> 'notes' AND coalesce(c.retention_days, o.retention_days) IS NOT NULL"
        " AND NOT c.is_held AND (o.is_held IS NULL OR NOT o.is_held)"
    ):
        before_ms = clock.now_ms() - days * DAY_MS
        gone = 0
        while some := _expire_some(conversation_id, before_ms):
            gone += some
        if gone:
            _note(organisation_id, conversation_id, gone)


OLD = (
    "m.created_at < %s"
    " AND NOT EXISTS (SELECT 1 FROM conversations_thread t WHERE t.root_id = m.id AND t.last_at >= %s)"
)
"""A message stays as long as its thread is written in."""


@db.action
def _expire_some(conversation_id: int, before_ms: int) -> int:
    """The oldest, each with the answers below it, so that no thread loses its root; none once a hold is on."""
    log.hold(conversation_id)
    if _is_kept(conversation_id):
        return 0
    found = sql.rows(
        "SELECT m.id, m.number, m.thread_id, m.deleted_at FROM conversations_message m"
        f" WHERE m.conversation_id = %s AND {OLD} ORDER BY m.created_at, m.id LIMIT %s",
        [conversation_id, before_ms, before_ms, BATCH],
    )
    if not found:
        return 0
    gone = {row[0] for row in found}
    gone |= _answers([row[0] for row in found if row[2] is None])
    for chunk in sql.chunks(sorted(gone, reverse=True)):
        _delete_messages(chunk)
    seq = log.step(conversation_id)
    sql.run("UPDATE conversations_conversation SET horizon = %s WHERE id = %s", [seq, conversation_id])
    for _, number, thread_id, deleted_at in found:
        if thread_id is not None and deleted_at is None:
            editing.recount(conversation_id, thread_id, seq, but=number)
    newest = max((row[1] for row in found if row[2] is None), default=None)
    if newest is not None:
        editing.recount(conversation_id, None, seq, but=newest)
    return len(gone)


def _is_kept(conversation_id: int) -> bool:
    """By a hold that came while others went; one that is not there any more has another job."""
    found = sql.row(
        "SELECT c.is_held OR coalesce(o.is_held, %s) FROM conversations_conversation c"
        " LEFT JOIN conversations_policy o ON o.organisation_id = c.organisation_id WHERE c.id = %s",
        [False, conversation_id],
    )
    return found is None or bool(found[0])


def _answers(root_ids: list[int]) -> set[int]:
    return {
        row[0]
        for row in sql.rows(
            "SELECT m.id FROM conversations_thread t JOIN conversations_message m"
            " ON m.thread_id = t.id AND m.conversation_id = t.conversation_id"
            f" WHERE t.root_id IN ({sql.marks(root_ids)})",
            root_ids,
        )
    }


def _delete_messages(ids: list[int]) -> None:
    marks = sql.marks(ids)
    threads = f"SELECT id FROM conversations_thread WHERE root_id IN ({marks})"
    for table in ("follow", "mention", "draft"):
        sql.run(f"DELETE FROM conversations_{table} WHERE thread_id IN ({threads})", ids)
    for table in _HANGING:
        sql.run(f"DELETE FROM conversations_{table} WHERE message_id IN ({marks})", ids)
    for column in ("reply_to_id", "forwarded_from_id"):
        sql.run(f"UPDATE conversations_message SET {column} = NULL WHERE {column} IN ({marks})", ids)
    sql.run(f"UPDATE conversations_scheduled SET message_id = NULL WHERE message_id IN ({marks})", ids)
    sql.run(f"DELETE FROM conversations_thread WHERE root_id IN ({marks})", ids)
    sql.run(f"DELETE FROM conversations_message WHERE id IN ({marks})", ids)


@db.action
def _note(organisation_id: int, conversation_id: int, gone: int) -> None:
    record(
        A_JOB,
        Act.CONVERSATION_EXPIRED,
        kind="conversation",
        object_id=conversation_id,
        organisation=organisation_id,
        facts={"messages": gone},
    )


def remove(conversation_id: int) -> None:
    """Everything of a conversation that was deleted; the second time there is nothing left to do."""
    while _remove_some(conversation_id):
        continue
    _remove_rest(conversation_id)


@db.action
def _remove_some(conversation_id: int) -> int:
    ids = [
        row[0]
        for row in sql.rows(
            "SELECT id FROM conversations_message WHERE conversation_id = %s"
            " ORDER BY CASE WHEN thread_id IS NULL THEN 1 ELSE 0 END, id LIMIT %s",
            [conversation_id, BATCH],
        )
    ]
    _delete_messages(ids)
    return len(ids)


@db.action
def _remove_rest(conversation_id: int) -> None:
    scheduled = "SELECT id FROM conversations_scheduled WHERE conversation_id = %s"
    sql.run(
        f"DELETE FROM conversations_idempotencykey WHERE scheduled_id IN ({scheduled})", [conversation_id]
    )
    for table in _OF_A_CONVERSATION:
        sql.run(f"DELETE FROM conversations_{table} WHERE conversation_id = %s", [conversation_id])
    sql.run("DELETE FROM conversations_conversation WHERE id = %s", [conversation_id])
