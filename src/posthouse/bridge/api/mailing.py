"""A mail into a conversation."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import IdField, StrictSerializer, asked, parsed
from posthouse.base.limits import CHAT
from posthouse.bridge import mailing
from posthouse.conversations import queries
from posthouse.conversations.api.bodies import client_id_field
from posthouse.conversations.api.shapes import ChatMessage
from posthouse.identity.api.authentication import actor_of

MAX_CHARS = 10_000


class SharedMail(StrictSerializer):
    email_id = IdField()
    text = serializers.CharField(
        max_length=MAX_CHARS, allow_blank=True, default="", help_text="What one says about it: Markdown."
    )
    client_id = client_id_field()


class MailView(APIView):
    bucket = CHAT

    @extend_schema(
        operation_id="conversation_mail",
        tags=["conversations"],
        request=SharedMail,
        responses={201: ChatMessage, 200: ChatMessage},
        examples=[asked({"email_id": "58769341962760001", "text": "Who answers this?"})],
    )
    def post(self, request: Request, conversation_id: int) -> Response:
        """Say a mail in a conversation: its subject, its beginning, and a link for those who may read it. A token needs
        `mail:read` too."""
        actor, given = actor_of(request), parsed(SharedMail, request)
        sent = mailing.share(
            actor,
            conversation_id,
            given["email_id"],
            text=given["text"],
            origin=request.build_absolute_uri("/").rstrip("/"),
            client_id=given.get("client_id"),
        )
        assert sent.message_id is not None
        return Response(queries.message(actor, sent.message_id), status=200 if sent.is_repeat else 201)
