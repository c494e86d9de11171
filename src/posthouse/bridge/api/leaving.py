"""The way out for people who take part by mail (RFC 8058). Opening it changes nothing: mail filters open links."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from posthouse.base.api import Parameters
from posthouse.bridge import access, addresses, outsiders
from posthouse.bridge.addresses import Token
from posthouse.delivery.api.lists import TOKEN, AnyBody, unsubscribe_page
from posthouse.identity.api.doors import Open

TAG = "conversations"


def _token(request: Request) -> Token:
    found = addresses.read_token(Parameters(request.query_params, "t").text("t"))
    if found is None:
        access.check_token(None)
    assert found is not None
    return found


class LeaveView(Open):
    parser_classes = (AnyBody,)

    @extend_schema(
        operation_id="conversation_leave_by_mail_page",
        tags=[TAG],
        parameters=[TOKEN],
        responses={(200, "text/html"): OpenApiTypes.STR},
    )
    def get(self, request: Request) -> HttpResponse:
        """The page behind a mail's List-Unsubscribe, with a button. Changes nothing. 403 `invalid_link`."""
        access.check_token(access.found_by_token(*_token(request)))
        return unsubscribe_page(
            "<p>You take part in a conversation by mail.</p>"
            '<form method="post"><button name="List-Unsubscribe" value="One-Click">Leave it</button></form>'
        )

    @extend_schema(
        operation_id="conversation_leave_by_mail",
        tags=[TAG],
        parameters=[TOKEN],
        request=None,
        responses={(200, "text/html"): OpenApiTypes.STR},
    )
    def post(self, request: Request) -> HttpResponse:
        """Leave by one click (RFC 8058). As often as one likes. 403 `invalid_link`."""
        outsiders.leave(*_token(request))
        return unsubscribe_page("<p>Done: no more mail of this conversation will come.</p>")
