"""The organisation's word that everybody has a second factor.

Who lacks one where it is required comes in to set one up, and for nothing else: a session opens the views that say so
(identity/api/permissions.py), while tokens, app passwords, streams and mail programs are refused. It is asked at each
door and not at the log-in alone, so it holds from the moment the policy, or somebody's last factor, changes.
"""

from __future__ import annotations

from posthouse.base import sql
from posthouse.base.errors import Denied

CODE = "mfa_setup_required"
TEXT = "Your organisation requires a second factor: set one up in the browser first."
_WITHOUT = (
    " NOT EXISTS (SELECT 1 FROM identity_totp t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL)"
    " AND NOT EXISTS (SELECT 1 FROM identity_passkey p WHERE p.user_id = u.id)"
)


def has_factor(user_id: int) -> bool:
    return sql.row(f"SELECT 1 FROM identity_user u WHERE u.id = %s AND{_WITHOUT}", [user_id]) is None


def is_lacking(user_id: int) -> bool:
    """Whether a factor is required of somebody who has none."""
    found = sql.row(
        "SELECT 1 FROM identity_user u JOIN identity_organisation o ON o.id = u.organisation_id"
        f" WHERE u.id = %s AND o.requires_mfa AND{_WITHOUT}",
        [user_id],
    )
    return found is not None


def without_factor(organisation_id: int) -> list[int]:
    """The organisation's people who have none, required or not."""
    found = sql.rows(
        "SELECT u.id FROM identity_user u WHERE u.organisation_id = %s AND u.kind = 'person' AND u.is_active"
        f" AND{_WITHOUT} ORDER BY u.id",
        [organisation_id],
    )
    return [row[0] for row in found]


def refusal() -> Denied:
    return Denied(CODE, TEXT)
