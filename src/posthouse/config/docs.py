"""The API's own pages: the schema, Swagger UI and ReDoc, with nothing loaded from another host."""

from __future__ import annotations

from typing import Any

from django.urls import path
from drf_spectacular.renderers import OpenApiJsonRenderer2
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerSplitView
from rest_framework.renderers import TemplateHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


class SchemaView(SpectacularAPIView):
    renderer_classes = [OpenApiJsonRenderer2]


class _Page:
    # The stock pages offer a choice of renderers; we do not ask `Accept`.
    renderer_classes: Any = [TemplateHTMLRenderer]
    http_method_names: Any = ["get", "head"]

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        done: Response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        done["Content-Security-Policy"] = CSP
        return done


class SwaggerView(_Page, SpectacularSwaggerSplitView):
    """The variant that keeps its start in a script of its own, so that no inline script need be allowed."""


class RedocView(_Page, SpectacularRedocView):
    template_name = "posthouse/redoc.html"


urlpatterns = [
    path("openapi.json", SchemaView.as_view(), name="schema"),
    path("docs/", SwaggerView.as_view(url_name="schema")),
    path("redoc/", RedocView.as_view(url_name="schema")),
]
