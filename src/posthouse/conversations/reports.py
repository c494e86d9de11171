"""Messages that somebody brought before those who manage conversations, and what became of it.

A report shows the message as it was, also to a manager who is not in the conversation: whoever reports it shows it to
them, with a few messages around it when they ask for these. Of the rest they see what they may see anyway.
"""

from __future__ import annotations

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import clock, db, sql
from posthouse.base.errors import Conflict, Missing
from posthouse.base.ids import new_id
from posthouse.conversations import access, editing, keepers, log, policies, queries, rows
from posthouse.conversations.access import MessageRef, Right
from posthouse.conversations.models import Report
from posthouse.conversations.queries import Page
from posthouse.conversations.rows import Row
from posthouse.identity.actor import Actor

REASONS = ["spam", "harassment", "inappropriate", "misinformation", "other"]
STATES = [str(value) for value in Report.State.values]
_COLUMNS = (
    "r.id, r.message_id, r.conversation_id, r.reporter_id, p.name, r.author_id, a.name, r.reason, r.note, r.body,"
    " r.state, r.decided_by_id, r.decided_at, r.created_at"
)
_TABLES = (
    "conversations_report r LEFT JOIN identity_user p ON p.id = r.reporter_id"
    " LEFT JOIN identity_user a ON a.id = r.author_id"
)


@db.action
def report(actor: Actor, message_id: int, *, reason: str, note: str = "") -> None:
    """Bring a message before the managers; again by the same person changes nothing."""
    message = access.present_message_for(actor, message_id, need=Right.READ)
    keepers.check_may_leave(message.standing.kind)
    is_new = sql.run(
        "INSERT INTO conversations_report (id, organisation_id, message_id, conversation_id, reporter_id, author_id,"
        " reason, note, body, state, created_at) SELECT %s, %s, m.id, m.conversation_id, %s, m.author_id, %s, %s,"
        " m.body, 'open', %s FROM conversations_message m WHERE m.id = %s"
        " ON CONFLICT (message_id, reporter_id) DO NOTHING",
        [new_id(), actor.organisation_id, actor.user_id, reason, note, clock.now_ms(), message.id],
    )
    if is_new:
        record(
            actor,
            Act.CONVERSATION_REPORTED,
            kind="conversation",
            object_id=message.conversation_id,
            facts={"message": str(message.id), "reason": reason},
        )


def reports(actor: Actor, *, state: str, before: int | None, limit: int) -> Page:
    """The queue of the organisation, the newest first."""
    actor.require(access.MANAGE)
    where, values = "", [actor.organisation_id, state]
    if before is not None:
        where, values = " AND r.id < %s", [*values, before]
    found = sql.rows(
        f"SELECT {_COLUMNS} FROM {_TABLES} WHERE r.organisation_id = %s AND r.state = %s{where}"
        " ORDER BY r.id DESC LIMIT %s",
        [*values, limit + 1],
    )
    more = (found[limit - 1][0], 0) if len(found) > limit else None
    return Page([_as_json(row) for row in found[:limit]], more)


def _one(actor: Actor, report_id: int) -> Row:
    actor.require(access.MANAGE)
    found = sql.row(
        f"SELECT {_COLUMNS} FROM {_TABLES} WHERE r.id = %s AND r.organisation_id = %s",
        [report_id, actor.organisation_id],
    )
    if found is None:
        raise Missing()
    return _as_json(found)


def _as_json(row: tuple[object, ...]) -> Row:
    (id_, message_id, conversation_id, reporter_id, reporter, author_id, author, reason, note, body, state, decider,
     decided_at, created_at) = row  # fmt: skip
    return {
        "id": str(id_),
        "message_id": str(message_id),
        "conversation_id": str(conversation_id),
        "reporter": {"id": rows.name(reporter_id), "name": reporter or ""},  # type: ignore[arg-type]
        "author": {"id": rows.name(author_id), "name": author or ""},  # type: ignore[arg-type]
        "reason": reason,
        "note": note,
        "text": body,
        "state": state,
        "decided_by": rows.name(decider),  # type: ignore[arg-type]
        "decided_at": rows.time(decided_at),  # type: ignore[arg-type]
        "created_at": rows.time(created_at),  # type: ignore[arg-type]
    }


BESIDE = 5
"""So many messages before the one that was reported, and after it."""


@db.action
def context(actor: Actor, report_id: int) -> list[Row]:
    """What was said around a message that was reported, to whoever decides about it; who looked is on record."""
    found = _one(actor, report_id)
    message = sql.row(
        "SELECT conversation_id, thread_id, number FROM conversations_message WHERE id = %s",
        [int(found["message_id"])],
    )
    assert message is not None, "a report goes with its message"
    shown = queries.beside(actor, *message, many=BESIDE)
    record(
        actor,
        Act.CONVERSATION_REPORT_VIEWED,
        kind="conversation",
        object_id=found["conversation_id"],
        facts={"report": str(report_id), "message": found["message_id"]},
    )
    return shown


@db.action
def decide(actor: Actor, report_id: int, *, removes: bool) -> Row:
    """Take the message away from everybody, or leave it. Raises Conflict (already_decided)."""
    found = _one(actor, report_id)
    state = "removed" if removes else "dismissed"
    if not sql.run(
        "UPDATE conversations_report SET state = %s, decided_by_id = %s, decided_at = %s"
        " WHERE id = %s AND state = 'open'",
        [state, actor.user_id, clock.now_ms(), report_id],
    ):
        raise Conflict("already_decided", "Somebody has decided about this already.")
    if removes:
        _remove(int(found["conversation_id"]), int(found["message_id"]))
    record(
        actor,
        Act.CONVERSATION_REPORT_DECIDED,
        kind="conversation",
        object_id=found["conversation_id"],
        facts={"report": str(report_id), "message": found["message_id"], "decision": state},
    )
    return _one(actor, report_id)


def _remove(conversation_id: int, message_id: int) -> None:
    """By whoever decides about reports, also where they are not in the conversation."""
    log.hold(conversation_id)
    found = sql.row(
        "SELECT id, conversation_id, number, thread_id, author_id, kind, created_at, deleted_at, pinned_at, seq"
        " FROM conversations_message WHERE id = %s AND deleted_at IS NULL",
        [message_id],
    )
    standing = None if found is None else access.standing_of(found[1])
    if found is not None and standing is not None:
        message = MessageRef._make([*found, standing])
        editing.take_away(message, keeps_content=policies.is_held(message.conversation_id))
