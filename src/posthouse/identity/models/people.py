"""Organisations, their domains and their people."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models.functions import Lower

from posthouse.base import clock
from posthouse.base.fields import IdField, MomentField


class Organisation(models.Model):
    id = IdField()
    name = models.CharField(max_length=200)
    created_at = MomentField(default=clock.now)


class Domain(models.Model):
    """A domain whose mail we accept; one organisation owns it."""

    id = IdField()
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    name = models.CharField(max_length=253, unique=True)
    created_at = MomentField(default=clock.now)


class Role(models.Model):
    """A bundle of permissions that an organisation made for itself, beside the built-in ones (permissions.py)."""

    id = IdField()
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    name = models.CharField(max_length=60)
    permissions = models.JSONField(default=list)
    created_at = MomentField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="role_name_once")]


class User(AbstractBaseUser):
    """A person. `custom_role`, where there is one, says what they may do in place of `role`."""

    class Role(models.TextChoices):
        OWNER = "owner"
        ADMIN = "admin"
        MEMBER = "member"
        GUEST = "guest"

    id = IdField()
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    email = models.CharField(max_length=320, unique=True)
    name = models.CharField(max_length=200, default="")
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.MEMBER)
    custom_role = models.ForeignKey("identity.Role", on_delete=models.PROTECT, null=True)
    is_active = models.BooleanField(default=True)
    deleted_at = MomentField(null=True)  # type: ignore[misc]  # the stubs know no null of ours
    preferences = models.JSONField(default=dict)
    created_at = MomentField(default=clock.now)
    last_login = None

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        indexes = [
            models.Index(models.F("organisation"), Lower("name"), models.F("id"), name="user_by_name"),
            models.Index(fields=["organisation", "email"], name="user_by_email"),
        ]


class Address(models.Model):
    """An address we receive for, and whose it is."""

    id = IdField()
    domain = models.ForeignKey(Domain, on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="addresses")
    email = models.CharField(max_length=320, unique=True)
