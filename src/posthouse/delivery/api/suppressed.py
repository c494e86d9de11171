"""Whom no list of the organisation writes to, for those who look after it."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import IdField, Parameters, answered, decode_cursor, encode_cursor
from posthouse.delivery.suppression import suppressed
from posthouse.identity.api.authentication import actor_of
from posthouse.mail.api import schemas

TAGS = ["organisation"]
MAX_LIMIT, DEFAULT_LIMIT = 200, 50
SUPPRESSED = {
    "id": "58769341962780301",
    "address": "zoe@gone.example",
    "reason": "bounced",
    "answer": "550 5.1.1 no such user",
    "at": "2026-11-28T08:00:00.000Z",
}


class SuppressedShape(schemas.Shape):
    id = IdField()
    address = serializers.CharField()
    reason = serializers.ChoiceField(choices=list(suppressed.REASONS))
    answer = serializers.CharField(allow_null=True, help_text="What the other server said.")
    at = serializers.DateTimeField(help_text="Since when.")


class SuppressedPage(schemas.Shape):
    items = SuppressedShape(many=True)
    next = serializers.CharField(allow_null=True)


class SuppressedListView(APIView):
    scopes = {"GET": "admin:read"}

    @extend_schema(
        operation_id="sending_suppressions",
        tags=TAGS,
        parameters=[
            OpenApiParameter("q", str, description="Part of the address."),
            OpenApiParameter("reason", str, enum=list(suppressed.REASONS)),
            OpenApiParameter("limit", int, description=f"1 to {MAX_LIMIT}; {DEFAULT_LIMIT} if left out."),
            OpenApiParameter("cursor", str, description="`next` of the page before."),
        ],
        responses=SuppressedPage,
        examples=[answered({"items": [SUPPRESSED], "next": None})],
    )
    def get(self, request: Request) -> Response:
        """Addresses that lists pass over, since mail came back for good or its reader complained; the newest first.

        Needs `organisation.manage`. Mail that a person writes to one of them still goes.
        """
        asked = Parameters(request.query_params, "q", "reason", "limit", "cursor")
        actor, cursor = actor_of(request), asked.text("cursor")
        wanted = suppressed.Filter(
            text=asked.text("q"), reason=asked.choice("reason", "", among=suppressed.REASONS)
        )
        limit = asked.number("limit", DEFAULT_LIMIT, low=1, high=MAX_LIMIT)
        scope = f"suppressed {actor.organisation_id} {wanted}"
        below = decode_cursor(cursor, scope=scope)[0] if cursor else None
        items, last = suppressed.page(actor, wanted, below=below, limit=limit)
        return Response(
            {"items": items, "next": None if last is None else encode_cursor(last, 0, scope=scope)}
        )


class SuppressedView(APIView):
    scopes = {"DELETE": "admin:write"}

    @extend_schema(operation_id="sending_suppression_delete", tags=TAGS, responses={204: None})
    def delete(self, request: Request, suppressed_id: int) -> Response:
        """Let lists write to it again. Needs `organisation.manage`."""
        suppressed.release(actor_of(request), suppressed_id)
        return Response(status=204)
