"""Completion of addresses: whom one has written to, then whom one works with."""

from __future__ import annotations

from posthouse.identity import people_list
from posthouse.identity.actor import Actor
from posthouse.mail import access, queries
from posthouse.mail.access import Right


def completions(actor: Actor, text: str, *, limit: int) -> list[dict[str, str]]:
    """At most `limit` people, each once; none for an empty text."""
    account_id = access.account_id_for(actor, need=Right.READ)
    wanted = text.strip()
    if not wanted:
        return []
    found: dict[str, dict[str, str]] = {}
    known = queries.completions(account_id, matching=wanted, limit=limit)
    for name, email in [*known, *people_list.colleagues(actor, matching=wanted, limit=limit)]:
        found.setdefault(email.lower(), {"name": name, "email": email})
    return list(found.values())[:limit]
