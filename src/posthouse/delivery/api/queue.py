"""The queue for those who look after an organisation: what waits, by recipient and by destination, and what to do."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import (
    IdField,
    Parameters,
    StrictSerializer,
    answered,
    asked,
    decode_cursor,
    encode_cursor,
    parsed,
)
from posthouse.delivery.reasons import REASONS
from posthouse.delivery.tending import queue_acts, waiting
from posthouse.identity.api.authentication import actor_of
from posthouse.mail.api import schemas

TAGS = ["organisation"]
MAX_LIMIT, DEFAULT_LIMIT, MAX_IDS = 200, 50, 200
STATUSES = {None: 200, "not_found": 404, "not_waiting": 409, "held_by_stop": 409}

WAITING = {
    "id": "58769341962780101",
    "submission_id": "58769341962780100",
    "sender": "alice@posthouse.test",
    "recipient": "zoe@slow.example",
    "destination": "slow.example",
    "state": "retrying",
    "held_by": None,
    "attempts": 2,
    "queued_at": "2026-11-28T08:00:00.000Z",
    "next_attempt_at": "2026-11-28T08:30:00.000Z",
    "host": "mx.slow.example",
    "tls": True,
    "verified_by": None,
    "answer": "451 4.7.1 come back later",
    "reason": "asked_to_wait",
}
DESTINATION = {
    "destination": "slow.example",
    "waiting": 12,
    "held": 0,
    "tried": 12,
    "oldest_at": "2026-11-28T08:00:00.000Z",
    "next_attempt_at": "2026-11-28T08:30:00.000Z",
    "answer": "451 4.7.1 come back later",
    "reason": "asked_to_wait",
}


class WaitingShape(schemas.Shape):
    id = IdField()
    submission_id = IdField()
    sender = serializers.CharField(allow_blank=True)
    recipient = serializers.CharField()
    destination = serializers.CharField()
    state = serializers.ChoiceField(choices=list(waiting.STATES))
    held_by = serializers.ChoiceField(
        choices=["undo", "admin", "stop"],
        allow_null=True,
        help_text="`undo`: its sender may still take it back; `admin`: by `hold`; `stop`: with all mail of its sender.",
    )
    attempts = serializers.IntegerField()
    queued_at = serializers.DateTimeField()
    next_attempt_at = serializers.DateTimeField(allow_null=True)
    host = serializers.CharField(allow_null=True)
    tls = serializers.BooleanField(allow_null=True)
    verified_by = serializers.ChoiceField(choices=["dane", "mta-sts", "certificate"], allow_null=True)
    answer = serializers.CharField(allow_null=True)
    reason = serializers.ChoiceField(choices=list(REASONS), allow_null=True)


class WaitingPage(schemas.Shape):
    items = WaitingShape(many=True)
    next = serializers.CharField(allow_null=True)


class DestinationShape(schemas.Shape):
    destination = serializers.CharField()
    waiting = serializers.IntegerField()
    held = serializers.IntegerField()
    tried = serializers.IntegerField(help_text="How many were tried in vain.")
    oldest_at = serializers.DateTimeField()
    next_attempt_at = serializers.DateTimeField(allow_null=True)
    answer = serializers.CharField(allow_null=True, help_text="What a server of it was last heard to say.")
    reason = serializers.ChoiceField(choices=list(REASONS), allow_null=True)


class Destinations(schemas.Shape):
    items = DestinationShape(many=True)


class QueueAct(StrictSerializer):
    verb = serializers.ChoiceField(
        choices=list(queue_acts.VERBS),
        help_text="`give_up` tells the sender by mail that it did not arrive.",
    )
    ids = serializers.ListField(child=IdField(), min_length=1, max_length=MAX_IDS)


class QueueActed(schemas.Shape):
    id = IdField()
    status = serializers.IntegerField()
    code = serializers.CharField(allow_null=True)


class QueueResults(schemas.Shape):
    results = QueueActed(many=True)


class QueueView(APIView):
    scopes = {"GET": "admin:read"}

    @extend_schema(
        operation_id="queue",
        tags=TAGS,
        parameters=[
            OpenApiParameter("destination", str, description="A domain."),
            OpenApiParameter("state", str, enum=list(waiting.STATES)),
            OpenApiParameter("sender", str, description="An address."),
            OpenApiParameter("limit", int, description=f"1 to {MAX_LIMIT}; {DEFAULT_LIMIT} if left out."),
            OpenApiParameter("cursor", str, description="`next` of the page before."),
        ],
        responses=WaitingPage,
        examples=[answered({"items": [WAITING], "next": None})],
    )
    def get(self, request: Request) -> Response:
        """The organisation's mail that has not left yet, the oldest first. Needs `organisation.manage`."""
        given = Parameters(request.query_params, "destination", "state", "sender", "limit", "cursor")
        wanted = waiting.Wanted(
            destination=given.text("destination"),
            state=given.choice("state", "", among=waiting.STATES),
            sender=given.text("sender"),
        )
        actor, cursor = actor_of(request), given.text("cursor")
        scope = f"queue {actor.organisation_id} {wanted.scope}"
        after = decode_cursor(cursor, scope=scope)[0] if cursor else 0
        limit = given.number("limit", DEFAULT_LIMIT, low=1, high=MAX_LIMIT)
        items, last = waiting.page(actor, wanted, after=after, limit=limit)
        return Response(
            {"items": items, "next": None if last is None else encode_cursor(last, 0, scope=scope)}
        )


class DestinationsView(APIView):
    scopes = {"GET": "admin:read"}

    @extend_schema(
        operation_id="queue_destinations",
        tags=TAGS,
        responses=Destinations,
        examples=[answered({"items": [DESTINATION]})],
    )
    def get(self, request: Request) -> Response:
        """The same by domain, those with the most waiting first."""
        return Response({"items": waiting.destinations(actor_of(request))})


class QueueActView(APIView):
    scopes = {"POST": "admin:write"}

    @extend_schema(
        operation_id="queue_act",
        tags=TAGS,
        request=QueueAct,
        responses={207: QueueResults},
        examples=[
            asked({"verb": "retry", "ids": ["58769341962780101"]}),
            answered({"results": [{"id": "58769341962780101", "status": 200, "code": None}]}, status=207),
        ],
    )
    def post(self, request: Request) -> Response:
        """Try now, hold, release or give up: a result for each, 200, 404 or 409 (`not_waiting`, `held_by_stop`)."""
        given: dict[str, Any] = parsed(QueueAct, request)
        outcome = queue_acts.for_each(actor_of(request), given["verb"], given["ids"])
        results = [
            {"id": str(recipient_id), "status": STATUSES.get(code, 409), "code": code}
            for recipient_id, code in outcome.items()
        ]
        return Response({"results": results}, status=207)
