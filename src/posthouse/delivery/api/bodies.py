"""Bodies of the sending endpoints."""

from __future__ import annotations

from rest_framework import serializers

from posthouse.base.api import IdField, StrictSerializer
from posthouse.delivery.actions import MAX_HOLD_SECONDS
from posthouse.mail.api import bodies, schemas


class Hold(StrictSerializer):
    hold_seconds = serializers.IntegerField(min_value=0, max_value=MAX_HOLD_SECONDS, default=0)


class NewMessage(bodies.Draft):
    """A draft that is sent without having been saved."""

    hold_seconds = serializers.IntegerField(min_value=0, max_value=MAX_HOLD_SECONDS, default=0)


class Sent(schemas.Shape):
    email_id = IdField()
    submission_id = IdField()
    undo_until = serializers.DateTimeField(allow_null=True)


class Cancelled(schemas.Shape):
    email_id = IdField()


class Submissions(schemas.Shape):
    items = schemas.Submission(many=True)
