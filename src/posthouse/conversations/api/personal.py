"""What is one's own: drafts, what waits to be sent, reminders, blocks, settings, files on their way."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import parsed, raw_body
from posthouse.conversations import blocks, files, personal, policies, queries, scheduling, storage
from posthouse.conversations.access import USE
from posthouse.conversations.api import bodies, shapes
from posthouse.conversations.api.paging import TAG, only_of
from posthouse.identity.actor import Actor
from posthouse.identity.api.authentication import actor_of


class DraftsView(APIView):
    @extend_schema(operation_id="chat_drafts", tags=[TAG], responses=shapes.ChatDrafts)
    def get(self, request: Request) -> Response:
        """What one is writing, everywhere."""
        return Response({"items": queries.drafts(actor_of(request))})


class DraftView(APIView):
    @extend_schema(
        operation_id="chat_draft_save", tags=[TAG], request=bodies.DraftSaved, responses={204: None}
    )
    def put(self, request: Request, conversation_id: int) -> Response:
        """What one is writing here (or in a thread of it), for all one's devices; null content throws it away."""
        given = parsed(bodies.DraftSaved, request)
        personal.save_draft(
            actor_of(request),
            conversation_id,
            thread_id=given.get("thread_id"),
            content=bodies.draft_content(given),
        )
        return Response(status=204)


class FoldersView(APIView):
    @extend_schema(
        operation_id="chat_folder_rename",
        tags=[TAG],
        request=bodies.FolderChange,
        responses=shapes.FolderChanged,
    )
    def patch(self, request: Request) -> Response:
        """Call one of one's folders something else, or take it away."""
        given = parsed(bodies.FolderChange, request)
        changed = personal.rename_folder(actor_of(request), given["folder"], name=given["name"])
        return Response({"changed": changed})


class ScheduledListView(APIView):
    @extend_schema(operation_id="chat_scheduled", tags=[TAG], responses=shapes.ScheduledList)
    def get(self, request: Request) -> Response:
        """What waits to be sent, and what could not be, the next first."""
        return Response({"items": scheduling.waiting(actor_of(request))})


class ScheduledView(APIView):
    @extend_schema(operation_id="chat_scheduled_one", tags=[TAG], responses=shapes.ScheduledMessage)
    def get(self, request: Request, scheduled_id: int) -> Response:
        """One of them, also after it was sent."""
        return Response(scheduling.one(actor_of(request), scheduled_id))

    @extend_schema(
        operation_id="chat_scheduled_update",
        tags=[TAG],
        request=bodies.PutOff,
        responses=shapes.ScheduledMessage,
    )
    def patch(self, request: Request, scheduled_id: int) -> Response:
        """Send it at another time. 409 `already_sent`."""
        actor = actor_of(request)
        at_ms = bodies.moment_ms(parsed(bodies.PutOff, request)["send_at"])
        scheduling.put_off(actor, scheduled_id, send_at_ms=at_ms)
        return Response(scheduling.one(actor, scheduled_id))

    @extend_schema(operation_id="chat_scheduled_cancel", tags=[TAG], responses={204: None})
    def delete(self, request: Request, scheduled_id: int) -> Response:
        """Take it back before it is sent. 409 `already_sent`."""
        scheduling.cancel(actor_of(request), scheduled_id)
        return Response(status=204)


class RemindersView(APIView):
    @extend_schema(operation_id="chat_reminders", tags=[TAG], responses=shapes.Reminders)
    def get(self, request: Request) -> Response:
        """Reminders that wait or are due, the next first."""
        return Response({"items": queries.reminders(actor_of(request))})


class BlocksView(APIView):
    @extend_schema(operation_id="chat_blocks", tags=[TAG], responses=shapes.Blocks)
    def get(self, request: Request) -> Response:
        """Whom one has blocked."""
        return Response({"items": blocks.blocked(actor_of(request))})

    @extend_schema(operation_id="chat_block", tags=[TAG], request=bodies.NewBlock, responses={204: None})
    def post(self, request: Request) -> Response:
        """Let somebody not write to one directly; they are not told."""
        blocks.block(actor_of(request), parsed(bodies.NewBlock, request)["user_id"])
        return Response(status=204)


class BlockView(APIView):
    @extend_schema(operation_id="chat_unblock", tags=[TAG], responses={204: None})
    def delete(self, request: Request, user_id: int) -> Response:
        """Let them write again."""
        blocks.unblock(actor_of(request), user_id)
        return Response(status=204)


class SettingsView(APIView):
    @extend_schema(operation_id="chat_settings", tags=[TAG], responses=shapes.ChatSettings)
    def get(self, request: Request) -> Response:
        """What one has chosen for all conversations."""
        actor = actor_of(request)
        actor.require(USE)
        return Response(_settings(actor))

    @extend_schema(
        operation_id="chat_settings_update",
        tags=[TAG],
        request=bodies.ChatSettingsChange,
        responses=shapes.ChatSettings,
    )
    def patch(self, request: Request) -> Response:
        """Show nobody what one has read, nor be shown it; say who may open a direct conversation with one."""
        actor, given = actor_of(request), parsed(bodies.ChatSettingsChange, request)
        if "hides_reading" in given:
            policies.hide_reading(actor, hides=given["hides_reading"])
        if "direct_from" in given:
            policies.take_direct_from(actor, given["direct_from"])
        actor.require(USE)
        return Response(_settings(actor))


def _settings(actor: Actor) -> dict[str, object]:
    return {**policies.settings(actor.user_id), "files_bytes": storage.used_bytes(actor.user_id)}


class UploadView(APIView):
    parser_classes = (raw_body(files.MAX_FILE_BYTES),)

    @extend_schema(
        operation_id="chat_file_create",
        tags=[TAG],
        parameters=[OpenApiParameter("filename", str)],
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses={201: shapes.ChatFile},
    )
    def post(self, request: Request) -> Response:
        """Upload a file as the raw body, for a message to come. Its type is what its bytes are. 413 `too_large`."""
        name = only_of(request, "filename").text("filename")
        raw = request.data if isinstance(request.data, bytes) else b""
        return Response(files.state(files.add(actor_of(request), raw, filename=name)), status=201)
