"""Who asks. The first argument of every action and of every read."""

from __future__ import annotations

from dataclasses import dataclass

from posthouse.base.errors import Denied


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person behind a door. `via` is the door's name ("http", "imap", "smtp", "cli"), for the record.

    So are `ip` and `client`, what the program calls itself; `real_user_id` is who acts in this person's name.
    `permissions` is what the person may do (permissions.py), read once with the session. `scopes` is what the token
    they came with may do of it; None for the person themselves.
    """

    user_id: int
    organisation_id: int
    email: str
    role: str
    via: str
    session_id: int | None = None
    ip: str = ""
    client: str = ""
    real_user_id: int | None = None
    permissions: frozenset[str] = frozenset()
    scopes: frozenset[str] | None = None

    def may(self, permission: str) -> bool:
        return permission in self.permissions and (self.scopes is None or permission in self.scopes)

    def require(self, permission: str) -> None:
        """Raises Denied: `permission_denied` for the person, `insufficient_scope` for the token they came with."""
        if permission not in self.permissions:
            raise Denied("permission_denied", f"You lack the permission {permission}.")
        if self.scopes is not None and permission not in self.scopes:
            raise Denied("insufficient_scope", f"The token lacks the scope {permission}.")
