"""The tables of people (people.py) and of what they come in with (credentials.py)."""

from posthouse.identity.models.credentials import Session
from posthouse.identity.models.people import Address, Domain, Organisation, User

__all__ = ["Address", "Domain", "Organisation", "Session", "User"]
