"""Files on their way up in pieces.

Invariants
- What came lies in pieces that follow each other without a gap, from 0 to `offset_bytes`; both are written in one
  transaction, so whatever ends the server, what was acknowledged is there and nothing else counts.
- A whole file has no pieces any more: it is a row of the room that `purpose` names, under the same id.
"""

from __future__ import annotations

from django.db import models

from posthouse.base.fields import IdField, MomentField


class Upload(models.Model):
    """`content_type` is what the client calls it. It goes at `expires_at`, whole or not; what it became stays."""

    id = IdField()
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE)
    purpose = models.CharField(max_length=16)
    filename = models.CharField(max_length=255)
    content_type = models.CharField(max_length=255, default="")
    length_bytes = models.BigIntegerField()
    offset_bytes = models.BigIntegerField(default=0)
    pieces = models.IntegerField(default=0)
    is_done = models.BooleanField(default=False)
    expires_at = MomentField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="upload_end")]


class Piece(models.Model):
    """The bytes from `at` on."""

    id = IdField()
    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, db_index=False)
    at = models.BigIntegerField()
    blob = models.ForeignKey("base.Blob", on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "at"], name="piece_once")]
