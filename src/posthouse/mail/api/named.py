"""The paths that the requirements name (G9, G11, G12): the same lists and verbs, under those names."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import fields_parameter, id_parameter, parsed
from posthouse.base.limits import SEARCH
from posthouse.identity.api.authentication import actor_of
from posthouse.mail import actions
from posthouse.mail import flags as flag
from posthouse.mail.api import bodies, lists, schemas, verbs

TAG = "mail"


def _list(place: str, operation_id: str, text: str) -> type[APIView]:
    class ListView(APIView):
        @extend_schema(
            operation_id=operation_id,
            tags=[TAG],
            description=text,
            parameters=[lists.ACCOUNT, lists.SORT, fields_parameter(lists.EMAIL_FIELDS), *lists.PAGING],
            responses=schemas.EmailPage,
        )
        def get(self, request: Request) -> HttpResponse:
            return lists.emails(request, place=place)

    return ListView


InboxView = _list("inbox", "mail_get_inbox", "E-mails in Inbox, newest first.")
StarView = _list(lists.FLAGGED, "mail_get_star", "Starred e-mails, newest first.")
DeleteView = _list("trash", "mail_get_delete", "E-mails in Trash, newest first.")
SpamView = _list("junk", "mail_get_spam", "E-mails in Junk, newest first.")
SentView = _list("sent", "mail_get_sent", "E-mails in Sent, newest first.")


class SearchView(APIView):
    bucket = SEARCH

    @extend_schema(
        operation_id="mail_search",
        tags=[TAG],
        parameters=[
            OpenApiParameter("q", str, required=True, description="Words and operators, as in `threads`."),
            id_parameter("mailbox", "Look in this mailbox only."),
            OpenApiParameter("unread", bool, description="Only threads with unread e-mails."),
            lists.ACCOUNT,
            fields_parameter(lists.THREAD_FIELDS),
            *lists.PAGING,
        ],
        responses=schemas.ThreadPage,
    )
    def get(self, request: Request) -> HttpResponse:
        """Threads with an e-mail that fits, newest first; the same as `threads` with `q`."""
        return lists.threads(request)


class UpdateStarView(APIView):
    @extend_schema(
        operation_id="mail_update_star", tags=[TAG], request=bodies.StarChange, responses=schemas.Updated
    )
    def patch(self, request: Request) -> Response:
        """Star e-mails or take their stars off: all of them, or none when one is not there."""
        given = parsed(bodies.StarChange, request)
        return _flagged(request, given["ids"], flag.FLAGGED, is_set=given["star"])


class UpdateReadView(APIView):
    @extend_schema(
        operation_id="mail_update_read", tags=[TAG], request=bodies.ReadChange, responses=schemas.Updated
    )
    def patch(self, request: Request) -> Response:
        """Mark e-mails read or unread: all of them, or none when one is not there."""
        given = parsed(bodies.ReadChange, request)
        return _flagged(request, given["ids"], flag.SEEN, is_set=given["read"])


def _flagged(request: Request, ids: list[int], bit: int, *, is_set: bool) -> Response:
    actor = actor_of(request)
    done = actions.flag_emails(actor, ids, set_bits=bit if is_set else 0, clear_bits=0 if is_set else bit)
    return verbs.answer(actor, done)
