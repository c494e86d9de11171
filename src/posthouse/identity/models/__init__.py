"""The tables of people and groups, of how they come in, and of what they come in with (credentials.py)."""

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
from posthouse.identity.models.entrances import Code, Invitation, Letter, RecoveryAddress
from posthouse.identity.models.groups import Group, GroupMember, GroupNesting
from posthouse.identity.models.oauth import (
    ExternalIdentity,
    IdentityProvider,
    OAuthClient,
    OAuthCode,
    OAuthGrant,
    OAuthToken,
    SigningKey,
)
from posthouse.identity.models.people import Address, Domain, DomainClaim, DomainKey, Organisation, Role, User
from posthouse.identity.models.profiles import Avatar, LastSeen, Profile

__all__ = [
    "AccessToken",
    "Address",
    "AppPassword",
    "Avatar",
    "Code",
    "Domain",
    "DomainClaim",
    "DomainKey",
    "ExternalIdentity",
    "Group",
    "GroupMember",
    "GroupNesting",
    "IdentityProvider",
    "Invitation",
    "KnownDevice",
    "LastSeen",
    "Letter",
    "Notice",
    "OAuthClient",
    "OAuthCode",
    "OAuthGrant",
    "OAuthToken",
    "Organisation",
    "Passkey",
    "Profile",
    "RecoveryAddress",
    "RecoveryCode",
    "Role",
    "Session",
    "SigningKey",
    "SpentChallenge",
    "Totp",
    "TrustedBrowser",
    "User",
]
