"""The tables of people (people.py, profiles.py, groups.py) and of what they come in with (credentials.py)."""

from posthouse.identity.models.credentials import Session
from posthouse.identity.models.groups import Group, GroupMember, GroupNesting
from posthouse.identity.models.people import Address, Domain, DomainClaim, Organisation, Role, User
from posthouse.identity.models.profiles import Avatar, LastSeen, Profile

__all__ = [
    "Address",
    "Avatar",
    "Domain",
    "DomainClaim",
    "Group",
    "GroupMember",
    "GroupNesting",
    "LastSeen",
    "Organisation",
    "Profile",
    "Role",
    "Session",
    "User",
]
