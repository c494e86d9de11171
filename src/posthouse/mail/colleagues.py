"""Who may use an account, as people: its owner, and those whom it was granted to, also by a group."""

from __future__ import annotations

from collections.abc import Collection

from posthouse.base import sql
from posthouse.identity.groups import members_of
from posthouse.mail.access import Right
from posthouse.mail.models import Account


def rights(account_id: int) -> dict[int, Right]:
    """Everybody's right; nobody logs in as the owner of a shared account."""
    found: dict[int, Right] = {}
    owner = sql.row("SELECT owner_id, kind FROM mail_account WHERE id = %s", [account_id])
    if owner is None:
        return found
    for level, user_id, group_id in sql.rows(
        "SELECT level, user_id, group_id FROM mail_accountgrant WHERE account_id = %s", [account_id]
    ):
        for one in [user_id] if group_id is None else members_of(group_id):
            found[one] = max(found.get(one, Right.READ), Right(level))
    if owner[1] != Account.Kind.SHARED and owner[0] is not None:
        found[owner[0]] = Right.ADMIN
    return found


def readers(account_id: int, user_ids: Collection[int]) -> set[int]:
    """Those of the people who may read it now."""
    return set(user_ids) & rights(account_id).keys() if user_ids else set()
