"""What the doors turned away, for the admins of the organisation it was for."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import IdField, Parameters, StrictSerializer, decode_cursor, encode_cursor
from posthouse.delivery.receiving import refusal_queries
from posthouse.delivery.receiving.refusal_queries import Filter
from posthouse.identity.api.authentication import actor_of

MAX_LIMIT, DEFAULT_LIMIT = 200, 50

REFUSAL = {
    "id": "123456789012345678",
    "at": "2026-11-28T07:20:00.123Z",
    "times": 3,
    "door": "mx",
    "peer": "192.0.2.7",
    "helo": "mail.example.net",
    "sender": "ann@example.net",
    "recipient": "alise@example.org",
    "code": "550 5.1.1",
    "answer": "No such person here",
}


class RefusalSerializer(StrictSerializer):
    """One refusal; `times` where the same came again within some seconds. `sender` is empty for reports."""

    id = IdField()
    at = serializers.DateTimeField()
    times = serializers.IntegerField()
    door = serializers.ChoiceField(choices=["mx", "lmtp"])
    peer = serializers.CharField(allow_blank=True)
    helo = serializers.CharField(allow_blank=True)
    sender = serializers.CharField(allow_blank=True)
    recipient = serializers.CharField()
    code = serializers.CharField()
    answer = serializers.CharField()


@extend_schema_serializer(
    examples=[OpenApiExample("A page", value={"items": [REFUSAL], "next": None}, response_only=True)]
)
class RefusalPage(StrictSerializer):
    items = RefusalSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class RefusalsView(APIView):
    @extend_schema(
        operation_id="refusals",
        tags=["organisation"],
        parameters=[
            OpenApiParameter(
                "q", str, description="Part of the sender's or recipient's address, or of the peer's."
            ),
            OpenApiParameter("from", OpenApiTypes.DATETIME, description="Not before this moment."),
            OpenApiParameter("to", OpenApiTypes.DATETIME, description="Before this moment."),
            OpenApiParameter("limit", int, description=f"1 to {MAX_LIMIT}; {DEFAULT_LIMIT} if left out."),
            OpenApiParameter("cursor", str, description="`next` of the page before."),
        ],
        responses=RefusalPage,
    )
    def get(self, request: Request) -> Response:
        """Mail for the organisation's domains that was refused in the last 30 days, newest first, and why.

        Noted some seconds after it happened. In a flood not all of it is.
        """
        asked = Parameters(request.query_params, "q", "from", "to", "limit", "cursor")
        actor = actor_of(request)
        wanted = Filter(text=asked.text("q"), from_ms=asked.moment("from"), to_ms=asked.moment("to"))
        limit = asked.number("limit", DEFAULT_LIMIT, low=1, high=MAX_LIMIT)
        scope = f"refusals {actor.organisation_id} {wanted}"
        cursor = asked.text("cursor")
        below = decode_cursor(cursor, scope=scope)[0] if cursor else None
        items, following = refusal_queries.page(actor, wanted, below=below, limit=limit)
        following_cursor = None if following is None else encode_cursor(following, 0, scope=scope)
        return Response({"items": items, "next": following_cursor})
