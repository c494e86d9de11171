"""What people are told, by which rules, where it is shown, and why.

Invariants
- A person's notifications are a numbered log: every change of one takes the next `Log.seq` of its person.
- `Notification.key` names what is told, once a person: telling it again replaces it.
- A push endpoint lives no longer than the session that subscribed it, and only under the key it was given.
"""

from __future__ import annotations

from django.db import models

from posthouse.base import clock
from posthouse.base.fields import IdField, MomentField


class Log(models.Model):
    """How far a person's notifications have come. Up to `gone_seq` some have vanished, which leave no row."""

    user = models.OneToOneField("identity.User", on_delete=models.CASCADE, related_name="+", primary_key=True)
    seq = models.BigIntegerField(default=0)
    gone_seq = models.BigIntegerField(default=0)


class Notification(models.Model):
    """`about_room`, `about_id` and `about_in` say what it is of, in the words of the room that told it: for mail an
    e-mail and its thread. `times` is how often it was told, `is_pushed` whether it was sent to devices."""

    id = IdField()
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+", db_index=False)
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=32)
    key = models.CharField(max_length=200)
    about_room = models.CharField(max_length=20, default="")
    about_id = models.CharField(max_length=64, default="")
    about_in = models.CharField(max_length=64, default="")
    title = models.CharField(max_length=200)
    body = models.CharField(max_length=500, default="")
    urgency = models.CharField(max_length=8, default="normal")
    times = models.IntegerField(default=1)
    is_pushed = models.BooleanField(default=False)
    created_at = MomentField(default=clock.now)
    read_at = MomentField(null=True)  # type: ignore[misc]  # the stubs know no null of ours
    letter_due_at = MomentField(null=True)  # type: ignore[misc]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="notification_once")]
        indexes = [
            models.Index(fields=["user", "seq"], name="notification_log"),
            models.Index(
                fields=["user", "seq"], condition=models.Q(read_at__isnull=True), name="notification_unread"
            ),
            models.Index(
                fields=["about_id"], condition=models.Q(read_at__isnull=True), name="notification_about"
            ),
            models.Index(
                fields=["letter_due_at"],
                condition=models.Q(letter_due_at__isnull=False),
                name="notification_letter",
            ),
        ]


class Choices(models.Model):
    """What a person chose beside their profile's `notifications`. Without a row the defaults hold.

    `quiet_hours` is a list of {days, from, to} in their time zone (deciding.py); `digest_at` is HH:MM there.
    `mail_minutes` counts where the profile has `by_email`.
    """

    class LettersTo(models.TextChoices):
        OWN = "own"
        RECOVERY = "recovery"

    user = models.OneToOneField("identity.User", on_delete=models.CASCADE, related_name="+", primary_key=True)
    quiet_hours = models.JSONField(default=list)
    dnd_until = MomentField(null=True)  # type: ignore[misc]
    shows_content = models.BooleanField(default=True)
    letters_to = models.CharField(max_length=16, choices=LettersTo.choices, default=LettersTo.OWN)
    mail_minutes = models.IntegerField(default=30)
    chat_minutes = models.IntegerField(null=True, default=15)
    digest_at = models.CharField(max_length=5, default="", blank=True)
    digest_due_at = MomentField(null=True, db_index=True)  # type: ignore[misc]


class Rule(models.Model):
    """`value` is an id for places, a word, or an address (`@domain` for all of a domain), in lower case."""

    class Source(models.TextChoices):
        PERSON = "person"
        KEYWORD = "keyword"
        CONVERSATION = "conversation"
        MAILBOX = "mailbox"
        ACCOUNT = "account"

    class Level(models.TextChoices):
        NONE = "none"
        NAMED = "named"
        LIST = "list"
        PUSH = "push"
        URGENT = "urgent"

    id = IdField()
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+", db_index=False)
    source = models.CharField(max_length=16, choices=Source.choices)
    value = models.CharField(max_length=320)
    level = models.CharField(max_length=8, choices=Level.choices)
    created_at = MomentField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "source", "value"], name="notification_rule_once")
        ]
        indexes = [models.Index(fields=["source", "value"], name="notification_rule_place")]


class VapidKey(models.Model):
    """What our pushes are signed with (RFC 8292): the private half sealed, the public one as browsers want it."""

    id = IdField()
    private_sealed = models.TextField()
    public = models.CharField(max_length=100)
    created_at = MomentField(default=clock.now)


class Endpoint(models.Model):
    """A browser that agreed to be pushed to. Who knows its URL may push, so URL and secret are sealed."""

    id = IdField()
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+")
    session = models.ForeignKey("identity.Session", on_delete=models.CASCADE, related_name="+")
    key = models.ForeignKey(VapidKey, on_delete=models.CASCADE, related_name="+", db_index=False)
    url_sealed = models.TextField()
    url_hash = models.CharField(max_length=64)
    host = models.CharField(max_length=255)
    public = models.CharField(max_length=100)
    secret_sealed = models.CharField(max_length=200)
    client = models.CharField(max_length=300, default="")
    failures = models.IntegerField(default=0)
    created_at = MomentField(default=clock.now)
    last_used_at = MomentField(null=True)  # type: ignore[misc]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["url_hash"], name="push_endpoint_once")]


class Decision(models.Model):
    """Why somebody was told of something, or not: kept for two weeks, and the newest 500 of a person (jobs.py)."""

    id = IdField()
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=32)
    about_room = models.CharField(max_length=20, default="")
    about_id = models.CharField(max_length=64, default="")
    title = models.CharField(max_length=200)
    level = models.CharField(max_length=8)
    is_pushed = models.BooleanField(default=False)
    reasons = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["user", "id"], name="notification_why")]


class Cursor(models.Model):
    """How far an account's log was read for notifications (arriving.py)."""

    account = models.OneToOneField(
        "mail.Account", on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    modseq = models.BigIntegerField()
    email_id = models.BigIntegerField(default=0)
