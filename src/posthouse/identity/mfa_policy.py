"""The organisation's word that everybody has a second factor, and the server's that its operators have one.

The server's is POSTHOUSE_OPERATOR_MFA: it does not leave that to the organisation of each operator.

Who lacks one where it is required comes in to set one up, and for nothing else: a session opens the views that say so
(identity/api/permissions.py), while tokens, app passwords, streams and mail programs are refused. It is asked at each
door and not at the log-in alone, so it holds from the moment the policy, or somebody's last factor, changes.
"""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings

from posthouse.base import sql
from posthouse.base.errors import Denied

CODE = "mfa_setup_required"
TEXT = "A second factor is required of you: set one up in the browser first."
_WITHOUT = (
    " NOT EXISTS (SELECT 1 FROM identity_totp t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL)"
    " AND NOT EXISTS (SELECT 1 FROM identity_passkey p WHERE p.user_id = u.id)"
)


def has_factor(user_id: int) -> bool:
    return sql.row(f"SELECT 1 FROM identity_user u WHERE u.id = %s AND{_WITHOUT}", [user_id]) is None


def is_required(*, by_organisation: bool, is_operator: bool) -> bool:
    return by_organisation or (is_operator and bool(settings.OPERATOR_MFA))


def is_lacking(user_id: int) -> bool:
    """Whether a factor is required of somebody who has none."""
    found = sql.row(
        "SELECT 1 FROM identity_user u JOIN identity_organisation o ON o.id = u.organisation_id"
        f" WHERE u.id = %s AND (o.requires_mfa OR (u.is_operator AND %s)) AND{_WITHOUT}",
        [user_id, bool(settings.OPERATOR_MFA)],
    )
    return found is not None


class Standing(NamedTuple):
    """How somebody stands who is let in by a password: asked after each log-in of a mail program, so in one query."""

    is_active: bool
    lacks_factor: bool
    has_factor: bool


def standing_of(user_id: int) -> Standing:
    found = sql.row(
        f"SELECT u.is_active, o.requires_mfa, u.is_operator, NOT ({_WITHOUT}) FROM identity_user u"
        " JOIN identity_organisation o ON o.id = u.organisation_id WHERE u.id = %s",
        [user_id],
    )
    if found is None:
        return Standing(is_active=False, lacks_factor=False, has_factor=False)
    is_active, by_organisation, is_operator, has = map(bool, found)
    required = is_required(by_organisation=by_organisation, is_operator=is_operator)
    return Standing(is_active=is_active, lacks_factor=required and not has, has_factor=has)


def without_factor(organisation_id: int) -> list[int]:
    """The organisation's people who have none, required or not."""
    found = sql.rows(
        "SELECT u.id FROM identity_user u WHERE u.organisation_id = %s AND u.kind = 'person' AND u.is_active"
        f" AND{_WITHOUT} ORDER BY u.id",
        [organisation_id],
    )
    return [row[0] for row in found]


def operators_without_factor() -> list[int]:
    found = sql.rows(f"SELECT u.id FROM identity_user u WHERE u.is_operator AND u.is_active AND{_WITHOUT}")
    return [row[0] for row in found]


def refusal() -> Denied:
    return Denied(CODE, TEXT)
