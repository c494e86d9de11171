"""`GET /api/v1/health/`: whether people can be served; `…/detailed/`: how everything does, for those who keep it."""

from __future__ import annotations

import hmac
from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiExample, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base import health
from posthouse.base.errors import Denied
from posthouse.config.health import facts
from posthouse.identity import organisations
from posthouse.identity.actor import Actor
from posthouse.identity.api.authentication import BearerAuthentication, CookieAuthentication, actor_of
from posthouse.identity.api.doors import Open
from posthouse.ops.health import versions

_BASIC = inline_serializer(
    "Health", {"status": serializers.CharField(), "listeners": serializers.DictField(required=False)}
)
_DETAILED = inline_serializer(
    "DetailedHealth",
    {
        "status": serializers.ChoiceField(choices=["ok", "degraded", "down"]),
        "uptime_seconds": serializers.IntegerField(),
        "versions": serializers.DictField(child=serializers.CharField()),
        "checks": serializers.DictField(child=serializers.DictField()),
    },
)
_EXAMPLE = {
    "status": "degraded",
    "uptime_seconds": 86_400,
    "versions": {"posthouse": "0.1.0", "python": "3.12.8", "django": "5.2.19", "sqlite": "3.51.3"},
    "checks": {
        "database": {"status": "ok", "vendor": "sqlite", "latency_ms": 0.02, "size_bytes": 73_728_000},
        "write_lane": {"status": "ok", "queued": 0, "last_commit_ms": 1.9, "commits": 41_302},
        "outgoing": {"status": "failing", "due": 12, "lag_seconds": 1_860, "held": 0, "retrying": 12},
    },
}


class HealthView(Open):
    @extend_schema(
        operation_id="health",
        tags=["server"],
        auth=[],
        responses={200: _BASIC, 503: _BASIC},
        examples=[OpenApiExample("Well", value={"status": "ok", "listeners": {"http": 8000}})],
    )
    def get(self, request: Request) -> Response:
        """Whether people can be served, and where the doors are. 503 when they cannot."""
        status, _ = health.examine(only_essential=True)
        return Response({"status": status, **facts}, status=503 if status == "down" else 200)


class _Watcher:
    """A program, and nobody's account."""

    is_authenticated = True


class WatcherAuthentication(BaseAuthentication):
    """The word that the operator gave to the program that watches (POSTHOUSE_HEALTH_TOKEN)."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        given = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")[2].strip()
        token: str = settings.ENV.health_token
        return (_Watcher(), None) if token and hmac.compare_digest(given.encode(), token.encode()) else None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class WatcherScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "posthouse.config.health_view.WatcherAuthentication"
    name = "watcher"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "POSTHOUSE_HEALTH_TOKEN"}


class DetailedHealthView(APIView):
    authentication_classes = (WatcherAuthentication, BearerAuthentication, CookieAuthentication)

    @extend_schema(
        operation_id="health_detailed",
        tags=["server"],
        responses={200: _DETAILED, 503: _DETAILED},
        examples=[OpenApiExample("Mail does not leave", value=_EXAMPLE)],
    )
    def get(self, request: Request) -> Response:
        """Every check with its facts. 503 when something essential is down.

        For operators; on a server of one organisation alone also for who manages that.
        """
        if not isinstance(request.user, _Watcher):
            _check_keeps_the_server(actor_of(request))
        status, checks = health.examine()
        body = {
            "status": status,
            "uptime_seconds": health.uptime_seconds(),
            "versions": versions(),
            "checks": checks,
        }
        return Response(body, status=503 if status == "down" else 200)


def _check_keeps_the_server(actor: Actor) -> None:
    """Versions, sizes and queues are of all organisations together."""
    if actor.is_operator:
        return
    actor.require("organisation.manage")
    if not organisations.is_alone(actor.organisation_id):
        raise Denied("permission_denied", "The server is not yours alone: its operators see this.")
