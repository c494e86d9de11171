"""Taking a conversation out as files: asked for, made by a job, and kept for a day for the one who asked.

Members may, as far as the organisation's policy lets them; of what they can read also those who manage conversations.
Whoever has lost the conversation meanwhile gets nothing of it.
"""

from __future__ import annotations

from typing import Any, NamedTuple, cast

import structlog

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import blobs, clock, db, jobs, sql
from posthouse.base.clock import iso
from posthouse.base.errors import Denied, Failure, Limited, Missing
from posthouse.base.ids import new_id
from posthouse.base.spool import NoRoom
from posthouse.conversations import access, archive, keepers, policies
from posthouse.conversations.access import Right, Standing
from posthouse.conversations.models import Exporting
from posthouse.conversations.rows import Row
from posthouse.identity import queries as people
from posthouse.identity.actor import Actor
from posthouse.wire.budget import Budget

log = structlog.get_logger(__name__)

KEPT_MS = 24 * 3_600_000
MOST_WAITING = 3
MOST_KEPT = 20
MAX_BYTES = 8 * 1024**3
_room = Budget(MAX_BYTES)


class _Wanted(NamedTuple):
    id: int
    conversation_id: int
    user_id: int
    state: str


@db.action
def ask(actor: Actor, conversation_id: int) -> Row:
    """Have it made. Raises Denied (conversation_right_lacking), Limited (too_many_exports), Conflict (notes_stay)."""
    standing = access.conversation_for(actor, conversation_id, need=Right.READ)
    keepers.check_may_leave(standing.kind)
    _check_may(actor, standing)
    counts = sql.row(
        "SELECT count(*), count(CASE WHEN state = 'waiting' THEN 1 END) FROM conversations_export WHERE user_id = %s",
        [actor.user_id],
    )
    if counts is not None and (counts[0] >= MOST_KEPT or counts[1] >= MOST_WAITING):
        raise Limited("too_many_exports", "Too many conversations were taken out; wait for these to end.")
    export_id, now_ms = new_id(), clock.now_ms()
    sql.run(
        "INSERT INTO conversations_export (id, conversation_id, user_id, state, reason, messages, size_bytes,"
        " created_at, expires_at) VALUES (%s, %s, %s, 'waiting', '', 0, 0, %s, %s)",
        [export_id, standing.id, actor.user_id, now_ms, now_ms + KEPT_MS],
    )
    jobs.enqueue("conversation_export", key=f"conversation_export:{export_id}", export_id=export_id)
    record(actor, Act.CONVERSATION_EXPORTED, kind="conversation", object_id=standing.id)
    return export(actor, export_id)


def may(actor: Actor, standing: Standing) -> bool:
    if actor.may(access.MANAGE):
        return True
    match policies.exporting(standing.organisation_id):
        case Exporting.MEMBERS:
            return standing.participant_id is not None
        case Exporting.ADMINS:
            return standing.is_admin
    return False


def _check_may(actor: Actor, standing: Standing) -> None:
    if not may(actor, standing):
        raise Denied("conversation_right_lacking", "You may not take this conversation out.")


_COLUMNS = "id, conversation_id, state, reason, messages, size_bytes, created_at, expires_at"


def exports(actor: Actor) -> list[Row]:
    """One's own that have not ended, the newest first."""
    actor.require(access.USE)
    return [
        _state(row)
        for row in sql.rows(
            f"SELECT {_COLUMNS} FROM conversations_export WHERE user_id = %s AND expires_at > %s ORDER BY id DESC",
            [actor.user_id, clock.now_ms()],
        )
    ]


def export(actor: Actor, export_id: int) -> Row:
    """Raises Missing."""
    actor.require(access.USE)
    found = sql.row(
        f"SELECT {_COLUMNS} FROM conversations_export WHERE id = %s AND user_id = %s AND expires_at > %s",
        [export_id, actor.user_id, clock.now_ms()],
    )
    if found is None:
        raise Missing()
    return _state(found)


def _state(row: tuple[Any, ...]) -> Row:
    return {
        "id": str(row[0]),
        "conversation_id": str(row[1]),
        "state": row[2],
        "reason": row[3] or None,
        "messages": row[4],
        "size_bytes": row[5],
        "created_at": iso(row[6]),
        "expires_at": iso(row[7]),
    }


def content_for(actor: Actor, export_id: int) -> bytes:
    """The archive, large ones not in memory; raises Missing where it is not done, or the conversation is lost."""
    actor.require(access.USE)
    found = sql.row(
        "SELECT conversation_id, blob_id FROM conversations_export WHERE id = %s AND user_id = %s"
        " AND state = 'done' AND expires_at > %s",
        [export_id, actor.user_id, clock.now_ms()],
    )
    if found is None:
        raise Missing()
    access.conversation_for(actor, found[0], need=Right.READ)
    return blobs.look_at(found[1])


@db.action
def forget(actor: Actor, export_id: int) -> None:
    """End its link before its time."""
    actor.require(access.USE)
    if not sql.run(
        "DELETE FROM conversations_export WHERE id = %s AND user_id = %s", [export_id, actor.user_id]
    ):
        raise Missing()


# --- the job --------------------------------------------------------------------------------------


def make(export_id: int) -> None:
    """Write the archive and keep it; again is no harm, since only one end of it counts."""
    row = sql.row(
        "SELECT id, conversation_id, user_id, state FROM conversations_export WHERE id = %s", [export_id]
    )
    if row is None or row[3] != "waiting":
        return
    wanted = _Wanted._make(row)
    try:
        actor = people.active_actor(wanted.user_id, via="job")
        content, count = _written(actor, wanted.conversation_id)
    except NoRoom:
        _fail(wanted.id, "storage_unavailable")
        return
    except Failure as failure:
        _fail(wanted.id, failure.code)
        return
    if not _finish(wanted.id, content, count):
        blobs.discard(content)


def _written(actor: Actor, conversation_id: int) -> tuple[blobs.Prepared, int]:
    made = blobs.spool(_room).open()
    try:
        count = archive.write(actor, conversation_id, made)
        return blobs.prepare(cast(bytes, made.finish())), count
    finally:
        made.close()


@db.action
def _finish(export_id: int, content: blobs.Prepared, count: int) -> bool:
    waits = f"SELECT 1 FROM conversations_export WHERE id = %s AND state = 'waiting'{sql.for_update()}"
    if sql.row(waits, [export_id]) is None:
        return False
    blobs.insert([content])
    now_ms = clock.now_ms()
    sql.run(
        "UPDATE conversations_export SET state = 'done', blob_id = %s, messages = %s, size_bytes = %s, expires_at = %s"
        " WHERE id = %s",
        [content.id, count, content.size_bytes, now_ms + KEPT_MS, export_id],
    )
    return True


@db.action
def _fail(export_id: int, reason: str) -> None:
    log.warning("conversations.export_failed", export=export_id, reason=reason)
    sql.run(
        "UPDATE conversations_export SET state = 'failed', reason = %s WHERE id = %s AND state = 'waiting'",
        [reason, export_id],
    )
