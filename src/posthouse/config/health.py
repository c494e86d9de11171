"""`GET /api/v1/health/`: 200 as soon as the doors are open, with the facts that `serve` fills in at start."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from posthouse.identity.api.views import Open

facts: dict[str, Any] = {}
"""Shown beside `status`: the listeners' ports, the demo's log-ins."""


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
