"""Bodies and answers of people and roles."""

from __future__ import annotations

import re
import unicodedata
from typing import Any
from zoneinfo import available_timezones

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from posthouse.base.api import IdField, StrictSerializer
from posthouse.identity import permissions
from posthouse.identity.profiles import VISIBILITIES

LOCALE = r"\A[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?\Z"
CLOCK_TIME = r"\A([01][0-9]|2[0-3]):[0-5][0-9]\Z"
MAX_LINKS = 8
_ZONES = frozenset(available_timezones())


class LineField(serializers.CharField):
    """One line of text without control characters."""

    def to_internal_value(self, data: Any) -> str:
        text = " ".join(super().to_internal_value(data).split())
        if any(unicodedata.category(c) in ("Cc", "Cs") for c in text):
            raise ValidationError("Control characters are not allowed.", code="invalid")
        return text


def line(limit: int) -> LineField:
    return LineField(max_length=limit, required=False, allow_blank=True)


class LinkField(serializers.CharField):
    """An address on the web; nothing that a browser would run."""

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if not re.match(r"\Ahttps?://[^\s\x00-\x1f\x7f\"<>]+\Z", text):
            raise ValidationError("A link begins with http:// or https://.", code="invalid_link")
        return text


class LinkSerializer(StrictSerializer):
    name = LineField(max_length=60)
    url = LinkField(max_length=500)


class StatusSerializer(StrictSerializer):
    text = LineField(max_length=100, allow_blank=True, default="")
    emoji = LineField(max_length=16, allow_blank=True, default="")
    until = serializers.DateTimeField(allow_null=True, default=None)


class NotificationsSerializer(StrictSerializer):
    new_mail = serializers.ChoiceField(choices=["all", "inbox", "none"], required=False)
    messages = serializers.ChoiceField(choices=["all", "mentions", "none"], required=False)
    by_email = serializers.BooleanField(required=False)
    by_push = serializers.BooleanField(required=False)
    sound = serializers.BooleanField(required=False)
    quiet_from = serializers.RegexField(CLOCK_TIME, required=False, allow_null=True)
    quiet_to = serializers.RegexField(CLOCK_TIME, required=False, allow_null=True)


class MyselfChange(StrictSerializer):
    name = LineField(max_length=200, required=False)
    display_name, title, department = line(100), line(100), line(100)
    phone, pronouns, location = line(40), line(40), line(100)
    about = serializers.CharField(max_length=2_000, required=False, allow_blank=True)
    links = LinkSerializer(many=True, required=False)
    locale = serializers.RegexField(LOCALE, required=False)
    time_zone = serializers.CharField(max_length=60, required=False, help_text="A name of the IANA database.")
    notifications = NotificationsSerializer(required=False)
    visibility = serializers.ChoiceField(choices=VISIBILITIES, required=False)
    hides_activity = serializers.BooleanField(required=False)
    hides_online = serializers.BooleanField(required=False, help_text="One is not shown others either, then.")
    hides_email = serializers.BooleanField(required=False)
    status = StatusSerializer(required=False, allow_null=True)

    def validate_time_zone(self, value: str) -> str:
        if value not in _ZONES:
            raise ValidationError("There is no such time zone.", code="invalid_time_zone")
        return value

    def validate_links(self, value: list[Any]) -> list[dict[str, str]]:
        if len(value) > MAX_LINKS:
            raise ValidationError(f"There are {MAX_LINKS} links at most.", code="max_length")
        return [dict(link) for link in value]


class NewUser(StrictSerializer):
    email = serializers.CharField(max_length=320)
    name = LineField(max_length=200, allow_blank=True, default="")
    password = serializers.CharField(
        max_length=1_000,
        trim_whitespace=False,
        write_only=True,
        required=False,
        help_text="Without one the person cannot log in until they recover the account.",
    )
    role = serializers.CharField(
        max_length=20, default="member", help_text="A built-in name, or a role's id."
    )


class UserChange(StrictSerializer):
    name = LineField(max_length=200, required=False)
    role = serializers.CharField(max_length=20, required=False)
    is_active = serializers.BooleanField(required=False)


class UserSearch(StrictSerializer):
    q = serializers.CharField(max_length=200)
    role = serializers.CharField(max_length=20, required=False)
    group = IdField(required=False)
    limit = serializers.IntegerField(min_value=1, max_value=200, default=50)


class PermissionsField(serializers.ListField):
    child = serializers.ChoiceField(choices=sorted(permissions.MEANINGS))


class NewRole(StrictSerializer):
    name = LineField(max_length=60)
    permissions = PermissionsField(max_length=100)


class RoleChange(StrictSerializer):
    name = LineField(max_length=60, required=False)
    permissions = PermissionsField(max_length=100, required=False)


# --- answers ------------------------------------------------------------------------------------


class StatusShape(StrictSerializer):
    text = serializers.CharField()
    emoji = serializers.CharField()
    until = serializers.DateTimeField(allow_null=True)


class UserShape(StrictSerializer):
    """What the asker may not see is null or empty."""

    id = IdField()
    name = serializers.CharField()
    display_name = serializers.CharField()
    email = serializers.CharField(allow_null=True)
    role = serializers.CharField()
    is_active = serializers.BooleanField()
    avatar_url = serializers.CharField(allow_null=True, help_text="Signed; `&size=64` gives the small one.")
    title = serializers.CharField()
    department = serializers.CharField()
    phone = serializers.CharField()
    about = serializers.CharField()
    pronouns = serializers.CharField()
    location = serializers.CharField()
    links = LinkSerializer(many=True)
    locale = serializers.CharField()
    time_zone = serializers.CharField()
    status = StatusShape(allow_null=True)
    is_online = serializers.BooleanField(allow_null=True)
    last_seen_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    deleted_at = serializers.DateTimeField(allow_null=True)


class MyselfShape(UserShape):
    notifications = NotificationsSerializer()
    visibility = serializers.ChoiceField(choices=VISIBILITIES)
    hides_activity = serializers.BooleanField()
    hides_online = serializers.BooleanField()
    hides_email = serializers.BooleanField()
    permissions = serializers.ListField(child=serializers.CharField())


class UserPage(StrictSerializer):
    items = UserShape(many=True)
    next = serializers.CharField(allow_null=True)


class UserList(StrictSerializer):
    items = UserShape(many=True)


class PermissionShape(StrictSerializer):
    name = serializers.CharField()
    meaning = serializers.CharField()


class PermissionList(StrictSerializer):
    items = PermissionShape(many=True)


class RoleShape(StrictSerializer):
    id = serializers.CharField()
    name = serializers.CharField()
    about = serializers.CharField()
    is_built_in = serializers.BooleanField()
    permissions = serializers.ListField(child=serializers.CharField())


class RoleList(StrictSerializer):
    items = RoleShape(many=True)


ROLE = {
    "id": "58769341962780001",
    "name": "Help desk",
    "about": "",
    "is_built_in": False,
    "permissions": ["mail.read", "mail.write", "users.manage", "users.read"],
}
USER = {
    "id": "58769341962780002",
    "name": "Alice Moreau",
    "display_name": "Alice",
    "email": "alice@posthouse.test",
    "role": "owner",
    "is_active": True,
    "avatar_url": None,
    "title": "Postmistress",
    "department": "",
    "phone": "+33 1 99 00 12 34",
    "about": "",
    "pronouns": "she/her",
    "location": "Lyon",
    "links": [{"name": "Site", "url": "https://posthouse.test/"}],
    "locale": "fr-FR",
    "time_zone": "Europe/Paris",
    "status": {"text": "On the road", "emoji": "🐎", "until": "2026-11-21T18:00:00.000Z"},
    "is_online": True,
    "last_seen_at": "2026-11-21T07:20:00.000Z",
    "created_at": "2026-11-01T09:00:00.000Z",
    "deleted_at": None,
}
MYSELF = {
    **USER,
    "notifications": {"new_mail": "inbox", "messages": "all", "by_email": False, "by_push": True, "sound": True,
                      "quiet_from": "22:00", "quiet_to": "07:00"},
    "visibility": "organisation",
    "hides_activity": False,
    "hides_online": False,
    "hides_email": False,
    "permissions": ["mail.read", "mail.send", "mail.write", "users.read"],
}  # fmt: skip
