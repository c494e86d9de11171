"""Junk: what is filed there, lists of senders, and what the filter learnt."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import parsed
from posthouse.delivery.api import junk_bodies as bodies
from posthouse.delivery.api.account import ACCOUNT, asked_account
from posthouse.delivery.junk import actions, queries
from posthouse.identity.api.authentication import actor_of

TAG = "junk"


class JunkView(APIView):
    @extend_schema(operation_id="junk", tags=[TAG], parameters=[ACCOUNT], responses=bodies.Junk)
    def get(self, request: Request) -> Response:
        """An account's filter: what holds, what was chosen, what it has learnt."""
        return Response(queries.junk(actor_of(request), asked_account(request)))

    @extend_schema(operation_id="junk_update", tags=[TAG], request=bodies.JunkChange, responses=bodies.Junk)
    def patch(self, request: Request) -> Response:
        """Choose. Null takes back what was chosen."""
        actor, given = actor_of(request), parsed(bodies.JunkChange, request)
        account_id = given.pop("account_id", None)
        actions.choose(actor, account_id, given)
        return Response(queries.junk(actor, account_id))


class ForgetView(APIView):
    @extend_schema(operation_id="junk_forget", tags=[TAG], request=bodies.WhoseJunk, responses=bodies.Junk)
    def post(self, request: Request) -> Response:
        """Forget all that was learnt of this account's mail. It learns anew from what is done from now on."""
        actor, given = actor_of(request), parsed(bodies.WhoseJunk, request)
        actions.forget(actor, given.get("account_id"))
        return Response(queries.junk(actor, given.get("account_id")))


class SendersView(APIView):
    @extend_schema(
        operation_id="junk_senders", tags=[TAG], parameters=[ACCOUNT], responses=bodies.JunkSenders
    )
    def get(self, request: Request) -> Response:
        """Senders that are always or never let into the inbox."""
        return Response({"items": queries.senders(actor_of(request), asked_account(request))})

    @extend_schema(
        operation_id="junk_sender_put",
        tags=[TAG],
        request=bodies.NewSender,
        responses={201: bodies.JunkSender},
    )
    def post(self, request: Request) -> Response:
        """List a sender; one that is listed changes its list. 400 `bad_entry`, 409 `too_many_entries`."""
        actor, given = actor_of(request), parsed(bodies.NewSender, request)
        entry_id = actions.put_sender(
            actor, given.get("account_id"), given["value"], is_allowed=given["list"] == "allow"
        )
        return Response(queries.sender(entry_id), status=201)


class SenderView(APIView):
    @extend_schema(operation_id="junk_sender_delete", tags=[TAG], responses={204: None})
    def delete(self, request: Request, entry_id: int) -> Response:
        """Take a sender off its list."""
        actions.remove_sender(actor_of(request), entry_id)
        return Response(status=204)


class JunkOfAllView(APIView):
    @extend_schema(operation_id="junk_of_all", tags=[TAG], responses=bodies.JunkOfAll)
    def get(self, request: Request) -> Response:
        """What the organisation chose, and what everybody's mail taught."""
        return Response(queries.junk_of_all(actor_of(request)))

    @extend_schema(
        operation_id="junk_of_all_update",
        tags=[TAG],
        request=bodies.JunkOfAllChange,
        responses=bodies.JunkOfAll,
    )
    def patch(self, request: Request) -> Response:
        """Choose for everybody who chose nothing, and whether mail is refused at a high score."""
        actor = actor_of(request)
        actions.choose_for_all(actor, parsed(bodies.JunkOfAllChange, request))
        return Response(queries.junk_of_all(actor))


class ForgetOfAllView(APIView):
    @extend_schema(operation_id="junk_of_all_forget", tags=[TAG], request=None, responses=bodies.JunkOfAll)
    def post(self, request: Request) -> Response:
        """Forget what everybody's mail taught the organisation. What people's own filters know stays."""
        actor = actor_of(request)
        actions.forget_for_all(actor)
        return Response(queries.junk_of_all(actor))


class SendersOfAllView(APIView):
    @extend_schema(operation_id="junk_senders_of_all", tags=[TAG], responses=bodies.JunkSenders)
    def get(self, request: Request) -> Response:
        """Senders that are always or never let into anybody's inbox, unless somebody's own list says otherwise."""
        return Response({"items": queries.senders_of_all(actor_of(request))})

    @extend_schema(
        operation_id="junk_sender_of_all_put",
        tags=[TAG],
        request=bodies.NewSenderOfAll,
        responses={201: bodies.JunkSender},
    )
    def post(self, request: Request) -> Response:
        """List a sender for everybody. 400 `bad_entry`, 409 `too_many_entries`."""
        given = parsed(bodies.NewSenderOfAll, request)
        entry_id = actions.put_sender_for_all(
            actor_of(request), given["value"], is_allowed=given["list"] == "allow"
        )
        return Response(queries.sender(entry_id), status=201)
