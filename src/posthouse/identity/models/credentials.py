"""What people come in with, and the sessions they hold."""

from __future__ import annotations

from django.db import models

from posthouse.base import clock
from posthouse.base.fields import IdField, MomentField
from posthouse.identity.models.people import User


class Session(models.Model):
    """One log-in by browser or API. Its refresh token is one of a chain; using an old link revokes it all."""

    id = IdField()
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    token_hash = models.CharField(max_length=64, unique=True)
    previous_hash = models.CharField(max_length=64, default="", db_index=True)
    rotated_at = MomentField(default=clock.now)
    created_at = MomentField(default=clock.now)
    last_used_at = MomentField(default=clock.now)
    expires_at = MomentField()
    revoked_at = MomentField(null=True)  # type: ignore[misc]  # the stubs know no null of ours
    client = models.CharField(max_length=300, default="")
    ip = models.CharField(max_length=45, default="")
