"""Notes on a mail thread. What they are made of are messages of a conversation: all else is done with them there."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import IdField, Parameters, answered, asked, limit_parameter, parsed
from posthouse.bridge import notes
from posthouse.conversations.api import bodies, shapes
from posthouse.conversations.api.examples import MESSAGE
from posthouse.conversations.api.messages import KEY, SENT, Sending, send_in
from posthouse.identity.api.authentication import actor_of

TAG = "notes"
MAX_LIMIT, DEFAULT_LIMIT = 200, 100
THREAD, ACCOUNT = "58769341962740001", "58769341962730001"
PLACE = {"account_id": ACCOUNT, "thread_id": THREAD}
NOTE = {
    **MESSAGE,
    "id": "58769341962790101",
    "conversation_id": "58769341962770101",
    "number": 1,
    "author": {"id": "58769341962760001", "name": "Bob Ferrer", "email": None},
    "text": "I know them, let me answer.",
    "html": "<p>I know them, let me answer.</p>\n",
}
NOTES = {
    "thread_id": THREAD,
    "account_id": ACCOUNT,
    "conversations": [
        {"id": NOTE["conversation_id"], "state": "2", "has_older": False, "read_number": 1, "threads": []}
    ],
    "items": [NOTE],
    "people": [{"id": "58769341962760001", "name": "Bob Ferrer", "right": "write"}],
    "people_count": 1,
}


class NotesPiece(serializers.Serializer[Any]):
    id = IdField()
    state = serializers.CharField(help_text="To follow it from, on the stream or at its `changes/`.")
    has_older = serializers.BooleanField(help_text="Older ones are at its `messages/?before=`.")
    read_number = serializers.IntegerField(
        allow_null=True, help_text="One has read so far; null where one takes no part yet."
    )
    threads = shapes.ChatThread(many=True)


class NotesReader(serializers.Serializer[Any]):
    id = IdField()
    name = serializers.CharField()
    right = serializers.ChoiceField(choices=["read", "draft", "write", "admin"])


class ThreadNotes(serializers.Serializer[Any]):
    thread_id = IdField()
    account_id = IdField()
    conversations = NotesPiece(
        many=True,
        help_text="The first takes what is written next; there are more where threads were joined that had notes each.",
    )
    items = shapes.ChatMessage(many=True, help_text="The newest of all of them, in order of time.")
    people = NotesReader(many=True, help_text="Who may read them: whoever may read the mail; 200 at most.")
    people_count = serializers.IntegerField()


class NotesPlace(serializers.Serializer[Any]):
    account_id = IdField()
    thread_id = IdField()


class NotesView(Sending):
    @extend_schema(
        operation_id="thread_notes",
        tags=[TAG],
        parameters=[limit_parameter(DEFAULT_LIMIT, MAX_LIMIT)],
        responses=ThreadNotes,
        examples=[answered(NOTES)],
    )
    def get(self, request: Request, thread_id: int) -> Response:
        """What colleagues say about a thread among themselves, and who they are."""
        return Response(notes.on_thread(actor_of(request), thread_id, limit=_limit(request)))

    @extend_schema(
        operation_id="thread_note_create",
        tags=[TAG],
        parameters=[KEY],
        request=bodies.NewChatMessage,
        responses=SENT,
        examples=[asked({"text": NOTE["text"]}), answered(NOTE, status=201)],
    )
    def post(self, request: Request, thread_id: int) -> Response:
        """Write a note. 400 `named_without_access` for somebody named who may not read the mail."""
        given = parsed(bodies.NewChatMessage, request)
        return send_in(request, notes.open_on(actor_of(request), thread_id), given)

    @extend_schema(
        operation_id="thread_notes_open",
        tags=[TAG],
        request=None,
        responses=ThreadNotes,
        examples=[answered({**NOTES, "items": []})],
    )
    def put(self, request: Request, thread_id: int) -> Response:
        """Make the place for notes if there is none, where who looks and who answers can be told. Idempotent."""
        actor = actor_of(request)
        notes.open_on(actor, thread_id)
        return Response(notes.on_thread(actor, thread_id, limit=DEFAULT_LIMIT))


def _limit(request: Request) -> int:
    return Parameters(request.query_params, "limit").number("limit", DEFAULT_LIMIT, low=1, high=MAX_LIMIT)


class MailThreadView(APIView):
    @extend_schema(
        operation_id="conversation_mail_thread",
        tags=[TAG],
        responses=NotesPlace,
        examples=[answered(PLACE)],
    )
    def get(self, request: Request, conversation_id: int) -> Response:
        """The mail thread that notes are on, as it is called now; 404 for other conversations."""
        return Response(notes.thread_of(actor_of(request), conversation_id))
