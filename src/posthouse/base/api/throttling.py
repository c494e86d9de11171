"""Limits at the HTTP door: who asks takes one of the bucket that the view names, and is told how they stand.

Headers are those of draft-ietf-httpapi-ratelimit-headers: `RateLimit-Policy: "general";q=1200;w=60` and
`RateLimit: "general";r=1199;t=1`; a refusal is a 429 with `Retry-After` and `violated-policies`.

A person has one purse, whichever of their tokens asks; who is nobody yet shares their network's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from rest_framework.throttling import BaseThrottle

from posthouse.base import limits
from posthouse.base.limits import GENERAL, Standing


class Buckets(BaseThrottle):
    """Asked for every view; `bucket` is an attribute of the view, GENERAL where there is none."""

    def allow_request(self, request: Any, view: Any) -> bool:
        actor = getattr(request.user, "actor", None)
        who = (
            limits.network(request.META.get("REMOTE_ADDR", ""))
            if actor is None
            else limits.user(actor.user_id)
        )
        standing = limits.take(getattr(view, "bucket", GENERAL), who)
        if standing is not None:
            request._request.standing = standing
            if standing.wait_s > 0:
                raise limits.too_many(standing)
        return True


def tell_the_standing(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: the headers of whoever took from a bucket."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        standing: Standing | None = getattr(request, "standing", None)
        if standing is not None:
            name, (quota, window_s) = standing.bucket, standing.rate
            response.headers["RateLimit-Policy"] = f'"{name}";q={quota};w={int(window_s)}'
            response.headers["RateLimit"] = f'"{name}";r={standing.remaining};t={int(standing.reset_s) + 1}'
        return response

    return middleware
