"""Tables that belong to no single domain: content and jobs."""

from __future__ import annotations

from django.db import models

from posthouse.base import clock
from posthouse.base.fields import IdField, MomentField


class Blob(models.Model):
    """Bytes that never change. The row comes after the content and goes before it."""

    class Where(models.IntegerChoices):
        DATABASE = 0
        FILE = 1

    class Codec(models.IntegerChoices):
        PLAIN = 0
        ZSTD = 1

    id = IdField()
    sha256 = models.BinaryField(max_length=32)
    size_bytes = models.BigIntegerField()
    codec = models.SmallIntegerField(choices=Codec.choices)
    where = models.SmallIntegerField(choices=Where.choices)
    key_id = models.IntegerField(default=0)
    data = models.BinaryField(null=True)


class Thumbnail(models.Model):
    """A small picture of content, or of a part of it. Without bytes there is none to be made."""

    id = IdField()
    blob = models.ForeignKey(Blob, on_delete=models.CASCADE, db_index=False)
    part = models.CharField(max_length=64, default="")
    data = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["blob", "part"], name="thumbnail_once")]


class Job(models.Model):
    """Work to be done later, written in the transaction that asks for it.

    Claiming one moves `due_at` past a lease; a crash lets the lease pass and the job comes due again, so there
    is no "running" state to repair. Handlers are safe to run twice.
    """

    id = IdField()
    kind = models.CharField(max_length=64)
    arguments = models.JSONField(default=dict)
    key = models.CharField(max_length=200, null=True, unique=True)
    due_at = MomentField()
    attempts = models.IntegerField(default=0)
    leased_by = models.CharField(max_length=64, default="")
    last_error = models.CharField(max_length=500, default="")
    created_at = MomentField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="job_due")]
