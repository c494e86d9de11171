"""Who asks. The first argument of every action and of every read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person behind a door. `via` is the door's name ("http", "imap", "smtp", "cli"), for the record.

    So are `ip` and `client`, what the program calls itself; `real_user_id` is who acts in this person's name.
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
    scopes: frozenset[str] | None = None
    """What a token may do (identity/scopes.py); None is the person themselves."""

    def may_use(self, scope: str) -> bool:
        return self.scopes is None or scope in self.scopes

    @property
    def is_admin(self) -> bool:
        return self.role in ("owner", "admin")
