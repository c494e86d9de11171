"""Webhooks: who is told what, and what became of it."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import (
    CURSOR,
    IF_MATCH,
    Parameters,
    conditional,
    decode_cursor,
    encode_cursor,
    limit_parameter,
    parsed,
)
from posthouse.hooks import access, actions, queries
from posthouse.hooks.api import bodies
from posthouse.hooks.events import CHOICES
from posthouse.identity.actor import Actor
from posthouse.identity.api.authentication import actor_of

TAG = "webhooks"
MAX_LIMIT, DEFAULT_LIMIT = 200, 50


class WebhooksView(APIView):
    @extend_schema(operation_id="webhooks", tags=[TAG], responses=bodies.Webhooks)
    def get(self, request: Request) -> Response:
        """One's own webhooks and, for administrators, the organisation's."""
        return Response({"items": queries.endpoints(actor_of(request))})

    @extend_schema(
        operation_id="webhook_create",
        tags=[TAG],
        request=bodies.NewWebhook,
        responses={201: bodies.WebhookWithSecret},
    )
    def post(self, request: Request) -> Response:
        """Tell a URL from now on; the answer has its secret, once. 400 `invalid_url`."""
        made = actions.create_endpoint(actor_of(request), **parsed(bodies.NewWebhook, request))
        return Response(_with_secret(made), status=201)


def _with_secret(made: actions.Created) -> dict[str, object]:
    return queries.endpoint_json(made.endpoint) | {"secret": made.secret}


class EventsView(APIView):
    @extend_schema(operation_id="webhook_events", tags=[TAG], responses=bodies.EventKinds)
    def get(self, request: Request) -> Response:
        """What can be told."""
        return Response({"items": [{"type": name, "meaning": text} for name, text in CHOICES.items()]})


def _version(actor: Actor, endpoint_id: int) -> str:
    return conditional.digest(queries.endpoint_json(access.endpoint_for(actor, endpoint_id)))


class WebhookView(APIView):
    @extend_schema(operation_id="webhook", tags=[TAG], responses=bodies.Webhook)
    def get(self, request: Request, endpoint_id: int) -> HttpResponse:
        """One webhook."""
        body = queries.endpoint_json(access.endpoint_for(actor_of(request), endpoint_id))
        return conditional.answer(request, conditional.tag(conditional.digest(body)), lambda: body)

    @extend_schema(
        operation_id="webhook_update",
        tags=[TAG],
        parameters=[IF_MATCH],
        request=bodies.WebhookChange,
        responses=bodies.Webhook,
    )
    def patch(self, request: Request, endpoint_id: int) -> Response:
        """Change it, or switch it off and on; what it missed meanwhile can be replayed."""
        actor, given = actor_of(request), parsed(bodies.WebhookChange, request)
        changed = conditional.guarded(
            request,
            lambda: _version(actor, endpoint_id),
            lambda: actions.update_endpoint(actor, endpoint_id, **given),
        )
        body = queries.endpoint_json(changed)
        return Response(body, headers={"ETag": conditional.tag(conditional.digest(body))})

    @extend_schema(operation_id="webhook_delete", tags=[TAG], parameters=[IF_MATCH], responses={204: None})
    def delete(self, request: Request, endpoint_id: int) -> Response:
        """Remove it with its log; what still waits is not sent."""
        actor = actor_of(request)
        conditional.guarded(
            request,
            lambda: _version(actor, endpoint_id),
            lambda: actions.delete_endpoint(actor, endpoint_id),
        )
        return Response(status=204)


class RotateView(APIView):
    @extend_schema(
        operation_id="webhook_rotate",
        tags=[TAG],
        request=bodies.Rotation,
        responses=bodies.WebhookWithSecret,
    )
    def post(self, request: Request, endpoint_id: int) -> Response:
        """A new secret, shown once; the old one signs beside it for `keep_hours`."""
        given = parsed(bodies.Rotation, request)
        return Response(_with_secret(actions.rotate_secret(actor_of(request), endpoint_id, **given)))


class TestView(APIView):
    @extend_schema(
        operation_id="webhook_test", tags=[TAG], request=None, responses={202: bodies.WebhookDelivery}
    )
    def post(self, request: Request, endpoint_id: int) -> Response:
        """Send the event `webhook.test`. 409 `webhook_disabled`."""
        sent = actions.send_test(actor_of(request), endpoint_id)
        return Response(queries.delivery_json(sent), status=202)


class DeliveriesView(APIView):
    @extend_schema(
        operation_id="webhook_deliveries",
        tags=[TAG],
        parameters=[
            OpenApiParameter("state", str, enum=bodies.STATES),
            limit_parameter(DEFAULT_LIMIT, MAX_LIMIT),
            CURSOR,
        ],
        responses=bodies.WebhookDeliveries,
    )
    def get(self, request: Request, endpoint_id: int) -> Response:
        """What it was told in the last 30 days, newest first."""
        asked = Parameters(request.query_params, "state", "limit", "cursor")
        state = asked.choice("state", "", among=("", *bodies.STATES))
        limit = asked.number("limit", DEFAULT_LIMIT, low=1, high=MAX_LIMIT)
        scope, cursor = f"deliveries {endpoint_id} {state}", asked.text("cursor")
        before = decode_cursor(cursor, scope=scope)[0] if cursor else None
        page = queries.deliveries(actor_of(request), endpoint_id, state=state, before=before, limit=limit)
        after = None if page.next is None else encode_cursor(page.next, 0, scope=scope)
        return Response({"items": page.items, "next": after})


class DeliveryView(APIView):
    @extend_schema(operation_id="webhook_delivery", tags=[TAG], responses=bodies.WebhookDeliveryInFull)
    def get(self, request: Request, endpoint_id: int, delivery_id: int) -> Response:
        """One with its body and every try."""
        return Response(queries.delivery(actor_of(request), endpoint_id, delivery_id))


class ReplayView(APIView):
    @extend_schema(
        operation_id="webhook_replay", tags=[TAG], request=None, responses={202: bodies.WebhookDelivery}
    )
    def post(self, request: Request, endpoint_id: int, delivery_id: int) -> Response:
        """Try again from the start, under the same `webhook-id`. 409 `already_pending`, `webhook_disabled`."""
        again = actions.replay(actor_of(request), endpoint_id, delivery_id)
        return Response(queries.delivery_json(again), status=202)
