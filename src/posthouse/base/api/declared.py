"""Query parameters that an operation does not declare are refused: one passed over looks like one that was heard.

What is declared is what the schema shows (`extend_schema`), so that the schema cannot lie about it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse

from posthouse.base.api.problems import problem

SIGNATURE = "sig"
"""On links that carry their own permission; part of the authentication, not of the operation."""


def refuse_unknown_parameters(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware; costs nothing where there is no query."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(
        request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if not request.META.get("QUERY_STRING") or (cls := getattr(view, "cls", None)) is None:
            return None
        known = declared(cls, request.method or "GET")
        if known is None:
            return None
        for name in request.GET:
            if name not in known:
                text = f"There is no parameter {name[:100]!r}."
                return problem(request, 400, "unknown_field", text)
        return None

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


@lru_cache(maxsize=1_000)
def declared(view: type[Any], method: str) -> frozenset[str] | None:
    """The names a view's method takes; None for one that is no part of the schema, which looks after itself."""
    handler = getattr(view, method.lower(), None)
    kind = getattr(handler, "kwargs", {}).get("schema")
    if getattr(view, "ignores_unknown_parameters", False):
        return None
    if kind is None or view.__module__.startswith(("drf_spectacular.", "posthouse.config.docs")):
        return None
    schema = kind()
    schema.view, schema.method = view(), method
    schema.view.request, schema.view.kwargs = None, {}
    names = {p.name for p in schema.get_override_parameters() if p.location == "query"}
    if any(getattr(a, "takes_signed_links", False) for a in view.authentication_classes):
        names.add(SIGNATURE)
    return frozenset(names)
