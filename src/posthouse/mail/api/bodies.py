"""Bodies that clients send to the mail API; unknown fields are refused."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from posthouse.base.api import IdField, StrictSerializer

MAX_IDS = 1_000
MAX_PREFERENCES_DEPTH = 12


def _ids(**options: Any) -> serializers.ListField:
    return serializers.ListField(child=IdField(), max_length=MAX_IDS, **options)


def _words() -> serializers.ListField:
    word = serializers.RegexField(r"^[^\s\\(){%*\"\]]{1,64}$")
    return serializers.ListField(child=word, max_length=64, required=False, default=list)


class NewMailbox(StrictSerializer):
    account_id = IdField(required=False)
    name = serializers.CharField(max_length=200)
    parent_id = IdField(required=False, allow_null=True)


class MailboxChange(StrictSerializer):
    name = serializers.CharField(max_length=200, required=False)
    parent_id = IdField(required=False, allow_null=True)
    is_subscribed = serializers.BooleanField(required=False)


class EmailChange(StrictSerializer):
    is_seen = serializers.BooleanField(required=False)
    is_flagged = serializers.BooleanField(required=False)
    is_answered = serializers.BooleanField(required=False)
    keywords = serializers.ListField(
        child=serializers.RegexField(r"^[^\s\\(){%*\"\]]{1,64}$"), max_length=64, required=False
    )


class Chosen(StrictSerializer):
    """Which e-mails a bulk verb is for: by their ids, or by their threads (in one mailbox, if given)."""

    ids = _ids(required=False)
    thread_ids = _ids(required=False)
    from_mailbox = IdField(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("ids" in attrs) == ("thread_ids" in attrs):
            raise ValidationError("Give either ids or thread_ids.", code="ids_or_thread_ids")
        return attrs


class BulkUpdate(Chosen):
    is_seen = serializers.BooleanField(required=False)
    is_flagged = serializers.BooleanField(required=False)
    add_keywords = _words()
    remove_keywords = _words()


class BulkMove(Chosen):
    to_mailbox = IdField()


class BulkLabel(Chosen):
    add = serializers.ListField(child=IdField(), max_length=100, required=False, default=list)
    remove = serializers.ListField(child=IdField(), max_length=100, required=False, default=list)


class ProfileChange(StrictSerializer):
    name = serializers.CharField(max_length=200, required=False)
    preferences = serializers.DictField(required=False)

    def validate_preferences(self, value: dict[str, Any]) -> dict[str, Any]:
        if not _is_plain(value, MAX_PREFERENCES_DEPTH):
            raise ValidationError("Preferences are too deep or hold a NUL character.", code="invalid")
        return value


def _is_plain(value: object, depth: int) -> bool:
    if depth == 0:
        return False
    if isinstance(value, str):
        return "\x00" not in value
    if isinstance(value, dict):
        return all(_is_plain(part, depth - 1) for pair in value.items() for part in pair)
    return not isinstance(value, list) or all(_is_plain(part, depth - 1) for part in value)


class IdentityChange(StrictSerializer):
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    signature_html = serializers.CharField(
        max_length=100_000, required=False, allow_blank=True, trim_whitespace=False
    )
