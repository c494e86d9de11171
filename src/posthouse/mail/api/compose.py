"""Writing mail: files, drafts, and whom one may mean."""

from __future__ import annotations

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import IF_MATCH, Parameters, conditional, limit_parameter, parsed, raw_body
from posthouse.identity.api.authentication import actor_of
from posthouse.mail import access, addresses, drafts, uploads
from posthouse.mail.access import Right
from posthouse.mail.api import bodies, rows, schemas

MAX_RECIPIENTS = 200


class BlobsView(APIView):
    parser_classes = (raw_body(uploads.MAX_UPLOAD_BYTES),)

    @extend_schema(
        operation_id="blob_create",
        tags=["drafts"],
        parameters=[OpenApiParameter("filename", str)],
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses={201: schemas.Blob},
    )
    def post(self, request: Request) -> Response:
        """Upload a file as the raw body. 413 `too_large` above `max_attachment_bytes`."""
        name = Parameters(request.query_params, "filename").text("filename")
        raw = request.data if isinstance(request.data, bytes) else b""
        kind = request.content_type or "application/octet-stream"
        stored = uploads.add(actor_of(request), raw, filename=name, content_type=kind)
        return Response(stored._asdict(), status=201)


class DraftsView(APIView):
    @extend_schema(
        operation_id="draft_create", tags=["drafts"], request=bodies.Draft, responses={201: schemas.Email}
    )
    def post(self, request: Request) -> Response:
        """Save a new draft."""
        actor = actor_of(request)
        made = bodies.draft_content(parsed(bodies.Draft, request))
        email_id = drafts.save(actor, made, max_bytes=settings.MAX_MESSAGE_BYTES)
        return Response(
            rows.email_json(actor, access.email_for(actor, email_id, need=Right.READ)), status=201
        )


class DraftView(APIView):
    @extend_schema(
        operation_id="draft_replace",
        tags=["drafts"],
        parameters=[IF_MATCH],
        request=bodies.Draft,
        responses=schemas.Email,
    )
    def put(self, request: Request, email_id: int) -> Response:
        """Save over a draft: the answer has a new id, the old one is gone."""
        actor = actor_of(request)
        made = bodies.draft_content(parsed(bodies.Draft, request))
        # Not in the saving's transaction: a draft's content changes with its id, so only flags could come between.
        conditional.check(request.META.get("HTTP_IF_MATCH"), access.version_of_email_for(actor, email_id))
        new_id = drafts.save(actor, made, max_bytes=settings.MAX_MESSAGE_BYTES, replaces=email_id)
        return Response(rows.email_json(actor, access.email_for(actor, new_id, need=Right.READ)))


class AddressesView(APIView):
    @extend_schema(
        operation_id="addresses",
        tags=["drafts"],
        parameters=[OpenApiParameter("q", str, required=True), limit_parameter(8, 50)],
        responses=schemas.Addresses,
    )
    def get(self, request: Request) -> Response:
        """Whom one may mean: people written to before, then colleagues."""
        asked = Parameters(request.query_params, "q", "limit")
        limit = asked.number("limit", 8, low=1, high=50)
        return Response({"items": addresses.completions(actor_of(request), asked.text("q"), limit=limit)})


class LimitsView(APIView):
    @extend_schema(operation_id="limits", tags=["drafts"], responses=schemas.Limits)
    def get(self, request: Request) -> Response:
        """How large things may be."""
        return Response(
            {
                "max_attachment_bytes": uploads.MAX_UPLOAD_BYTES,
                "max_message_bytes": settings.MAX_MESSAGE_BYTES,
                "max_recipients": MAX_RECIPIENTS,
            }
        )
