"""Conversations taken out as files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import answered
from posthouse.base.limits import CHAT
from posthouse.base.spool import PIECE_BYTES, Spooled
from posthouse.conversations import exports
from posthouse.conversations.api import shapes
from posthouse.conversations.api.paging import TAG, only_of
from posthouse.identity import links
from posthouse.identity.actor import Actor
from posthouse.identity.api.authentication import (
    BearerAuthentication,
    CookieAuthentication,
    SignedLinkAuthentication,
    actor_of,
)

_PATH = "/api/v1/conversations/exports/{id}/file/"
_EXAMPLE = {
    "id": "59871329578385420",
    "conversation_id": "59871329284784131",
    "state": "done",
    "reason": None,
    "messages": 1200,
    "size_bytes": 48_213_377,
    "created_at": "2026-11-21T07:20:00.123Z",
    "expires_at": "2026-11-22T07:20:04.512Z",
    "url": "/api/v1/conversations/exports/59871329578385420/file/?sig=…",
}


def _linked(actor: Actor, export: dict[str, Any]) -> dict[str, Any]:
    path = _PATH.format(id=export["id"])
    return {**export, "url": f"{path}?sig={links.sign(actor, path)}" if export["state"] == "done" else None}


class ExportView(APIView):
    bucket = CHAT
    scopes = {"POST": "chat:read"}

    @extend_schema(
        operation_id="conversation_export",
        tags=[TAG],
        request=None,
        responses={202: shapes.ChatExport},
        examples=[
            answered(_EXAMPLE | {"state": "waiting", "messages": 0, "size_bytes": 0, "url": None}, status=202)
        ],
    )
    def post(self, request: Request, conversation_id: int) -> Response:
        """Take it out: messages as JSON lines with their files, in a zip that is made by and by and kept for a day."""
        actor = actor_of(request)
        return Response(_linked(actor, exports.ask(actor, conversation_id)), status=202)


class ExportsView(APIView):
    @extend_schema(
        operation_id="conversation_exports",
        tags=[TAG],
        responses=shapes.ChatExports,
        examples=[answered({"items": [_EXAMPLE]})],
    )
    def get(self, request: Request) -> Response:
        """What one has taken out and is still kept, the newest first."""
        actor = actor_of(request)
        return Response({"items": [_linked(actor, export) for export in exports.exports(actor)]})


class OneExportView(APIView):
    scopes = {"DELETE": "chat:read"}

    @extend_schema(
        operation_id="conversation_export_state",
        tags=[TAG],
        responses=shapes.ChatExport,
        examples=[answered(_EXAMPLE)],
    )
    def get(self, request: Request, export_id: int) -> Response:
        """How far it is, and where the zip is when it is done."""
        actor = actor_of(request)
        return Response(_linked(actor, exports.export(actor, export_id)))

    @extend_schema(operation_id="conversation_export_delete", tags=[TAG], responses={204: None})
    def delete(self, request: Request, export_id: int) -> Response:
        """End it before its time."""
        exports.forget(actor_of(request), export_id)
        return Response(status=204)


class ExportFileView(APIView):
    authentication_classes = (SignedLinkAuthentication, BearerAuthentication, CookieAuthentication)

    @extend_schema(
        operation_id="conversation_export_file",
        tags=[TAG],
        responses={(200, "application/zip"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, export_id: int) -> StreamingHttpResponse:
        """The zip; 404 for who may not read the conversation any more."""
        only_of(request, "sig")
        content = exports.content_for(actor_of(request), export_id)
        answer = StreamingHttpResponse(_pieces(content), content_type="application/zip")
        answer["Content-Length"] = str(len(content))
        answer["Content-Disposition"] = f'attachment; filename="conversation-{export_id}.zip"'
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Cache-Control"] = "private, no-store"
        return answer


def _pieces(content: bytes) -> Iterator[bytes]:
    if isinstance(content, Spooled):
        yield from content.pieces()
        return
    for at in range(0, len(content), PIECE_BYTES):
        yield content[at : at + PIECE_BYTES]
