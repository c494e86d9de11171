"""What a token may do: a small table, and which word of it each room of the API asks for.

A room that comes later adds its rows here; until it does, no token can be given what it asks for.

One mechanism for all: `identity/api/permissions.py` derives the scope of an endpoint from its room and method; a view
that is an exception says so in `scopes`. None implies another.
"""

from __future__ import annotations

SCOPES = {
    "mail:read": "Read mailboxes, threads, e-mails, submissions and changes.",
    "mail:write": "File, flag, label and delete mail; write drafts; make mailboxes. With mail:read also IMAP.",
    "mail:send": "Send mail, also by SMTP submission.",
    "chat:read": "Read conversations and their messages.",
    "chat:write": "Write in conversations, open, change and leave them.",
    "webhooks:read": "See one's webhooks and what they were told.",
    "webhooks:write": "Make, change and delete webhooks, which tell other places of one's mail.",
    "people:read": "See the people, groups and domains of the organisation.",
    "account:read": "Read one's own profile, settings and notices.",
    "account:write": "Change one's own profile and settings.",
    "admin:read": "Read what administrators see.",
    "admin:write": "Do what administrators do, as far as the person may.",
}
SELF = "self"
"""Asked by what no token can do: passwords, second factors, tokens, sessions. Nobody can be given it."""

_RESOURCES = {
    "mail": "mail",
    "delivery": "mail",
    "realtime": "mail",
    "search": "mail",
    "filters": "mail",
    "linked": "mail",
    "hooks": "webhooks",
    "contacts": "contacts",
    "conversations": "chat",
    "bridge": "chat",
    "notifications": "account",
}
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def default_scope(room: str, method: str) -> str:
    """What a room's endpoint asks for that says nothing else; in rooms not named here only administrators act."""
    is_read = method in _SAFE
    if room == "identity":
        return "people:read" if is_read else "admin:write"
    return f"{_RESOURCES.get(room, 'admin')}:{'read' if is_read else 'write'}"
