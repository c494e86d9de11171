"""How people come in for the first time, or again: codes, invitations, and the letters that carry them."""

from __future__ import annotations

from django.db import models

from posthouse.base import clock
from posthouse.base.fields import IdField, MomentField
from posthouse.identity.models.people import Organisation, Role, User


class Code(models.Model):
    """A code that was asked for. `flow` is what the asker holds; `email` where it goes, "" until that is found out.

    `facts` is what is done once the code comes back. Of the code itself only a keyed hash is here, "" for none.
    """

    id = IdField()
    flow = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=16)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True)
    email = models.CharField(max_length=320, default="")
    code_hash = models.CharField(max_length=64, default="")
    facts = models.JSONField(default=dict)
    tries = models.IntegerField(default=0)
    sends = models.IntegerField(default=1)
    sent_at = MomentField(default=clock.now)
    expires_at = MomentField(db_index=True)
    used_at = MomentField(null=True)  # type: ignore[misc]  # the stubs know no null of ours


class RecoveryAddress(models.Model):
    """Where somebody can be reached outside this server, proved by a code."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True)
    email = models.CharField(max_length=320)
    proved_at = MomentField(default=clock.now)


class Invitation(models.Model):
    """An invitation to an address outside. Its token is in the letter only; a hash of it is here."""

    id = IdField()
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    email = models.CharField(max_length=320)
    role = models.CharField(max_length=16)
    custom_role = models.ForeignKey(Role, on_delete=models.CASCADE, null=True)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = MomentField(default=clock.now)
    expires_at = MomentField()
    accepted_at = MomentField(null=True)  # type: ignore[misc]  # the stubs know no null of ours


class Letter(models.Model):
    """A letter of the house's own, until delivery has taken it into its queue (delivery/letters.py)."""

    id = IdField()
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True)
    email = models.CharField(max_length=320)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    created_at = MomentField(default=clock.now)
