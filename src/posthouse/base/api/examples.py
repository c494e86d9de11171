"""Examples for the schema: what one asks, and what comes back."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample


def asked(body: Any) -> OpenApiExample:
    return OpenApiExample("Request", value=body, request_only=True)


def answered(body: Any, *, status: int = 200) -> OpenApiExample:
    return OpenApiExample("Answer", value=body, response_only=True, status_codes=[str(status)])
