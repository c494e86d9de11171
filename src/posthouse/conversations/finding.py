"""Messages over all of one's conversations, the newest first, narrowed by where, who, when and what they bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from posthouse.base import sql
from posthouse.conversations import access, keepers, rows
from posthouse.conversations.access import Right
from posthouse.conversations.queries import Page
from posthouse.identity.actor import Actor

HAS = {
    "file": "m.attachments <> '[]'",
    "link": "m.html LIKE %s",
    "reaction": "m.reactions <> '{}'",
    "pin": "m.pinned_at IS NOT NULL",
    "star": "EXISTS (SELECT 1 FROM conversations_mark s WHERE s.message_id = m.id AND s.user_id = %s AND s.is_starred)",
    "mention": (
        "EXISTS (SELECT 1 FROM conversations_mention w WHERE w.message_id = m.id"
        " AND (w.user_id = %s OR (w.user_id IS NULL AND w.group_id IS NULL)))"
    ),
}
_LINK = "%href=%"
_LISTED = keepers.UNLISTED.format("p.conversation_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """`before_ms` and `after_ms` are moments; `has` is of HAS; `words` are all in the text, in any order."""

    conversation_id: int | None = None
    author_id: int | None = None
    has: str = ""
    words: str = ""
    after_ms: int | None = None
    before_ms: int | None = None


def messages(actor: Actor, wanted: Wanted, *, before: tuple[int, int] | None, limit: int) -> Page:
    """One page; a conversation that the actor may not read raises Missing."""
    actor.require(access.USE)
    where, values = _conditions(actor, wanted, before)
    if wanted.conversation_id is not None:
        access.conversation_for(actor, wanted.conversation_id, need=Right.READ)
        found = sql.rows(
            f"SELECT {rows.MESSAGE} FROM conversations_message m WHERE m.conversation_id = %s AND {where}"
            " ORDER BY m.created_at DESC, m.id DESC LIMIT %s",
            [wanted.conversation_id, *values, limit + 1],
        )
    else:
        # The newest of each conversation by its own index, then the newest of those.
        found = sql.rows(
            f"SELECT {rows.MESSAGE} FROM conversations_participant p CROSS JOIN conversations_message m"
            f" WHERE p.user_id = %s AND p.left_at IS NULL AND {_LISTED}"
            " AND m.id IN (SELECT m.id FROM conversations_message m"
            f" WHERE m.conversation_id = p.conversation_id AND {where}"
            " ORDER BY m.created_at DESC, m.id DESC LIMIT %s)"
            " ORDER BY m.created_at DESC, m.id DESC LIMIT %s",
            [actor.user_id, *values, limit + 1, limit + 1],
        )
    more = (found[limit - 1][22], found[limit - 1][0]) if len(found) > limit else None
    return Page([rows.message_state(row) for row in found[:limit]], more)


def _conditions(actor: Actor, wanted: Wanted, before: tuple[int, int] | None) -> tuple[str, list[Any]]:
    where = [
        "m.deleted_at IS NULL",
        "m.kind = 'text'",
        "NOT EXISTS (SELECT 1 FROM conversations_mark k WHERE k.message_id = m.id AND k.user_id = %s AND k.is_hidden)",
    ]
    values: list[Any] = [actor.user_id]
    if wanted.author_id is not None:
        where.append("m.author_id = %s")
        values.append(wanted.author_id)
    if wanted.has:
        where.append(HAS[wanted.has])
        if "%s" in HAS[wanted.has]:
            values.append(_LINK if wanted.has == "link" else actor.user_id)
    for word in wanted.words.lower().split()[:8]:
        where.append("lower(m.body) LIKE %s ESCAPE '\\'")
        values.append("%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%")
    if wanted.after_ms is not None:
        where.append("m.created_at >= %s")
        values.append(wanted.after_ms)
    if wanted.before_ms is not None:
        where.append("m.created_at < %s")
        values.append(wanted.before_ms)
    if before is not None:
        where.append("(m.created_at, m.id) < (%s, %s)")
        values += before
    return " AND ".join(where), values
