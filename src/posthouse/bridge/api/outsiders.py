"""People who take part in a conversation by mail, and what came in their name without proof."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import IdField, StrictSerializer, answered, asked, parsed
from posthouse.bridge import held, outsiders
from posthouse.identity.api.authentication import actor_of
from posthouse.identity.api.people_bodies import LineField

TAG = "conversations"
OUTSIDER = {
    "id": "58769341962780001",
    "conversation_id": "58769341962770001",
    "address": "zoe@supplier.example",
    "name": "Zoe Outside",
    "mode": "each",
    "state": "active",
    "reason": None,
    "invited_by": "58769341962760001",
    "created_at": "2026-12-21T08:00:00.000Z",
    "dropped": 0,
}
HELD = {
    "id": "58769341962790001",
    "outsider_id": "58769341962780001",
    "sender": "zoe@elsewhere.example",
    "subject": "Re: Desk",
    "reason": "other_sender",
    "received_at": "2026-12-21T09:00:00.000Z",
    "text": "Yes, let us meet at noon.",
}


class OutsiderShape(serializers.Serializer[Any]):
    id = IdField()
    conversation_id = IdField()
    address = serializers.CharField()
    name = serializers.CharField()
    mode = serializers.ChoiceField(choices=outsiders.MODES)
    state = serializers.ChoiceField(choices=["invited", "active", "paused", "left"])
    reason = serializers.CharField(allow_null=True, help_text="Why it is paused: `bounced` or `by_hand`.")
    invited_by = IdField(allow_null=True)
    created_at = serializers.DateTimeField()
    dropped = serializers.IntegerField(help_text="Answers by programs, and other mail that went nowhere.")


class OutsiderList(serializers.Serializer[Any]):
    items = OutsiderShape(many=True)


class HeldShape(serializers.Serializer[Any]):
    id = IdField()
    outsider_id = IdField()
    sender = serializers.CharField()
    subject = serializers.CharField()
    reason = serializers.ChoiceField(choices=["other_sender", "not_proved"])
    received_at = serializers.DateTimeField()
    text = serializers.CharField(help_text="The beginning of what is new in it.")


class HeldList(serializers.Serializer[Any]):
    items = HeldShape(many=True)


class HeldCount(serializers.Serializer[Any]):
    conversation_id = IdField()
    count = serializers.IntegerField()


class HeldCounts(serializers.Serializer[Any]):
    items = HeldCount(many=True)


class NewOutsider(StrictSerializer):
    address = serializers.CharField(max_length=320)
    name = LineField(max_length=200)
    mode = serializers.ChoiceField(
        choices=outsiders.MODES, default="each", help_text="Each message as a mail, or a digest."
    )


class OutsiderChange(StrictSerializer):
    name = LineField(max_length=200, required=False)
    mode = serializers.ChoiceField(choices=outsiders.MODES, required=False)
    state = serializers.ChoiceField(choices=outsiders.STATES, required=False)


class OutsidersView(APIView):
    @extend_schema(
        operation_id="outsiders",
        tags=[TAG],
        responses=OutsiderList,
        examples=[answered({"items": [OUTSIDER]})],
    )
    def get(self, request: Request, conversation_id: int) -> Response:
        """Who takes part by mail, or did."""
        return Response({"items": outsiders.in_conversation(actor_of(request), conversation_id)})

    @extend_schema(
        operation_id="outsider_invite",
        tags=[TAG],
        request=NewOutsider,
        responses={201: OutsiderShape},
        examples=[asked({"address": "zoe@supplier.example", "name": "Zoe Outside"}), answered(OUTSIDER)],
    )
    def post(self, request: Request, conversation_id: int) -> Response:
        """Bring somebody in by their e-mail address. 403 `step_up_required`."""
        actor, given = actor_of(request), parsed(NewOutsider, request)
        made = outsiders.invite(
            actor, conversation_id, given["address"], name=given["name"], mode=given["mode"]
        )
        return Response(outsiders.one(actor, conversation_id, made), status=201)


class OutsiderView(APIView):
    @extend_schema(
        operation_id="outsider_update",
        tags=[TAG],
        request=OutsiderChange,
        responses=OutsiderShape,
        examples=[asked({"mode": "daily"}), answered({**OUTSIDER, "mode": "daily"})],
    )
    def patch(self, request: Request, conversation_id: int, outsider_id: int) -> Response:
        """Another name or rhythm; `paused` sends nothing until it is `active` again."""
        actor, given = actor_of(request), parsed(OutsiderChange, request)
        outsiders.change(actor, conversation_id, outsider_id, given)
        return Response(outsiders.one(actor, conversation_id, outsider_id))

    @extend_schema(operation_id="outsider_remove", tags=[TAG], responses={204: None})
    def delete(self, request: Request, conversation_id: int, outsider_id: int) -> Response:
        """Send them away: their address leads nowhere any more, at once."""
        outsiders.remove(actor_of(request), conversation_id, outsider_id)
        return Response(status=204)


class RenewView(APIView):
    @extend_schema(operation_id="outsider_renew", tags=[TAG], request=None, responses={204: None})
    def post(self, request: Request, conversation_id: int, outsider_id: int) -> Response:
        """End all addresses that they were given; the next mail brings another. 403 `step_up_required`."""
        outsiders.renew(actor_of(request), conversation_id, outsider_id)
        return Response(status=204)


class HeldListView(APIView):
    @extend_schema(
        operation_id="outside_mail_held",
        tags=[TAG],
        responses=HeldList,
        examples=[answered({"items": [HELD]})],
    )
    def get(self, request: Request, conversation_id: int) -> Response:
        """Mail that is not proved to be from the person whose address it came to; for admins, 200 at most."""
        return Response({"items": held.in_conversation(actor_of(request), conversation_id)})


class HeldCountsView(APIView):
    @extend_schema(
        operation_id="outside_mail_held_counts",
        tags=[TAG],
        responses=HeldCounts,
        examples=[answered({"items": [{"conversation_id": OUTSIDER["conversation_id"], "count": 2}]})],
    )
    def get(self, request: Request) -> Response:
        """How much is held in each conversation in which one is an admin, where something is."""
        return Response({"items": held.counts(actor_of(request))})


class HeldView(APIView):
    @extend_schema(operation_id="outside_mail_drop", tags=[TAG], responses={204: None})
    def delete(self, request: Request, conversation_id: int, held_id: int) -> Response:
        """Throw it away."""
        held.drop(actor_of(request), conversation_id, held_id)
        return Response(status=204)


class ReleaseView(APIView):
    @extend_schema(operation_id="outside_mail_release", tags=[TAG], request=None, responses={204: None})
    def post(self, request: Request, conversation_id: int, held_id: int) -> Response:
        """Let it in, under the name of the person whose address it came to."""
        held.release(actor_of(request), conversation_id, held_id)
        return Response(status=204)
