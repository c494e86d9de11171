"""One frame around every request of the API: an id, the time it took, and one log line.

How long the database took tells a stranger things (which address exists, how large a mailbox is; whether an id of
another organisation is there), so those headers go to operators of the server only, and to everybody where DEBUG says
that there are no strangers.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from posthouse.base import timing
from posthouse.base.metrics import SECONDS, Counter, Histogram

log = structlog.get_logger(__name__)

requests = Counter("posthouse_http_requests", "Answers of the API.", "method", "route", "status")
durations = Histogram(
    "posthouse_http_request_seconds", "From the whole request to the answer.", "route", buckets=SECONDS
)

_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def request_frame(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        begun, queries, seconds = time.perf_counter(), timing.tally.queries, timing.tally.seconds
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = given if _GIVEN_ID.match(given) else secrets.token_hex(8)
        request.request_id = request_id  # type: ignore[attr-defined]
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            with connection.execute_wrapper(timing.watched):
                response = get_response(request)
            taken = _Taken(
                seconds=time.perf_counter() - begun,
                queries=timing.tally.queries - queries,
                query_seconds=timing.tally.seconds - seconds,
            )
            response.headers.setdefault("Cache-Control", "no-store")
            response.headers["X-Request-Id"] = request_id
            if settings.DEBUG or _is_operator(request):
                _tell(response, taken)
            _write_down(request, response, taken)
        return response

    return middleware


class _Taken:
    __slots__ = ("queries", "query_seconds", "seconds")

    def __init__(self, *, seconds: float, queries: int, query_seconds: float) -> None:
        self.seconds, self.queries, self.query_seconds = seconds, queries, query_seconds


def _is_operator(request: HttpRequest) -> bool:
    actor = getattr(getattr(request, "user", None), "actor", None)
    return actor is not None and actor.is_operator


def _tell(response: HttpResponse, taken: _Taken) -> None:
    total, query = taken.seconds * 1000, taken.query_seconds * 1000
    response.headers["X-Request-Duration"] = f"{total:.2f}"
    response.headers["X-Database-Queries"] = str(taken.queries)
    response.headers["X-Query-Time"] = f"{query:.2f}"
    response.headers["Server-Timing"] = (
        f'total;dur={total:.2f}, db;dur={query:.2f};desc="{taken.queries} queries"'
    )


def _write_down(request: HttpRequest, response: HttpResponse, taken: _Taken) -> None:
    match = request.resolver_match
    route = f"/{match.route}" if match is not None and match.route else "none"
    method = request.method if request.method in _METHODS else "other"
    requests.count(method or "other", route, str(response.status_code))
    durations.observe(taken.seconds, route)
    facts = {"method": request.method, "path": request.path, "status": response.status_code}
    ms = round(taken.seconds * 1000, 2)
    log.info("request", **facts, ms=ms)
    if settings.SLOW_REQUEST_MS and ms >= settings.SLOW_REQUEST_MS:
        queries = {"queries": taken.queries, "query_ms": round(taken.query_seconds * 1000, 2)}
        log.warning("request.slow", **facts, ms=ms, **queries)
