"""Leaving the list that an e-mail came by."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import answered
from posthouse.base.limits import SEND
from posthouse.delivery.reading import leaving
from posthouse.identity.api.authentication import actor_of

TAG = "emails"
WAY = {
    "way": "one_click",
    "target": "news.example.org",
    "page": "https://news.example.org/leave/17",
    "left_at": None,
}


class WayOut(serializers.Serializer[Any]):
    way = serializers.ChoiceField(
        choices=["one_click", "mail", "page"],
        allow_null=True,
        help_text="`one_click` and `mail` are done by POST, `page` is for a person to open; null: it came by no list.",
    )
    target = serializers.CharField(help_text="The host or address that hears of it.")
    page = serializers.CharField(allow_null=True)
    left_at = serializers.DateTimeField(
        allow_null=True, help_text="When the list was left after this e-mail came."
    )


class LeaveView(APIView):
    bucket = SEND
    scopes = {"POST": "mail:send"}

    @extend_schema(operation_id="list_way_out", tags=[TAG], responses=WayOut, examples=[answered(WAY)])
    def get(self, request: Request, email_id: int) -> Response:
        """How the list that an e-mail came by is left (List-Unsubscribe), and whether it was."""
        return Response(leaving.way_out(actor_of(request), email_id))

    @extend_schema(
        operation_id="list_leave",
        tags=[TAG],
        request=None,
        responses=WayOut,
        examples=[answered(WAY | {"left_at": "2026-11-21T07:20:00.000Z"})],
    )
    def post(self, request: Request, email_id: int) -> Response:
        """Leave it, by one click of the server's (RFC 8058) or by a mail.

        409 `already_left`, `no_way_out`; 503 `list_unreachable`.
        """
        actor = actor_of(request)
        leaving.leave(actor, email_id)
        return Response(leaving.way_out(actor, email_id))
