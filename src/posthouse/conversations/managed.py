"""What those who manage conversations see of all groups and channels, and lay down for one: not what was said there.

Direct conversations are two people's and are not listed; the organisation's own retention and hold count for them too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import clock, db, sql
from posthouse.base.clock import iso
from posthouse.base.errors import Missing
from posthouse.conversations import access, log, policies, rows
from posthouse.conversations.queries import Page
from posthouse.conversations.retention import DAY_MS, OLD
from posthouse.conversations.rows import Row
from posthouse.identity.actor import Actor

MOST_COUNTED = 100_000
_COLUMNS = (
    "c.id, c.kind, c.visibility, c.name, c.members, c.created_at, c.last_at, c.archived_at, c.retention_days,"
    " c.is_held"
)
_LISTED = "c.organisation_id = %s AND c.kind IN ('group', 'channel') AND c.members > 0"


def conversations(
    actor: Actor, *, words: str = "", is_held: bool | None = None, after: int = 0, limit: int
) -> Page:
    """Those in which somebody is, the oldest first."""
    actor.require(access.MANAGE)
    where, values = "", [actor.organisation_id, after]
    if is_held is not None:
        where += " AND c.is_held" if is_held else " AND NOT c.is_held"
    for word in words.split()[:8]:
        where += " AND lower(c.name) LIKE %s ESCAPE '\\'"
        values.append(sql.containing(word.lower()))  # type: ignore[arg-type]
    found = sql.rows(
        f"SELECT {_COLUMNS} FROM conversations_conversation c WHERE {_LISTED} AND c.id > %s{where}"
        " ORDER BY c.id LIMIT %s",
        [*values, limit + 1],
    )
    last = found[limit - 1][0] if len(found) > limit else None
    return Page([_state(row) for row in found[:limit]], None if last is None else (last, 0))


def one(actor: Actor, conversation_id: int) -> Row:
    actor.require(access.MANAGE)
    found = sql.row(
        f"SELECT {_COLUMNS} FROM conversations_conversation c WHERE {_LISTED} AND c.id = %s",
        [actor.organisation_id, conversation_id],
    )
    if found is None:
        raise Missing()
    return _state(found)


def _state(row: tuple[Any, ...]) -> Row:
    return {
        "id": str(row[0]),
        "kind": row[1],
        "visibility": row[2],
        "name": row[3],
        "members": row[4],
        "created_at": iso(row[5]),
        "last_at": iso(row[6]),
        "archived_at": rows.time(row[7]),
        "retention_days": row[8],
        "is_held": bool(row[9]),
    }


@db.action
def change(actor: Actor, conversation_id: int, values: Mapping[str, Any]) -> None:
    """How long it keeps messages, and whether a legal hold keeps all; also of one that the actor is not in."""
    before = one(actor, conversation_id)
    known = {name: values[name] for name in ("retention_days", "is_held") if name in values}
    changed = {name: value for name, value in known.items() if before[name] != value}
    if not changed:
        return
    log.step(conversation_id)
    sets = ", ".join(f"{name} = %s" for name in changed)
    sql.run(
        f"UPDATE conversations_conversation SET {sets} WHERE id = %s", [*changed.values(), conversation_id]
    )
    if "is_held" in changed:
        policies.record_hold(actor, conversation_id, is_held=changed["is_held"])
    if "retention_days" in changed:
        record(actor, Act.CONVERSATION_CHANGED, kind="conversation", object_id=conversation_id,
               facts={"fields": ["retention_days"]})  # fmt: skip


def expiring(actor: Actor, *, days: int, conversation_id: int | None = None) -> Row:
    """What would go if messages were kept for so many days: in one conversation, or in all that have no days of their
    own and no hold, direct ones too."""
    if conversation_id is None:
        actor.require(access.MANAGE)
        places, values = (
            "c.organisation_id = %s AND c.retention_days IS NULL AND NOT c.is_held",
            [actor.organisation_id],
        )
        is_held = bool(policies.policy(actor)["is_held"])
    else:
        is_held = one(actor, conversation_id)["is_held"] or bool(policies.policy(actor)["is_held"])
        places, values = "c.id = %s", [conversation_id]
    before_ms = clock.now_ms() - days * DAY_MS
    found = sql.row(
        "SELECT count(*), count(DISTINCT n.conversation_id), min(n.created_at) FROM (SELECT m.conversation_id,"
        " m.created_at FROM conversations_conversation c CROSS JOIN conversations_message m"
        f" WHERE {places} AND m.conversation_id = c.id AND {OLD} LIMIT %s) n",
        [*values, before_ms, before_ms, MOST_COUNTED + 1],
    )
    messages, inside, oldest = found or (0, 0, None)
    return {
        "messages": min(messages, MOST_COUNTED),
        "is_more": messages > MOST_COUNTED,
        "conversations": inside,
        "oldest_at": rows.time(oldest),
        "is_held": is_held,
    }
