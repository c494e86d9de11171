"""A small picture as an answer, the same wherever it comes from."""

from __future__ import annotations

from django.http import HttpResponse

from posthouse.base.thumbnails import CONTENT_TYPE


def small_picture(data: bytes) -> HttpResponse:
    """It never changes; nobody but its reader's browser keeps it."""
    response = HttpResponse(data, content_type=CONTENT_TYPE)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response
