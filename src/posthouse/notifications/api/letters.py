"""The page behind the List-Unsubscribe of letters about notifications. Opening it changes nothing."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from posthouse.base.api import Parameters
from posthouse.delivery.api.lists import TOKEN, AnyBody, unsubscribe_page
from posthouse.identity.api.doors import Open, stranger
from posthouse.notifications import letters

TAG = "notifications"


class StopView(Open):
    parser_classes = (AnyBody,)

    @extend_schema(
        operation_id="notification_letters_page",
        tags=[TAG],
        parameters=[TOKEN],
        responses={(200, "text/html"): OpenApiTypes.STR},
    )
    def get(self, request: Request) -> HttpResponse:
        """The page behind a letter's List-Unsubscribe, with a button. Changes nothing. 403 `invalid_link`."""
        letters.person_of(Parameters(request.query_params, "t").text("t"))
        return unsubscribe_page(
            "<p>No more letters about what you missed?</p>"
            '<form method="post"><button name="List-Unsubscribe" value="One-Click">Stop them</button></form>'
        )

    @extend_schema(
        operation_id="notification_letters_stop",
        tags=[TAG],
        parameters=[TOKEN],
        request=None,
        responses={(200, "text/html"): OpenApiTypes.STR},
    )
    def post(self, request: Request) -> HttpResponse:
        """End these letters by one click (RFC 8058). As often as one likes. 403 `invalid_link`."""
        by = stranger(request)
        letters.stop(Parameters(request.query_params, "t").text("t"), ip=by.ip, client=by.client)
        return unsubscribe_page("<p>Done: no more letters. Your settings can bring them back.</p>")
