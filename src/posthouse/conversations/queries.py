"""Reads of many rows: conversations, people in them, timelines. Pages walk an index and cost the same at any size."""

from __future__ import annotations

from typing import Any, NamedTuple

from posthouse.base import clock, sql
from posthouse.conversations import access, changes, keepers, policies, rows
from posthouse.conversations.access import Right, Standing
from posthouse.conversations.models import Conversation
from posthouse.conversations.rows import Row
from posthouse.identity.actor import Actor
from posthouse.identity.groups import GROUPS_OF

COUNTED = 100
"""Counters end here: a badge says "99+"."""


class Page(NamedTuple):
    """`next` is the place after the last, if there are more."""

    items: list[Row]
    next: tuple[int, int] | None


# --- conversations --------------------------------------------------------------------------------

_LISTED = f"{rows.CONVERSATION}, {rows.OWN}, w.user_id, u.name, {rows.LAST}"
_WITH = (
    " LEFT JOIN conversations_participant w ON c.kind = 'direct' AND w.conversation_id = c.id AND w.id <> p.id"
    " LEFT JOIN identity_user u ON u.id = w.user_id"
    " LEFT JOIN conversations_message l ON l.conversation_id = c.id AND l.number = c.last_main_number"
    f" AND l.number > {access.FLOOR}"
    " AND NOT EXISTS (SELECT 1 FROM conversations_mark k WHERE k.message_id = l.id AND k.user_id = %s AND k.is_hidden)"
)
"""The other one of a direct conversation, and its newest message, unless it is from before this person came, or they
deleted it for themselves."""
_MINE = (
    "conversations_participant p JOIN conversations_conversation c ON c.id = p.conversation_id"
    f"{_WITH} WHERE p.user_id = %s AND p.left_at IS NULL AND c.kind <> 'notes'"
)


def _listed(row: tuple[Any, ...]) -> Row:
    mine = row[18:31]
    other = None if row[31] is None else {"id": str(row[31]), "name": row[32] or ""}
    return {
        **rows.conversation_state(row),
        "me": None if mine[0] is None else rows.own_state(mine),
        "with": other,
        "last": rows.last_state(row[33:]),
    }


def conversations(
    actor: Actor,
    *,
    kind: str = "",
    is_archived: bool | None = False,
    has_hidden: bool = False,
    before: tuple[int, int] | None = None,
    limit: int,
) -> Page:
    """Those the actor is in, the one written in last first; without those that are hidden and have nothing new."""
    actor.require(access.USE)
    where, values = "", [actor.user_id, actor.user_id]
    if kind:
        where += " AND c.kind = %s"
        values.append(kind)  # type: ignore[arg-type]
    if is_archived is not None:
        where += f" AND c.archived_at IS {'NOT ' if is_archived else ''}NULL"
    if not has_hidden:
        where += " AND (p.hidden_number = 0 OR p.hidden_number < c.last_number)"
    if before is not None:
        where += " AND (c.last_at, c.id) < (%s, %s)"
        values += before
    found = sql.rows(
        f"SELECT {_LISTED} FROM {_MINE}{where} ORDER BY c.last_at DESC, c.id DESC LIMIT %s",
        [*values, limit + 1],
    )
    last = found[limit - 1] if len(found) > limit else None
    return Page([_listed(row) for row in found[:limit]], None if last is None else (last[15], last[0]))


def open_conversations(actor: Actor, *, words: str = "", after: int = 0, limit: int) -> Page:
    """Channels that anybody of the organisation may join, the oldest first, with those the actor is in."""
    actor.require(access.USE)
    if not actor.may(access.JOIN):
        return Page([], None)
    where, values = "", [actor.user_id, actor.user_id, actor.organisation_id, after]
    for word in words.split()[:8]:
        where += " AND (lower(c.name) LIKE %s ESCAPE '\\' OR lower(c.topic) LIKE %s ESCAPE '\\')"
        values += [sql.containing(word.lower())] * 2  # type: ignore[list-item]
    found = sql.rows(
        f"SELECT {_LISTED} FROM conversations_conversation c LEFT JOIN conversations_participant p"
        f" ON p.conversation_id = c.id AND p.user_id = %s AND p.left_at IS NULL{_WITH}"
        " WHERE c.organisation_id = %s AND c.visibility = 'organisation' AND c.archived_at IS NULL AND c.id > %s"
        f"{where} ORDER BY c.id LIMIT %s",
        [*values, limit + 1],
    )
    last = found[limit - 1][0] if len(found) > limit else None
    return Page([_listed(row) for row in found[:limit]], None if last is None else (last, 0))


def conversation(actor: Actor, conversation_id: int) -> Row:
    access.conversation_for(actor, conversation_id, need=Right.READ)
    found = sql.row(
        f"SELECT {_LISTED} FROM conversations_conversation c LEFT JOIN conversations_participant p"
        f" ON p.conversation_id = c.id AND p.user_id = %s AND p.left_at IS NULL{_WITH} WHERE c.id = %s",
        [actor.user_id, actor.user_id, conversation_id],
    )
    assert found is not None
    return _listed(found)


def participants(actor: Actor, conversation_id: int, *, after: int = 0, limit: int) -> Page:
    """Who is in it, in the order of coming."""
    access.conversation_for(actor, conversation_id, need=Right.READ)
    found = sql.rows(
        f"SELECT {rows.PARTICIPANT} FROM {rows.PARTICIPANTS} WHERE p.conversation_id = %s AND p.left_at IS NULL"
        " AND p.id > %s ORDER BY p.id LIMIT %s",
        [conversation_id, after, limit + 1],
    )
    last = found[limit - 1][0] if len(found) > limit else None
    states = changes.participant_states(conversation_id, found[:limit])
    return Page(states, None if last is None else (last, 0))


# --- timelines ------------------------------------------------------------------------------------


class Timeline(NamedTuple):
    """Messages in order; whether there are older and newer ones; threads that begin in them; how far the log was."""

    items: list[Row]
    threads: list[Row]
    has_older: bool
    has_newer: bool
    seq: int


def timeline(
    actor: Actor,
    conversation_id: int,
    *,
    thread_id: int | None = None,
    before: int | None = None,
    after: int | None = None,
    around: int | None = None,
    limit: int,
) -> Timeline:
    """A piece of the main timeline or of a thread (with its root): the newest, or beside a number.

    `around` gives messages on both sides of a number, itself among the newer ones.
    """
    standing = access.conversation_for(actor, conversation_id, need=Right.READ)
    root = None
    if thread_id is not None:
        root = access.thread_for(actor, conversation_id, thread_id, need=Right.READ).root_id
    place = _Place(actor.user_id, conversation_id, thread_id, standing.floor)
    if around is not None:
        half = max(limit // 2, 1)
        older, has_older = place.older(around, half)
        newer, has_newer = place.newer(around - 1, limit - half or 1)
        found = older + newer
    elif after is not None:
        found, has_newer = place.newer(after, limit)
        has_older = bool(place.older(after + 1, 1)[0])
    else:
        end = before if before is not None else standing.last_number + 1
        found, has_older = place.older(end, limit)
        has_newer = before is not None and bool(place.newer(before - 1, 1)[0])
    if root is not None and not has_older:
        found = [row for row in _rows_of([root]) if row[2] > standing.floor] + found
    return Timeline(
        [rows.message_state(row) for row in found], _threads_below(found), has_older, has_newer, standing.seq
    )


class _Place(NamedTuple):
    """A timeline as somebody sees it: without what is from before they came, or what they deleted for themselves."""

    user_id: int
    conversation_id: int
    thread_id: int | None
    floor: int

    def older(self, before: int, limit: int) -> tuple[list[tuple[Any, ...]], bool]:
        found, has_more = self._read("m.number < %s", before, "DESC", limit)
        return found[::-1], has_more

    def newer(self, after: int, limit: int) -> tuple[list[tuple[Any, ...]], bool]:
        return self._read("m.number > %s", after, "ASC", limit)

    def _read(self, where: str, number: int, way: str, limit: int) -> tuple[list[tuple[Any, ...]], bool]:
        thread = "m.thread_id IS NULL" if self.thread_id is None else "m.thread_id = %s"
        values = [
            self.conversation_id,
            *([] if self.thread_id is None else [self.thread_id]),
            self.floor,
            number,
        ]
        found = sql.rows(
            f"SELECT {rows.MESSAGE} FROM conversations_message m WHERE m.conversation_id = %s AND {thread}"
            f" AND m.number > %s AND {where} AND {_SHOWN} ORDER BY m.number {way} LIMIT %s",
            [*values, self.user_id, limit + 1],
        )
        return found[:limit], len(found) > limit


def beside(actor: Actor, conversation_id: int, thread_id: int | None, number: int, *, many: int) -> list[Row]:
    """A message with some on both sides, for whoever was let look at it (reports.py)."""
    place = _Place(actor.user_id, conversation_id, thread_id, 0)
    older, newer = place.older(number, many)[0], place.newer(number - 1, many + 1)[0]
    return [rows.message_state(row) for row in older + newer]


_SHOWN = "NOT EXISTS (SELECT 1 FROM conversations_mark k WHERE k.message_id = m.id AND k.user_id = %s AND k.is_hidden)"


def _rows_of(message_ids: list[int]) -> list[tuple[Any, ...]]:
    return sql.rows(
        f"SELECT {rows.MESSAGE} FROM conversations_message m WHERE m.id IN ({sql.marks(message_ids)})",
        message_ids,
    )


def _threads_below(found: list[tuple[Any, ...]]) -> list[Row]:
    roots = [row[0] for row in found if row[3] is None]
    return [
        rows.thread_state(row)
        for chunk in sql.chunks(roots)
        for row in sql.rows(
            f"SELECT {rows.THREAD} FROM conversations_thread t WHERE t.root_id IN ({sql.marks(chunk)})", chunk
        )
    ]


def message(actor: Actor, message_id: int) -> Row:
    access.message_for(actor, message_id, need=Right.READ)
    return rows.message_state(_rows_of([message_id])[0])


def threads(
    actor: Actor,
    conversation_id: int,
    *,
    is_resolved: bool | None = None,
    before: tuple[int, int] | None = None,
    limit: int,
) -> Page:
    """The threads of a conversation, the one written in last first."""
    standing = access.conversation_for(actor, conversation_id, need=Right.READ)
    where, values = "", [conversation_id]
    if standing.floor:
        where += f" AND {access.SPOKEN_AFTER.format(floor='%s')}"
        values.append(standing.floor)
    if is_resolved is not None:
        where += f" AND t.resolved_at IS {'NOT ' if is_resolved else ''}NULL"
    if before is not None:
        where += " AND (t.last_at, t.id) < (%s, %s)"
        values += before
    found = sql.rows(
        f"SELECT {rows.THREAD} FROM conversations_thread t WHERE t.conversation_id = %s{where}"
        " ORDER BY t.last_at DESC, t.id DESC LIMIT %s",
        [*values, limit + 1],
    )
    last = found[limit - 1] if len(found) > limit else None
    return Page(
        [rows.thread_state(row, floor=standing.floor) for row in found[:limit]],
        None if last is None else (last[6], last[0]),
    )


def pins(actor: Actor, conversation_id: int) -> list[Row]:
    """What is pinned, the latest first."""
    standing = access.conversation_for(actor, conversation_id, need=Right.READ)
    return [
        rows.message_state(row)
        for row in sql.rows(
            f"SELECT {rows.MESSAGE} FROM conversations_message m WHERE m.conversation_id = %s"
            " AND m.pinned_at IS NOT NULL AND m.number > %s ORDER BY m.pinned_at DESC, m.id DESC",
            [conversation_id, standing.floor],
        )
    ]


# --- what is unread -------------------------------------------------------------------------------

_COUNTERS = f"""
SELECT p.conversation_id, p.read_number, p.is_marked_unread, p.level, p.muted_until, c.last_number,
 CASE WHEN c.last_main_number > p.read_number THEN (SELECT count(*) FROM (SELECT 1 FROM conversations_message m
  WHERE m.conversation_id = p.conversation_id AND m.thread_id IS NULL AND m.number > p.read_number
  AND m.deleted_at IS NULL AND m.kind = 'text' AND (m.author_id IS NULL OR m.author_id <> p.user_id)
  LIMIT {COUNTED}) n) ELSE 0 END,
 CASE WHEN c.last_main_number > p.read_number THEN (SELECT count(*) FROM (
  SELECT w.number FROM conversations_mention w WHERE w.user_id = p.user_id
  AND w.conversation_id = p.conversation_id AND w.number > p.read_number AND w.thread_id IS NULL
  UNION SELECT w.number FROM conversations_mention w WHERE w.user_id IS NULL
  AND w.conversation_id = p.conversation_id AND w.number > p.read_number AND w.thread_id IS NULL
  AND (w.group_id IS NULL OR w.group_id IN ({GROUPS_OF})) LIMIT {COUNTED}) n) ELSE 0 END,
 coalesce(f.threads, 0)
FROM conversations_participant p JOIN conversations_conversation c ON c.id = p.conversation_id
LEFT JOIN (SELECT g.conversation_id AS id, count(*) AS threads FROM conversations_follow g
 JOIN conversations_thread t ON t.id = g.thread_id WHERE g.user_id = %s AND g.is_following AND NOT g.is_muted
 AND t.last_number > g.read_number GROUP BY g.conversation_id) f ON f.id = p.conversation_id
WHERE p.user_id = %s AND p.left_at IS NULL AND c.archived_at IS NULL AND c.kind <> 'notes'
"""


def counters(actor: Actor) -> list[Row]:
    """What is unread in each conversation where something is: messages, mentions among them, and threads. One query."""
    actor.require(access.USE)
    found = sql.rows(_COUNTERS, [actor.user_id, actor.user_id, actor.user_id])
    now_ms = clock.now_ms()
    return [
        {
            "conversation_id": str(row[0]),
            "read_number": row[1],
            "last_number": row[5],
            "is_marked_unread": bool(row[2]),
            "is_muted": row[3] == "nothing" or (row[4] is not None and row[4] > now_ms),
            "unread": min(row[6], COUNTED),
            "mentions": min(row[7], COUNTED),
            "threads": row[8],
        }
        for row in found
        if row[6] or row[7] or row[8] or row[2]
    ]


def unread_threads(actor: Actor, *, before: tuple[int, int] | None = None, limit: int) -> Page:
    """Threads that the actor follows and that have something unread, over all conversations, the latest first."""
    actor.require(access.USE)
    where, values = "", [actor.user_id]
    if before is not None:
        where = " AND (t.last_at, t.id) < (%s, %s)"
        values += before
    found = sql.rows(
        f"SELECT {rows.THREAD}, {rows.FOLLOW}, {access.FLOOR} FROM conversations_follow f JOIN conversations_thread t"
        " ON t.id = f.thread_id JOIN conversations_participant p ON p.conversation_id = f.conversation_id"
        " AND p.user_id = f.user_id AND p.left_at IS NULL JOIN conversations_conversation c ON c.id = p.conversation_id"
        " WHERE f.user_id = %s AND f.is_following AND NOT f.is_muted"
        f" AND t.last_number > f.read_number AND t.last_number > {access.FLOOR}"
        f" AND {keepers.UNLISTED.format('f.conversation_id')}{where}"
        " ORDER BY t.last_at DESC, t.id DESC LIMIT %s",
        [*values, limit + 1],
    )
    last = found[limit - 1] if len(found) > limit else None
    items = [
        {
            **rows.thread_state(row, floor=row[18]),
            "me": rows.follow_state(row[11:18]),
            "unread": _unread_in(actor, row[0], max(row[13], row[18])),
        }
        for row in found[:limit]
    ]
    return Page(items, None if last is None else (last[6], last[0]))


def _unread_in(actor: Actor, thread_id: int, read_number: int) -> int:
    found = sql.row(
        "SELECT count(*) FROM (SELECT 1 FROM conversations_message m JOIN conversations_thread t ON t.id = m.thread_id"
        " AND t.conversation_id = m.conversation_id WHERE t.id = %s AND m.number > %s AND m.deleted_at IS NULL"
        " AND m.kind = 'text' AND (m.author_id IS NULL OR m.author_id <> %s) LIMIT %s) n",
        [thread_id, read_number, actor.user_id, COUNTED],
    )
    return int(found[0]) if found else 0


# --- who has read ---------------------------------------------------------------------------------


def readers(actor: Actor, message_id: int, *, limit: int) -> Row:
    """Who has read a message, and who acknowledged it when; without those who show nobody what they read."""
    message = access.message_for(actor, message_id, need=Right.READ)
    acknowledged = [
        {"user_id": str(user_id), "name": name, "at": rows.time(at)}
        for user_id, name, at in sql.rows(
            "SELECT a.user_id, u.name, a.at FROM conversations_acknowledgement a"
            " JOIN identity_user u ON u.id = a.user_id WHERE a.message_id = %s ORDER BY a.id LIMIT %s",
            [message.id, limit],
        )
    ]
    read, count = _readers(actor, message, limit)
    return {"read": read, "read_count": count, "acknowledged": acknowledged}


def _readers(actor: Actor, message: access.MessageRef, limit: int) -> tuple[list[Row], int]:
    if hides_all(actor, message.standing):
        return [], 0
    if message.thread_id is None:
        tables = "conversations_participant p WHERE p.conversation_id = %s AND p.left_at IS NULL"
        values = [message.conversation_id]
    else:
        tables = "conversations_follow p WHERE p.thread_id = %s"
        values = [message.thread_id]
    where = (
        f"{tables} AND p.read_number >= %s AND p.user_id IS NOT NULL AND p.user_id <> %s"
        " AND NOT EXISTS (SELECT 1 FROM conversations_personstate s WHERE s.user_id = p.user_id AND s.hides_reading)"
    )
    values += [message.number, message.author_id or 0]
    count = sql.row(f"SELECT count(*) FROM {where}", values)
    found = sql.rows(
        f"SELECT q.user_id, u.name FROM (SELECT p.user_id, p.id FROM {where} ORDER BY p.id LIMIT %s) q"
        " JOIN identity_user u ON u.id = q.user_id ORDER BY q.id",
        [*values, limit],
    )
    return [{"user_id": str(user_id), "name": name} for user_id, name in found], int(count[0]) if count else 0


def hides_all(actor: Actor, standing: Standing) -> bool:
    """Where reading is nobody's business: by policy, or for one who hides their own."""
    found = sql.row(
        "SELECT 1 FROM conversations_policy WHERE organisation_id = %s AND hides_reading",
        [standing.organisation_id],
    )
    hiding = sql.row(
        "SELECT 1 FROM conversations_personstate WHERE user_id = %s AND hides_reading", [actor.user_id]
    )
    if found is not None or hiding is not None:
        return True
    return standing.kind == Conversation.Kind.DIRECT and not changes.shows_reading(standing.id)


def revisions(actor: Actor, message_id: int) -> list[Row]:
    """What a message said before, the oldest first; nothing where policy hides it and the actor is no admin."""
    message = access.present_message_for(actor, message_id, need=Right.READ)
    if policies.limits(message.conversation_id).hides_revisions and not message.standing.is_admin:
        return []
    return [
        {"number": number, "text": body, "html": html, "until": rows.time(until)}
        for number, body, html, until in sql.rows(
            "SELECT number, body, html, until FROM conversations_revision WHERE message_id = %s ORDER BY number",
            [message.id],
        )
    ]


# --- what is one's own ----------------------------------------------------------------------------


def drafts(actor: Actor) -> list[Row]:
    """What the actor is writing in conversations that they are in, the latest first."""
    actor.require(access.USE)
    return [
        rows.draft_state(row)
        for row in sql.rows(
            f"SELECT {rows.DRAFT} FROM conversations_draft d JOIN conversations_participant p"
            " ON p.conversation_id = d.conversation_id AND p.user_id = d.user_id AND p.left_at IS NULL"
            " WHERE d.user_id = %s AND d.content <> '' ORDER BY d.changed_at DESC, d.id DESC",
            [actor.user_id],
        )
    ]


def reminders(actor: Actor) -> list[Row]:
    """Those that wait or are due, the next first, with what they remind of where the actor may still read it."""
    actor.require(access.USE)
    return [
        {
            **rows.reminder_state(row),
            "thread_id": rows.name(row[6]),
            "message": rows.last_state(row[7:]),
        }
        for row in sql.rows(
            f"SELECT {rows.REMINDER}, l.thread_id, {rows.LAST} FROM conversations_reminder r"
            " JOIN conversations_conversation c ON c.id = r.conversation_id"
            " LEFT JOIN conversations_participant p ON p.conversation_id = c.id AND p.user_id = r.user_id"
            " AND p.left_at IS NULL LEFT JOIN conversations_message l ON l.id = r.message_id"
            f" AND (p.id IS NOT NULL OR c.visibility = 'organisation') AND l.number > {access.FLOOR}"
            " WHERE r.user_id = %s AND r.state <> 'done' ORDER BY r.remind_at, r.id",
            [actor.user_id],
        )
    ]
