"""The tables of people and groups, of how they come in, and of what they come in with (credentials.py)."""

from posthouse.identity.models.credentials import Session
from posthouse.identity.models.entrances import Code, Invitation, Letter, RecoveryAddress
from posthouse.identity.models.groups import Group, GroupMember, GroupNesting
from posthouse.identity.models.people import Address, Domain, DomainClaim, Organisation, Role, User
from posthouse.identity.models.profiles import Avatar, LastSeen, Profile

__all__ = [
    "Address",
    "Avatar",
    "Code",
    "Domain",
    "DomainClaim",
    "Group",
    "GroupMember",
    "GroupNesting",
    "Invitation",
    "LastSeen",
    "Letter",
    "Organisation",
    "Profile",
    "RecoveryAddress",
    "Role",
    "Session",
    "User",
]
