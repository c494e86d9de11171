"""Bodies of the notification endpoints, the shapes of their answers, and examples."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from posthouse.base.api import IdField, StrictSerializer
from posthouse.notifications.deciding import KINDS

Shape = serializers.Serializer[Any]
CLOCK_TIME = r"\A(?:[01][0-9]|2[0-3]):[0-5][0-9]\Z"
LEVELS = ("none", "named", "list", "push", "urgent")
SOURCES = ("person", "keyword", "conversation", "mailbox", "account")
TOLD = ("none", "list", "push", "urgent")
MAX_SPANS = 14
MAX_MINUTES = 7 * 24 * 60

ID = "58769341962780101"
NOTIFICATION = {
    "id": ID,
    "seq": "42",
    "kind": "mail",
    "tag": f"mail:{ID}",
    "about": {"room": "mail", "id": ID, "in": "58769341962780100"},
    "title": "Bob",
    "body": "The plan — As promised, here is the plan.",
    "urgency": "normal",
    "times": 1,
    "created_at": "2026-11-28T08:00:00.000Z",
    "is_read": False,
    "read_at": None,
}
SETTINGS = {
    "new_mail": "inbox",
    "messages": "all",
    "by_push": True,
    "sound": True,
    "shows_content": True,
    "quiet_hours": [{"days": [0, 1, 2, 3, 4], "from": "20:00", "to": "07:00"}],
    "time_zone": "Europe/Berlin",
    "dnd_until": None,
    "letters_to": "own",
    "mail_letter_minutes": None,
    "message_letter_minutes": 15,
    "digest_at": None,
}
RULE = {
    "id": ID,
    "source": "person",
    "value": "boss@example.org",
    "level": "urgent",
    "created_at": "2026-11-28T08:00:00.000Z",
}
DEVICE = {
    "id": ID,
    "client": "Mozilla/5.0 …",
    "service": "updates.push.services.mozilla.com",
    "is_current": True,
    "created_at": "2026-11-28T08:00:00.000Z",
    "last_used_at": None,
}
WHY = {
    "id": ID,
    "at": "2026-11-28T08:00:00.000Z",
    "kind": "mail",
    "about": {"room": "mail", "id": ID, "in": ""},
    "title": "Bob",
    "level": "list",
    "is_told": True,
    "is_pushed": False,
    "reasons": [
        {"code": "mail_inbox", "text": "You chose to hear of new mail."},
        {"code": "quiet_hours", "text": "It came in your quiet hours."},
    ],
}
SUBSCRIPTION = {
    "endpoint": "https://updates.push.services.mozilla.com/wpush/v2/gAAAA…",
    "keys": {
        "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    },
}


class NotificationAbout(Shape):
    room = serializers.CharField(help_text="`mail`: an e-mail, `in` its thread.")
    id = serializers.CharField()
    vars()["in"] = serializers.CharField(allow_blank=True)


class NotificationShape(Shape):
    id = IdField()
    seq = serializers.CharField(
        help_text="Its place in the log of one's notifications; grows with every change."
    )
    kind = serializers.ChoiceField(choices=KINDS)
    tag = serializers.CharField(help_text="What it is called on devices.")
    about = NotificationAbout(allow_null=True)
    title = serializers.CharField()
    body = serializers.CharField(allow_blank=True)
    urgency = serializers.ChoiceField(choices=["normal", "urgent"])
    times = serializers.IntegerField(help_text="How often it was told.")
    created_at = serializers.DateTimeField()
    is_read = serializers.BooleanField()
    read_at = serializers.DateTimeField(allow_null=True)


class NotificationPage(Shape):
    items = NotificationShape(many=True)
    next = serializers.CharField(allow_null=True)
    unread = serializers.IntegerField(help_text="Of all; beyond 999 nobody counts.")
    state = serializers.CharField(help_text="The `seq` that the log has reached.")


class NewNotification(StrictSerializer):
    title = serializers.CharField(max_length=200)
    body = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)
    to = serializers.ChoiceField(
        choices=["me", "everybody"], default="me", help_text="`everybody` needs `organisation.manage`."
    )


class NotificationSent(Shape):
    notification = NotificationShape(
        allow_null=True, help_text="One's own; null where a rule keeps it silent."
    )


class NotificationChange(StrictSerializer):
    is_read = serializers.BooleanField()


class MarkAllRead(StrictSerializer):
    kind = serializers.ChoiceField(choices=KINDS, required=False)
    upto = serializers.RegexField(
        r"\A[0-9]{1,18}\Z",
        required=False,
        help_text="The newest `seq` that was shown; later ones stay unread.",
    )


class Marked(Shape):
    marked = serializers.IntegerField()
    unread = serializers.IntegerField()


class QuietSpan(StrictSerializer):
    days = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6),
        min_length=1,
        max_length=7,
        help_text="0 is Monday.",
    )
    vars()["from"] = serializers.RegexField(CLOCK_TIME)
    to = serializers.RegexField(CLOCK_TIME, help_text="On the next day, where it is not after `from`.")

    def validate_days(self, value: list[int]) -> list[int]:
        return sorted(set(value))


class NotificationSettings(Shape):
    new_mail = serializers.ChoiceField(choices=["all", "inbox", "none"])
    messages = serializers.ChoiceField(choices=["all", "mentions", "none"])
    by_push = serializers.BooleanField()
    sound = serializers.BooleanField()
    shows_content = serializers.BooleanField(
        help_text="Whether a push says what it is of, or only that there is one."
    )
    quiet_hours = QuietSpan(many=True)
    time_zone = serializers.CharField(help_text="Of the profile (`PATCH /api/v1/users/me/`).")
    dnd_until = serializers.DateTimeField(allow_null=True)
    letters_to = serializers.ChoiceField(choices=["own", "recovery"])
    mail_letter_minutes = serializers.IntegerField(allow_null=True)
    message_letter_minutes = serializers.IntegerField(allow_null=True)
    digest_at = serializers.CharField(allow_null=True)


def _minutes() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=MAX_MINUTES, required=False, allow_null=True)


class NotificationSettingsChange(StrictSerializer):
    new_mail = serializers.ChoiceField(choices=["all", "inbox", "none"], required=False)
    messages = serializers.ChoiceField(choices=["all", "mentions", "none"], required=False)
    by_push = serializers.BooleanField(required=False)
    sound = serializers.BooleanField(required=False)
    shows_content = serializers.BooleanField(required=False)
    quiet_hours = QuietSpan(many=True, required=False)
    dnd_until = serializers.DateTimeField(required=False, allow_null=True)
    letters_to = serializers.ChoiceField(choices=["own", "recovery"], required=False)
    mail_letter_minutes = _minutes()
    message_letter_minutes = _minutes()
    digest_at = serializers.RegexField(CLOCK_TIME, required=False, allow_null=True)

    def validate_quiet_hours(self, value: list[Any]) -> list[Any]:
        if len(value) > MAX_SPANS:
            raise ValidationError(f"There are {MAX_SPANS} at most.", code="max_length")
        return value


class NewNotificationRule(StrictSerializer):
    source = serializers.ChoiceField(choices=SOURCES)  # type: ignore[assignment]  # a field of that name
    value = serializers.CharField(
        max_length=320, help_text="An address, `@domain`, a person's id; a word; the id of a place."
    )
    level = serializers.ChoiceField(
        choices=LEVELS, help_text="`urgent` breaks through quiet hours; `named` is for conversations."
    )


class NotificationRule(Shape):
    id = IdField()
    source = serializers.ChoiceField(choices=SOURCES)  # type: ignore[assignment]  # a field of that name
    value = serializers.CharField()
    level = serializers.ChoiceField(choices=LEVELS)
    created_at = serializers.DateTimeField()


class NotificationRules(Shape):
    items = NotificationRule(many=True)


class PushKeys(StrictSerializer):
    p256dh = serializers.RegexField(r"\A[A-Za-z0-9_=-]{80,100}\Z")
    auth = serializers.RegexField(r"\A[A-Za-z0-9_=-]{20,30}\Z")


class NewPushDevice(StrictSerializer):
    endpoint = serializers.CharField(max_length=2_000)
    keys = PushKeys()


class PushDevice(Shape):
    id = IdField()
    client = serializers.CharField(allow_blank=True)
    service = serializers.CharField()
    is_current = serializers.BooleanField(help_text="Subscribed by the session that asks.")
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)


class PushDevices(Shape):
    items = PushDevice(many=True)
    public_key = serializers.CharField(help_text="The `applicationServerKey` to subscribe with (RFC 8292).")


class NotificationReason(Shape):
    code = serializers.CharField()
    text = serializers.CharField()


class NotificationDecision(Shape):
    id = IdField()
    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(choices=KINDS)
    about = NotificationAbout(allow_null=True)
    title = serializers.CharField()
    level = serializers.ChoiceField(choices=TOLD)
    is_told = serializers.BooleanField()
    is_pushed = serializers.BooleanField()
    reasons = NotificationReason(many=True)


class NotificationDecisions(Shape):
    items = NotificationDecision(many=True)
    next = serializers.CharField(allow_null=True)
