"""The tables of people (people.py) and of what they come in with (credentials.py)."""

from posthouse.identity.models.credentials import (
    AccessToken,
    AppPassword,
    KnownDevice,
    Notice,
    Passkey,
    RecoveryCode,
    Session,
    SpentChallenge,
    Totp,
    TrustedBrowser,
)
from posthouse.identity.models.oauth import (
    ExternalIdentity,
    IdentityProvider,
    OAuthClient,
    OAuthCode,
    OAuthGrant,
    OAuthToken,
    SigningKey,
)
from posthouse.identity.models.people import Address, Domain, Organisation, User

__all__ = [
    "AccessToken",
    "Address",
    "AppPassword",
    "Domain",
    "ExternalIdentity",
    "IdentityProvider",
    "KnownDevice",
    "Notice",
    "OAuthClient",
    "OAuthCode",
    "OAuthGrant",
    "OAuthToken",
    "Organisation",
    "Passkey",
    "RecoveryCode",
    "Session",
    "SigningKey",
    "SpentChallenge",
    "Totp",
    "TrustedBrowser",
    "User",
]
