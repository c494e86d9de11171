"""Mailboxes: list, make, rename, remove."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import Parameters, parsed
from posthouse.identity.api.authentication import actor_of
from posthouse.mail import access, mailboxes, queries
from posthouse.mail.access import Right
from posthouse.mail.api import bodies, schemas

ACCOUNT = OpenApiParameter("account", str, description="An account's id; one's own if left out.")


class MailboxesView(APIView):
    @extend_schema(
        operation_id="mailboxes", tags=["mailboxes"], parameters=[ACCOUNT], responses=schemas.MailboxList
    )
    def get(self, request: Request) -> Response:
        """All mailboxes of an account, in the order a person sees them."""
        asked = Parameters(request.query_params, "account")
        account_id = access.account_id_for(actor_of(request), asked.identifier("account"), need=Right.READ)
        state = queries.state(account_id)
        return Response({"items": queries.mailboxes(account_id), "state": str(state)})

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


class MailboxView(APIView):
    @extend_schema(
        operation_id="mailbox_update",
        tags=["mailboxes"],
        request=bodies.MailboxChange,
        responses=schemas.Mailbox,
    )
    def patch(self, request: Request, mailbox_id: int) -> Response:
        """Rename, move or subscribe; 409 `has_role` for one that every client looks for by its role."""
        changed = mailboxes.update_mailbox(
            actor_of(request), mailbox_id, **parsed(bodies.MailboxChange, request)
        )
        return Response(queries.mailbox(changed.id))

    @extend_schema(operation_id="mailbox_delete", tags=["mailboxes"], responses={204: None})
    def delete(self, request: Request, mailbox_id: int) -> Response:
        """Remove a mailbox; e-mails that lie only there go to Trash. 409 `has_role`, `has_children`."""
        mailboxes.delete_mailbox(actor_of(request), mailbox_id)
        return Response(status=204)
