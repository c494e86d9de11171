"""Organisations, their domains and their people."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models.functions import Lower

from posthouse.base import clock
from posthouse.base.fields import IdField, MomentField


class Organisation(models.Model):
    """Columns that came later have their default in the database, for the release before to write rows without them.

    `sign_up_domains` is words; whoever proves an address in one of these outside domains may sign up.
    """

    class SignUp(models.TextChoices):
        OPEN = "open"
        DOMAIN = "domain"
        INVITATION = "invitation"
        CLOSED = "closed"

    id = IdField()
    name = models.CharField(max_length=200)
    created_at = MomentField(default=clock.now)
    default_domain = models.ForeignKey("Domain", on_delete=models.SET_NULL, null=True, related_name="+")
    sign_up = models.CharField(
        max_length=16, choices=SignUp.choices, default=SignUp.INVITATION, db_default=SignUp.INVITATION
    )
    sign_up_domains = models.TextField(default="", db_default="")
    sign_up_role = models.CharField(max_length=20, default="guest", db_default="guest")
    min_password = models.IntegerField(default=8, db_default=8)
    requires_mfa = models.BooleanField(default=False, db_default=False)


class Domain(models.Model):
    """A domain whose mail we accept; one organisation owns it. `catch_all` gets what is for nobody."""

    id = IdField()
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    name = models.CharField(max_length=253, unique=True)
    created_at = MomentField(default=clock.now)
    catch_all = models.ForeignKey("Address", on_delete=models.SET_NULL, null=True, related_name="+")


class DomainKey(models.Model):
    """A key that a domain's mail is signed with (DKIM): `private` is sealed, `record` is what the DNS is to publish."""

    class Kind(models.TextChoices):
        RSA = "rsa"
        ED25519 = "ed25519"

    id = IdField()
    domain = models.ForeignKey(Domain, on_delete=models.CASCADE)
    selector = models.CharField(max_length=63)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    private = models.TextField()
    record = models.TextField()
    created_at = MomentField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["domain", "selector"], name="domain_key_selector")]


class DomainClaim(models.Model):
    """A domain that an organisation says is its own, until the DNS says so too (organisations.py)."""

    id = IdField()
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    name = models.CharField(max_length=253)
    token = models.CharField(max_length=64)
    created_at = MomentField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="domain_claim_once")]


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
    """A person. `custom_role`, where there is one, says what they may do in place of `role`.

    A shared account has a user too, who owns its mail and addresses and can never log in.
    """

    class Kind(models.TextChoices):
        PERSON = "person"
        SHARED = "shared"

    class Role(models.TextChoices):
        OWNER = "owner"
        ADMIN = "admin"
        MEMBER = "member"
        GUEST = "guest"

    id = IdField()
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    email = models.CharField(max_length=320, unique=True)
    password = models.CharField(max_length=500)
    """The hash, and behind it the keys for SCRAM (scram.py)."""
    scram_salt = models.CharField(max_length=32, default="", db_default="")
    """In hexadecimal, for who once had another address; empty for all whose salt their address tells."""
    name = models.CharField(max_length=200, default="")
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.MEMBER)
    custom_role = models.ForeignKey("identity.Role", on_delete=models.PROTECT, null=True)
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.PERSON, db_default=Kind.PERSON)
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(default=False, db_default=False)
    """Keeps this server, over all organisations (operators.py)."""
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
    """An address we receive for, and whose it is: a person's or a group's."""

    id = IdField()
    domain = models.ForeignKey(Domain, on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="addresses", null=True)
    group = models.ForeignKey("identity.Group", on_delete=models.CASCADE, related_name="addresses", null=True)
    email = models.CharField(max_length=320, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=False, group__isnull=True)
                | models.Q(user__isnull=True, group__isnull=False),
                name="address_is_somebodys",
            )
        ]
