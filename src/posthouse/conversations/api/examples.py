"""A message as the API shows it, for the examples of every operation that answers one."""

from __future__ import annotations

from typing import Any

MESSAGE: dict[str, Any] = {
    "id": "59871329578385410",
    "conversation_id": "59871329284784131",
    "number": 42,
    "thread_id": None,
    "author": {"id": "59871329284784132", "name": "Ann Lee", "email": None},
    "kind": "text",
    "text": "The report is done.",
    "html": "<p>The report is done.</p>",
    "event": None,
    "mentions": [],
    "reply_to": None,
    "forwarded_from": None,
    "importance": "normal",
    "needs_ack": False,
    "ack_count": 0,
    "attachments": [],
    "reactions": {},
    "revisions": 0,
    "client_id": None,
    "created_at": "2026-11-21T07:20:00.123Z",
    "edited_at": None,
    "deleted_at": None,
    "pinned_at": None,
    "pinned_by": None,
    "previews": [],
    "seq": "97",
}
