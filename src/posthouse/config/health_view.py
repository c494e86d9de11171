"""`GET /api/v1/health/`: 200 as soon as the doors are open."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from posthouse.config.health import facts
from posthouse.identity.api.doors import Open


class HealthView(Open):
    @extend_schema(
        operation_id="health",
        tags=["server"],
        auth=[],
        responses=inline_serializer(
            "Health", {"status": serializers.CharField(), "listeners": serializers.DictField(required=False)}
        ),
    )
    def get(self, request: Request) -> Response:
        """Whether the server answers, and where its doors are."""
        return Response({"status": "ok", **facts})
