"""Verbs on many e-mails at once. Undo is the client's: it knows where things were and calls back."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import parsed
from posthouse.identity.actor import Actor
from posthouse.identity.api.authentication import actor_of
from posthouse.mail import access, across, actions, queries
from posthouse.mail.access import Right
from posthouse.mail.actions import Done
from posthouse.mail.api import bodies, schemas


def chosen(actor: Actor, given: dict[str, Any]) -> list[int]:
    """The e-mails that a body means; Missing if one is not there or not theirs."""
    if "ids" in given:
        return list(given["ids"])
    refs = access.thread_emails_for(
        actor, given["thread_ids"], in_mailbox=given.get("from_mailbox"), need=Right.DRAFT
    )
    return [ref.id for ref in refs]


def answer(actor: Actor, done: Done) -> Response:
    state = done.modseq or queries.state(access.account_id_for(actor, need=Right.READ))
    return Response({"updated": done.emails, "state": str(state)})


class UpdateView(APIView):
    @extend_schema(
        operation_id="emails_update", tags=["bulk"], request=bodies.BulkUpdate, responses=schemas.Updated
    )
    def post(self, request: Request) -> Response:
        """Set and clear flags and keywords."""
        actor, given = actor_of(request), parsed(bodies.BulkUpdate, request)
        change = bodies.flag_change(given)
        done = actions.flag_emails(
            actor,
            chosen(actor, given),
            set_bits=change.set_bits,
            clear_bits=change.clear_bits,
            add_keywords=given["add_keywords"],
            remove_keywords=given["remove_keywords"],
        )
        return answer(actor, done)


class MoveView(APIView):
    @extend_schema(
        operation_id="emails_move", tags=["bulk"], request=bodies.BulkMove, responses=schemas.Updated
    )
    def post(self, request: Request) -> Response:
        """Out of `from_mailbox` (or of every mailbox) into `to_mailbox`, which may lie in another account.

        There it is a new e-mail with an id of its own, on that account's quota; it takes the right to write on both.
        """
        actor, given = actor_of(request), parsed(bodies.BulkMove, request)
        ids, to, out_of = chosen(actor, given), given["to_mailbox"], given.get("from_mailbox")
        references = across.references_for_move(actor, ids, to=to)
        return answer(actor, across.move_emails(actor, ids, to=to, out_of=out_of, references=references))


class LabelView(APIView):
    @extend_schema(
        operation_id="emails_label", tags=["bulk"], request=bodies.BulkLabel, responses=schemas.Updated
    )
    def post(self, request: Request) -> Response:
        """Put into some mailboxes, take out of others; what would lie nowhere goes to Archive."""
        actor, given = actor_of(request), parsed(bodies.BulkLabel, request)
        ids = chosen(actor, given)
        return answer(actor, actions.label_emails(actor, ids, add=given["add"], remove=given["remove"]))


class TrashView(APIView):
    @extend_schema(
        operation_id="emails_trash", tags=["bulk"], request=bodies.Chosen, responses=schemas.Updated
    )
    def post(self, request: Request) -> Response:
        """To Trash, out of `from_mailbox` or out of every mailbox."""
        actor, given = actor_of(request), parsed(bodies.Chosen, request)
        return answer(
            actor, actions.trash_emails(actor, chosen(actor, given), out_of=given.get("from_mailbox"))
        )


class DestroyView(APIView):
    @extend_schema(
        operation_id="emails_destroy", tags=["bulk"], request=bodies.Chosen, responses=schemas.Updated
    )
    def post(self, request: Request) -> Response:
        """For good, from every mailbox."""
        actor, given = actor_of(request), parsed(bodies.Chosen, request)
        return answer(actor, actions.destroy_emails(actor, chosen(actor, given)))
