"""The schema of what endpoints are told (OpenAPI 3.1 `webhooks`); nothing is made by these classes."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiWebhook, extend_schema
from rest_framework import serializers

from posthouse.base.api import IdField
from posthouse.hooks import events
from posthouse.mail.api.schemas import Addr

Shape = serializers.Serializer[Any]
_OWN = "Only for an endpoint of the person whose mail it is."


class ToldEmail(Shape):
    account_id = IdField()
    email_id = IdField()
    thread_id = IdField()
    mailbox_ids = serializers.ListField(child=IdField())
    is_seen = serializers.BooleanField()
    is_flagged = serializers.BooleanField()
    is_answered = serializers.BooleanField()
    keywords = serializers.ListField(child=serializers.CharField())
    vars()["from"] = Addr(many=True, required=False, help_text=_OWN)
    subject = serializers.CharField(required=False, help_text=_OWN)
    received_at = serializers.DateTimeField(required=False, help_text=_OWN)
    has_attachment = serializers.BooleanField(required=False, help_text=_OWN)


class ToldDeletion(Shape):
    account_id = IdField()
    email_id = IdField()


class ToldDelivery(Shape):
    account_id = IdField()
    submission_id = IdField()
    email_id = IdField(allow_null=True)
    attempts = serializers.IntegerField()
    recipient = serializers.CharField(required=False, help_text=_OWN)
    host = serializers.CharField(required=False, allow_null=True, help_text=_OWN)
    answer = serializers.CharField(required=False, allow_null=True, help_text=_OWN)


class ToldResync(Shape):
    account_id = IdField()
    state = serializers.CharField()


class ToldTest(Shape):
    endpoint_id = IdField()


def _told(name: str, data: type[Shape], description: str) -> OpenApiWebhook:
    words = "".join(word.capitalize() for word in name.split("."))
    body: type[Shape] = type(
        f"Told{words}",
        (serializers.Serializer,),
        {
            "type": serializers.CharField(),
            "timestamp": serializers.DateTimeField(help_text="When it was read from the log."),
            "data": data(),
        },
    )
    decorator = extend_schema(
        summary=name,
        description=f"{description} Headers: webhook-id, webhook-timestamp, webhook-signature.",
        tags=["webhooks"],
        request=body,
        responses={"2XX": None},
    )
    return OpenApiWebhook(name=name, decorator=decorator)


EMAIL_RECEIVED = _told(events.RECEIVED, ToldEmail, events.CHOICES[events.RECEIVED])
EMAIL_CHANGED = _told(events.CHANGED, ToldEmail, events.CHOICES[events.CHANGED])
EMAIL_DELETED = _told(events.DELETED, ToldDeletion, events.CHOICES[events.DELETED])
MESSAGE_DELIVERED = _told(events.DELIVERED, ToldDelivery, events.CHOICES[events.DELIVERED])
MESSAGE_BOUNCED = _told(events.BOUNCED, ToldDelivery, events.CHOICES[events.BOUNCED])
ACCOUNT_RESYNC = _told(events.RESYNC, ToldResync, "Too much happened at once to be told: fetch afresh.")
WEBHOOK_TEST = _told(events.TEST, ToldTest, "Somebody pressed the test button.")
