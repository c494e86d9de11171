"""Notifications: the list, marking, telling."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import (
    CURSOR,
    Parameters,
    answered,
    asked,
    decode_cursor,
    encode_cursor,
    limit_parameter,
    parsed,
)
from posthouse.identity.actor import Actor
from posthouse.identity.api.authentication import actor_of
from posthouse.notifications import actions, queries
from posthouse.notifications.api import bodies
from posthouse.notifications.deciding import KINDS

TAG = "notifications"
MAX_LIMIT, DEFAULT_LIMIT = 200, 50


class NotificationsView(APIView):
    @extend_schema(
        operation_id="notifications",
        tags=[TAG],
        parameters=[
            OpenApiParameter("kind", str, enum=list(KINDS)),
            OpenApiParameter(
                "unread", bool, description="Only those that are unread (true), or read (false)."
            ),
            limit_parameter(DEFAULT_LIMIT, MAX_LIMIT),
            CURSOR,
        ],
        responses=bodies.NotificationPage,
        examples=[answered({"items": [bodies.NOTIFICATION], "next": None, "unread": 1, "state": "42"})],
    )
    def get(self, request: Request) -> Response:
        """One's own, the newest first."""
        given = Parameters(request.query_params, "kind", "unread", "limit", "cursor")
        kind, unread = given.choice("kind", "", among=("", *KINDS)), given.boolean("unread")
        limit = given.number("limit", DEFAULT_LIMIT, low=1, high=MAX_LIMIT)
        actor, cursor = actor_of(request), given.text("cursor")
        scope = f"notifications {actor.user_id} {kind} {unread}"
        before = decode_cursor(cursor, scope=scope)[0] if cursor else None
        page = queries.page(actor, kind=kind, unread=unread, before=before, limit=limit)
        after = None if page.next is None else encode_cursor(page.next, 0, scope=scope)
        return Response({"items": page.items, "next": after, **_state(actor)})

    @extend_schema(
        operation_id="notification_create",
        tags=[TAG],
        request=bodies.NewNotification,
        responses={201: bodies.NotificationSent},
        examples=[
            asked({"title": "The lift is out of order", "body": "Until noon.", "to": "everybody"}),
            answered(
                {"notification": {**bodies.NOTIFICATION, "kind": "announcement", "about": None}}, status=201
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        """Tell oneself something, or (with `organisation.manage`) everybody of the organisation."""
        made = actions.notify(actor_of(request), **parsed(bodies.NewNotification, request))
        body = None if made is None else queries.notification(actor_of(request), made.id)
        return Response({"notification": body}, status=201)


def _state(actor: Actor) -> dict[str, object]:
    return {"unread": queries.unread_count(actor.user_id), "state": str(queries.state_of(actor.user_id))}


class NotificationView(APIView):
    @extend_schema(
        operation_id="notification",
        tags=[TAG],
        responses=bodies.NotificationShape,
        examples=[answered(bodies.NOTIFICATION)],
    )
    def get(self, request: Request, notification_id: int) -> Response:
        """One of one's own."""
        return Response(queries.notification(actor_of(request), notification_id))

    @extend_schema(
        operation_id="notification_update",
        tags=[TAG],
        request=bodies.NotificationChange,
        responses=bodies.NotificationShape,
        examples=[asked({"is_read": True}), answered({**bodies.NOTIFICATION, "is_read": True})],
    )
    def patch(self, request: Request, notification_id: int) -> Response:
        """Read, which takes it off every device, or unread again. What it is of stays as it is."""
        given = parsed(bodies.NotificationChange, request)
        actions.mark(actor_of(request), notification_id, **given)
        return Response(queries.notification(actor_of(request), notification_id))

    @extend_schema(operation_id="notification_delete", tags=[TAG], responses={204: None})
    def delete(self, request: Request, notification_id: int) -> HttpResponse:
        """Take it off the list."""
        actions.delete(actor_of(request), notification_id)
        return Response(status=204)


class MarkAllReadView(APIView):
    @extend_schema(
        operation_id="notifications_mark_all_read",
        tags=[TAG],
        request=bodies.MarkAllRead,
        responses=bodies.Marked,
        examples=[asked({"upto": "42"}), answered({"marked": 3, "unread": 0})],
    )
    def post(self, request: Request) -> Response:
        """All that one has, of a kind if it is named, up to what was shown."""
        given, actor = parsed(bodies.MarkAllRead, request), actor_of(request)
        upto = given.get("upto")
        marked = actions.mark_all_read(
            actor, kind=given.get("kind", ""), upto=None if upto is None else int(upto)
        )
        return Response({"marked": marked, "unread": queries.unread_count(actor.user_id)})


class WhyView(APIView):
    @extend_schema(
        operation_id="notification_decisions",
        tags=[TAG],
        parameters=[
            OpenApiParameter("about", str, description="The id of what it was of: an e-mail's."),
            limit_parameter(DEFAULT_LIMIT, MAX_LIMIT),
            CURSOR,
        ],
        responses=bodies.NotificationDecisions,
        examples=[answered({"items": [bodies.WHY], "next": None})],
    )
    def get(self, request: Request) -> Response:
        """Why one was told of something in the last two weeks, or was not; the newest first."""
        given = Parameters(request.query_params, "about", "limit", "cursor")
        actor, about, cursor = actor_of(request), given.text("about"), given.text("cursor")
        scope = f"decisions {actor.user_id} {about}"
        before = decode_cursor(cursor, scope=scope)[0] if cursor else None
        limit = given.number("limit", DEFAULT_LIMIT, low=1, high=MAX_LIMIT)
        page = queries.decisions(actor, about=about, before=before, limit=limit)
        after = None if page.next is None else encode_cursor(page.next, 0, scope=scope)
        return Response({"items": page.items, "next": after})
