"""What an account does by itself with mail that comes in: answer while somebody is away, send it on."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import (
    IF_MATCH,
    IdField,
    StrictSerializer,
    answered,
    asked,
    conditional,
    parsed,
)
from posthouse.delivery.api.account import ACCOUNT, asked_account
from posthouse.delivery.automatic import forwards, vacation
from posthouse.identity import codes
from posthouse.identity.api.authentication import actor_of
from posthouse.identity.api.doors import ip_of

TAG = "automatic"
VACATION = {
    "account_id": "58769341962780001",
    "is_enabled": True,
    "is_active": True,
    "from_at": "2026-12-21T08:00:00.000Z",
    "until_at": "2027-01-04T08:00:00.000Z",
    "subject": "Away until January",
    "text": "I am away until 4 January. In urgent cases write to bob@posthouse.test.",
    "days": 7,
}


class VacationChange(StrictSerializer):
    is_enabled = serializers.BooleanField(required=False)
    from_at = serializers.DateTimeField(required=False, allow_null=True, help_text="Null: from now on.")
    until_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="Null: until it is switched off."
    )
    subject = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=200,
        help_text="`Auto:` and the subject of what is answered, if empty.",
    )
    text = serializers.CharField(
        required=False, allow_blank=True, max_length=vacation.MAX_TEXT_CHARS, trim_whitespace=False
    )
    days = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=vacation.MAX_DAYS,
        help_text="A sender is answered once in so many.",
    )


class VacationShape(serializers.Serializer[Any]):
    account_id = IdField()
    is_enabled = serializers.BooleanField()
    is_active = serializers.BooleanField(help_text="Whether whoever writes now is answered.")
    from_at = serializers.DateTimeField(allow_null=True)
    until_at = serializers.DateTimeField(allow_null=True)
    subject = serializers.CharField()
    text = serializers.CharField()
    days = serializers.IntegerField()


class VacationView(APIView):
    @extend_schema(
        operation_id="vacation",
        tags=[TAG],
        parameters=[ACCOUNT],
        responses=VacationShape,
        examples=[answered(VACATION)],
    )
    def get(self, request: Request) -> HttpResponse:
        """What those who write are answered while the account's owner is away."""
        asked_for = asked_account(request)
        body = vacation.vacation(actor_of(request), asked_for)
        return conditional.answer(request, conditional.tag(conditional.digest(body)), lambda: body)

    @extend_schema(
        operation_id="vacation_update",
        tags=[TAG],
        parameters=[ACCOUNT, IF_MATCH],
        request=VacationChange,
        responses=VacationShape,
        examples=[asked({"is_enabled": True, "text": VACATION["text"]}), answered(VACATION)],
    )
    def patch(self, request: Request) -> Response:
        """Change it. Switched on anew, it answers everybody once more. 400 `bad_vacation`."""
        actor, given = actor_of(request), parsed(VacationChange, request)
        account_id = asked_account(request)
        return conditional.changed(
            request,
            lambda: vacation.vacation(actor, account_id),
            lambda: vacation.change_vacation(actor, account_id, vacation.Change(values=given)),
        )


# --- forwards -------------------------------------------------------------------------------------

FORWARD = {
    "id": "58769341962780012",
    "account_id": "58769341962780001",
    "address": "alice@example.org",
    "is_confirmed": False,
    "is_enabled": True,
    "keeps_copy": True,
    "created_at": "2026-11-21T07:20:00.000Z",
}
FLOW = {"flow": "kT3v9S1cQmJ0f2yXw8uZbA4nR6eHd5gL", "expires_in_seconds": codes.SECONDS}


class NewForward(StrictSerializer):
    account_id = IdField(required=False)
    address = serializers.CharField(max_length=320)
    is_enabled = serializers.BooleanField(
        default=True, help_text="All mail goes there, once it is confirmed."
    )
    keeps_copy = serializers.BooleanField(default=True, help_text="Without, what went on goes to Trash.")


class ForwardChange(StrictSerializer):
    is_enabled = serializers.BooleanField(required=False)
    keeps_copy = serializers.BooleanField(required=False)


class ForwardProof(StrictSerializer):
    flow = serializers.CharField(max_length=64)
    code = serializers.CharField(max_length=20)


class ForwardShape(serializers.Serializer[Any]):
    id = IdField()
    account_id = IdField()
    address = serializers.CharField()
    is_confirmed = serializers.BooleanField(help_text="Nothing goes there before.")
    is_enabled = serializers.BooleanField()
    keeps_copy = serializers.BooleanField()
    created_at = serializers.DateTimeField()


class ForwardList(serializers.Serializer[Any]):
    items = ForwardShape(many=True)


class ForwardFlow(serializers.Serializer[Any]):
    flow = serializers.CharField()
    expires_in_seconds = serializers.IntegerField()


class Proposed(ForwardFlow):
    forward = ForwardShape()


class ForwardsView(APIView):
    @extend_schema(
        operation_id="forwards",
        tags=[TAG],
        parameters=[ACCOUNT],
        responses=ForwardList,
        examples=[answered({"items": [FORWARD]})],
    )
    def get(self, request: Request) -> Response:
        """Where an account's mail goes on to."""
        account_id = asked_account(request)
        return Response({"items": forwards.forwards(actor_of(request), account_id)})

    @extend_schema(
        operation_id="forward_create",
        tags=[TAG],
        request=NewForward,
        responses={201: Proposed},
        examples=[
            asked({"address": "alice@example.org"}),
            answered({"forward": FORWARD, **FLOW}, status=201),
        ],
    )
    def post(self, request: Request) -> Response:
        """Ask an address to take the account's mail; a code goes there, and nothing else before it comes back.

        Asks for step-up. 400 `invalid_recipient`, `own_address`; 409 `forward_exists`, `too_many`.
        """
        actor, given = actor_of(request), parsed(NewForward, request)
        account_id = given.pop("account_id", None)
        forward_id, flow = forwards.propose(actor, account_id, ip=ip_of(request), **given)
        shown = {"flow": flow, "expires_in_seconds": codes.SECONDS}
        return Response({"forward": forwards.forward(actor, forward_id), **shown}, status=201)


class ForwardView(APIView):
    @extend_schema(
        operation_id="forward_update",
        tags=[TAG],
        parameters=[IF_MATCH],
        request=ForwardChange,
        responses=ForwardShape,
        examples=[asked({"keeps_copy": False}), answered(FORWARD)],
    )
    def patch(self, request: Request, forward_id: int) -> Response:
        """Switch it, or say whether what goes on stays here too. Asks for step-up, but to switch it off."""
        actor, given = actor_of(request), parsed(ForwardChange, request)
        return conditional.changed(
            request,
            lambda: forwards.forward(actor, forward_id),
            lambda: forwards.change_forward(actor, forward_id, **given),
        )

    @extend_schema(operation_id="forward_delete", tags=[TAG], responses={204: None})
    def delete(self, request: Request, forward_id: int) -> Response:
        """Send nothing there any more."""
        forwards.remove_forward(actor_of(request), forward_id)
        return Response(status=204)


class ForwardCodeView(APIView):
    @extend_schema(
        operation_id="forward_code",
        tags=[TAG],
        request=None,
        responses={202: ForwardFlow},
        examples=[answered(FLOW, status=202)],
    )
    def post(self, request: Request, forward_id: int) -> Response:
        """Send another code to the address. Asks for step-up. 409 `forward_confirmed`."""
        flow = forwards.ask_again(actor_of(request), forward_id, ip=ip_of(request))
        return Response({"flow": flow, "expires_in_seconds": codes.SECONDS}, status=202)


class ForwardConfirmView(APIView):
    @extend_schema(
        operation_id="forward_confirm",
        tags=[TAG],
        request=ForwardProof,
        responses=ForwardShape,
        examples=[
            asked({"flow": FLOW["flow"], "code": "1234-5678"}),
            answered(FORWARD | {"is_confirmed": True}),
        ],
    )
    def post(self, request: Request, forward_id: int) -> Response:
        """Begin, with the code that went to the address. 400 `wrong_code`."""
        actor, given = actor_of(request), parsed(ForwardProof, request)
        forwards.confirm(actor, forward_id, given["flow"], given["code"])
        return Response(forwards.forward(actor, forward_id))
