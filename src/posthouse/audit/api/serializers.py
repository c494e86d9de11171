"""What the log looks like, for the schema."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from posthouse.audit.acts import Act, Outcome
from posthouse.base.api import IdField, StrictSerializer

LINE = {
    "sequence": "42",
    "at": "2026-11-21T07:20:00.123Z",
    "act": "login.ok",
    "outcome": "ok",
    "actor_id": "123456789012345678",
    "actor_email": "alice@example.org",
    "real_actor_id": None,
    "subject_id": "123456789012345678",
    "via": "imap",
    "ip": "192.0.2.7",
    "client": "Thunderbird 140.0",
    "object_kind": None,
    "object_id": None,
    "facts": {"again": 11, "first_at": "2026-11-21T06:02:11.004Z", "last_at": "2026-11-21T06:58:40.871Z"},
    "previous": "5f0c3e…",
    "hash": "9ab1d2…",
}


class EntrySerializer(StrictSerializer):
    """One line. `hash` is SHA-256 over `previous` and the line's fields (docs/operate/watching.md)."""

    sequence = serializers.CharField()
    at = serializers.DateTimeField()
    act = serializers.ChoiceField(choices=[act.value for act in Act])
    outcome = serializers.ChoiceField(choices=[outcome.value for outcome in Outcome])
    actor_id = IdField(allow_null=True)
    actor_email = serializers.CharField(allow_null=True)
    real_actor_id = IdField(allow_null=True)
    subject_id = IdField(allow_null=True)
    via = serializers.CharField()
    ip = serializers.CharField(allow_null=True)
    client = serializers.CharField(allow_null=True)
    object_kind = serializers.CharField(allow_null=True)
    object_id = serializers.CharField(allow_null=True)
    facts = serializers.DictField()
    previous = serializers.CharField()
    hash = serializers.CharField()


@extend_schema_serializer(
    examples=[OpenApiExample("A page", value={"items": [LINE], "next": None}, response_only=True)]
)
class AuditPageSerializer(StrictSerializer):
    items = EntrySerializer(many=True)
    next = serializers.CharField(allow_null=True)
