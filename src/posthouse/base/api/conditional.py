"""Conditional requests (RFC 9110 §13): `304` for what has not changed, `412` for what has.

A tag is opaque to clients. Its first part is the version of what can be written, and alone decides `If-Match`; the
whole decides `If-None-Match`, since an answer also shows things that nobody writes by it (counters, signed links).
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any, TypeVar

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from posthouse.base import clock, db, sql
from posthouse.base.api.rendering import dumps
from posthouse.base.errors import Conflict

T = TypeVar("T")
LINK_HOUR_MS = 3_600_000
"""Answers with signed links get a new tag each hour, before their links end (identity/links.py)."""


def tag(version: object, *shown: object) -> str:
    return '"' + ".".join(str(part) for part in (version, *shown)) + '"'


def hour() -> int:
    return clock.now_ms() // LINK_HOUR_MS


def digest(body: Any) -> str:
    """The version of something small that carries no number of its own."""
    return sha256(dumps(body)).hexdigest()[:20]


def answer(request: Request, etag: str, make: Callable[[], Any]) -> HttpResponse:
    """The body with its tag; `304` without making it, when the client has it already."""
    given = request.META.get("HTTP_IF_NONE_MATCH")
    if given is not None and (given.strip() == "*" or etag in _tags(given)):
        return HttpResponse(status=304, headers={"ETag": etag})
    return Response(make(), headers={"ETag": etag})


def _tags(header: str) -> list[str]:
    return [part.strip().removeprefix("W/") for part in header.split(",")]


def guarded(request: Request, version: Callable[[], object], act: Callable[[], T]) -> T:
    """Act only on the version that `If-Match` names; both in one transaction, so that nothing comes between.

    Without the header it is the act alone. Raises Conflict (precondition_failed), and what `version` raises.
    """
    given = request.META.get("HTTP_IF_MATCH")
    return act() if given is None else _guarded(given, version, act)


def changed(request: Request, look: Callable[[], object], act: Callable[[], object]) -> Response:
    """The answer to a change of what `look` gives, whose digest is its version: the new one, with its ETag."""
    guarded(request, lambda: digest(look()), act)
    body = look()
    return Response(body, headers={"ETag": tag(digest(body))})


@db.action
def _guarded(given: str, version: Callable[[], object], act: Callable[[], T]) -> T:
    sql.as_if_alone()
    check(given, version())
    return act()


def check(given: str | None, version: object) -> None:
    """Raises Conflict (precondition_failed) when `If-Match` names another version."""
    if given is None or given.strip() == "*":
        return
    wanted = {part.strip().strip('"').partition(".")[0] for part in given.split(",")}
    if str(version) not in wanted:
        raise Conflict("precondition_failed", "It has changed since; read it again.")
