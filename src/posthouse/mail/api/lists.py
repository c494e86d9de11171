"""The hot lists: rows come from the queries as they go out, without serializers.

A list's tag is its account's state: nothing in it can change without that. Only a search says more (days go by).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import (
    CURSOR,
    Parameters,
    conditional,
    decode_cursor,
    encode_cursor,
    fields_parameter,
    id_parameter,
    limit_parameter,
    only,
)
from posthouse.base.errors import Invalid
from posthouse.base.limits import GENERAL, SEARCH
from posthouse.identity.actor import Actor
from posthouse.identity.api.authentication import actor_of
from posthouse.mail import access, queries
from posthouse.mail.access import Right
from posthouse.mail.api import examples, found, schemas
from posthouse.mail.queries import Cursor, Page
from posthouse.search import language
from posthouse.search.tree import State, both, clauses

MAX_LIMIT = 200
DEFAULT_LIMIT = 50
FLAGGED = "flagged"
NEWEST, OLDEST = "-received_at", "received_at"
ROLES = ("inbox", "drafts", "sent", "archive", "junk", "trash")
ACCOUNT = id_parameter("account", "An account's id; one's own if left out.")
SORT = OpenApiParameter("sort", str, enum=[NEWEST, OLDEST], description="Newest first if left out.")
PAGING = [limit_parameter(DEFAULT_LIMIT, MAX_LIMIT), CURSOR]
THREAD_FIELDS = tuple(schemas.ListedThread().fields)
EMAIL_FIELDS = tuple(schemas.ListedEmail().fields)

SEARCHED = OpenApiParameter("q", str, description="Words and operators, as docs/use/search.md tells.")


class ThreadsView(APIView):
    @property
    def bucket(self) -> str:
        return SEARCH if "q" in self.request.query_params else GENERAL

    @extend_schema(
        operation_id="threads",
        tags=["threads"],
        parameters=[
            id_parameter("mailbox", "Threads with an e-mail in this mailbox."),
            OpenApiParameter("flagged", bool, description="Threads with a flagged e-mail."),
            SEARCHED,
            OpenApiParameter("unread", bool, description="Only those with unread e-mails."),
            ACCOUNT,
            fields_parameter(THREAD_FIELDS),
            *PAGING,
        ],
        responses=schemas.ThreadPage,
        examples=[examples.FOUND_THREADS],
    )
    def get(self, request: Request) -> HttpResponse:
        """Threads, newest first. Give one of mailbox, flagged and q; q may be combined with mailbox."""
        return threads(request)


def threads(request: Request) -> HttpResponse:
    known = ("mailbox", "flagged", "q", "unread", "account", "fields", "limit", "cursor")
    actor, asked = actor_of(request), Parameters(request.query_params, *known)
    mailbox_id, q = asked.identifier("mailbox"), _search_text(asked)
    flagged, unread = bool(asked.boolean("flagged")), bool(asked.boolean("unread"))
    limit = asked.number("limit", DEFAULT_LIMIT, low=1, high=MAX_LIMIT)
    fields = asked.fields(THREAD_FIELDS)
    if (flagged and (mailbox_id is not None or q)) or not (flagged or q or mailbox_id is not None):
        raise Invalid("invalid_parameter", "Give one of mailbox, flagged and q; q may go with mailbox.")
    if mailbox_id is not None:
        account_id = access.account_of_mailbox_for(actor, mailbox_id)
    else:
        account_id = access.account_id_for(actor, asked.identifier("account"), need=Right.READ)
    scope = f"threads {account_id} {mailbox_id} {flagged} {unread} {q}"
    after = _after(asked, scope)
    state = queries.state(account_id)

    def make() -> dict[str, Any]:
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
        return _page_json(page, state, scope, fields, about)

    return Response(make()) if q else conditional.answer(request, conditional.tag(state, account_id), make)


def _also(query: language.Query, *, flagged: bool, unread: bool) -> language.Query:
    """With the switches of the list; what was understood of the text stays as it is."""
    states = [State(name) for name, is_on in (("starred", flagged), ("unread", unread)) if is_on]
    return replace(query, root=both([*clauses(query.root), *states]))


def _search_text(asked: Parameters) -> str:
    """A blank at the end counts: it ends the last word."""
    q = asked.text("q")
    return q if q.strip() else ""


class EmailsView(APIView):
    @property
    def bucket(self) -> str:
        return SEARCH if "q" in self.request.query_params else GENERAL

    @extend_schema(
        operation_id="emails",
        tags=["emails"],
        parameters=[
            id_parameter("mailbox", "E-mails in this mailbox."),
            OpenApiParameter("role", str, enum=ROLES, description="E-mails in the mailbox of this role."),
            OpenApiParameter("flagged", bool, description="Flagged e-mails, wherever they lie."),
            SEARCHED,
            ACCOUNT,
            SORT,
            fields_parameter(EMAIL_FIELDS),
            *PAGING,
        ],
        responses=schemas.EmailPage,
        examples=[examples.FOUND_EMAILS],
    )
    def get(self, request: Request) -> HttpResponse:
        """E-mails, newest first. Give one of mailbox, role, flagged and q; q may be combined with mailbox."""
        return emails(request)


def emails(request: Request, *, place: str = "") -> HttpResponse:
    """`place` is what a path of its own shows: a role, or FLAGGED."""
    choices = () if place else ("mailbox", "role", "flagged", "q")
    actor = actor_of(request)
    asked = Parameters(request.query_params, *choices, "account", "sort", "fields", "limit", "cursor")
    if not place and (q := _search_text(asked)):
        return Response(_searched_emails(actor, asked, q))
    limit = asked.number("limit", DEFAULT_LIMIT, low=1, high=MAX_LIMIT)
    fields = asked.fields(EMAIL_FIELDS)
    oldest_first = asked.choice("sort", NEWEST, among=(NEWEST, OLDEST)) == OLDEST
    account_id, mailbox_id = _place(actor, asked, place)
    scope = f"emails {account_id} {mailbox_id}" + " oldest" * oldest_first
    after = _after(asked, scope)
    state = queries.state(account_id)

    def make() -> dict[str, Any]:
        if mailbox_id is None:
            page = queries.flagged_email_page(account_id, after=after, limit=limit, oldest_first=oldest_first)
        else:
            page = queries.email_page(mailbox_id, after=after, limit=limit, oldest_first=oldest_first)
        return _page_json(page, state, scope, fields)

    return conditional.answer(request, conditional.tag(state, account_id), make)


def _searched_emails(actor: Actor, asked: Parameters, q: str) -> dict[str, Any]:
    """By a search, newest first; in one mailbox if that is given."""
    if asked.text("role") or asked.boolean("flagged") or asked.text("sort"):
        raise Invalid("invalid_parameter", "q goes with mailbox only; say the rest in the search.")
    mailbox_id = asked.identifier("mailbox")
    limit = asked.number("limit", DEFAULT_LIMIT, low=1, high=MAX_LIMIT)
    fields = asked.fields(EMAIL_FIELDS)
    if mailbox_id is not None:
        account_id = access.account_of_mailbox_for(actor, mailbox_id)
    else:
        account_id = access.account_id_for(actor, asked.identifier("account"), need=Right.READ)
    scope = f"emails {account_id} {mailbox_id} {q}"
    after = _after(asked, scope)
    state = queries.state(account_id)
    page, about = found.emails(account_id, language.parse(q), mailbox_id=mailbox_id, after=after, limit=limit)
    return _page_json(page, state, scope, fields, about)


def _place(actor: Actor, asked: Parameters, place: str) -> tuple[int, int | None]:
    """(account, mailbox); no mailbox means the flagged e-mails of the account."""
    mailbox_id, flagged = asked.identifier("mailbox"), bool(asked.boolean("flagged"))
    role = asked.choice("role", place, among=(*ROLES, FLAGGED, ""))
    if role == FLAGGED:
        role, flagged = "", True
    if [mailbox_id is not None, bool(role), flagged].count(True) != 1:
        raise Invalid("invalid_parameter", "Give one of mailbox, role, flagged and q.")
    if mailbox_id is not None:
        return access.account_of_mailbox_for(actor, mailbox_id), mailbox_id
    account_id = asked.identifier("account")
    if flagged:
        return access.account_id_for(actor, account_id, need=Right.READ), None
    return access.mailbox_with_role_for(actor, role, account_id)


def _after(asked: Parameters, scope: str) -> Cursor | None:
    cursor = asked.text("cursor")
    return Cursor(*decode_cursor(cursor, scope=scope)) if cursor else None


def _page_json(
    page: Page, state: int, scope: str, fields: Any, about: dict[str, Any] | None = None
) -> dict[str, Any]:
    """`about` is for lists that were searched for."""
    made = {
        "items": page.items if fields is None else only(page.items, fields),
        "next": encode_cursor(*page.next, scope=scope) if page.next else None,
        "state": str(state),
    }
    return made if about is None else made | {"search": about}
