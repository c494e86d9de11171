"""Resumable uploads by tus 1.0, for any purpose: rooms make two views of these with paths and words of their own.

POST begins one, HEAD tells how much has come, PATCH adds the next piece, DELETE throws it away; GET is ours and tells
the same as JSON, with the file that it has become.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.http import http_date
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base import clock
from posthouse.base.api import IdField, raw_body
from posthouse.base.errors import Invalid
from posthouse.identity.actor import Actor
from posthouse.identity.api.authentication import actor_of
from posthouse.uploads import access, actions
from posthouse.uploads.api import tus
from posthouse.uploads.purposes import Purpose, UploadRef

MAX_PIECE_BYTES = 25_000_000


def _header(name: str, description: str, *, required: bool = True) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, required=required, description=description)


TUS = _header("Tus-Resumable", f"`{tus.VERSION}`; 412 `unsupported_tus_version` otherwise.")
LENGTH = _header("Upload-Length", "Bytes of the whole file.")
METADATA = _header(
    "Upload-Metadata", "`filename` and `filetype` with their values in Base64.", required=False
)
OFFSET = _header("Upload-Offset", "How many bytes have come; 409 `wrong_offset` for another number.")


class UploadState(serializers.Serializer[Any]):
    id = IdField()
    filename = serializers.CharField()
    length_bytes = serializers.IntegerField()
    offset_bytes = serializers.IntegerField(help_text="So many have come.")
    is_done = serializers.BooleanField()
    expires_at = serializers.DateTimeField(help_text="What is not whole by then goes.")


class TusView(APIView):
    purpose: ClassVar[Purpose]
    parser_classes = (raw_body(MAX_PIECE_BYTES),)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer["Tus-Resumable"] = tus.VERSION
        if answer.status_code == 412:
            answer["Tus-Version"] = tus.VERSION
        return answer

    def options(self, *_: Any, **__: Any) -> Any:
        """What is spoken here."""
        response = HttpResponse(status=204)
        response["Tus-Version"] = tus.VERSION
        response["Tus-Extension"] = tus.EXTENSIONS
        response["Tus-Max-Size"] = str(self.purpose.max_bytes)
        return response

    def state(self, actor: Actor, upload: UploadRef) -> dict[str, Any]:
        return {
            "id": str(upload.id),
            "filename": upload.filename,
            "length_bytes": upload.length_bytes,
            "offset_bytes": upload.offset_bytes,
            "is_done": upload.is_done,
            "expires_at": clock.iso(upload.expires_at),
            "file": self.purpose.shown(actor, upload.id) if upload.is_done else None,
        }


class BeginView(TusView):
    def begin(self, request: Request) -> Response:
        actor = actor_of(request)
        self.purpose.require(actor)
        tus.check_version(request.headers)
        named = tus.metadata(request.headers)
        upload = actions.begin(
            actor,
            self.purpose,
            length=tus.number(request.headers, "Upload-Length"),
            filename=named.get("filename", ""),
            content_type=named.get("filetype", ""),
        )
        headers = {"Location": f"{request.path}{upload.id}/", **_headers(upload)}
        return Response(self.state(actor, upload), status=201, headers=headers)


class UploadView(TusView):
    def head(self, request: Request, upload_id: int) -> HttpResponse:
        upload = self._mine(request, upload_id)
        response = HttpResponse(status=200)
        response["Upload-Length"] = str(upload.length_bytes)
        response["Cache-Control"] = "no-store"
        for name, value in _headers(upload).items():
            response[name] = value
        return response

    def look(self, request: Request, upload_id: int) -> Response:
        actor = actor_of(request)
        return Response(self.state(actor, access.upload_for(actor, self.purpose, upload_id)))

    def add(self, request: Request, upload_id: int) -> HttpResponse:
        self._mine(request, upload_id)
        if request.content_type != tus.OCTETS:
            raise Invalid("unsupported_media_type", f"A piece is {tus.OCTETS}.")
        offset = tus.number(request.headers, "Upload-Offset")
        data = request.data if isinstance(request.data, bytes) else b""
        upload = actions.add(actor_of(request), self.purpose, upload_id, offset=offset, data=data)
        response = HttpResponse(status=204)
        for name, value in _headers(upload).items():
            response[name] = value
        return response

    def end(self, request: Request, upload_id: int) -> Response:
        self._mine(request, upload_id)
        actions.end(actor_of(request), self.purpose, upload_id)
        return Response(status=204)

    def _mine(self, request: Request, upload_id: int) -> UploadRef:
        """Before anything else is said of a request: what is not one's own is not there."""
        upload = access.upload_for(actor_of(request), self.purpose, upload_id)
        tus.check_version(request.headers)
        return upload


def _headers(upload: UploadRef) -> dict[str, str]:
    return {"Upload-Offset": str(upload.offset_bytes), "Upload-Expires": http_date(upload.expires_at // 1000)}
