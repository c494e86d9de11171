"""Who asks. The first argument of every action and of every read."""

from __future__ import annotations

from dataclasses import dataclass

from posthouse.base.errors import Denied


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person behind a door. `via` is the door's name ("http", "imap", "smtp", "cli"), for the record.

    So are `ip` and `client`, what the program calls itself; `real_user_id` is who acts in this person's name.
    `permissions` is what the person may do (permissions.py), read once with the session. `scopes` is what the token
    they came with is for (scopes.py); None for the person themselves. An operator keeps the server (operators.py). Who
    `lacks_factor` that is required of them may set one up and nothing else (mfa_policy.py).
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
    is_operator: bool = False
    scopes: frozenset[str] | None = None
    lacks_factor: bool = False

    def may_use(self, scope: str) -> bool:
        """Whether the token one came with is for this (identity/scopes.py); always for the person themselves."""
        return self.scopes is None or scope in self.scopes

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    def require(self, permission: str) -> None:
        """Raises Denied (permission_denied). What a token may do is asked before, at the view (api/permissions.py)."""
        if permission not in self.permissions:
            raise Denied("permission_denied", f"You lack the permission {permission}.")
