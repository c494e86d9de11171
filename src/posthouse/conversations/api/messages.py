"""Messages: timelines, sending, changing, finding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import (
    IF_MATCH,
    conditional,
    encode_cursor,
    fields_parameter,
    id_parameter,
    idempotency,
    only,
    parsed,
)
from posthouse.base.limits import CHAT, GENERAL, SEARCH
from posthouse.conversations import editing, finding, personal, queries, scheduling, sending
from posthouse.conversations.access import Right, message_for
from posthouse.conversations.api import bodies, found, shapes
from posthouse.conversations.api.paging import PAGING, limit_of, only_of, place_of, tag_of
from posthouse.conversations.finding import Wanted
from posthouse.conversations.sending import Sent, Writing
from posthouse.identity.actor import Actor
from posthouse.identity.api.authentication import actor_of
from posthouse.search import language

TAG = "messages"
MESSAGE_FIELDS = tuple(shapes.ChatMessage().fields)
FIELDS = tuple(shapes.FoundMessage().fields)
MAX_NUMBER = 2**53
NOT_TOLD_APART = frozenset({"hold_seconds", "send_at"})
KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="The same request again under the same key, for 24 hours, gives the first answer (200) and sends"
    " nothing: `Idempotency-Replayed: true` tells. 409 `idempotency_in_progress`, 422 `idempotency_key_reused`.",
)
SENT = {201: shapes.ChatMessage, 200: shapes.ChatMessage, 202: shapes.ScheduledMessage}


def _number(name: str, description: str) -> OpenApiParameter:
    schema = {"type": "integer", "minimum": 0, "maximum": 999_999_999}
    return OpenApiParameter(name, schema, description=description)


class Sending(APIView):
    """Questions and sending have purses of their own."""

    @property
    def bucket(self) -> str:
        return CHAT if self.request.method == "POST" else GENERAL


def _send(
    request: Request,
    given: dict[str, Any],
    now: Callable[[Writing], Sent],
    later: Callable[[Writing, int], Sent],
) -> Response:
    actor = actor_of(request)
    key = idempotency.key_of(request, but=NOT_TOLD_APART)
    writing = bodies.writing(given, key=key.text, fingerprint=key.fingerprint)
    at_ms = bodies.send_at_ms(given)
    with idempotency.in_progress(actor.user_id, key):
        sent = now(writing) if at_ms is None else later(writing, at_ms)
    headers = {idempotency.REPLAYED: "true"} if sent.is_repeat and key.text else None
    if sent.message_id is None:
        assert sent.scheduled_id is not None
        return Response(scheduling.one(actor, sent.scheduled_id), status=202, headers=headers)
    body = queries.message(actor, sent.message_id)
    return Response(body, status=200 if sent.is_repeat else 201, headers=headers)


def send_in(request: Request, conversation_id: int, given: dict[str, Any]) -> Response:
    actor = actor_of(request)
    return _send(
        request,
        given,
        lambda writing: sending.send(actor, conversation_id, writing),
        lambda writing, at_ms: scheduling.schedule(actor, conversation_id, writing, send_at_ms=at_ms),
    )


class TimelineView(Sending):
    @extend_schema(
        operation_id="conversation_messages",
        tags=[TAG],
        parameters=[
            id_parameter("thread", "The messages of this thread; the main timeline without it."),
            _number("before", "Messages before this number."),
            _number("after", "Messages after this number."),
            _number("around", "Messages on both sides of this number, such as the first unread one."),
            fields_parameter(MESSAGE_FIELDS),
            PAGING[0],
        ],
        responses=shapes.Timeline,
    )
    def get(self, request: Request, conversation_id: int) -> HttpResponse:
        """A piece of the timeline, in order: the newest messages, or those beside a number."""
        return _timeline(request, conversation_id)

    @extend_schema(
        operation_id="conversation_send",
        tags=[TAG],
        parameters=[KEY],
        request=bodies.NewChatMessage,
        responses=SENT,
    )
    def post(self, request: Request, conversation_id: int) -> Response:
        """Send a message. Again with the same `client_id` it is the same one (200); with `hold_seconds` or `send_at` it
        waits (202)."""
        return send_in(request, conversation_id, parsed(bodies.NewChatMessage, request))


def _timeline(request: Request, conversation_id: int) -> HttpResponse:
    asked = only_of(request, "thread", "before", "after", "around", "fields", "limit")
    actor, fields, limit = actor_of(request), asked.fields(MESSAGE_FIELDS), limit_of(asked)
    beside = {
        name: asked.number(name, 0, low=0, high=999_999_999)
        for name in ("before", "after", "around")
        if name in asked
    }
    thread_id = asked.identifier("thread")

    def make() -> dict[str, Any]:
        piece = queries.timeline(actor, conversation_id, thread_id=thread_id, limit=limit, **beside)
        return {
            "items": only(piece.items, fields),
            "threads": piece.threads,
            "has_older": piece.has_older,
            "has_newer": piece.has_newer,
            "state": str(piece.seq),
        }

    return conditional.answer(request, tag_of(actor, conversation_id), make)


class MessagesView(Sending):
    @property
    def bucket(self) -> str:
        return SEARCH if self.request.method == "GET" and "q" in self.request.query_params else super().bucket

    @extend_schema(
        operation_id="messages",
        tags=[TAG],
        parameters=[
            id_parameter("conversation", "Only of this conversation."),
            id_parameter("author", "Only what this person wrote."),
            OpenApiParameter("has", str, enum=list(finding.HAS), description="Only those that bring this."),
            OpenApiParameter(
                "q",
                str,
                description="Words and operators, as docs/use/search.md tells; also in open channels.",
            ),
            OpenApiParameter("after", str, description="Sent at this moment or later."),
            OpenApiParameter("before", str, description="Sent before this moment."),
            fields_parameter(FIELDS),
            *PAGING,
        ],
        responses=shapes.ChatMessages,
    )
    def get(self, request: Request) -> Response:
        """Messages of all one's conversations, the newest first; with `q` those that fit a search."""
        return Response(_found(request))

    @extend_schema(
        operation_id="message_create",
        tags=[TAG],
        parameters=[KEY],
        request=bodies.NewMessageIn,
        responses=SENT,
    )
    def post(self, request: Request) -> Response:
        """Send a message to a conversation; as at `conversations/{id}/messages/`."""
        given = parsed(bodies.NewMessageIn, request)
        return send_in(request, given["conversation_id"], given)


def _found(request: Request) -> dict[str, Any]:
    asked = only_of(
        request, "conversation", "author", "has", "q", "after", "before", "fields", "limit", "cursor"
    )
    fields, q = asked.fields(FIELDS), asked.text("q")
    wanted = Wanted(
        conversation_id=asked.identifier("conversation"),
        author_id=asked.identifier("author"),
        has=asked.choice("has", "", among=tuple(finding.HAS)),
        after_ms=asked.moment("after"),
        before_ms=asked.moment("before"),
        query=language.parse(q, of=(language.MESSAGES,)) if q.strip() else None,
    )
    scope = f"messages {replace(wanted, query=None)} {q}"
    items, page, about = found.messages(
        actor_of(request), wanted, before=place_of(asked, scope), limit=limit_of(asked)
    )
    following = None if page.next is None else encode_cursor(*page.next, scope=scope)
    body = {"items": only(items, fields), "next": following}
    return body if about is None else body | {"search": about}


def _version(actor: Actor, message_id: int) -> int:
    return message_for(actor, message_id, need=Right.READ).seq


class MessageView(APIView):
    @extend_schema(operation_id="message", tags=[TAG], responses=shapes.ChatMessage)
    def get(self, request: Request, message_id: int) -> HttpResponse:
        """One message; of one that was deleted nothing but that it was."""
        actor = actor_of(request)
        etag = conditional.tag(_version(actor, message_id))
        return conditional.answer(request, etag, lambda: queries.message(actor, message_id))

    @extend_schema(
        operation_id="message_update",
        tags=[TAG],
        parameters=[IF_MATCH],
        request=bodies.ChatMessageChange,
        responses=shapes.ChatMessage,
    )
    def patch(self, request: Request, message_id: int) -> Response:
        """Edit what one wrote, as long as one may. 409 `too_late`, `message_deleted`."""
        actor, given = actor_of(request), parsed(bodies.ChatMessageChange, request)
        conditional.guarded(
            request,
            lambda: _version(actor, message_id),
            lambda: editing.edit(actor, message_id, text=given["text"]),
        )
        body = queries.message(actor, message_id)
        return Response(body, headers={"ETag": conditional.tag(body["seq"])})

    @extend_schema(
        operation_id="message_delete",
        tags=[TAG],
        parameters=[
            IF_MATCH,
            OpenApiParameter("for", str, enum=["everybody", "me"], description="`everybody`."),
        ],
        responses={204: None},
    )
    def delete(self, request: Request, message_id: int) -> Response:
        """Take it away from everybody (what one wrote, as long as one may; admins always), or from oneself alone."""
        actor = actor_of(request)
        whose = only_of(request, "for").choice("for", "everybody", among=("everybody", "me"))
        act = personal.hide if whose == "me" else editing.delete
        conditional.guarded(request, lambda: _version(actor, message_id), lambda: act(actor, message_id))
        return Response(status=204)


class ReplyView(APIView):
    bucket = CHAT

    @extend_schema(
        operation_id="message_reply", tags=[TAG], parameters=[KEY], request=bodies.NewReply, responses=SENT
    )
    def post(self, request: Request, message_id: int) -> Response:
        """Answer it: in the thread below it, or (`in_thread` false) in the timeline, quoting it."""
        actor, given = actor_of(request), parsed(bodies.NewReply, request)
        in_thread = given["in_thread"]
        return _send(
            request,
            given,
            lambda writing: sending.reply(actor, message_id, writing, in_thread=in_thread),
            lambda writing, at_ms: scheduling.schedule_reply(
                actor, message_id, writing, in_thread=in_thread, send_at_ms=at_ms
            ),
        )


class ForwardView(APIView):
    bucket = CHAT

    @extend_schema(
        operation_id="message_forward",
        tags=[TAG],
        parameters=[KEY],
        request=bodies.NewForwarding,
        responses=SENT,
    )
    def post(self, request: Request, message_id: int) -> Response:
        """Send it on to another conversation with its files, and a word of one's own before it."""
        actor, given = actor_of(request), parsed(bodies.NewForwarding, request)
        to = given["conversation_id"]
        return _send(
            request,
            given,
            lambda writing: sending.forward(actor, message_id, to=to, writing=writing),
            lambda writing, at_ms: scheduling.schedule_forward(
                actor, message_id, to=to, writing=writing, send_at_ms=at_ms
            ),
        )
