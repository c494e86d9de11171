"""Whose a mail thread is and how far, and lists by it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import (
    IF_MATCH,
    IdField,
    Parameters,
    StrictSerializer,
    answered,
    asked,
    conditional,
    decode_cursor,
    encode_cursor,
    id_parameter,
)
from posthouse.base.api import parsed as parsed_body
from posthouse.bridge import assignments, worklist
from posthouse.bridge.api.notes import ACCOUNT, TAG, THREAD
from posthouse.conversations.api.paging import PAGING, limit_of
from posthouse.identity.actor import Actor
from posthouse.identity.api.authentication import actor_of
from posthouse.mail.api import schemas

ASSIGNMENT = {
    "thread_id": THREAD,
    "account_id": ACCOUNT,
    "assignee": {"id": "58769341962760001", "name": "Bob Ferrer"},
    "status": "open",
    "changed_by": "58769341962760001",
    "changed_at": "2026-12-21T08:00:00.000Z",
    "version": 1,
}


class Assignee(serializers.Serializer[Any]):
    id = IdField()
    name = serializers.CharField()


class ThreadAssignment(serializers.Serializer[Any]):
    thread_id = IdField()
    account_id = IdField()
    assignee = Assignee(allow_null=True)
    status = serializers.ChoiceField(
        choices=assignments.STATUSES,
        help_text="What was done is open again when somebody else has written, if the account wants it so.",
    )
    changed_by = IdField(allow_null=True)
    changed_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField(help_text="0 where nobody has touched it; its `ETag`.")


class AssignmentChange(StrictSerializer):
    assignee_id = IdField(
        required=False,
        allow_null=True,
        help_text="Somebody who may write drafts of the account; null: nobody.",
    )
    status = serializers.ChoiceField(choices=assignments.STATUSES, required=False)


class AssignedThread(serializers.Serializer[Any]):
    thread = schemas.ListedThread()
    assignment = ThreadAssignment()


class AssignedThreads(serializers.Serializer[Any]):
    items = AssignedThread(
        many=True, help_text="May be fewer than asked for, even none, where there is a `next`."
    )
    next = serializers.CharField(allow_null=True)


class AssignmentView(APIView):
    scopes = {"GET": "mail:read", "PATCH": "mail:write"}

    @extend_schema(
        operation_id="thread_assignment",
        tags=[TAG],
        responses=ThreadAssignment,
        examples=[answered(ASSIGNMENT)],
    )
    def get(self, request: Request, thread_id: int) -> Response:
        """Whose a thread is, and how far."""
        return _answer(actor_of(request), thread_id)

    @extend_schema(
        operation_id="thread_assign",
        tags=[TAG],
        parameters=[IF_MATCH],
        request=AssignmentChange,
        responses=ThreadAssignment,
        examples=[asked({"assignee_id": "58769341962760001"}), answered(ASSIGNMENT)],
    )
    def patch(self, request: Request, thread_id: int) -> Response:
        """Take it, give it, let it go, say how far it is. With `If-Match` of two who take it one gets 412."""
        actor, given = actor_of(request), parsed_body(AssignmentChange, request)
        conditional.guarded(
            request,
            lambda: assignments.version(actor, thread_id),
            lambda: assignments.change(actor, thread_id, given),
        )
        return _answer(actor, thread_id)


def _answer(actor: Actor, thread_id: int) -> Response:
    body = assignments.state(actor, thread_id)
    return Response(body, headers={"ETag": conditional.tag(body["version"])})


class AssignmentsView(APIView):
    scopes = {"GET": "mail:read"}

    @extend_schema(
        operation_id="assignments",
        tags=[TAG],
        parameters=[
            OpenApiParameter(
                "view",
                str,
                enum=worklist.VIEWS,
                default="mine",
                description="`mine`: assigned to oneself and not done. `unassigned` and `open`: of the inbox."
                " `done`: whatever was, the latest first.",
            ),
            id_parameter("account", "An account's id; for `mine` all of them if left out, else one's own."),
            *PAGING,
        ],
        responses=AssignedThreads,
    )
    def get(self, request: Request) -> Response:
        """Threads by whose they are and how far."""
        given = Parameters(request.query_params, "view", "account", "limit", "cursor")
        actor, account_id = actor_of(request), given.identifier("account")
        view = given.choice("view", "mine", among=tuple(worklist.VIEWS))
        scope, cursor = f"assignments {actor.user_id} {view} {account_id}", given.text("cursor")
        found = worklist.page(
            actor,
            view,
            account_id,
            after=decode_cursor(cursor, scope=scope) if cursor else None,
            limit=limit_of(given),
        )
        place = None if found.next is None else encode_cursor(*found.next, scope=scope)
        return Response({"items": found.items, "next": place})
