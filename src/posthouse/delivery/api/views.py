"""Sending, taking back, and "where is my mail?"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import Parameters, conditional, fields_parameter, idempotency, only, parsed
from posthouse.base.api.idempotency import Key
from posthouse.base.clock import iso
from posthouse.base.errors import Failure
from posthouse.base.limits import SEND
from posthouse.delivery import actions, queries
from posthouse.delivery.actions import Sending, Sent
from posthouse.delivery.api import bodies
from posthouse.delivery.writing import outgoing
from posthouse.identity.api.authentication import actor_of
from posthouse.mail import access
from posthouse.mail import queries as mail_queries
from posthouse.mail.access import Right
from posthouse.mail.api import schemas
from posthouse.mail.api.bodies import draft_content
from posthouse.mail.api.lists import ACCOUNT

SUBMISSION_FIELDS = tuple(schemas.Submission().fields)

NOT_TOLD_APART = frozenset({"hold_seconds"})
"""When a mail leaves is not what it says: a client whose answer was lost may be past the time of taking it back."""
KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="The same request again under the same key, for 24 hours, gives the first answer and sends nothing:"
    " `Idempotency-Replayed: true` tells. 409 `idempotency_in_progress`, 422 `idempotency_key_reused`.",
)


def send_once(request: Request, prepare: Callable[[Key], Sending]) -> Response:
    """Send what `prepare` makes, unless the request's key was used before; slow work is done outside the lane."""
    actor = actor_of(request)
    key = idempotency.key_of(request, but=NOT_TOLD_APART)
    with idempotency.in_progress(actor.user_id, key):
        if (sent := actions.replayed(actor, key=key.text, fingerprint=key.fingerprint)) is not None:
            return _answer(sent)
        sending = prepare(key)
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
    body = {
        "email_id": str(sent.email_id),
        "submission_id": str(sent.submission_id),
        "undo_until": undo_until,
    }
    return Response(body, status=202, headers={idempotency.REPLAYED: "true"} if sent.is_replay else None)


class SendView(APIView):
    bucket = SEND
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
        given = parsed(bodies.NewMessage, request)
        name = given.pop("list", "")
        return send_message(request, given, hold_seconds=given["hold_seconds"], list_name=name)


class CreateView(APIView):
    bucket = SEND
    scopes = {"POST": "mail:send"}

    @extend_schema(
        operation_id="mail_create",
        tags=["mail"],
        parameters=[KEY],
        request=bodies.NamedMessage,
        responses={202: bodies.Sent},
    )
    def post(self, request: Request) -> Response:
        """Send a message; the same as `send` under the name of requirement G10. 400 `invalid_recipient`."""
        return send_message(request, bodies.as_draft(parsed(bodies.NamedMessage, request)), hold_seconds=0)


def send_message(
    request: Request, given: dict[str, Any], *, hold_seconds: int, list_name: str = ""
) -> Response:
    def prepare(key: Key) -> Sending:
        return outgoing.prepare(
            actor_of(request),
            draft_content(given),
            hold_seconds=hold_seconds,
            list_name=list_name,
            key=key.text,
            fingerprint=key.fingerprint,
        )

    return send_once(request, prepare)


class SendDraftView(APIView):
    bucket = SEND
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

        def prepare(key: Key) -> Sending:
            draft, thread_id = outgoing.saved(actor, email_id)
            return outgoing.prepare(
                actor,
                draft,
                hold_seconds=hold,
                draft_id=email_id,
                thread_id=thread_id,
                key=key.text,
                fingerprint=key.fingerprint,
            )

        return send_once(request, prepare)


class SubmissionsView(APIView):
    @extend_schema(
        operation_id="submissions",
        tags=["sending"],
        parameters=[
            OpenApiParameter("state", str, enum=["active"]),
            ACCOUNT,
            fields_parameter(SUBMISSION_FIELDS),
        ],
        responses=bodies.Submissions,
    )
    def get(self, request: Request) -> HttpResponse:
        """What is held or still being tried, newest first."""
        asked = Parameters(request.query_params, "state", "account", "fields")
        asked.choice("state", "active", among=("active",))
        fields = asked.fields(SUBMISSION_FIELDS)
        account_id = access.account_id_for(actor_of(request), asked.identifier("account"), need=Right.READ)

        def make() -> dict[str, Any]:
            return {"items": only(queries.active_submissions(account_id), fields)}

        etag = conditional.tag(mail_queries.state(account_id), account_id)
        return conditional.answer(request, etag, make)


class SubmissionView(APIView):
    @extend_schema(operation_id="submission", tags=["sending"], responses=schemas.Submission)
    def get(self, request: Request, submission_id: int) -> HttpResponse:
        """One submission with what happened for each recipient."""
        found = queries.submission_for(actor_of(request), submission_id)
        return conditional.answer(request, conditional.tag(conditional.digest(found)), lambda: found)


class CancelView(APIView):
    scopes = {"POST": "mail:send"}

    @extend_schema(
        operation_id="submission_cancel", tags=["sending"], request=None, responses=bodies.Cancelled
    )
    def post(self, request: Request, submission_id: int) -> Response:
        """Take a held message back; it is a draft again. 409 `already_sent`."""
        return Response({"email_id": str(actions.cancel(actor_of(request), submission_id))})
