"""What runs by itself: looking what became of mail to people outside, and forgetting what nobody asks any more.

That is also notes on threads of which the last mail has gone.
"""

from __future__ import annotations

from posthouse.base import clock, db, sql
from posthouse.base.jobs import handler
from posthouse.bridge import joining
from posthouse.bridge.outsiders import TOPIC
from posthouse.conversations import outside
from posthouse.delivery.queries import ends_of

LOOK_SECONDS = 30
NOTES_SECONDS = 600
BATCH = 500
MOST_BOUNCES = 2
"""So many mails that came back one after the other, and no more go there until somebody says so."""
WATCHED_MS = 7 * 86_400_000
KEPT_MS = 400 * 86_400_000
HELD_MS = 30 * 86_400_000


@handler("bridge.fates", every_seconds=LOOK_SECONDS)
def look() -> None:
    """Settle what has ended; whoever's mail comes back again and again gets no more."""
    after = 0
    while found := sql.rows(
        "SELECT id, outsider_id, submission_id, created_at FROM bridge_sentmail WHERE NOT is_settled AND id > %s"
        " ORDER BY id LIMIT %s",
        [after, BATCH],
    ):
        after = found[-1][0]
        ends = ends_of([row[2] for row in found])
        old_ms = clock.now_ms() - WATCHED_MS
        for sent_id, outsider_id, submission_id, created_at in found:
            end = ends.get(submission_id)
            if end == "failed" or (created_at < old_ms):
                _settle(sent_id, outsider_id, has_failed=end == "failed")


@db.action
def _settle(sent_id: int, outsider_id: int, *, has_failed: bool) -> None:
    if not sql.run(
        "UPDATE bridge_sentmail SET is_settled = %s WHERE id = %s AND NOT is_settled", [True, sent_id]
    ):
        return
    if not has_failed:
        return
    found = sql.row(
        "UPDATE bridge_outsider SET bounces = bounces + 1 WHERE id = %s AND state IN ('invited', 'active')"
        " RETURNING bounces, conversation_id, name, key",
        [outsider_id],
    )
    if found is None or found[0] < MOST_BOUNCES:
        return
    sql.run("UPDATE bridge_outsider SET state = 'paused', reason = 'bounced' WHERE id = %s", [outsider_id])
    outside.tell(found[1], None, {"type": "outsider_bounced", "name": found[2], "address": found[3]})
    db.hint(TOPIC)


@handler("bridge.notes", every_seconds=NOTES_SECONDS)
def forget_notes() -> None:
    joining.forget_ended()


@handler("bridge.forget", every_seconds=86_400)
def forget() -> None:
    """People of conversations that are gone, Message-IDs that nobody answers any more, and held mail of a month."""
    while _forget_people() or _forget("bridge_sentmail", "created_at", KEPT_MS):
        continue
    while _forget("bridge_heldmail", "received_at", HELD_MS):
        continue


@db.action
def _forget(table: str, at: str, kept_ms: int) -> bool:
    old = f"SELECT id FROM {table} WHERE {at} < %s LIMIT %s"
    return bool(sql.run(f"DELETE FROM {table} WHERE id IN ({old})", [clock.now_ms() - kept_ms, BATCH]))


@db.action
def _forget_people() -> bool:
    gone = [
        row[0]
        for row in sql.rows(
            "SELECT o.id FROM bridge_outsider o LEFT JOIN conversations_conversation c ON c.id = o.conversation_id"
            " WHERE c.id IS NULL ORDER BY o.id LIMIT %s",
            [BATCH],
        )
    ]
    for table, column in (
        ("bridge_sentmail", "outsider_id"),
        ("bridge_heldmail", "outsider_id"),
        ("bridge_received", "outsider_id"),
        ("bridge_outsider", "id"),
    ):
        if gone:
            sql.run(f"DELETE FROM {table} WHERE {column} IN ({sql.marks(gone)})", gone)
    return bool(gone)
