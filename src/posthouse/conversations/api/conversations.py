"""Conversations: the list, one of them, who is in it, how far one has read, what changed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import (
    IF_MATCH,
    conditional,
    fields_parameter,
    id_parameter,
    limit_parameter,
    only,
    parsed,
)
from posthouse.base.errors import Invalid
from posthouse.conversations import access, changes, opening, personal, pointers, queries
from posthouse.conversations.access import Right
from posthouse.conversations.api import bodies, shapes
from posthouse.conversations.api.paging import PAGING, TAG, as_json, limit_of, only_of, place_of, tag_of
from posthouse.identity.actor import Actor
from posthouse.identity.api.authentication import actor_of

FIELDS = tuple(shapes.Conversation().fields)
SINCE = id_parameter("since", "`state` of an earlier answer.", required=True)
CHANGES_LIMIT = limit_parameter(changes.MAX_LIMIT, changes.MAX_LIMIT, "Rows of each kind at a time, about.")


class ConversationsView(APIView):
    @extend_schema(
        operation_id="conversations",
        tags=[TAG],
        parameters=[
            OpenApiParameter("kind", str, enum=["direct", "group", "channel"]),
            OpenApiParameter("archived", bool, description="Only archived ones; without it only the others."),
            OpenApiParameter("hidden", bool, description="Those that were put out of the list too."),
            OpenApiParameter("open", bool, description="Channels that one may join, in or not."),
            OpenApiParameter("q", str, description="With `open`: words of the name or the topic."),
            fields_parameter(FIELDS),
            *PAGING,
        ],
        responses=shapes.Conversations,
    )
    def get(self, request: Request) -> Response:
        """One's own conversations, the one written in last first; with `open` the organisation's open channels."""
        return Response(_listed(request))

    @extend_schema(
        operation_id="conversation_create",
        tags=[TAG],
        request=bodies.NewConversation,
        responses={201: shapes.Conversation, 200: shapes.Conversation},
    )
    def post(self, request: Request) -> Response:
        """Open a conversation. A direct one that is there already is given (200). 404 for people one does not see."""
        actor, given = actor_of(request), parsed(bodies.NewConversation, request)
        kind, user_ids = given.pop("kind"), given.pop("user_ids")
        if kind == "direct":
            opened = opening.open_direct(actor, _one_of(user_ids, given))
            return Response(queries.conversation(actor, opened.id), status=201 if opened.is_new else 200)
        made = opening.create(actor, kind=kind, values=given, user_ids=user_ids)
        return Response(queries.conversation(actor, made), status=201)


def _listed(request: Request) -> dict[str, Any]:
    asked = only_of(request, "kind", "archived", "hidden", "open", "q", "fields", "limit", "cursor")
    actor, fields = actor_of(request), asked.fields(FIELDS)
    kind = asked.choice("kind", "", among=("direct", "group", "channel"))
    is_archived, has_hidden = bool(asked.boolean("archived")), bool(asked.boolean("hidden"))
    words = asked.text("q")
    is_open = bool(asked.boolean("open"))
    scope = f"conversations {actor.user_id} {kind} {is_archived} {has_hidden} {is_open} {words}"
    place = place_of(asked, scope)
    if is_open:
        page = queries.open_conversations(
            actor, words=words, after=place[0] if place else 0, limit=limit_of(asked)
        )
    else:
        page = queries.conversations(
            actor,
            kind=kind,
            is_archived=is_archived,
            has_hidden=has_hidden,
            before=place,
            limit=limit_of(asked),
        )
    body = as_json(page, scope)
    return {**body, "items": only(body["items"], fields)}


def _one_of(user_ids: list[int], given: dict[str, Any]) -> int:
    if len(user_ids) != 1:
        raise Invalid("one_person", "A direct conversation is with one person.", pointer="/user_ids")
    if given:
        raise Invalid("direct_has_no_settings", "A direct conversation has no name and no policies.")
    return user_ids[0]


def _version(actor: Actor, conversation_id: int) -> str:
    """Of what can be written: messages that come do not make it another."""
    found = queries.conversation(actor, conversation_id)
    return conditional.digest({name: found[name] for name in (*opening.CHANGEABLE, "archived_at")})


class ConversationView(APIView):
    @extend_schema(operation_id="conversation", tags=[TAG], responses=shapes.Conversation)
    def get(self, request: Request, conversation_id: int) -> HttpResponse:
        """One conversation and one's own place in it."""
        actor = actor_of(request)
        body = queries.conversation(actor, conversation_id)
        etag = conditional.tag(_version(actor, conversation_id), conditional.digest(body))
        return conditional.answer(request, etag, lambda: body)

    @extend_schema(
        operation_id="conversation_update",
        tags=[TAG],
        parameters=[IF_MATCH],
        request=bodies.ConversationChange,
        responses=shapes.Conversation,
    )
    def patch(self, request: Request, conversation_id: int) -> Response:
        """Change its name, its topic or its policies; for its admins."""
        actor, given = actor_of(request), parsed(bodies.ConversationChange, request)
        conditional.guarded(
            request,
            lambda: _version(actor, conversation_id),
            lambda: opening.change(actor, conversation_id, given),
        )
        body = queries.conversation(actor, conversation_id)
        etag = conditional.tag(_version(actor, conversation_id), conditional.digest(body))
        return Response(body, headers={"ETag": etag})

    @extend_schema(
        operation_id="conversation_delete", tags=[TAG], parameters=[IF_MATCH], responses={204: None}
    )
    def delete(self, request: Request, conversation_id: int) -> Response:
        """Delete it with all that was said, for everybody; for its owners. 409 `conversation_held`."""
        actor = actor_of(request)
        conditional.guarded(
            request,
            lambda: _version(actor, conversation_id),
            lambda: opening.delete(actor, conversation_id),
        )
        return Response(status=204)


class ArchiveView(APIView):
    @extend_schema(
        operation_id="conversation_archive", tags=[TAG], request=None, responses=shapes.Conversation
    )
    def post(self, request: Request, conversation_id: int) -> Response:
        """Close it for writing."""
        return _archived(actor_of(request), conversation_id, is_archived=True)

    @extend_schema(operation_id="conversation_unarchive", tags=[TAG], responses=shapes.Conversation)
    def delete(self, request: Request, conversation_id: int) -> Response:
        """Open it for writing again."""
        return _archived(actor_of(request), conversation_id, is_archived=False)


def _archived(actor: Actor, conversation_id: int, *, is_archived: bool) -> Response:
    opening.archive(actor, conversation_id, is_archived=is_archived)
    return Response(queries.conversation(actor, conversation_id))


class MeView(APIView):
    @extend_schema(
        operation_id="conversation_me", tags=[TAG], request=bodies.OwnChange, responses=shapes.OwnPlace
    )
    def patch(self, request: Request, conversation_id: int) -> Response:
        """One's own place in it: what one hears of it, mute, favourite, folder, out of the list."""
        given = parsed(bodies.OwnChange, request)
        if given.get("muted_until") is not None:
            given["muted_until"] = bodies.moment_ms(given["muted_until"])
        return Response(personal.change_own(actor_of(request), conversation_id, given))


class ReadView(APIView):
    @extend_schema(
        operation_id="conversation_read", tags=[TAG], request=bodies.ReadUpTo, responses=shapes.OwnPlace
    )
    def post(self, request: Request, conversation_id: int) -> Response:
        """One has read up to a number, on every device; with `thread_id` in a thread that one follows."""
        actor = actor_of(request)
        pointers.read(actor, conversation_id, **parsed(bodies.ReadUpTo, request))
        return Response(personal.own(actor, conversation_id))


class UnreadView(APIView):
    @extend_schema(
        operation_id="conversation_unread", tags=[TAG], request=bodies.UnreadFrom, responses=shapes.OwnPlace
    )
    def post(self, request: Request, conversation_id: int) -> Response:
        """Unread from this number on, until the conversation is opened again (`is_reopened` at `read/`)."""
        actor = actor_of(request)
        pointers.unread(actor, conversation_id, **parsed(bodies.UnreadFrom, request))
        return Response(personal.own(actor, conversation_id))


class PinsView(APIView):
    @extend_schema(operation_id="conversation_pins", tags=[TAG], responses=shapes.ChatMessageList)
    def get(self, request: Request, conversation_id: int) -> HttpResponse:
        """What is pinned, the latest first."""
        actor = actor_of(request)
        etag = tag_of(actor, conversation_id)
        return conditional.answer(request, etag, lambda: {"items": queries.pins(actor, conversation_id)})


class ConversationChangesView(APIView):
    @extend_schema(
        operation_id="conversation_changes",
        tags=[TAG],
        parameters=[SINCE, CHANGES_LIMIT],
        responses=shapes.ConversationChanges,
    )
    def get(self, request: Request, conversation_id: int) -> Response:
        """What changed since a state: states to be put in the place of older ones. 410 `cannot_calculate_changes`."""
        since, limit = _since(request)
        standing = access.conversation_for(actor_of(request), conversation_id, need=Right.READ)
        return Response(changes.since(conversation_id, since, limit=limit, floor=standing.floor).as_json())


class OwnChangesView(APIView):
    @extend_schema(
        operation_id="conversations_changes",
        tags=[TAG],
        parameters=[SINCE, CHANGES_LIMIT],
        responses=shapes.OwnChanges,
    )
    def get(self, request: Request) -> Response:
        """What changed in what is one's own: places, pointers, stars, drafts, reminders. 410 as above."""
        since, limit = _since(request)
        actor = actor_of(request)
        actor.require(access.USE)
        return Response(changes.own_since(actor.user_id, since, limit=limit).as_json())


def _since(request: Request) -> tuple[int, int]:
    asked = only_of(request, "since", "limit")
    since = asked.identifier("since")
    if since is None:
        raise Invalid("invalid_parameter", "since is missing.")
    return since, asked.number("limit", changes.MAX_LIMIT, low=1, high=changes.MAX_LIMIT)


class CountersView(APIView):
    @extend_schema(operation_id="conversations_unread", tags=[TAG], responses=shapes.ChatCounters)
    def get(self, request: Request) -> Response:
        """What is unread, in all of one's conversations at once."""
        actor = actor_of(request)
        state = changes.own_seq(actor.user_id)
        return Response({"items": queries.counters(actor), "state": str(state)})
