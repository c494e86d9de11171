"""Who is meant: names from the directory before a message is written, rows for the counters with it."""

from __future__ import annotations

from collections.abc import Sequence

from posthouse.base import sql
from posthouse.base.ids import new_id
from posthouse.conversations import access
from posthouse.conversations.markdown import Mentioned, Names, Rendered, named_in, render
from posthouse.identity import presence

_TABLES = {"user": "identity_user", "group": "identity_group"}


def rendered(organisation_id: int, text: str) -> Rendered:
    """A text as HTML, with the people and groups of its organisation; outside of any transaction."""
    named = named_in(text)
    return render(text, _names(organisation_id, named) if named else {})


def _names(organisation_id: int, named: Sequence[tuple[str, int]]) -> Names:
    found: dict[tuple[str, int], str] = {}
    for kind, table in _TABLES.items():
        ids = [id_ for named_kind, id_ in named if named_kind == kind]
        if ids:
            found |= {
                (kind, id_): name
                for id_, name in sql.rows(
                    f"SELECT id, name FROM {table} WHERE organisation_id = %s AND id IN ({sql.marks(ids)})",
                    [organisation_id, *ids],
                )
            }
    return found


def who_is_here(conversation_id: int, mentions: Sequence[Mentioned]) -> frozenset[int]:
    """Whom `@here` names: those in the conversation who have a stream open now; who hides it is named all the same, and
    nobody else is told. Outside of any transaction, since presence may be kept elsewhere."""
    if not any(m.kind == "here" for m in mentions):
        return frozenset()
    return frozenset(presence.current().online(access.people_in(conversation_id)))


def named_by_here(message_id: int) -> frozenset[int]:
    """Who was here when a message named them so."""
    return frozenset(
        row[0]
        for row in sql.rows(
            "SELECT user_id FROM conversations_mention WHERE message_id = %s AND is_here AND user_id IS NOT NULL",
            [message_id],
        )
    )


def note(
    mentions: Sequence[Mentioned],
    *,
    here: frozenset[int],
    conversation_id: int,
    message_id: int,
    thread_id: int | None,
    number: int,
) -> list[int]:
    """Write the rows: one for each person who is in the conversation, one for a group or for all. Gives the persons.

    `here` are those whom `@here` names.
    """
    if not mentions:
        return []
    kinds = {m.kind for m in mentions}
    people = _present(conversation_id, [m.id for m in mentions if m.kind == "user"])
    active = _present(conversation_id, sorted(here.difference(people))) if "here" in kinds else []
    rows: list[tuple[int | None, int | None, bool]] = [(user_id, None, False) for user_id in people]
    rows += [(None, m.id, False) for m in mentions if m.kind == "group"]
    rows += [(user_id, None, True) for user_id in active]
    if "channel" in kinds:
        rows.append((None, None, False))
    sql.insert_many(
        "INSERT INTO conversations_mention"
        " (id, message_id, conversation_id, thread_id, number, user_id, group_id, is_here)",
        [(new_id(), message_id, conversation_id, thread_id, number, *row) for row in rows],
    )
    return people


def forget(message_id: int) -> None:
    sql.run("DELETE FROM conversations_mention WHERE message_id = %s", [message_id])


def _present(conversation_id: int, user_ids: Sequence[int]) -> list[int]:
    return [
        row[0]
        for chunk in sql.chunks(user_ids)
        for row in sql.rows(
            "SELECT user_id FROM conversations_participant WHERE conversation_id = %s AND left_at IS NULL"
            f" AND user_id IN ({sql.marks(chunk)}) ORDER BY user_id",
            [conversation_id, *chunk],
        )
    ]
