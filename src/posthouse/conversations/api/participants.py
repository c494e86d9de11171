"""Who is in a conversation."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import conditional, fields_parameter, only, parsed
from posthouse.conversations import participants, queries
from posthouse.conversations.api import bodies, shapes
from posthouse.conversations.api.paging import PAGING, TAG, as_json, limit_of, only_of, place_of, tag_of
from posthouse.identity.api.authentication import actor_of

FIELDS = tuple(shapes.Participant().fields)


class ParticipantsView(APIView):
    @extend_schema(
        operation_id="participants",
        tags=[TAG],
        parameters=[fields_parameter(FIELDS), *PAGING],
        responses=shapes.Participants,
    )
    def get(self, request: Request, conversation_id: int) -> HttpResponse:
        """Who is in it, in the order of coming."""
        actor, asked = actor_of(request), only_of(request, "fields", "limit", "cursor")
        scope, fields, limit = f"participants {conversation_id}", asked.fields(FIELDS), limit_of(asked)
        place = place_of(asked, scope)

        def make() -> dict[str, object]:
            page = queries.participants(actor, conversation_id, after=place[0] if place else 0, limit=limit)
            body = as_json(page, scope)
            return {**body, "items": only(body["items"], fields)}

        return conditional.answer(request, tag_of(actor, conversation_id), make)

    @extend_schema(
        operation_id="participants_add",
        tags=[TAG],
        request=bodies.NewParticipants,
        responses={201: shapes.Added},
    )
    def post(self, request: Request, conversation_id: int) -> Response:
        """Bring people in, as far as the conversation lets one. 404 if one of them is not to be seen."""
        given = parsed(bodies.NewParticipants, request)
        added = participants.add(actor_of(request), conversation_id, given["user_ids"])
        return Response({"added": added}, status=201)


class ParticipantView(APIView):
    @extend_schema(
        operation_id="participant_update", tags=[TAG], request=bodies.ParticipantChange, responses={204: None}
    )
    def patch(self, request: Request, conversation_id: int, user_id: int) -> Response:
        """Give somebody another role."""
        given = parsed(bodies.ParticipantChange, request)
        participants.change_role(actor_of(request), conversation_id, user_id, role=given["role"])
        return Response(status=204)

    @extend_schema(operation_id="participant_remove", tags=[TAG], responses={204: None})
    def delete(self, request: Request, conversation_id: int, user_id: int) -> Response:
        """Put somebody out, or oneself."""
        participants.remove(actor_of(request), conversation_id, user_id)
        return Response(status=204)


class JoinView(APIView):
    @extend_schema(operation_id="conversation_join", tags=[TAG], request=None, responses=shapes.Conversation)
    def post(self, request: Request, conversation_id: int) -> Response:
        """Come into a channel that is open to all."""
        actor = actor_of(request)
        participants.join(actor, conversation_id)
        return Response(queries.conversation(actor, conversation_id))


class LeaveView(APIView):
    @extend_schema(operation_id="conversation_leave", tags=[TAG], request=None, responses={204: None})
    def post(self, request: Request, conversation_id: int) -> Response:
        """Go out of it. Nobody leaves a direct conversation; it is hidden at `me/`."""
        participants.leave(actor_of(request), conversation_id)
        return Response(status=204)
