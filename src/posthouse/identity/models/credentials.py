"""What people come in with, and the sessions they hold. Of secrets only hashes are kept, or sealed texts."""

from __future__ import annotations

from django.db import models

from posthouse.base import clock
from posthouse.base.fields import IdField, MomentField
from posthouse.identity.models.people import User


class Session(models.Model):
    """One log-in by browser or API. Its refresh token is one of a chain; using an old link revokes it all."""

    class Kind(models.TextChoices):
        API = "api"
        BROWSER = "browser"
        COOKIE = "cookie"

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
    kind = models.CharField(max_length=16, default="api", db_default="api")
    has_second_factor = models.BooleanField(default=False, db_default=False)
    proved_at = MomentField(null=True)  # type: ignore[misc]
    """When its holder last proved who they are (identity/step_up.py)."""


class Totp(models.Model):
    """A secret of an authenticator app; counts once confirmed. `last_step` is the last time step that was used."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True)
    secret_sealed = models.CharField(max_length=200)
    confirmed_at = MomentField(null=True)  # type: ignore[misc]
    last_step = models.BigIntegerField(default=0)
    created_at = MomentField(default=clock.now)


class RecoveryCode(models.Model):
    id = IdField()
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    code_hash = models.CharField(max_length=64, unique=True)
    used_at = MomentField(null=True)  # type: ignore[misc]


class Passkey(models.Model):
    """A WebAuthn credential; `public_key` is CBOR (COSE), `credential_id` base64url."""

    id = IdField()
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    credential_id = models.CharField(max_length=1400, unique=True)
    public_key = models.BinaryField(max_length=4096)
    sign_count = models.BigIntegerField(default=0)
    name = models.CharField(max_length=100)
    transports = models.CharField(max_length=100, default="")
    created_at = MomentField(default=clock.now)
    last_used_at = MomentField(null=True)  # type: ignore[misc]


class TrustedBrowser(models.Model):
    """A browser that is not asked for the second factor for a while; its token lies in a cookie."""

    id = IdField()
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    token_hash = models.CharField(max_length=64, unique=True)
    client = models.CharField(max_length=300, default="")
    ip = models.CharField(max_length=45, default="")
    created_at = MomentField(default=clock.now)
    last_used_at = MomentField(default=clock.now)
    expires_at = MomentField()


class SpentChallenge(models.Model):
    """A challenge that was answered; its row keeps it from being answered again until it would have ended."""

    nonce_hash = models.CharField(max_length=64, primary_key=True)
    expires_at = MomentField(db_index=True)


class AccessToken(models.Model):
    """A personal access token; `scopes` are words with spaces between."""

    id = IdField()
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    name = models.CharField(max_length=100)
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = models.CharField(max_length=1000)
    created_at = MomentField(default=clock.now)
    expires_at = MomentField()
    last_used_at = MomentField(null=True)  # type: ignore[misc]
    last_ip = models.CharField(max_length=45, default="")
    last_client = models.CharField(max_length=300, default="")


class AppPassword(models.Model):
    """A password for one mail program; `scopes` are among imap and smtp."""

    id = IdField()
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    name = models.CharField(max_length=100)
    password_hash = models.CharField(max_length=64, unique=True)
    scram = models.CharField(max_length=500, default="", db_default="")
    """Its keys (scram.py); empty until its first log-in for one made before there were any."""
    scopes = models.CharField(max_length=100)
    created_at = MomentField(default=clock.now)
    expires_at = MomentField(null=True)  # type: ignore[misc]
    last_used_at = MomentField(null=True)  # type: ignore[misc]
    last_ip = models.CharField(max_length=45, default="")
    last_protocol = models.CharField(max_length=16, default="")


class KnownDevice(models.Model):
    """Where a person has logged in from before: the mark of a browser or program, and its network."""

    id = IdField()
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    mark = models.CharField(max_length=64)
    network = models.CharField(max_length=64)
    created_at = MomentField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "mark"], name="known_device_once")]


class Notice(models.Model):
    """Something about their own safety that a person is told."""

    id = IdField()
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    kind = models.CharField(max_length=32)
    ip = models.CharField(max_length=45, default="")
    client = models.CharField(max_length=300, default="")
    via = models.CharField(max_length=16, default="")
    created_at = MomentField(default=clock.now)
