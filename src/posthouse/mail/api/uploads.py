"""Attachments that come in pieces, by tus 1.0."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from posthouse.mail.api import schemas
from posthouse.mail.resumable import MAIL_FILES
from posthouse.uploads.api import tus
from posthouse.uploads.api.views import LENGTH, METADATA, OFFSET, TUS, BeginView, UploadState, UploadView

TAG = "drafts"


class MailUpload(UploadState):
    file = schemas.Blob(allow_null=True, help_text="Once it is whole.")


class MailUploadsView(BeginView):
    purpose = MAIL_FILES

    @extend_schema(
        operation_id="blob_upload_begin",
        tags=[TAG],
        parameters=[TUS, LENGTH, METADATA],
        request=None,
        responses={201: MailUpload},
    )
    def post(self, request: Request) -> Response:
        """Begin an attachment that comes in pieces (tus 1.0); `Location` is where they go."""
        return self.begin(request)


class MailUploadView(UploadView):
    purpose = MAIL_FILES

    @extend_schema(operation_id="blob_upload", tags=[TAG], responses=MailUpload)
    def get(self, request: Request, upload_id: int) -> Response:
        """How far it has come, and the blob that it became."""
        return self.look(request, upload_id)

    @extend_schema(
        operation_id="blob_upload_add",
        tags=[TAG],
        parameters=[TUS, OFFSET],
        request={tus.OCTETS: OpenApiTypes.BINARY},
        responses={204: None},
    )
    def patch(self, request: Request, upload_id: int) -> HttpResponse:
        """The next piece, durable when it is answered. 409 `wrong_offset`: ask by HEAD where it goes on."""
        return self.add(request, upload_id)

    @extend_schema(
        operation_id="blob_upload_end", tags=[TAG], parameters=[TUS], request=None, responses={204: None}
    )
    def delete(self, request: Request, upload_id: int) -> Response:
        """Throw away what came; what is whole stays."""
        return self.end(request, upload_id)
