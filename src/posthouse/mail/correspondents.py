"""Whom an account has written to: what tells a stranger from a friend."""

from __future__ import annotations

from collections.abc import Sequence

from posthouse.base import sql

MAX_DOMAINS = 300


def organisations_of(account_ids: Sequence[int]) -> dict[int, int]:
    """By account; those that are gone are left out."""
    found: dict[int, int] = {}
    for chunk in sql.chunks(account_ids):
        found.update(
            sql.rows(f"SELECT id, organisation_id FROM mail_account WHERE id IN ({sql.marks(chunk)})", chunk)
        )
    return found


def times_written_to(account_id: int, address: str) -> int:
    found = sql.row(
        "SELECT sent_count FROM mail_correspondent WHERE account_id = %s AND email = %s",
        [account_id, address],
    )
    return 0 if found is None else max(1, int(found[0]))


def domains(account_id: int) -> list[str]:
    """Of those whom one wrote to last, each once."""
    rows = sql.rows(
        "SELECT email FROM mail_correspondent WHERE account_id = %s ORDER BY last_at DESC LIMIT %s",
        [account_id, MAX_DOMAINS],
    )
    return list(dict.fromkeys(row[0].rpartition("@")[2] for row in rows))
