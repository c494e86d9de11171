"""For those who manage conversations: policies, reports, holds."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import parsed
from posthouse.conversations import policies, reports
from posthouse.conversations.api import bodies, shapes
from posthouse.conversations.api.paging import PAGING, TAG, as_json, limit_of, only_of, place_of
from posthouse.identity.api.authentication import actor_of

_MANAGING = {"POST": "admin:write", "PATCH": "admin:write", "DELETE": "admin:write"}


class PolicyView(APIView):
    scopes = _MANAGING

    @extend_schema(operation_id="conversation_policy", tags=[TAG], responses=shapes.ConversationPolicy)
    def get(self, request: Request) -> Response:
        """What the organisation lays down for its conversations."""
        return Response(policies.policy(actor_of(request)))

    @extend_schema(
        operation_id="conversation_policy_update",
        tags=[TAG],
        request=bodies.ConversationPolicyChange,
        responses=shapes.ConversationPolicy,
    )
    def patch(self, request: Request) -> Response:
        """Change it; for those with `conversations.manage`."""
        return Response(policies.change(actor_of(request), parsed(bodies.ConversationPolicyChange, request)))


class HoldView(APIView):
    scopes = _MANAGING

    @extend_schema(operation_id="conversation_hold", tags=[TAG], request=None, responses={204: None})
    def post(self, request: Request, conversation_id: int) -> Response:
        """Keep what is deleted in this conversation (`conversations.manage`)."""
        policies.set_hold(actor_of(request), conversation_id, is_held=True)
        return Response(status=204)

    @extend_schema(operation_id="conversation_hold_end", tags=[TAG], responses={204: None})
    def delete(self, request: Request, conversation_id: int) -> Response:
        """End the hold."""
        policies.set_hold(actor_of(request), conversation_id, is_held=False)
        return Response(status=204)


class ReportsView(APIView):
    scopes = {"GET": "admin:read"}

    @extend_schema(
        operation_id="conversation_reports",
        tags=[TAG],
        parameters=[
            OpenApiParameter("state", str, enum=reports.STATES, description="`open` if left out."),
            *PAGING,
        ],
        responses=shapes.ChatReports,
    )
    def get(self, request: Request) -> Response:
        """Messages that were reported, the newest first (`conversations.manage`)."""
        actor, asked = actor_of(request), only_of(request, "state", "limit", "cursor")
        state = asked.choice("state", "open", among=reports.STATES)
        scope = f"reports {actor.organisation_id} {state}"
        place = place_of(asked, scope)
        page = reports.reports(actor, state=state, before=place[0] if place else None, limit=limit_of(asked))
        return Response(as_json(page, scope))


class ReportView(APIView):
    scopes = _MANAGING

    @extend_schema(
        operation_id="conversation_report_decide",
        tags=[TAG],
        request=bodies.ReportDecision,
        responses=shapes.ChatReport,
    )
    def patch(self, request: Request, report_id: int) -> Response:
        """Take the message away from everybody, or leave it. 409 `already_decided`."""
        given = parsed(bodies.ReportDecision, request)
        return Response(reports.decide(actor_of(request), report_id, removes=given["state"] == "removed"))
