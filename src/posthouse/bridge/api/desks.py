"""How the threads of an account are worked on."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import IF_MATCH, IdField, StrictSerializer, answered, asked, conditional, parsed
from posthouse.bridge import desks
from posthouse.bridge.api.notes import ACCOUNT, TAG
from posthouse.identity.actor import Actor
from posthouse.identity.api.authentication import actor_of

REOPENING = (
    "When somebody else writes in a thread that was done: it is open again and its assignee's (`assignee`),"
    " open again and nobody's (`nobody`), or stays done (`never`)."
)
CHANGE = {"reopening": "nobody"}
DESK = {"account_id": ACCOUNT, **CHANGE, "version": 1}


class Desk(serializers.Serializer[Any]):
    account_id = IdField()
    reopening = serializers.ChoiceField(choices=desks.REOPENINGS, help_text=REOPENING)
    version = serializers.IntegerField(help_text="0 where nobody has changed it; its `ETag`.")


class DeskChange(StrictSerializer):
    reopening = serializers.ChoiceField(choices=desks.REOPENINGS, required=False, help_text=REOPENING)


class DeskView(APIView):
    scopes = {"GET": "mail:read", "PATCH": "mail:write"}

    @extend_schema(operation_id="desk", tags=[TAG], responses=Desk, examples=[answered(DESK)])
    def get(self, request: Request, account_id: int) -> Response:
        """What becomes of the threads of an account that were done."""
        return _answer(actor_of(request), account_id)

    @extend_schema(
        operation_id="desk_update",
        tags=[TAG],
        parameters=[IF_MATCH],
        request=DeskChange,
        responses=Desk,
        examples=[asked(CHANGE), answered(DESK)],
    )
    def patch(self, request: Request, account_id: int) -> Response:
        """Change that; for who has the right `admin` on the account."""
        actor, given = actor_of(request), parsed(DeskChange, request)
        conditional.guarded(
            request,
            lambda: desks.version(actor, account_id),
            lambda: desks.change(actor, account_id, **given),
        )
        return _answer(actor, account_id)


def _answer(actor: Actor, account_id: int) -> Response:
    body = desks.state(actor, account_id)
    return Response(body, headers={"ETag": conditional.tag(body["version"])})
