"""The hot lists: rows come from the queries as they go out, without serializers."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import Parameters, decode_cursor, encode_cursor
from posthouse.base.errors import Invalid
from posthouse.identity.actor import Actor
from posthouse.identity.api.authentication import actor_of
from posthouse.mail import access, queries
from posthouse.mail.access import Right
from posthouse.mail.api import schemas
from posthouse.mail.queries import Cursor, Page
from posthouse.mail.searching import found_threads
from posthouse.search import language

MAX_LIMIT = 200
DEFAULT_LIMIT = 50
PAGING = [
    OpenApiParameter("limit", int, description=f"1 to {MAX_LIMIT}; {DEFAULT_LIMIT} if left out."),
    OpenApiParameter("cursor", str, description="`next` of the page before."),
]


class ThreadsView(APIView):
    @extend_schema(
        operation_id="threads",
        tags=["threads"],
        parameters=[
            OpenApiParameter("mailbox", str, description="Threads with an e-mail in this mailbox."),
            OpenApiParameter("flagged", bool, description="Threads with a flagged e-mail."),
            OpenApiParameter("q", str, description="Words and operators: from: to: subject: is: has: in:"),
            OpenApiParameter("unread", bool, description="Only those with unread e-mails."),
            OpenApiParameter("account", str),
            *PAGING,
        ],
        responses=schemas.ThreadPage,
    )
    def get(self, request: Request) -> Response:
        """Threads, newest first. Give one of mailbox, flagged and q; q may be combined with mailbox."""
        known = ("mailbox", "flagged", "q", "unread", "account", "limit", "cursor")
        return Response(_threads(actor_of(request), Parameters(request.query_params, *known)))


def _threads(actor: Actor, asked: Parameters) -> dict[str, Any]:
    mailbox_id, q = asked.identifier("mailbox"), asked.text("q").strip()
    flagged, unread = bool(asked.boolean("flagged")), bool(asked.boolean("unread"))
    limit = asked.number("limit", DEFAULT_LIMIT, low=1, high=MAX_LIMIT)
    if (flagged and (mailbox_id is not None or q)) or not (flagged or q or mailbox_id is not None):
        raise Invalid("invalid_parameter", "Give one of mailbox, flagged and q; q may go with mailbox.")
    if mailbox_id is not None:
        account_id = access.account_of_mailbox_for(actor, mailbox_id)
    else:
        account_id = access.account_id_for(actor, asked.identifier("account"), need=Right.READ)
    scope = f"threads {account_id} {mailbox_id} {flagged} {unread} {q}"
    after = _after(asked, scope)
    state = queries.state(account_id)
    if q or (flagged and unread):
        query = language.parse(q + " is:starred" * flagged + " is:unread" * unread)
        page = found_threads(account_id, query, mailbox_id=mailbox_id, after=after, limit=limit)
    elif flagged or mailbox_id is None:
        page = queries.flagged_page(account_id, after=after, limit=limit)
    else:
        page = queries.thread_page(
            mailbox_id, account_id=account_id, after=after, limit=limit, only_unread=unread
        )
    return _page_json(page, state, scope)


class EmailsView(APIView):
    @extend_schema(
        operation_id="emails",
        tags=["emails"],
        parameters=[OpenApiParameter("mailbox", str, required=True), *PAGING],
        responses=schemas.EmailPage,
    )
    def get(self, request: Request) -> Response:
        """E-mails of one mailbox, newest first."""
        asked = Parameters(request.query_params, "mailbox", "limit", "cursor")
        mailbox_id = asked.identifier("mailbox")
        if mailbox_id is None:
            raise Invalid("invalid_parameter", "mailbox is missing.")
        account_id = access.account_of_mailbox_for(actor_of(request), mailbox_id)
        limit = asked.number("limit", DEFAULT_LIMIT, low=1, high=MAX_LIMIT)
        scope = f"emails {mailbox_id}"
        after = _after(asked, scope)
        state = queries.state(account_id)
        return Response(_page_json(queries.email_page(mailbox_id, after=after, limit=limit), state, scope))


def _after(asked: Parameters, scope: str) -> Cursor | None:
    cursor = asked.text("cursor")
    return Cursor(*decode_cursor(cursor, scope=scope)) if cursor else None


def _page_json(page: Page, state: int, scope: str) -> dict[str, Any]:
    return {
        "items": page.items,
        "next": encode_cursor(*page.next, scope=scope) if page.next else None,
        "state": str(state),
    }
