"""How much may be sent, and whose sending was stopped."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import IdField, StrictSerializer, answered, asked, parsed
from posthouse.delivery.limits import sending_limits, stops, suspicion
from posthouse.identity.api.authentication import actor_of
from posthouse.mail.api import schemas

TAGS = ["organisation"]
LIMITS = {
    "messages": 2_000,
    "new_recipients": 500,
    "all_messages": 20_000,
    "all_new_recipients": 5_000,
    "is_watched": True,
    "used_messages": 412,
    "used_new_recipients": 37,
}
STOP = {
    "id": "58769341962780200",
    "user_id": "58769341962780001",
    "email": "alice@posthouse.test",
    "reason": "new_place",
    "new_recipients": 64,
    "failures": 3,
    "complaints": 0,
    "held": 64,
    "created_at": "2026-11-28T08:00:00.000Z",
    "ended_at": None,
    "outcome": None,
}
COUNT = {"recipients": 64}


class LimitsChange(StrictSerializer):
    messages = serializers.IntegerField(
        min_value=0, max_value=sending_limits.MOST, required=False, help_text="Of one person in a day."
    )
    new_recipients = serializers.IntegerField(
        min_value=0,
        max_value=sending_limits.MOST,
        required=False,
        help_text="People outside that the account never wrote to before, of one person in a day.",
    )
    all_messages = serializers.IntegerField(
        min_value=0, max_value=sending_limits.MOST, required=False, help_text="Of all together in a day."
    )
    all_new_recipients = serializers.IntegerField(
        min_value=0, max_value=sending_limits.MOST, required=False, help_text="Of all together in a day."
    )
    is_watched = serializers.BooleanField(
        required=False, help_text="Whether mail is held when an account sends like a stolen one."
    )


class LimitsShape(schemas.Shape):
    messages = serializers.IntegerField()
    new_recipients = serializers.IntegerField()
    all_messages = serializers.IntegerField()
    all_new_recipients = serializers.IntegerField()
    is_watched = serializers.BooleanField()
    used_messages = serializers.IntegerField(help_text="Of all in the last 24 hours.")
    used_new_recipients = serializers.IntegerField(help_text="Of all in the last 24 hours.")


class StopShape(schemas.Shape):
    id = IdField()
    user_id = IdField()
    email = serializers.CharField()
    reason = serializers.ChoiceField(choices=list(suspicion.REASONS))
    new_recipients = serializers.IntegerField(help_text="Within two hours before.")
    failures = serializers.IntegerField(help_text="Mails that came back within a day before.")
    complaints = serializers.IntegerField()
    held = serializers.IntegerField(help_text="How many recipients wait for the decision.")
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.ChoiceField(choices=["released", "discarded"], allow_null=True)


class StopList(schemas.Shape):
    items = StopShape(many=True)


class Decided(schemas.Shape):
    recipients = serializers.IntegerField()


class LimitsView(APIView):
    scopes = {"GET": "admin:read", "PATCH": "admin:write"}

    @extend_schema(
        operation_id="sending_limits", tags=TAGS, responses=LimitsShape, examples=[answered(LIMITS)]
    )
    def get(self, request: Request) -> Response:
        """What may be sent in a day, and what was. Needs `organisation.manage`."""
        return Response(sending_limits.as_json(actor_of(request)))

    @extend_schema(
        operation_id="sending_limits_update",
        tags=TAGS,
        request=LimitsChange,
        responses=LimitsShape,
        examples=[asked({"new_recipients": 200}), answered(LIMITS)],
    )
    def patch(self, request: Request) -> Response:
        """Change what is given; asks for step-up.

        Whoever goes beyond gets 429 `sending_limit`, mail programs 452 4.7.1.
        """
        actor = actor_of(request)
        sending_limits.change(actor, parsed(LimitsChange, request))
        return Response(sending_limits.as_json(actor))


class StopsView(APIView):
    scopes = {"GET": "admin:read"}

    @extend_schema(
        operation_id="sending_stops", tags=TAGS, responses=StopList, examples=[answered({"items": [STOP]})]
    )
    def get(self, request: Request) -> Response:
        """Whose mail is or was held, the newest first: one's own; with `users.manage` the organisation's."""
        return Response({"items": stops.listed(actor_of(request))})


class ReleaseView(APIView):
    scopes = {"POST": "admin:write"}

    @extend_schema(
        operation_id="sending_stop_release",
        tags=TAGS,
        request=None,
        responses=Decided,
        examples=[answered(COUNT)],
    )
    def post(self, request: Request, stop_id: int) -> Response:
        """Let all of it go. Asks for step-up; one's own no token lets go. 409 `stop_ended`."""
        return Response({"recipients": stops.release(actor_of(request), stop_id)})


class DiscardView(APIView):
    scopes = {"POST": "admin:write"}

    @extend_schema(
        operation_id="sending_stop_discard",
        tags=TAGS,
        request=None,
        responses=Decided,
        examples=[answered(COUNT)],
    )
    def post(self, request: Request, stop_id: int) -> Response:
        """Send none of it. The e-mails stay in Sent, and their lines say that they were taken back. As `release`."""
        return Response({"recipients": stops.discard(actor_of(request), stop_id)})
