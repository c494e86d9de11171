"""The log's tables: a chain per organisation, its entries, and what is still being counted together."""

from __future__ import annotations

from django.db import models

from posthouse.base.fields import MomentField

NO_HASH = b"\0" * 32


class Chain(models.Model):
    """The end of an organisation's chain, and how much of its beginning was let go.

    `seal` is a keyed mark over all of it: who rewrites entries in the database cannot make it without the house's key.
    """

    organisation_id = models.BigIntegerField(primary_key=True)
    sequence = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)
    anchor_sequence = models.BigIntegerField(default=0)
    anchor_hash = models.BinaryField(max_length=32)
    seal = models.BinaryField(max_length=32)


class Entry(models.Model):
    """One line. Triggers refuse to change it, and to delete it before the chain's anchor has passed it."""

    pk = models.CompositePrimaryKey("organisation_id", "sequence")
    organisation_id = models.BigIntegerField()
    sequence = models.BigIntegerField()
    at = MomentField()
    actor_id = models.BigIntegerField()
    actor_email = models.CharField(max_length=320)
    real_actor_id = models.BigIntegerField(null=True)
    subject_id = models.BigIntegerField()
    via = models.CharField(max_length=16)
    ip = models.CharField(max_length=45)
    client = models.CharField(max_length=200)
    act = models.CharField(max_length=64)
    object_kind = models.CharField(max_length=32)
    object_id = models.CharField(max_length=64)
    outcome = models.CharField(max_length=16)
    facts = models.TextField()
    previous = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "actor_id", "sequence"], name="audit_actor"),
            models.Index(fields=["organisation_id", "subject_id", "sequence"], name="audit_subject"),
            models.Index(fields=["organisation_id", "act", "sequence"], name="audit_act"),
            models.Index(
                fields=["organisation_id", "object_kind", "object_id", "sequence"], name="audit_object"
            ),
            models.Index(fields=["organisation_id", "at"], name="audit_at"),
        ]


class Fold(models.Model):
    """An act that came again within its hour: counted here, written as one line when the hour is over."""

    key = models.CharField(max_length=64, primary_key=True)
    line = models.TextField()
    count = models.BigIntegerField()
    first_at = MomentField()
    last_at = MomentField()
    ends_at = MomentField(db_index=True)


class Line(models.Model):
    """An Entry as these pages list it: they know no key of two columns. `sequence` alone names no line."""

    organisation_id = models.BigIntegerField()
    sequence = models.BigIntegerField(primary_key=True)
    at = MomentField()
    actor_email = models.CharField(max_length=320)
    real_actor_id = models.BigIntegerField(null=True)
    subject_id = models.BigIntegerField()
    via = models.CharField(max_length=16)
    ip = models.CharField(max_length=45)
    act = models.CharField(max_length=64)
    object_kind = models.CharField(max_length=32)
    object_id = models.CharField(max_length=64)
    outcome = models.CharField(max_length=16)
    facts = models.TextField()

    class Meta:
        managed = False
        db_table = "audit_entry"
        verbose_name = "audit line"
