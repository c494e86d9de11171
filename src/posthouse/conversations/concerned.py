"""Whom a message may concern, for rooms that tell people: by how it names them, and by what they want to hear.

In a direct conversation and in a group that is everybody; in a channel those who are named or want all of it; in a
thread those who follow it or are named. Who has read it, the author and who blocked the author are left out. The cost
is that of those who may be concerned: a channel of thousands is asked for the few.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from posthouse.base import clock, sql
from posthouse.conversations import keepers, log
from posthouse.conversations.models import Conversation, Message, Participant
from posthouse.identity.groups import members_of

_MENTION = re.compile(r"@\[([^\]\n]{1,200})\]\((?:user|group):[0-9]{1,19}\)")


class Written(NamedTuple):
    """A message as it is told: `text` is what it says, its mentions by their names alone."""

    id: int
    conversation_id: int
    number: int
    thread_id: int | None
    author_id: int | None
    author_name: str
    text: str
    is_urgent: bool
    has_files: bool
    kind: str
    name: str

    @property
    def is_direct(self) -> bool:
        return self.kind == Conversation.Kind.DIRECT

    @property
    def is_note(self) -> bool:
        return self.kind == keepers.NOTES


class Concerned(NamedTuple):
    """`is_named`: it names them, or is for nobody else."""

    user_id: int
    is_named: bool
    is_muted: bool


def written(message_id: int) -> Written | None:
    """None for what is not there any more, and for what nobody wrote."""
    found = sql.row(
        "SELECT m.id, m.conversation_id, m.number, m.thread_id, m.author_id, m.author_name, m.body, m.importance,"
        " m.attachments, c.kind, c.name FROM conversations_message m"
        " JOIN conversations_conversation c ON c.id = m.conversation_id"
        " WHERE m.id = %s AND m.kind = 'text' AND m.deleted_at IS NULL",
        [message_id],
    )
    if found is None:
        return None
    id_, conversation_id, number, thread_id, author_id, author, body, importance, attachments, kind, name = (
        found
    )
    return Written(
        id=id_,
        conversation_id=conversation_id,
        number=number,
        thread_id=thread_id,
        author_id=author_id,
        author_name=author,
        text=_MENTION.sub(r"@\1", body),
        is_urgent=importance == Message.Importance.URGENT,
        has_files=attachments != "[]",
        kind=kind,
        name=name,
    )


def concerned(message: Written) -> list[Concerned]:
    named = _named(message)
    found = _in_thread(message, named) if message.thread_id is not None else _in_timeline(message, named)
    if message.is_note:  # who took part may have lost the right to read it
        may = keepers.keeper().readers(message.conversation_id, [user_id for user_id, *_ in found])
        found = [one for one in found if one[0] in may]
    return [
        Concerned(user_id, is_named, level == Participant.Level.NOTHING or is_muted)
        for user_id, level, is_muted in found
        if (is_named := message.is_direct or named is None or user_id in named)
        or level == Participant.Level.ALL
        or (
            level != Participant.Level.MENTIONS
            and (message.kind != Conversation.Kind.CHANNEL or message.thread_id)
        )
    ]


def _named(message: Written) -> frozenset[int] | None:
    """The people that it names, also by their groups; None for everybody."""
    people: set[int] = set()
    for user_id, group_id in sql.rows(
        "SELECT user_id, group_id FROM conversations_mention WHERE message_id = %s", [message.id]
    ):
        if user_id is not None:
            people.add(user_id)
        elif group_id is not None:
            people.update(members_of(group_id))
        else:
            return None
    return frozenset(people)


_Hearing = tuple[int, str, bool]
"""Who, their level, whether they are left in peace for now."""
_PEOPLE = (
    "SELECT p.user_id, p.level, p.muted_until IS NOT NULL AND p.muted_until > %s FROM conversations_participant p"
    " WHERE p.conversation_id = %s AND p.left_at IS NULL AND p.user_id IS NOT NULL AND p.user_id <> %s"
    " AND NOT EXISTS (SELECT 1 FROM conversations_block b WHERE b.user_id = p.user_id AND b.blocked_id = %s)"
    " AND p.joined_number < %s"
)


def _people(message: Written, also: str, values: Collection[object]) -> list[_Hearing]:
    author_id = message.author_id or 0
    return [
        (user_id, level, bool(is_muted))
        for user_id, level, is_muted in sql.rows(
            f"{_PEOPLE}{also} ORDER BY p.user_id",
            [clock.now_ms(), message.conversation_id, author_id, author_id, message.number, *values],
        )
    ]


def _in_timeline(message: Written, named: frozenset[int] | None) -> list[_Hearing]:
    also, values = " AND p.read_number < %s", [message.number]
    if message.kind == Conversation.Kind.CHANNEL and named is not None:
        also += f" AND (p.level = 'all' OR p.user_id IN ({sql.marks(list(named))}))"
        values += named
    return _people(message, also, values)


def _in_thread(message: Written, named: frozenset[int] | None) -> list[_Hearing]:
    """Who follows, by their own reading of the thread; who is named follows from that message on."""
    follows = {
        user_id: (bool(is_muted), read_number)
        for user_id, is_muted, read_number in sql.rows(
            "SELECT user_id, is_muted, read_number FROM conversations_follow WHERE thread_id = %s AND is_following",
            [message.thread_id],
        )
    }
    wanted = follows.keys() | (named or frozenset())
    also, values = (
        (f" AND p.user_id IN ({sql.marks(list(wanted))})", list(wanted)) if named is not None else ("", [])
    )
    return [
        (user_id, level, is_muted or follows.get(user_id, (False, 0))[0])
        for user_id, level, is_muted in _people(message, also, values)
        if follows.get(user_id, (False, 0))[1] < message.number
    ]


def hold(message: Written) -> None:
    """Let nobody delete it until the commit; inside an action."""
    log.hold(message.conversation_id)


def have_read(message: Written, user_ids: Collection[int]) -> set[int]:
    """Those of them who have, by now. Inside an action: who does at this moment has, or does after its commit."""
    found: set[int] = set()
    for chunk in sql.chunks(user_ids):
        marks = sql.marks(chunk)
        place, table = (
            ("thread_id = %s", "conversations_follow")
            if message.thread_id is not None
            else ("conversation_id = %s", "conversations_participant")
        )
        found.update(
            row[0]
            for row in sql.rows(
                f"SELECT user_id, read_number FROM {table} WHERE {place} AND user_id IN ({marks})"
                f" ORDER BY id{sql.for_update()}",
                [message.thread_id or message.conversation_id, *chunk],
            )
            if row[1] >= message.number
        )
    return found
