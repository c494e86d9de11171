"""Who wants to be told what happens, how far we have read, and what became of each telling."""

from __future__ import annotations

from django.db import models

from posthouse.base import clock
from posthouse.base.fields import IdField, MomentField


class Endpoint(models.Model):
    """A URL that is told. Without a user it is the organisation's, and hears of all its accounts.

    `secret` is sealed (base/sealing.py); the one before stays valid until `old_secret_until`. `failing_since` is the
    first failure after the last success.
    """

    class State(models.TextChoices):
        ENABLED = "enabled"
        DISABLED = "disabled"

    class Reason(models.TextChoices):
        PERSON = "person"
        GONE = "gone"
        FAILING = "failing"

    id = IdField()
    organisation = models.ForeignKey("identity.Organisation", on_delete=models.CASCADE)
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, null=True)
    url = models.TextField()
    description = models.CharField(max_length=200, default="")
    events = models.JSONField(default=list)
    state = models.CharField(max_length=16, choices=State.choices, default=State.ENABLED)
    reason = models.CharField(max_length=16, choices=Reason.choices, default="", blank=True)
    secret = models.TextField()
    old_secret = models.TextField(default="", blank=True)
    old_secret_until = MomentField(null=True)  # type: ignore[misc]  # the stubs know no null of ours
    failing_since = MomentField(null=True)  # type: ignore[misc]
    created_at = MomentField(default=clock.now)


class Cursor(models.Model):
    """How far an account's log was read for the endpoints that hear of it."""

    account = models.OneToOneField("mail.Account", on_delete=models.CASCADE, primary_key=True)
    modseq = models.BigIntegerField()


class Message(models.Model):
    """One event for one endpoint. `key` names the event, so that a log read twice tells once."""

    class State(models.TextChoices):
        PENDING = "pending"
        DELIVERED = "delivered"
        FAILED = "failed"
        SKIPPED = "skipped"

    id = IdField()
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, db_index=False)
    type = models.CharField(max_length=64)
    key = models.CharField(max_length=400)
    body = models.TextField()
    state = models.CharField(max_length=16, choices=State.choices, default=State.PENDING)
    attempts = models.IntegerField(default=0)
    next_at = MomentField(null=True)  # type: ignore[misc]
    created_at = MomentField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "key"], name="hook_message_once")]
        indexes = [
            models.Index(fields=["endpoint", "id"], name="hook_message_list"),
            models.Index(
                fields=["endpoint", "next_at"], condition=models.Q(state="pending"), name="hook_message_due"
            ),
        ]


class Attempt(models.Model):
    """What one try came to; the answer's beginning is kept for whoever looks for the fault."""

    id = IdField()
    message = models.ForeignKey(Message, on_delete=models.CASCADE)
    at = MomentField(default=clock.now)
    duration_ms = models.IntegerField()
    status = models.IntegerField(null=True)
    error = models.CharField(max_length=200, default="", blank=True)
    answer = models.CharField(max_length=1_000, default="", blank=True)
