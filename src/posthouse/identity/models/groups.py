"""Groups of people, which may lie in each other and have an address."""

from __future__ import annotations

from django.db import models

from posthouse.base import clock
from posthouse.base.fields import IdField, MomentField
from posthouse.identity.models.people import Organisation, User


class Group(models.Model):
    class Posting(models.TextChoices):
        EVERYBODY = "everybody"
        ORGANISATION = "organisation"
        MEMBERS = "members"

    id = IdField()
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    name = models.CharField(max_length=100)
    about = models.CharField(max_length=500, default="")
    posting = models.CharField(max_length=16, choices=Posting.choices, default=Posting.ORGANISATION)
    created_at = MomentField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="group_name_once")]


class GroupMember(models.Model):
    id = IdField()
    group = models.ForeignKey(Group, on_delete=models.CASCADE, db_index=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    is_manager = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "user"], name="group_member_once")]


class GroupNesting(models.Model):
    """The members of `child` are members of `parent`. Never a circle, and five levels at most (groups.py)."""

    id = IdField()
    parent = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="inner", db_index=False)
    child = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="outer")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["parent", "child"], name="group_nesting_once")]
