"""One search over mail and conversations: what fits of both, in one list."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import (
    CURSOR,
    Parameters,
    answered,
    decode_cursor,
    encode_cursor,
    id_parameter,
    limit_parameter,
)
from posthouse.base.limits import SEARCH
from posthouse.bridge.api.search_shapes import EXAMPLE, FoundItems
from posthouse.bridge.merged import Part, Place, joined
from posthouse.conversations.access import USE
from posthouse.conversations.api import found as found_messages
from posthouse.conversations.finding import Wanted
from posthouse.identity.actor import Actor
from posthouse.identity.api.authentication import actor_of
from posthouse.identity.api.permissions import require_scope
from posthouse.mail import access as mail_access
from posthouse.mail.access import Right
from posthouse.mail.api import found as found_mail
from posthouse.mail.queries import Cursor
from posthouse.search import language
from posthouse.search.language import BOTH, MAIL, MESSAGES, Query
from posthouse.search.tree import State, both, clauses

TAG = "search"
EVERYTHING = "everything"
MAX_LIMIT, DEFAULT_LIMIT = 200, 50
Row = dict[str, Any]


class SearchView(APIView):
    bucket = SEARCH

    @extend_schema(
        operation_id="search",
        tags=[TAG],
        parameters=[
            OpenApiParameter(
                "q", str, required=True, description="Words and operators, as docs/use/search.md tells."
            ),
            OpenApiParameter(
                "in", str, enum=[EVERYTHING, MAIL, MESSAGES], description="`everything` if left out."
            ),
            OpenApiParameter("unread", bool, description="Only what is unread."),
            id_parameter("account", "The mail of this account; of one's own if left out."),
            limit_parameter(DEFAULT_LIMIT, MAX_LIMIT),
            CURSOR,
        ],
        responses=FoundItems,
        examples=[answered(EXAMPLE)],
    )
    def get(self, request: Request) -> Response:
        """Threads of mail and messages of conversations that fit, newest first. Where mail is searched, a token needs
        mail:read as well as chat:read."""
        asked = Parameters(request.query_params, "q", "in", "unread", "account", "limit", "cursor")
        return Response(_found(actor_of(request), asked))


def _found(actor: Actor, asked: Parameters) -> Row:
    where = asked.choice("in", EVERYTHING, among=(EVERYTHING, MAIL, MESSAGES))
    kinds = BOTH if where == EVERYTHING else frozenset({where})
    if MAIL in kinds:
        require_scope(actor, "mail:read")
    if not actor.may(USE):
        actor.require("mail.read")
    q, is_unread = asked.text("q"), bool(asked.boolean("unread"))
    limit = asked.number("limit", DEFAULT_LIMIT, low=1, high=MAX_LIMIT)
    query = _also(language.parse(q, of=kinds), is_unread=is_unread)
    account_id = None
    if MAIL in kinds:
        account_id = _account(actor, asked.identifier("account"), is_needed=where == MAIL)
    scope = f"search {where} {account_id} {is_unread} {q}"
    cursor = asked.text("cursor")
    before = decode_cursor(cursor, scope=scope) if cursor else None
    looked: list[tuple[Part, Row]] = []
    if account_id is not None and _can_fit(query, MAIL):
        looked.append(_mail(account_id, query, before, limit))
    if MESSAGES in kinds and _can_fit(query, MESSAGES) and (actor.may(USE) or where == MESSAGES):
        looked.append(_messages(actor, query, before, limit))
    made = joined([part for part, _ in looked], limit=limit)
    return {
        "items": made.items,
        "next": None if made.next is None else encode_cursor(*made.next, scope=scope),
        "search": _about(query, [about for _, about in looked]),
    }


def _also(query: Query, *, is_unread: bool) -> Query:
    """With the switch of the list; what was understood of the text stays as it is."""
    if not is_unread or query.root is None:
        return query
    return replace(query, root=both([*clauses(query.root), State("unread")]))


def _account(actor: Actor, account_id: int | None, *, is_needed: bool) -> int | None:
    """Who has no mail of their own finds what is said in conversations."""
    if account_id is None and not is_needed and not mail_access.has_mail(actor):
        return None
    return mail_access.account_id_for(actor, account_id, need=Right.READ)


def _can_fit(query: Query, kind: str) -> bool:
    return query.root is not None and kind in language.kinds_of(query.root)


def _mail(account_id: int, query: Query, before: Place | None, limit: int) -> tuple[Part, Row]:
    placed, following, about = found_mail.placed_threads(
        account_id, query, mailbox_id=None, after=None if before is None else Cursor(*before), limit=limit
    )
    items = [(place, {"kind": "mail", "at": row["placed_at"], "thread": row}) for place, row in placed]
    return Part(items, following), about


def _messages(actor: Actor, query: Query, before: Place | None, limit: int) -> tuple[Part, Row]:
    rows, found, about = found_messages.messages(actor, Wanted(query=query), before=before, limit=limit)
    assert about is not None
    items = [
        (
            (row[22], row[0]),
            {
                "kind": "message",
                "at": shown["created_at"],
                "message": shown,
                "conversation": found_messages.place(found.places[row[1]]),
            },
        )
        for row, shown in zip(found.rows, rows, strict=True)
    ]
    return Part(items, found.next), about


def _about(query: Query, abouts: list[Row]) -> Row:
    """How many there are is known where each of them knows."""
    estimates = [about["estimate"] for about in abouts]
    return {
        "understood": [part.as_json() for part in query.parts],
        "is_complete": all(about["is_complete"] for about in abouts),
        "estimate": None if None in estimates else sum(estimates),
        "is_more": any(about["is_more"] for about in abouts),
    }
