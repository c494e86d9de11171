"""Programs of others that people let in (OAuth 2, OpenID Connect): the programs, the consents, codes and tokens."""

from __future__ import annotations

from django.db import models

from posthouse.base import clock
from posthouse.base.fields import IdField, MomentField
from posthouse.identity.models.people import Organisation, User


class OAuthClient(models.Model):
    """A program known to an organisation. Without a secret it is public (it runs where anybody can read it)."""

    id = IdField()
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    client_id = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    secret_hash = models.CharField(max_length=64, default="")
    redirect_uris = models.JSONField(default=list)
    scopes = models.CharField(max_length=1000)
    created_at = MomentField(default=clock.now)


class OAuthGrant(models.Model):
    """A person's consent that a client may act for them."""

    id = IdField()
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    client = models.ForeignKey(OAuthClient, on_delete=models.CASCADE)
    scopes = models.CharField(max_length=1000)
    created_at = MomentField(default=clock.now)
    last_used_at = MomentField(null=True)  # type: ignore[misc]  # the stubs know no null of ours

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "client"], name="oauth_grant_once")]


class OAuthCode(models.Model):
    """An authorization code: a minute old at most, exchanged once. Its id names the chain of tokens that came of it."""

    id = IdField()
    code_hash = models.CharField(max_length=64, unique=True)
    grant = models.ForeignKey(OAuthGrant, on_delete=models.CASCADE)
    redirect_uri = models.CharField(max_length=2000)
    scopes = models.CharField(max_length=1000)
    nonce = models.CharField(max_length=500, default="")
    challenge = models.CharField(max_length=100)
    authenticated_at = MomentField()
    expires_at = MomentField(db_index=True)
    used_at = MomentField(null=True)  # type: ignore[misc]


class OAuthToken(models.Model):
    """An access or refresh token by hash. A refresh token used twice ends its whole chain."""

    class Kind(models.TextChoices):
        ACCESS = "access"
        REFRESH = "refresh"

    id = IdField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    grant = models.ForeignKey(OAuthGrant, on_delete=models.CASCADE)
    chain_id = models.BigIntegerField(db_index=True)
    scopes = models.CharField(max_length=1000)
    created_at = MomentField(default=clock.now)
    expires_at = MomentField(db_index=True)
    used_at = MomentField(null=True)  # type: ignore[misc]


class SigningKey(models.Model):
    """What ID tokens are signed with; the private half is sealed (base/sealing.py)."""

    id = IdField()
    name = models.CharField(max_length=40, unique=True)
    private_sealed = models.TextField()
    public_jwk = models.JSONField()
    created_at = MomentField(default=clock.now)


class IdentityProvider(models.Model):
    """An outside OpenID provider that an organisation's people may log in by; its secret is sealed."""

    id = IdField()
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    name = models.CharField(max_length=100)
    issuer = models.CharField(max_length=500)
    client_id = models.CharField(max_length=300)
    secret_sealed = models.CharField(max_length=1500)
    created_at = MomentField(default=clock.now)


class ExternalIdentity(models.Model):
    """Who a person is at an outside provider: its subject is the key, never an address (ASVS 6.8.1)."""

    id = IdField()
    provider = models.ForeignKey(IdentityProvider, on_delete=models.CASCADE)
    subject = models.CharField(max_length=300)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    created_at = MomentField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "subject"], name="external_identity_once")]
