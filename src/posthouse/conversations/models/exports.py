"""Conversations taken out as files: who asked, and the archive that was made, until its time is over."""

from __future__ import annotations

from django.db import models

from posthouse.base import clock
from posthouse.base.fields import IdField, MomentField
from posthouse.conversations.models.conversations import Conversation


class Export(models.Model):
    """`blob` is there when it is done. `expires_at` is when the link to it ends."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        FAILED = "failed"

    id = IdField()
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE)
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, db_index=False, related_name="+")
    blob = models.ForeignKey("base.Blob", on_delete=models.PROTECT, null=True)
    state = models.CharField(max_length=16, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=60, default="")
    messages = models.IntegerField(default=0)
    size_bytes = models.BigIntegerField(default=0)
    created_at = MomentField(default=clock.now)
    expires_at = MomentField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["user", "id"], name="export_of")]
