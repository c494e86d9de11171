"""Mailboxes: list, make, rename, remove."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import IF_MATCH, Parameters, conditional, fields_parameter, only, parsed
from posthouse.identity.actor import Actor
from posthouse.identity.api.authentication import actor_of
from posthouse.mail import access, mailboxes, queries, retention
from posthouse.mail.access import Right
from posthouse.mail.api import bodies, schemas
from posthouse.mail.api.lists import ACCOUNT

NATURAL, BY_NAME = "sort_order", "name"
SORT = OpenApiParameter(
    "sort", str, enum=[NATURAL, BY_NAME], description="As a person sees them if left out."
)
MAILBOX_FIELDS = tuple(schemas.Mailbox().fields)


class MailboxesView(APIView):
    @extend_schema(
        operation_id="mailboxes",
        tags=["mailboxes"],
        parameters=[ACCOUNT, SORT, fields_parameter(MAILBOX_FIELDS)],
        responses=schemas.MailboxList,
    )
    def get(self, request: Request) -> HttpResponse:
        """All mailboxes of an account."""
        asked = Parameters(request.query_params, "account", "sort", "fields")
        fields = asked.fields(MAILBOX_FIELDS)
        by_name = asked.choice("sort", NATURAL, among=(NATURAL, BY_NAME)) == BY_NAME
        account_id = access.account_id_for(actor_of(request), asked.identifier("account"), need=Right.READ)
        state = queries.state(account_id)

        def make() -> dict[str, Any]:
            return {
                "items": only(queries.mailboxes(account_id, by_name=by_name), fields),
                "state": str(state),
            }

        return conditional.answer(request, conditional.tag(state, account_id), make)

    @extend_schema(
        operation_id="mailbox_create",
        tags=["mailboxes"],
        request=bodies.NewMailbox,
        responses={201: schemas.Mailbox},
    )
    def post(self, request: Request) -> Response:
        """Make a mailbox; 409 `mailbox_exists` for a name that is taken."""
        given = parsed(bodies.NewMailbox, request)
        made = mailboxes.create_mailbox(actor_of(request), **given)
        return Response(queries.mailbox(made.id), status=201)


def version_of(actor: Actor, mailbox_id: int) -> str:
    """Of what one may change; e-mails that come and go do not touch it."""
    mailbox = access.mailbox_for(actor, mailbox_id, need=Right.READ)
    return conditional.digest(
        [mailbox.name, mailbox.parent_id, mailbox.is_subscribed, mailbox.retention_days]
    )


def tag_of(actor: Actor, mailbox_id: int) -> str:
    modseq = access.mailbox_for(actor, mailbox_id, need=Right.READ).modseq
    return conditional.tag(version_of(actor, mailbox_id), modseq)


class MailboxView(APIView):
    @extend_schema(operation_id="mailbox", tags=["mailboxes"], responses=schemas.Mailbox)
    def get(self, request: Request, mailbox_id: int) -> HttpResponse:
        """One mailbox."""
        etag = tag_of(actor_of(request), mailbox_id)
        return conditional.answer(request, etag, lambda: queries.mailbox(mailbox_id))

    @extend_schema(
        operation_id="mailbox_update",
        tags=["mailboxes"],
        parameters=[IF_MATCH],
        request=bodies.MailboxChange,
        responses=schemas.Mailbox,
    )
    def patch(self, request: Request, mailbox_id: int) -> Response:
        """Rename, move, subscribe or set how long its e-mails are kept.

        409 `has_role` for one that every client looks for by its role.
        """
        actor, given = actor_of(request), parsed(bodies.MailboxChange, request)
        conditional.guarded(
            request,
            lambda: version_of(actor, mailbox_id),
            lambda: mailboxes.update_mailbox(actor, mailbox_id, **given),
        )
        return Response(queries.mailbox(mailbox_id), headers={"ETag": tag_of(actor, mailbox_id)})

    @extend_schema(
        operation_id="mailbox_delete", tags=["mailboxes"], parameters=[IF_MATCH], responses={204: None}
    )
    def delete(self, request: Request, mailbox_id: int) -> Response:
        """Remove a mailbox; e-mails that lie only there go to Trash. 409 `has_role`, `has_children`."""
        actor = actor_of(request)
        conditional.guarded(
            request,
            lambda: version_of(actor, mailbox_id),
            lambda: mailboxes.delete_mailbox(actor, mailbox_id),
        )
        return Response(status=204)


DAYS = OpenApiParameter(
    "days", {"type": "integer", "minimum": 1, "maximum": bodies.MAX_RETENTION_DAYS, "default": 30}
)


class RetentionView(APIView):
    @extend_schema(
        operation_id="mailbox_retention", tags=["mailboxes"], parameters=[DAYS], responses=schemas.Retention
    )
    def get(self, request: Request, mailbox_id: int) -> Response:
        """How many e-mails would be taken out if they were kept so many days."""
        mailbox = access.mailbox_ref_for(actor_of(request), mailbox_id, need=Right.READ)
        asked = Parameters(request.query_params, "days")
        days = asked.number("days", 30, low=1, high=bodies.MAX_RETENTION_DAYS)
        return Response({"days": days, "emails": retention.count(mailbox.id, days=days)})
