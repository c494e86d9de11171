"""`GET /api/v1/changes/`: the stream's content for clients that ask."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import IdField, Parameters, id_parameter, limit_parameter
from posthouse.base.errors import Invalid
from posthouse.identity.api.authentication import actor_of
from posthouse.mail import access, changes
from posthouse.mail.access import Right
from posthouse.mail.api import schemas
from posthouse.mail.api.lists import ACCOUNT
from posthouse.realtime.feed import changes_since


class MailboxChanges(schemas.Shape):
    changed = schemas.Mailbox(many=True)
    destroyed = serializers.ListField(child=IdField())


class EmailChanges(schemas.Shape):
    changed = schemas.EmailRow(many=True)
    destroyed = serializers.ListField(child=IdField())


class ThreadChanges(schemas.Shape):
    changed = schemas.ThreadRow(many=True)
    destroyed = serializers.ListField(child=IdField())


class SubmissionChanges(schemas.Shape):
    changed = schemas.Submission(many=True)


class ChangedAssignment(schemas.Shape):
    thread_id = IdField()
    version = serializers.IntegerField(help_text="Of `threads/{thread_id}/assignment/`.")


class AssignmentChanges(schemas.Shape):
    changed = ChangedAssignment(many=True)


class Changes(schemas.Shape):
    account_id = IdField()
    since = serializers.CharField()
    state = serializers.CharField()
    has_more = serializers.BooleanField()
    mailboxes = MailboxChanges()
    emails = EmailChanges()
    threads = ThreadChanges()
    submissions = SubmissionChanges()
    assignments = AssignmentChanges()


class ChangesView(APIView):
    @extend_schema(
        operation_id="changes",
        tags=["changes"],
        parameters=[
            id_parameter("since", "`state` of an earlier answer.", required=True),
            limit_parameter(changes.MAX_LIMIT, changes.MAX_LIMIT, "E-mails at a time, about."),
            ACCOUNT,
        ],
        responses=Changes,
    )
    def get(self, request: Request) -> Response:
        """What changed since a state. 410 `cannot_calculate_changes`: fetch everything again."""
        asked = Parameters(request.query_params, "account", "since", "limit")
        since = asked.identifier("since")
        if since is None:
            raise Invalid("invalid_parameter", "since is missing.")
        limit = asked.number("limit", changes.MAX_LIMIT, low=1, high=changes.MAX_LIMIT)
        account_id = access.account_id_for(actor_of(request), asked.identifier("account"), need=Right.READ)
        return Response(changes_since(account_id, since, limit=limit))
