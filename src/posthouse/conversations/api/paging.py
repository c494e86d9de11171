"""Pages of conversations' lists, and the parameters they share."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from posthouse.base.api import (
    CURSOR,
    Parameters,
    conditional,
    decode_cursor,
    encode_cursor,
    limit_parameter,
)
from posthouse.conversations import access, changes
from posthouse.conversations.access import Right
from posthouse.conversations.queries import Page
from posthouse.identity.actor import Actor

TAG = "conversations"
MAX_LIMIT, DEFAULT_LIMIT = 200, 50
PAGING = [limit_parameter(DEFAULT_LIMIT, MAX_LIMIT), CURSOR]


def limit_of(asked: Parameters, default: int = DEFAULT_LIMIT) -> int:
    return asked.number("limit", default, low=1, high=MAX_LIMIT)


def place_of(asked: Parameters, scope: str) -> tuple[int, int] | None:
    """Where the page before ended."""
    cursor = asked.text("cursor")
    return decode_cursor(cursor, scope=scope) if cursor else None


def as_json(page: Page, scope: str) -> dict[str, Any]:
    return {
        "items": page.items,
        "next": None if page.next is None else encode_cursor(*page.next, scope=scope),
    }


def tag_of(actor: Actor, conversation_id: int) -> str:
    """Of what is in a conversation, and of one's own marks on it."""
    standing = access.conversation_for(actor, conversation_id, need=Right.READ)
    return conditional.tag(standing.seq, changes.own_seq(actor.user_id))


def only_of(request: Request, *known: str) -> Parameters:
    return Parameters(request.query_params, *known)
