"""Threads below messages."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import parsed
from posthouse.conversations import queries, threads
from posthouse.conversations.api import bodies, shapes
from posthouse.conversations.api.paging import PAGING, TAG, as_json, limit_of, only_of, place_of
from posthouse.identity.api.authentication import actor_of


class ThreadsView(APIView):
    @extend_schema(
        operation_id="conversation_threads",
        tags=[TAG],
        parameters=[
            OpenApiParameter("resolved", bool, description="Only those that are done, or are not."),
            *PAGING,
        ],
        responses=shapes.ChatThreads,
    )
    def get(self, request: Request, conversation_id: int) -> Response:
        """Its threads, the one written in last first."""
        asked = only_of(request, "resolved", "limit", "cursor")
        is_resolved = asked.boolean("resolved")
        scope = f"chat threads {conversation_id} {is_resolved}"
        page = queries.threads(
            actor_of(request),
            conversation_id,
            is_resolved=is_resolved,
            before=place_of(asked, scope),
            limit=limit_of(asked),
        )
        return Response(as_json(page, scope))


class ThreadView(APIView):
    @extend_schema(operation_id="conversation_thread", tags=[TAG], responses=shapes.ChatThread)
    def get(self, request: Request, conversation_id: int, thread_id: int) -> Response:
        """One thread."""
        return Response(threads.thread(actor_of(request), conversation_id, thread_id))

    @extend_schema(
        operation_id="conversation_thread_update",
        tags=[TAG],
        request=bodies.ChatThreadChange,
        responses=shapes.ChatThread,
    )
    def patch(self, request: Request, conversation_id: int, thread_id: int) -> Response:
        """Give it a title, or say that it is done."""
        actor, given = actor_of(request), parsed(bodies.ChatThreadChange, request)
        threads.change(actor, conversation_id, thread_id, **given)
        return Response(threads.thread(actor, conversation_id, thread_id))


class FollowView(APIView):
    @extend_schema(
        operation_id="conversation_thread_follow",
        tags=[TAG],
        request=bodies.FollowChange,
        responses=shapes.ThreadFollow,
    )
    def post(self, request: Request, conversation_id: int, thread_id: int) -> Response:
        """Follow it or no more; a muted one is followed in silence."""
        given = parsed(bodies.FollowChange, request)
        return Response(threads.follow(actor_of(request), conversation_id, thread_id, **given))


class UnreadThreadsView(APIView):
    @extend_schema(
        operation_id="threads_unread", tags=[TAG], parameters=PAGING, responses=shapes.UnreadThreads
    )
    def get(self, request: Request) -> Response:
        """Threads that one follows and that have something unread, over all conversations, the latest first."""
        actor, asked = actor_of(request), only_of(request, "limit", "cursor")
        scope = f"unread threads {actor.user_id}"
        page = queries.unread_threads(actor, before=place_of(asked, scope), limit=limit_of(asked))
        return Response(as_json(page, scope))
