"""Bodies of the webhook endpoints, and the shapes of their answers."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from posthouse.base.api import IdField, StrictSerializer
from posthouse.hooks.events import CHOICES

MAX_URL_CHARS = 2_000
MAX_KEEP_HOURS = 168
STATES = ("pending", "delivered", "failed", "skipped")
Shape = serializers.Serializer[Any]


def _events(**options: Any) -> serializers.ListField:
    choice = serializers.ChoiceField(choices=list(CHOICES))
    return serializers.ListField(child=choice, min_length=1, max_length=50, **options)


class NewWebhook(StrictSerializer):
    url = serializers.CharField(max_length=MAX_URL_CHARS, help_text="https, at a public address.")
    events = _events()
    description = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    scope = serializers.ChoiceField(
        choices=["me", "organisation"],
        default="me",
        help_text="One's own mail, or (administrators) all of the organisation's, then without names and subjects.",
    )


class WebhookChange(StrictSerializer):
    url = serializers.CharField(max_length=MAX_URL_CHARS, required=False)
    events = _events(required=False)
    description = serializers.CharField(max_length=200, required=False, allow_blank=True)
    is_enabled = serializers.BooleanField(required=False)


class Rotation(StrictSerializer):
    keep_hours = serializers.IntegerField(
        min_value=0, max_value=MAX_KEEP_HOURS, default=24, help_text="How long the old secret signs too."
    )


class Webhook(Shape):
    id = IdField()
    scope = serializers.ChoiceField(choices=["me", "organisation"])
    url = serializers.CharField()
    description = serializers.CharField()
    events = serializers.ListField(child=serializers.CharField())
    is_enabled = serializers.BooleanField()
    disabled_reason = serializers.ChoiceField(choices=["person", "gone", "failing"], allow_null=True)
    failing_since = serializers.DateTimeField(allow_null=True)
    old_secret_until = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class WebhookWithSecret(Webhook):
    secret = serializers.CharField(help_text="`whsec_…`; shown here and never again.")


class Webhooks(Shape):
    items = Webhook(many=True)


class EventKind(Shape):
    type = serializers.CharField()
    meaning = serializers.CharField()


class EventKinds(Shape):
    items = EventKind(many=True)


class WebhookDelivery(Shape):
    id = IdField()
    webhook_id = serializers.CharField(help_text="The header `webhook-id`, the same at every try.")
    type = serializers.CharField()
    state = serializers.ChoiceField(choices=STATES)
    attempts = serializers.IntegerField()
    next_attempt_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class Try(Shape):
    at = serializers.DateTimeField()
    duration_ms = serializers.IntegerField()
    status = serializers.IntegerField(allow_null=True)
    error = serializers.CharField(allow_null=True)
    answer = serializers.CharField(help_text="The first 1,000 characters.")


class WebhookDeliveryInFull(WebhookDelivery):
    body = serializers.DictField()
    tries = Try(many=True)


class WebhookDeliveries(Shape):
    items = WebhookDelivery(many=True)
    next = serializers.CharField(allow_null=True)
