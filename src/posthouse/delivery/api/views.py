"""Sending, taking back, and "where is my mail?"."""

from __future__ import annotations

from hashlib import sha256

import orjson
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import Parameters, parsed
from posthouse.base.clock import iso
from posthouse.base.errors import Failure, Invalid
from posthouse.delivery import actions, outgoing, queries
from posthouse.delivery.actions import Sending, Sent
from posthouse.delivery.api import bodies
from posthouse.identity.actor import Actor
from posthouse.identity.api.authentication import actor_of
from posthouse.mail import access
from posthouse.mail.api import schemas
from posthouse.mail.api.bodies import draft_content

MAX_KEY_CHARS = 200
KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="The same key again gives the same answer."
)


def _key(request: Request) -> str:
    key: str = request.META.get("HTTP_IDEMPOTENCY_KEY", "")
    if len(key) > MAX_KEY_CHARS or not key.isascii():
        raise Invalid("invalid_idempotency_key", f"A key has {MAX_KEY_CHARS} ASCII characters at most.")
    return key


def _fingerprint(request: Request) -> str:
    body = orjson.dumps(request.data, option=orjson.OPT_SORT_KEYS)
    return sha256(request.path.encode() + b"\0" + body).hexdigest()


def _send(actor: Actor, sending: Sending) -> Response:
    try:
        sent = actions.send(actor, sending)
    except Failure:
        outgoing.discard(sending)
        raise
    if sent.is_replay:
        outgoing.discard(sending)
    return _answer(sent)


def _answer(sent: Sent) -> Response:
    undo_until = None if sent.hold_until_ms is None else iso(sent.hold_until_ms)
    return Response(
        {
            "email_id": str(sent.email_id),
            "submission_id": str(sent.submission_id),
            "undo_until": undo_until,
        },
        status=202,
    )


class SendView(APIView):
    scopes = {"POST": "mail:send"}

    @extend_schema(
        operation_id="send",
        tags=["sending"],
        parameters=[KEY],
        request=bodies.NewMessage,
        responses={202: bodies.Sent},
    )
    def post(self, request: Request) -> Response:
        """Send a message. With `hold_seconds` it can be taken back so long. 400 `invalid_recipient`."""
        actor, given = actor_of(request), parsed(bodies.NewMessage, request)
        key, fingerprint = _key(request), _fingerprint(request)
        if (sent := actions.replayed(actor, key=key, fingerprint=fingerprint)) is not None:
            return _answer(sent)
        draft = draft_content(given)
        hold = given["hold_seconds"]
        return _send(
            actor, outgoing.prepare(actor, draft, hold_seconds=hold, key=key, fingerprint=fingerprint)
        )


class SendDraftView(APIView):
    scopes = {"POST": "mail:send"}

    @extend_schema(
        operation_id="draft_send",
        tags=["sending"],
        parameters=[KEY],
        request=bodies.Hold,
        responses={202: bodies.Sent},
    )
    def post(self, request: Request, email_id: int) -> Response:
        """Send a saved draft; it moves to Sent under a new id."""
        actor, hold = actor_of(request), parsed(bodies.Hold, request)["hold_seconds"]
        key, fingerprint = _key(request), _fingerprint(request)
        if (sent := actions.replayed(actor, key=key, fingerprint=fingerprint)) is not None:
            return _answer(sent)
        draft, thread_id = outgoing.saved(actor, email_id)
        ready = outgoing.prepare(
            actor,
            draft,
            hold_seconds=hold,
            draft_id=email_id,
            thread_id=thread_id,
            key=key,
            fingerprint=fingerprint,
        )
        return _send(actor, ready)


class SubmissionsView(APIView):
    @extend_schema(
        operation_id="submissions",
        tags=["sending"],
        parameters=[OpenApiParameter("state", str, enum=["active"])],
        responses=bodies.Submissions,
    )
    def get(self, request: Request) -> Response:
        """What is held or still being tried, newest first."""
        asked = Parameters(request.query_params, "state", "account")
        if asked.text("state", "active") != "active":
            raise Invalid("invalid_parameter", "state is active.")
        account_id = access.account_id_for(actor_of(request), asked.identifier("account"))
        return Response({"items": queries.active_submissions(account_id)})


class SubmissionView(APIView):
    @extend_schema(operation_id="submission", tags=["sending"], responses=schemas.Submission)
    def get(self, request: Request, submission_id: int) -> Response:
        """One submission with what happened for each recipient."""
        return Response(queries.submission_for(actor_of(request), submission_id))


class CancelView(APIView):
    scopes = {"POST": "mail:send"}

    @extend_schema(
        operation_id="submission_cancel", tags=["sending"], request=None, responses=bodies.Cancelled
    )
    def post(self, request: Request, submission_id: int) -> Response:
        """Take a held message back; it is a draft again. 409 `already_sent`."""
        return Response({"email_id": str(actions.cancel(actor_of(request), submission_id))})
