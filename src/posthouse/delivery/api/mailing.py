"""Lists that an account keeps: who is on them, writing to them, and what came of it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import (
    IF_MATCH,
    IdField,
    Parameters,
    StrictSerializer,
    answered,
    asked,
    conditional,
    decode_cursor,
    encode_cursor,
    parsed,
)
from posthouse.base.api.idempotency import Key
from posthouse.base.limits import SEND
from posthouse.delivery.actions import MAX_HOLD_SECONDS, Sending
from posthouse.delivery.api import bodies, views
from posthouse.delivery.api.account import ACCOUNT, asked_account
from posthouse.delivery.mailing import lists, members, sendings
from posthouse.delivery.suppression import lists as ways_out
from posthouse.delivery.suppression.suppressed import REASONS
from posthouse.identity.api.authentication import actor_of
from posthouse.mail.api import schemas
from posthouse.mail.api.bodies import MAX_HTML_CHARS
from posthouse.wire.mime.headers import without_controls

TAG = "lists"
MAX_LIMIT, DEFAULT_LIMIT = 200, 50
MAX_PEOPLE_CHARS = 500_000
LIST = {
    "id": "58769341962780020",
    "account_id": "58769341962780001",
    "name": "news",
    "title": "News of the inn",
    "members": 120,
    "left": 4,
    "suppressed": 1,
    "created_at": "2026-11-21T07:20:00.000Z",
}
MEMBER = {
    "id": "58769341962780021",
    "address": "bob@example.org",
    "name": "Bob",
    "consent": "Signed the book at the fair, May 2026",
    "added_at": "2026-11-21T07:21:00.000Z",
    "left_at": None,
    "suppression_id": None,
    "suppressed": None,
}
IMPORTED = {
    "added": 118,
    "known": 2,
    "refused": [{"text": "bob at example.org", "detail": "There is no address in this line."}],
    "refused_count": 1,
}
WORDS = {"subject": "The new stable", "html": "<p>It is open.</p>"}
SENT = {"email_id": "58769341962780030", "submission_id": "58769341962780031", "undo_until": None}
SENDING = {
    "submission_id": "58769341962780031",
    "email_id": "58769341962780030",
    "subject": "The new stable",
    "state": "done",
    "sent_at": "2026-11-28T08:00:00.000Z",
    "recipients": 120,
    "waiting": 0,
    "delivered": 113,
    "failed": 2,
    "left": 4,
    "suppressed": 1,
    "read": 0,
    "complained": 0,
}


class TitleField(serializers.CharField):
    """One line, since it stands in a header."""

    def to_internal_value(self, data: Any) -> str:
        text = " ".join(without_controls(super().to_internal_value(data)).split())
        if not text:
            self.fail("blank")
        return text


class NewList(StrictSerializer):
    account_id = IdField(required=False)
    name = serializers.RegexField(
        ways_out.NAME, help_text="Small letters, digits, `.`, `_`, `-`. It stays: links to leave it hold it."
    )
    title = TitleField(max_length=200, help_text="What its members see as the recipient's name.")


class ListChange(StrictSerializer):
    title = TitleField(max_length=200, required=False)


class NewMembers(StrictSerializer):
    people = serializers.CharField(
        max_length=MAX_PEOPLE_CHARS,
        help_text="One to a line: an address, `Name <address>`, or a row of a spreadsheet.",
    )
    consent = serializers.CharField(max_length=500, help_text="How they said yes; kept beside each of them.")


class ListWords(StrictSerializer):
    subject = serializers.CharField(max_length=2_000)
    html = serializers.CharField(max_length=MAX_HTML_CHARS, trim_whitespace=False)
    identity_id = IdField(
        required=False, help_text="The address it is from; the account's first if left out."
    )
    hold_seconds = serializers.IntegerField(min_value=0, max_value=MAX_HOLD_SECONDS, default=0)


class ListShape(schemas.Shape):
    id = IdField()
    account_id = IdField()
    name = serializers.CharField()
    title = serializers.CharField()
    members = serializers.IntegerField()
    left = serializers.IntegerField(help_text="How many of them have left it by its link.")
    suppressed = serializers.IntegerField(
        help_text="How many more are passed over: see `sending_suppressions`."
    )
    created_at = serializers.DateTimeField()


class MailingLists(schemas.Shape):
    items = ListShape(many=True)


class ListMemberShape(schemas.Shape):
    id = IdField()
    address = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    consent = serializers.CharField()
    added_at = serializers.DateTimeField()
    left_at = serializers.DateTimeField(allow_null=True)
    suppression_id = IdField(
        allow_null=True, help_text="For `suppression_delete`, when they ask to get it again."
    )
    suppressed = serializers.ChoiceField(choices=list(REASONS), allow_null=True)


class ListMemberPage(schemas.Shape):
    items = ListMemberShape(many=True)
    next = serializers.CharField(allow_null=True)


class RefusedLine(schemas.Shape):
    text = serializers.CharField()
    detail = serializers.CharField()


class Imported(schemas.Shape):
    added = serializers.IntegerField()
    known = serializers.IntegerField(help_text="Who was on it before.")
    refused = RefusedLine(many=True)
    refused_count = serializers.IntegerField()


class SendingShape(schemas.Shape):
    submission_id = IdField()
    email_id = IdField(allow_null=True, help_text="In Sent; null when it was deleted since.")
    subject = serializers.CharField(allow_null=True, allow_blank=True)
    state = serializers.ChoiceField(choices=["held", "active", "done"])
    sent_at = serializers.DateTimeField()
    recipients = serializers.IntegerField()
    waiting = serializers.IntegerField()
    delivered = serializers.IntegerField()
    failed = serializers.IntegerField()
    left = serializers.IntegerField(help_text="Passed over: they had left the list.")
    suppressed = serializers.IntegerField(help_text="Passed over: mail there bounced, or they complained.")
    read = serializers.IntegerField(help_text="Of whom a receipt came.")
    complained = serializers.IntegerField()


class Sendings(schemas.Shape):
    items = SendingShape(many=True)


class ListsView(APIView):
    @extend_schema(
        operation_id="lists",
        tags=[TAG],
        parameters=[ACCOUNT],
        responses=MailingLists,
        examples=[answered({"items": [LIST]})],
    )
    def get(self, request: Request) -> Response:
        """An account's lists, by title."""
        account_id = asked_account(request)
        return Response({"items": lists.lists(actor_of(request), account_id)})

    @extend_schema(
        operation_id="list_create",
        tags=[TAG],
        request=NewList,
        responses={201: ListShape},
        examples=[asked({"name": LIST["name"], "title": LIST["title"]}), answered(LIST, status=201)],
    )
    def post(self, request: Request) -> Response:
        """Make one. 409 `list_exists`, `too_many`."""
        actor, given = actor_of(request), parsed(NewList, request)
        made = lists.create_list(actor, given.get("account_id"), name=given["name"], title=given["title"])
        return Response(lists.mailing_list(actor, made), status=201)


class ListView(APIView):
    @extend_schema(operation_id="list", tags=[TAG], responses=ListShape, examples=[answered(LIST)])
    def get(self, request: Request, list_id: int) -> Response:
        """One list."""
        return Response(lists.mailing_list(actor_of(request), list_id))

    @extend_schema(
        operation_id="list_update",
        tags=[TAG],
        parameters=[IF_MATCH],
        request=ListChange,
        responses=ListShape,
        examples=[asked({"title": "News"}), answered(LIST | {"title": "News"})],
    )
    def patch(self, request: Request, list_id: int) -> Response:
        """Call it otherwise."""
        actor, given = actor_of(request), parsed(ListChange, request)
        return conditional.changed(
            request,
            lambda: lists.mailing_list(actor, list_id),
            lambda: lists.change_list(actor, list_id, **given),
        )

    @extend_schema(operation_id="list_delete", tags=[TAG], responses={204: None})
    def delete(self, request: Request, list_id: int) -> Response:
        """Remove it with its members. Who has left it stays written down."""
        lists.delete_list(actor_of(request), list_id)
        return Response(status=204)


class MembersView(APIView):
    @extend_schema(
        operation_id="list_members",
        tags=[TAG],
        parameters=[
            OpenApiParameter("q", str, description="Part of the name or address."),
            OpenApiParameter("limit", int, description=f"1 to {MAX_LIMIT}; {DEFAULT_LIMIT} if left out."),
            OpenApiParameter("cursor", str, description="`next` of the page before."),
        ],
        responses=ListMemberPage,
        examples=[answered({"items": [MEMBER], "next": None})],
    )
    def get(self, request: Request, list_id: int) -> Response:
        """Who is on it, who came last first; with who has left it and who is passed over."""
        given = Parameters(request.query_params, "q", "limit", "cursor")
        text, cursor = given.text("q"), given.text("cursor")
        limit = given.number("limit", DEFAULT_LIMIT, low=1, high=MAX_LIMIT)
        scope = f"members {list_id} {text}"
        below = decode_cursor(cursor, scope=scope)[0] if cursor else None
        items, last = members.page(actor_of(request), list_id, text=text, below=below, limit=limit)
        return Response(
            {"items": items, "next": None if last is None else encode_cursor(last, 0, scope=scope)}
        )

    @extend_schema(
        operation_id="list_members_add",
        tags=[TAG],
        request=NewMembers,
        responses=Imported,
        examples=[
            asked({"people": "Bob <bob@example.org>\nann@example.org", "consent": MEMBER["consent"]}),
            answered(IMPORTED),
        ],
    )
    def post(self, request: Request, list_id: int) -> Response:
        """Put people on it, who have said yes. Who has left it stays out. 400 `nobody_named`, 409 `list_full`."""
        given: dict[str, Any] = parsed(NewMembers, request)
        done = members.add_members(actor_of(request), list_id, text=given["people"], consent=given["consent"])
        return Response(done)


class MemberView(APIView):
    @extend_schema(operation_id="list_member_remove", tags=[TAG], responses={204: None})
    def delete(self, request: Request, list_id: int, list_member_id: int) -> Response:
        """Take somebody off it."""
        members.remove_member(actor_of(request), list_id, list_member_id)
        return Response(status=204)


class ListSendView(APIView):
    bucket = SEND
    scopes = {"POST": "mail:send"}

    @extend_schema(
        operation_id="list_send",
        tags=[TAG],
        parameters=[views.KEY],
        request=ListWords,
        responses={202: bodies.Sent},
        examples=[asked(WORDS), answered(SENT, status=202)],
    )
    def post(self, request: Request, list_id: int) -> Response:
        """Write to everybody on it, each by themselves and with a link to leave it. 400 `no_members`."""
        given: dict[str, Any] = parsed(ListWords, request)
        words = sendings.Words(
            subject=given["subject"], html=given["html"], identity_id=given.get("identity_id")
        )

        def prepare(key: Key) -> Sending:
            return sendings.prepare(
                actor_of(request),
                list_id,
                words,
                hold_seconds=given["hold_seconds"],
                key=key.text,
                fingerprint=key.fingerprint,
            )

        return views.send_once(request, prepare)


class SendingsView(APIView):
    @extend_schema(
        operation_id="list_sendings",
        tags=[TAG],
        responses=Sendings,
        examples=[answered({"items": [SENDING]})],
    )
    def get(self, request: Request, list_id: int) -> Response:
        """What was sent to it, the newest 50 first, and of how many recipients what became."""
        return Response({"items": sendings.sendings(actor_of(request), list_id)})
