"""What is one person's alone. Each row carries the number of their log; none is deleted before its end was told."""

from __future__ import annotations

from django.db import models

from posthouse.base import clock
from posthouse.base.fields import IdField, MomentField
from posthouse.conversations.models.conversations import Conversation
from posthouse.conversations.models.messages import Message, Thread


class PersonState(models.Model):
    """How far a person's own log has come, and what they chose for all conversations.

    `direct_from` says who may open a direct conversation with them; one that is there goes on.
    """

    class From(models.TextChoices):
        EVERYBODY = "everybody"
        GROUPS = "groups"
        NOBODY = "nobody"

    user = models.OneToOneField("identity.User", on_delete=models.CASCADE, primary_key=True)
    seq = models.BigIntegerField(default=0)
    hides_reading = models.BooleanField(default=False)
    direct_from = models.CharField(
        max_length=16, choices=From.choices, default=From.EVERYBODY, db_default=From.EVERYBODY
    )


class Mark(models.Model):
    """A star, or that a message was deleted for this person alone."""

    id = IdField()
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, db_index=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE)
    is_starred = models.BooleanField(default=False)
    is_hidden = models.BooleanField(default=False)
    own_seq = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "message"], name="mark_once")]
        indexes = [
            models.Index(fields=["user", "own_seq"], name="mark_own_log"),
            models.Index(
                fields=["user", "message"], condition=models.Q(is_starred=True), name="mark_starred"
            ),
        ]


class Draft(models.Model):
    """What somebody is writing: one for a conversation, one for each of its threads (`place`: the thread, or 0)."""

    id = IdField()
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, db_index=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, null=True)
    place = models.BigIntegerField(default=0)
    content = models.TextField(default="")
    """JSON; empty when there is none any more."""
    changed_at = MomentField(default=clock.now)
    own_seq = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "conversation", "place"], name="draft_once_a_place")
        ]
        indexes = [models.Index(fields=["user", "own_seq"], name="draft_own_log")]


class Scheduled(models.Model):
    """A message that is sent later: at a date, or in a moment unless it is taken back. `content` is JSON."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        CANCELLED = "cancelled"
        FAILED = "failed"

    id = IdField()
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, db_index=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE)
    content = models.TextField()
    client_id = models.CharField(max_length=64, null=True)
    send_at = MomentField()
    state = models.CharField(max_length=16, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=60, default="")
    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True)
    created_at = MomentField(default=clock.now)
    own_seq = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "conversation", "client_id"], name="scheduled_once_a_client_id"
            )
        ]
        indexes = [models.Index(fields=["user", "own_seq"], name="scheduled_own_log")]


class Reminder(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting"
        DUE = "due"
        DONE = "done"

    id = IdField()
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, db_index=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE)
    remind_at = MomentField()
    state = models.CharField(max_length=16, choices=State.choices, default=State.WAITING)
    own_seq = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "message"], name="reminder_once")]
        indexes = [models.Index(fields=["user", "own_seq"], name="reminder_own_log")]


class Block(models.Model):
    """`user` wants nothing of `blocked` directly."""

    id = IdField()
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, db_index=False, related_name="+")
    blocked = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+")
    created_at = MomentField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "blocked"], name="block_once")]


class Report(models.Model):
    """A message that somebody brought before those who manage conversations; `body` is what it said then."""

    class State(models.TextChoices):
        OPEN = "open"
        DISMISSED = "dismissed"
        REMOVED = "removed"

    id = IdField()
    organisation = models.ForeignKey("identity.Organisation", on_delete=models.CASCADE, db_index=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE)
    reporter = models.ForeignKey("identity.User", on_delete=models.SET_NULL, null=True)
    author = models.ForeignKey("identity.User", on_delete=models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=16)
    note = models.CharField(max_length=1000, default="")
    body = models.TextField()
    state = models.CharField(max_length=16, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey("identity.User", on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = MomentField(null=True)  # type: ignore[misc]  # the stubs know no null of ours
    created_at = MomentField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "reporter"], name="report_once_a_person")]
        indexes = [models.Index(fields=["organisation", "state", "id"], name="report_queue")]
