"""The log of an account as clients get it: what changed in mail, what happened to mail on its way out, whose it is."""

from __future__ import annotations

from typing import Any

from posthouse.bridge import assignments
from posthouse.delivery.queries import submission_changes
from posthouse.mail import changes


def changes_since(account_id: int, number: int, *, limit: int = changes.MAX_LIMIT) -> dict[str, Any]:
    """What changed after `number`, ready for JSON; raises `changes.CannotCalculate`. Access was checked."""
    found = changes.since(account_id, number, limit=limit)
    body = found.as_json()
    body["submissions"] = {"changed": submission_changes(account_id, since=number, upto=found.state)}
    body["assignments"] = {"changed": assignments.changed(account_id, since=number, upto=found.state)}
    return body
