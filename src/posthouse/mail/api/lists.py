"""The hot lists: rows come from the queries as they go out, without serializers."""

from __future__ import annotations

from dataclasses import replace
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
from posthouse.mail.api import examples, found, schemas
from posthouse.mail.queries import Cursor, Page
from posthouse.search import language
from posthouse.search.tree import State, both, clauses

MAX_LIMIT = 200
DEFAULT_LIMIT = 50
PAGING = [
    OpenApiParameter("limit", int, description=f"1 to {MAX_LIMIT}; {DEFAULT_LIMIT} if left out."),
    OpenApiParameter("cursor", str, description="`next` of the page before."),
]

SEARCHED = OpenApiParameter("q", str, description="Words and operators, as docs/use/search.md tells.")


class ThreadsView(APIView):
    @extend_schema(
        operation_id="threads",
        tags=["threads"],
        parameters=[
            OpenApiParameter("mailbox", str, description="Threads with an e-mail in this mailbox."),
            OpenApiParameter("flagged", bool, description="Threads with a flagged e-mail."),
            SEARCHED,
            OpenApiParameter("unread", bool, description="Only those with unread e-mails."),
            OpenApiParameter("account", str),
            *PAGING,
        ],
        responses=schemas.ThreadPage,
        examples=[examples.FOUND_THREADS],
    )
    def get(self, request: Request) -> Response:
        """Threads, newest first. Give one of mailbox, flagged and q; q may be combined with mailbox."""
        known = ("mailbox", "flagged", "q", "unread", "account", "limit", "cursor")
        return Response(_threads(actor_of(request), Parameters(request.query_params, *known)))


def _threads(actor: Actor, asked: Parameters) -> dict[str, Any]:
    mailbox_id, q = asked.identifier("mailbox"), _search_text(asked)
    flagged, unread = bool(asked.boolean("flagged")), bool(asked.boolean("unread"))
    limit = asked.number("limit", DEFAULT_LIMIT, low=1, high=MAX_LIMIT)
    if (flagged and (mailbox_id is not None or q)) or not (flagged or q or mailbox_id is not None):
        raise Invalid("invalid_parameter", "Give one of mailbox, flagged and q; q may go with mailbox.")
    if mailbox_id is not None:
        account_id = access.account_of_mailbox_for(actor, mailbox_id)
    else:
        account_id = access.account_id_for(actor, asked.identifier("account"))
    scope = f"threads {account_id} {mailbox_id} {flagged} {unread} {q}"
    after = _after(asked, scope)
    state = queries.state(account_id)
    about: dict[str, Any] | None = None
    if q or (flagged and unread):
        query = _also(language.parse(q), flagged=flagged, unread=unread)
        page, about = found.threads(account_id, query, mailbox_id=mailbox_id, after=after, limit=limit)
    elif flagged or mailbox_id is None:
        page = queries.flagged_page(account_id, after=after, limit=limit)
    else:
        page = queries.thread_page(
            mailbox_id, account_id=account_id, after=after, limit=limit, only_unread=unread
        )
    return _page_json(page, state, scope, about)


def _also(query: language.Query, *, flagged: bool, unread: bool) -> language.Query:
    """With the switches of the list; what was understood of the text stays as it is."""
    states = [State(name) for name, is_on in (("starred", flagged), ("unread", unread)) if is_on]
    return replace(query, root=both([*clauses(query.root), *states]))


def _search_text(asked: Parameters) -> str:
    """A blank at the end counts: it ends the last word."""
    q = asked.text("q")
    return q if q.strip() else ""


class EmailsView(APIView):
    @extend_schema(
        operation_id="emails",
        tags=["emails"],
        parameters=[
            OpenApiParameter("mailbox", str, description="Only in this mailbox."),
            SEARCHED,
            OpenApiParameter("account", str),
            *PAGING,
        ],
        responses=schemas.EmailPage,
        examples=[examples.FOUND_EMAILS],
    )
    def get(self, request: Request) -> Response:
        """E-mails, newest first. Give mailbox, q, or both."""
        known = ("mailbox", "q", "account", "limit", "cursor")
        return Response(_emails(actor_of(request), Parameters(request.query_params, *known)))


def _emails(actor: Actor, asked: Parameters) -> dict[str, Any]:
    mailbox_id, q = asked.identifier("mailbox"), _search_text(asked)
    limit = asked.number("limit", DEFAULT_LIMIT, low=1, high=MAX_LIMIT)
    if mailbox_id is not None:
        account_id = access.account_of_mailbox_for(actor, mailbox_id)
    elif q:
        account_id = access.account_id_for(actor, asked.identifier("account"))
    else:
        raise Invalid("invalid_parameter", "Give mailbox or q.")
    scope = f"emails {account_id} {mailbox_id} {q}"
    after = _after(asked, scope)
    state = queries.state(account_id)
    if not q:
        assert mailbox_id is not None
        return _page_json(queries.email_page(mailbox_id, after=after, limit=limit), state, scope)
    page, about = found.emails(account_id, language.parse(q), mailbox_id=mailbox_id, after=after, limit=limit)
    return _page_json(page, state, scope, about)


def _after(asked: Parameters, scope: str) -> Cursor | None:
    cursor = asked.text("cursor")
    return Cursor(*decode_cursor(cursor, scope=scope)) if cursor else None


def _page_json(page: Page, state: int, scope: str, about: dict[str, Any] | None = None) -> dict[str, Any]:
    """`about` is for lists that were searched for."""
    made = {
        "items": page.items,
        "next": encode_cursor(*page.next, scope=scope) if page.next else None,
        "state": str(state),
    }
    return made if about is None else made | {"search": about}
