"""States: what a client is shown of each row, from a tuple of its columns. The same in lists and in the log.

A state says nothing that depends on who looks, so that one reading of a log serves everybody who follows it; what is
one person's own is in their own log. Reading is part of a participant's state in conversations of LIVE_RECEIPTS people
at most: beyond, each message would be followed by as many changes as there are readers. There `readers/` tells it.
"""

from __future__ import annotations

from typing import Any

import orjson

from posthouse.base.clock import iso

Row = dict[str, Any]
LIVE_RECEIPTS = 25

CONVERSATION = (
    "c.id, c.kind, c.visibility, c.name, c.topic, c.posting, c.inviting, c.edit_seconds, c.delete_seconds,"
    " c.retention_days, c.archived_at, c.created_by_id, c.created_at, c.members, c.last_number, c.last_at, c.seq,"
    " c.history"
)


def conversation_state(row: tuple[Any, ...]) -> Row:
    """Of CONVERSATION."""
    return {
        "id": str(row[0]),
        "kind": row[1],
        "visibility": row[2],
        "name": row[3],
        "topic": row[4],
        "posting": row[5],
        "inviting": row[6],
        "edit_seconds": row[7],
        "delete_seconds": row[8],
        "retention_days": row[9],
        "history": row[17],
        "archived_at": time(row[10]),
        "created_by": name(row[11]),
        "created_at": iso(row[12]),
        "members": row[13],
        "last_number": row[14],
        "last_at": iso(row[15]),
        "seq": str(row[16]),
    }


BEGINNING_CHARS = 300
LAST = (
    f"l.id, l.number, l.author_id, l.author_name, substr(l.body, 1, {BEGINNING_CHARS}), l.attachments <> '[]',"
    " l.created_at"
)


def last_state(row: tuple[Any, ...]) -> Row | None:
    """Of LAST: the newest message of a conversation, as far as a list shows it."""
    if row[0] is None:
        return None
    return {
        "id": str(row[0]),
        "number": row[1],
        "author": {"id": name(row[2]), "name": row[3]},
        "text": row[4],
        "has_files": bool(row[5]),
        "created_at": iso(row[6]),
    }


MESSAGE = (
    "m.id, m.conversation_id, m.number, m.thread_id, m.author_id, m.author_name, m.author_email, m.kind, m.body,"
    " m.html, m.event, m.mentions, m.reply_to_id, m.forwarded_from_id, m.forwarded_name, m.importance, m.needs_ack,"
    " m.ack_count, m.attachments, m.reactions, m.revisions, m.client_id, m.created_at, m.edited_at, m.deleted_at,"
    " m.pinned_at, m.pinned_by_id, m.seq, m.previews"
)


def message_state(row: tuple[Any, ...]) -> Row:
    """Of MESSAGE. What was deleted has no content left in its row."""
    return {
        "id": str(row[0]),
        "conversation_id": str(row[1]),
        "number": row[2],
        "thread_id": name(row[3]),
        "author": {"id": name(row[4]), "name": row[5], "email": row[6] or None},
        "kind": row[7],
        "text": row[8],
        "html": row[9],
        "event": orjson.Fragment(row[10]) if row[10] else None,
        "mentions": orjson.Fragment(row[11]),
        "reply_to": name(row[12]),
        "forwarded_from": None if row[13] is None and not row[14] else {"id": name(row[13]), "name": row[14]},
        "importance": row[15],
        "needs_ack": bool(row[16]),
        "ack_count": row[17],
        "attachments": orjson.Fragment(row[18]),
        "previews": orjson.Fragment(row[28]),
        "reactions": orjson.Fragment(row[19]),
        "revisions": row[20],
        "client_id": row[21],
        "created_at": iso(row[22]),
        "edited_at": time(row[23]),
        "deleted_at": time(row[24]),
        "pinned_at": time(row[25]),
        "pinned_by": name(row[26]),
        "seq": str(row[27]),
    }


THREAD = (
    "t.id, t.conversation_id, t.root_id, t.title, t.reply_count, t.last_number, t.last_at, t.resolved_at,"
    " t.resolved_by_id, t.seq, t.root_number"
)


def thread_state(row: tuple[Any, ...], *, floor: int = 0) -> Row:
    """Of THREAD. Who is shown nothing up to a floor is not shown what a thread from before is called."""
    return {
        "id": str(row[0]),
        "conversation_id": str(row[1]),
        "root_id": str(row[2]),
        "title": "" if 0 < floor >= row[10] else row[3],
        "reply_count": row[4],
        "last_number": row[5],
        "last_at": iso(row[6]),
        "resolved_at": time(row[7]),
        "resolved_by": name(row[8]),
        "seq": str(row[9]),
    }


PARTICIPANT = (
    "p.id, p.user_id, u.name, p.role, p.joined_at, p.left_at, p.read_number, p.delivered_number, p.seq,"
    " s.hides_reading"
)
PARTICIPANTS = (
    "conversations_participant p LEFT JOIN identity_user u ON u.id = p.user_id"
    " LEFT JOIN conversations_personstate s ON s.user_id = p.user_id"
)


def participant_state(row: tuple[Any, ...], *, shows_reading: bool) -> Row:
    """Of PARTICIPANT."""
    is_shown = shows_reading and not row[9] and row[5] is None
    return {
        "id": str(row[0]),
        "user_id": name(row[1]),
        "name": row[2] or "",
        "role": row[3],
        "joined_at": iso(row[4]),
        "left_at": time(row[5]),
        "read_number": row[6] if is_shown else None,
        "delivered_number": row[7] if is_shown else None,
        "seq": str(row[8]),
    }


OWN = (
    "p.conversation_id, p.role, p.left_at, p.read_number, p.delivered_number, p.is_marked_unread, p.level,"
    " p.muted_until, p.is_favourite, p.folder, p.hidden_number, p.own_seq, p.shown_after"
)


def own_state(row: tuple[Any, ...]) -> Row:
    """Of OWN: one's own place in a conversation, which nobody else is shown."""
    return {
        "conversation_id": str(row[0]),
        "role": row[1],
        "left_at": time(row[2]),
        "read_number": row[3],
        "delivered_number": row[4],
        "is_marked_unread": bool(row[5]),
        "level": row[6],
        "muted_until": time(row[7]),
        "is_favourite": bool(row[8]),
        "folder": row[9],
        "hidden_number": row[10],
        "shown_after": row[12],
        "own_seq": str(row[11]),
    }


FOLLOW = (
    "f.thread_id, f.conversation_id, f.read_number, f.is_following, f.is_muted, f.is_marked_unread, f.own_seq"
)


def follow_state(row: tuple[Any, ...]) -> Row:
    """Of FOLLOW."""
    return {
        "thread_id": str(row[0]),
        "conversation_id": str(row[1]),
        "read_number": row[2],
        "is_following": bool(row[3]),
        "is_muted": bool(row[4]),
        "is_marked_unread": bool(row[5]),
        "own_seq": str(row[6]),
    }


MARK = "k.message_id, k.conversation_id, k.is_starred, k.is_hidden, k.own_seq"


def mark_state(row: tuple[Any, ...]) -> Row:
    """Of MARK."""
    return {
        "message_id": str(row[0]),
        "conversation_id": str(row[1]),
        "is_starred": bool(row[2]),
        "is_hidden": bool(row[3]),
        "own_seq": str(row[4]),
    }


DRAFT = "d.conversation_id, d.thread_id, d.content, d.changed_at, d.own_seq"


def draft_state(row: tuple[Any, ...]) -> Row:
    """Of DRAFT; `content` is null for one that was sent or thrown away."""
    return {
        "conversation_id": str(row[0]),
        "thread_id": name(row[1]),
        "content": orjson.Fragment(row[2]) if row[2] else None,
        "changed_at": iso(row[3]),
        "own_seq": str(row[4]),
    }


SCHEDULED = (
    "x.id, x.conversation_id, x.content, x.client_id, x.send_at, x.state, x.reason, x.message_id, x.own_seq"
)


def scheduled_state(row: tuple[Any, ...]) -> Row:
    """Of SCHEDULED."""
    return {
        "id": str(row[0]),
        "conversation_id": str(row[1]),
        "content": orjson.Fragment(row[2]),
        "client_id": row[3],
        "send_at": iso(row[4]),
        "state": row[5],
        "reason": row[6] or None,
        "message_id": name(row[7]),
        "own_seq": str(row[8]),
    }


REMINDER = "r.id, r.message_id, r.conversation_id, r.remind_at, r.state, r.own_seq"


def reminder_state(row: tuple[Any, ...]) -> Row:
    """Of REMINDER."""
    return {
        "id": str(row[0]),
        "message_id": str(row[1]),
        "conversation_id": str(row[2]),
        "remind_at": iso(row[3]),
        "state": row[4],
        "own_seq": str(row[5]),
    }


def time(ms: int | None) -> str | None:
    return None if ms is None else iso(ms)


def name(id_: int | None) -> str | None:
    """An id as JSON has it."""
    return None if id_ is None else str(id_)
