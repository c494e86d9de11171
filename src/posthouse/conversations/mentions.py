"""Who is meant: names from the directory before a message is written, rows for the counters with it."""

from __future__ import annotations

from collections.abc import Sequence

from posthouse.base import sql
from posthouse.base.ids import new_id
from posthouse.conversations.markdown import Mentioned, Names, Rendered, named_in, render

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


def note(
    mentions: Sequence[Mentioned],
    *,
    conversation_id: int,
    message_id: int,
    thread_id: int | None,
    number: int,
) -> list[int]:
    """Write the rows: one for each person who is in the conversation, one for a group or for all. Gives the persons."""
    if not mentions:
        return []
    people = _present(conversation_id, [m.id for m in mentions if m.kind == "user"])
    rows: list[tuple[int | None, int | None, bool]] = [(user_id, None, False) for user_id in people]
    rows += [(None, m.id, False) for m in mentions if m.kind == "group"]
    wide = {m.kind for m in mentions} & {"here", "channel"}
    if wide:
        rows.append((None, None, wide == {"here"}))
    sql.insert_many(
        "INSERT INTO conversations_mention"
        " (id, message_id, conversation_id, thread_id, number, user_id, group_id, is_here)",
        [(new_id(), message_id, conversation_id, thread_id, number, *row) for row in rows],
    )
    return people


def forget(message_id: int) -> None:
    sql.run("DELETE FROM conversations_mention WHERE message_id = %s", [message_id])


def _present(conversation_id: int, user_ids: Sequence[int]) -> list[int]:
    if not user_ids:
        return []
    return [
        row[0]
        for row in sql.rows(
            "SELECT user_id FROM conversations_participant WHERE conversation_id = %s AND left_at IS NULL"
            f" AND user_id IN ({sql.marks(user_ids)}) ORDER BY user_id",
            [conversation_id, *user_ids],
        )
    ]
