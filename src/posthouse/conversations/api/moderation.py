"""For those who manage conversations: policies, reports, holds."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import id_parameter, parsed
from posthouse.base.errors import Invalid
from posthouse.conversations import managed, policies, reports
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


class ManagedListView(APIView):
    scopes = {"GET": "admin:read"}

    @extend_schema(
        operation_id="conversations_managed",
        tags=[TAG],
        parameters=[
            OpenApiParameter("q", str, description="Words of the name."),
            OpenApiParameter("held", bool, description="Only those with a legal hold, or without."),
            *PAGING,
        ],
        responses=shapes.ManagedConversations,
    )
    def get(self, request: Request) -> Response:
        """All groups and channels of the organisation, without what was said (`conversations.manage`)."""
        actor, asked = actor_of(request), only_of(request, "q", "held", "limit", "cursor")
        words, is_held = asked.text("q"), asked.boolean("held")
        scope = f"managed {actor.organisation_id} {words} {is_held}"
        place = place_of(asked, scope)
        page = managed.conversations(
            actor, words=words, is_held=is_held, after=place[0] if place else 0, limit=limit_of(asked)
        )
        return Response(as_json(page, scope))


class ManagedView(APIView):
    scopes = _MANAGING

    @extend_schema(
        operation_id="conversation_managed_update",
        tags=[TAG],
        request=bodies.ManagedChange,
        responses=shapes.ManagedConversation,
    )
    def patch(self, request: Request, conversation_id: int) -> Response:
        """How long it keeps messages, and a legal hold; also where one is not in it (`conversations.manage`)."""
        actor = actor_of(request)
        managed.change(actor, conversation_id, parsed(bodies.ManagedChange, request))
        return Response(managed.one(actor, conversation_id))


class ExpiringView(APIView):
    scopes = {"GET": "admin:read"}

    @extend_schema(
        operation_id="conversations_expiring",
        tags=[TAG],
        parameters=[
            OpenApiParameter("days", int, required=True, description="What is older would go."),
            id_parameter("conversation", "In this one; without it in all without days of their own."),
        ],
        responses=shapes.Expiring,
    )
    def get(self, request: Request) -> Response:
        """What would go if messages were kept for so many days (`conversations.manage`)."""
        asked = only_of(request, "days", "conversation")
        if "days" not in asked:
            raise Invalid("invalid_parameter", "days is missing.")
        days = asked.number("days", 1, low=1, high=bodies.MAX_DAYS)
        conversation_id = asked.identifier("conversation")
        return Response(managed.expiring(actor_of(request), days=days, conversation_id=conversation_id))


class ReportContextView(APIView):
    scopes = _MANAGING

    @extend_schema(
        operation_id="conversation_report_context",
        tags=[TAG],
        request=None,
        responses=shapes.ChatMessageList,
    )
    def post(self, request: Request, report_id: int) -> Response:
        """The message with a few before and after it. That one looked is on record (`conversations.manage`)."""
        return Response({"items": reports.context(actor_of(request), report_id)})


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
