"""Lists of one's own: the page that leaves them, and who has."""

from __future__ import annotations

import html
from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import IdField, Parameters, answered
from posthouse.delivery.api.account import ACCOUNT, asked_account
from posthouse.delivery.suppression import lists
from posthouse.identity.api.authentication import actor_of
from posthouse.identity.api.doors import Open, stranger

TAG = "sending"
TOKEN = OpenApiParameter("t", str, required=True, description="As the mail's List-Unsubscribe has it.")
CSP = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>Unsubscribe</title>
<style>:root{{color-scheme:light dark}}
body{{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem}}
button{{font:inherit;padding:.5rem 1rem}}</style><main><h1>Unsubscribe</h1>{content}</main></html>"""
SUPPRESSION = {
    "id": "58769341962780015",
    "account_id": "58769341962780001",
    "list": "news",
    "address": "bob@example.org",
    "at": "2026-11-21T07:20:00.000Z",
}


class AnyBody(BaseParser):
    """Programs of readers send a form (RFC 8058 §3.2); what is in it changes nothing."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        return {}


def unsubscribe_page(content: str) -> HttpResponse:
    """Of whatever is left by a link."""
    response = HttpResponse(_PAGE.format(content=content), content_type="text/html; charset=utf-8")
    response["Content-Security-Policy"] = CSP
    response["Cache-Control"] = "no-store"
    return response


class UnsubscribeView(Open):
    parser_classes = (AnyBody,)

    @extend_schema(
        operation_id="list_unsubscribe_page",
        tags=[TAG],
        parameters=[TOKEN],
        responses={(200, "text/html"): OpenApiTypes.STR},
    )
    def get(self, request: Request) -> HttpResponse:
        """The page behind a mail's List-Unsubscribe, with a button. Changes nothing. 403 `invalid_link`."""
        found = lists.read(Parameters(request.query_params, "t").text("t"))
        name, address = html.escape(found.list_name), html.escape(found.address)
        return unsubscribe_page(
            f"<p>{address} gets mail of the list <b>{name}</b>.</p>"
            '<form method="post"><button name="List-Unsubscribe" value="One-Click">Unsubscribe</button></form>'
        )

    @extend_schema(
        operation_id="list_unsubscribe",
        tags=[TAG],
        parameters=[TOKEN],
        request=None,
        responses={(200, "text/html"): OpenApiTypes.STR},
    )
    def post(self, request: Request) -> HttpResponse:
        """Leave the list by one click (RFC 8058). As often as one likes. 403 `invalid_link`."""
        lists.leave(Parameters(request.query_params, "t").text("t"), stranger(request))
        return unsubscribe_page("<p>Done: no more of this list will come.</p>")


class SuppressionShape(serializers.Serializer[Any]):
    id = IdField()
    account_id = IdField()
    list = serializers.CharField()
    address = serializers.CharField()
    at = serializers.DateTimeField()


class SuppressionList(serializers.Serializer[Any]):
    items = SuppressionShape(many=True)


class SuppressionsView(APIView):
    @extend_schema(
        operation_id="suppressions",
        tags=[TAG],
        parameters=[ACCOUNT],
        responses=SuppressionList,
        examples=[answered({"items": [SUPPRESSION]})],
    )
    def get(self, request: Request) -> Response:
        """Who has left which list of an account, the newest first; 1,000 at most."""
        account_id = asked_account(request)
        return Response({"items": lists.suppressions(actor_of(request), account_id)})


class SuppressionView(APIView):
    @extend_schema(operation_id="suppression_delete", tags=[TAG], responses={204: None})
    def delete(self, request: Request, suppression_id: int) -> Response:
        """For somebody who has asked to get the list again."""
        lists.take_back(actor_of(request), suppression_id)
        return Response(status=204)
