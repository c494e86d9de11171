"""Where a search looks: the conversations that somebody may read, by the rule of access.py, and what they call them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from posthouse.base import sql
from posthouse.conversations import access, keepers
from posthouse.conversations.access import Right
from posthouse.conversations.models import Conversation
from posthouse.identity.actor import Actor
from posthouse.search.tokens import tokens
from posthouse.search.tree import PERSON

MOST = 2_000
"""Conversations of one search, those written in last."""


class Place(NamedTuple):
    """`person` is the other one of a direct conversation. `seq`: how far its log has come. Messages up to `floor` are
    from before the one who searches came, and not shown to them."""

    id: int
    seq: int
    last_at: int
    kind: str
    name: str
    floor: int
    person: str

    def is_called(self, name: str) -> bool:
        """By `#name`, blanks may be dashes, or by `@` and words of the other's name."""
        wanted = name[1:].strip()
        if name.startswith(PERSON):
            is_direct = self.kind == Conversation.Kind.DIRECT
            return is_direct and set(tokens(wanted)) <= set(tokens(self.person)) and bool(tokens(wanted))
        return bool(self.name) and _dashed(self.name) == _dashed(wanted)


def _dashed(name: str) -> str:
    return "-".join(name.casefold().split())


_LISTED = keepers.UNLISTED.format("c.id")
_PLACE = f"c.id, c.seq, c.last_at, c.kind, c.name, {access.FLOOR}"
_PERSON = "coalesce(u.name, '')"
_OTHER = (
    " LEFT JOIN conversations_participant w ON c.kind = 'direct' AND w.conversation_id = c.id AND w.id <> p.id"
    " LEFT JOIN identity_user u ON u.id = w.user_id"
)


def mine(actor: Actor) -> dict[int, Place]:
    """Those the actor is in but for notes, the one written in last first."""
    return _places(
        f"conversations_participant p JOIN conversations_conversation c ON c.id = p.conversation_id{_OTHER}"
        f" WHERE p.user_id = %s AND p.left_at IS NULL AND c.organisation_id = %s AND {_LISTED}",
        [actor.user_id, actor.organisation_id],
    )


def readable(actor: Actor) -> dict[int, Place]:
    """Those and the ones that are open to the organisation."""
    found = mine(actor)
    if actor.may(access.JOIN):
        opened = _places(
            "conversations_conversation c LEFT JOIN conversations_participant p ON p.conversation_id = c.id"
            " AND p.user_id = %s AND p.left_at IS NULL WHERE c.organisation_id = %s AND c.visibility = %s",
            [actor.user_id, actor.organisation_id, str(Conversation.Visibility.ORGANISATION)],
            person="''",
        )
        found = opened | found
    newest = sorted(found.values(), key=lambda place: (-place.last_at, -place.id))
    return {place.id: place for place in newest[:MOST]}


def one(actor: Actor, conversation_id: int) -> dict[int, Place]:
    """A conversation that the actor may read; raises Missing."""
    access.conversation_for(actor, conversation_id, need=Right.READ)
    return _places(
        "conversations_conversation c LEFT JOIN conversations_participant p ON p.conversation_id = c.id"
        f" AND p.user_id = %s AND p.left_at IS NULL{_OTHER} WHERE c.id = %s",
        [actor.user_id, conversation_id],
    )


def called(places: Iterable[Place], name: str) -> list[int]:
    return [place.id for place in places if place.is_called(name)]


def _places(tables: str, values: list[object], *, person: str = _PERSON) -> dict[int, Place]:
    return {
        row[0]: Place._make(row)
        for row in sql.rows(
            f"SELECT {_PLACE}, {person} FROM {tables} ORDER BY c.last_at DESC, c.id DESC LIMIT {MOST}", values
        )
    }
