"""What one does with one message beside editing it."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base import blobs, thumbnails
from posthouse.base.api import limit_parameter, parsed, small_picture
from posthouse.base.content_types import PICTURES
from posthouse.conversations import editing, files, personal, previews, queries, reports
from posthouse.conversations.api import bodies, shapes
from posthouse.conversations.api.messages import TAG
from posthouse.conversations.api.paging import only_of
from posthouse.identity import links
from posthouse.identity.actor import Actor
from posthouse.identity.api.authentication import (
    BearerAuthentication,
    CookieAuthentication,
    SignedLinkAuthentication,
    actor_of,
)

FILE_CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
MAX_READERS = 1_000


class ReactView(APIView):
    @extend_schema(
        operation_id="message_react", tags=[TAG], request=bodies.NewReaction, responses=shapes.ChatMessage
    )
    def post(self, request: Request, message_id: int) -> Response:
        """Put one emoji to it, or take one's own back. 400 `not_an_emoji`."""
        actor, given = actor_of(request), parsed(bodies.NewReaction, request)
        editing.react(actor, message_id, given["emoji"], is_on=given["is_on"])
        return Response(queries.message(actor, message_id))


class PinView(APIView):
    @extend_schema(operation_id="message_pin", tags=[TAG], request=None, responses=shapes.ChatMessage)
    def post(self, request: Request, message_id: int) -> Response:
        """Keep it at hand for everybody."""
        actor = actor_of(request)
        editing.pin(actor, message_id, is_pinned=True)
        return Response(queries.message(actor, message_id))

    @extend_schema(operation_id="message_unpin", tags=[TAG], responses=shapes.ChatMessage)
    def delete(self, request: Request, message_id: int) -> Response:
        """Unpin it."""
        actor = actor_of(request)
        editing.pin(actor, message_id, is_pinned=False)
        return Response(queries.message(actor, message_id))


class StarView(APIView):
    @extend_schema(operation_id="message_star", tags=[TAG], request=None, responses={204: None})
    def post(self, request: Request, message_id: int) -> Response:
        """Mark it for oneself."""
        personal.star(actor_of(request), message_id, is_starred=True)
        return Response(status=204)

    @extend_schema(operation_id="message_unstar", tags=[TAG], responses={204: None})
    def delete(self, request: Request, message_id: int) -> Response:
        """Take one's mark back."""
        personal.star(actor_of(request), message_id, is_starred=False)
        return Response(status=204)


class AcknowledgeView(APIView):
    @extend_schema(operation_id="message_acknowledge", tags=[TAG], request=None, responses=shapes.ChatMessage)
    def post(self, request: Request, message_id: int) -> Response:
        """Say that one has taken note of it, where it asks for that."""
        actor = actor_of(request)
        editing.acknowledge(actor, message_id, is_done=True)
        return Response(queries.message(actor, message_id))

    @extend_schema(operation_id="message_unacknowledge", tags=[TAG], responses=shapes.ChatMessage)
    def delete(self, request: Request, message_id: int) -> Response:
        """Take that back."""
        actor = actor_of(request)
        editing.acknowledge(actor, message_id, is_done=False)
        return Response(queries.message(actor, message_id))


class RevisionsView(APIView):
    @extend_schema(operation_id="message_revisions", tags=[TAG], responses=shapes.ChatRevisions)
    def get(self, request: Request, message_id: int) -> Response:
        """What it said before it was edited, the oldest first."""
        return Response({"items": queries.revisions(actor_of(request), message_id)})


class ReadersView(APIView):
    @extend_schema(
        operation_id="message_readers",
        tags=[TAG],
        parameters=[limit_parameter(MAX_READERS, MAX_READERS)],
        responses=shapes.ChatReaders,
    )
    def get(self, request: Request, message_id: int) -> Response:
        """Who has read it, without those who hide what they read, and who has acknowledged it."""
        limit = only_of(request, "limit").number("limit", MAX_READERS, low=1, high=MAX_READERS)
        return Response(queries.readers(actor_of(request), message_id, limit=limit))


class ReportView(APIView):
    @extend_schema(operation_id="message_report", tags=[TAG], request=bodies.NewReport, responses={204: None})
    def post(self, request: Request, message_id: int) -> Response:
        """Bring it before those who manage conversations."""
        reports.report(actor_of(request), message_id, **parsed(bodies.NewReport, request))
        return Response(status=204)


class RemindView(APIView):
    @extend_schema(
        operation_id="message_remind", tags=[TAG], request=bodies.RemindAt, responses=shapes.Reminder
    )
    def post(self, request: Request, message_id: int) -> Response:
        """Be reminded of it; another time takes the place of the one before."""
        at_ms = bodies.moment_ms(parsed(bodies.RemindAt, request)["remind_at"])
        return Response(personal.remind(actor_of(request), message_id, at_ms=at_ms))

    @extend_schema(operation_id="message_reminder_delete", tags=[TAG], responses={204: None})
    def delete(self, request: Request, message_id: int) -> Response:
        """Be reminded no more, or have seen that it is due."""
        personal.forget_reminder(actor_of(request), message_id)
        return Response(status=204)


class PreviewsView(APIView):
    @extend_schema(operation_id="message_previews", tags=[TAG], responses=shapes.ChatPreviewPictures)
    def get(self, request: Request, message_id: int) -> Response:
        """The pictures of its previews, by links that a browser may load for an hour or two."""
        return Response({"items": previews.pictures(actor_of(request), message_id)})


class PreviewView(APIView):
    @extend_schema(operation_id="message_preview_remove", tags=[TAG], responses={204: None})
    def delete(self, request: Request, message_id: int, preview_id: int) -> Response:
        """Take a preview away from everybody, for good: of what one wrote, or as an admin. The link stays."""
        previews.remove(actor_of(request), message_id, preview_id)
        return Response(status=204)


class FilesView(APIView):
    @extend_schema(operation_id="message_files", tags=[TAG], responses=shapes.ChatFileLinks)
    def get(self, request: Request, message_id: int) -> Response:
        """Its files with links that a browser may load for an hour or two."""
        actor = actor_of(request)
        return Response({"items": [_linked(actor, message_id, file) for file in files.of(actor, message_id)]})


def _linked(actor: Actor, message_id: int, file: files.FileRef) -> dict[str, object]:
    path = f"/api/v1/messages/{message_id}/files/{file.id}/"
    small = f"{path}thumbnail/"
    return {
        **files.state(file),
        "url": f"{path}?sig={links.sign(actor, path)}",
        "thumbnail_url": None if file.width is None else f"{small}?sig={links.sign(actor, small)}",
    }


class FileView(APIView):
    authentication_classes = (SignedLinkAuthentication, BearerAuthentication, CookieAuthentication)

    @extend_schema(
        operation_id="message_file",
        tags=[TAG],
        parameters=[OpenApiParameter("preview", bool, description="Show a picture in place.")],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, message_id: int, file_id: int) -> HttpResponse:
        """One file's bytes; nothing in them runs or loads."""
        asked = only_of(request, "sig", "preview")
        file = files.file_for(actor_of(request), message_id, file_id)
        is_shown = bool(asked.boolean("preview")) and file.content_type in PICTURES
        response = HttpResponse(blobs.read(file.blob_id), content_type=file.content_type)
        name = quote(file.filename.encode("utf-8", "replace"), safe="")
        response["Content-Disposition"] = f"{'inline' if is_shown else 'attachment'}; filename*=UTF-8''{name}"
        response["Content-Security-Policy"] = FILE_CSP
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "private, max-age=86400, immutable"
        return response


class ThumbnailView(APIView):
    authentication_classes = (SignedLinkAuthentication, BearerAuthentication, CookieAuthentication)

    @extend_schema(
        operation_id="message_file_thumbnail",
        tags=[TAG],
        responses={(200, thumbnails.CONTENT_TYPE): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, message_id: int, file_id: int) -> HttpResponse:
        """A small picture of it, turned upright, without what the file says of where it was taken."""
        only_of(request, "sig")
        return small_picture(files.thumbnail(files.file_for(actor_of(request), message_id, file_id)))
