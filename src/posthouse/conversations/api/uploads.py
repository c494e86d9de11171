"""Files of messages that come in pieces, by tus 1.0."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from posthouse.conversations.api import shapes
from posthouse.conversations.api.paging import TAG
from posthouse.conversations.resumable import CHAT_FILES
from posthouse.uploads.api import tus
from posthouse.uploads.api.views import LENGTH, METADATA, OFFSET, TUS, BeginView, UploadState, UploadView


class ChatUpload(UploadState):
    file = shapes.ChatFile(allow_null=True, help_text="Once it is whole, under the same id.")


class ChatUploadsView(BeginView):
    purpose = CHAT_FILES

    @extend_schema(
        operation_id="chat_upload_begin",
        tags=[TAG],
        parameters=[TUS, LENGTH, METADATA],
        request=None,
        responses={201: ChatUpload},
    )
    def post(self, request: Request) -> Response:
        """Begin a file that comes in pieces (tus 1.0); `Location` is where they go. Whole, it is one for `file_ids`."""
        return self.begin(request)


class ChatUploadView(UploadView):
    purpose = CHAT_FILES

    @extend_schema(operation_id="chat_upload", tags=[TAG], responses=ChatUpload)
    def get(self, request: Request, upload_id: int) -> Response:
        """How far it has come, and the file that it became."""
        return self.look(request, upload_id)

    @extend_schema(
        operation_id="chat_upload_add",
        tags=[TAG],
        parameters=[TUS, OFFSET],
        request={tus.OCTETS: OpenApiTypes.BINARY},
        responses={204: None},
    )
    def patch(self, request: Request, upload_id: int) -> HttpResponse:
        """The next piece, durable when it is answered. 409 `wrong_offset`: ask by HEAD where it goes on."""
        return self.add(request, upload_id)

    @extend_schema(
        operation_id="chat_upload_end", tags=[TAG], parameters=[TUS], request=None, responses={204: None}
    )
    def delete(self, request: Request, upload_id: int) -> Response:
        """Throw away what came; a file that is whole stays."""
        return self.end(request, upload_id)
