"""Answers as they look, for the schema."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

_ANN = {"name": "Ann Lee", "email": "ann@example.org"}
_ALICE = {"name": "Alice", "email": "alice@posthouse.test"}
_SNIPPET = {
    "email_id": "59871329578385410",
    "subject": [{"text": "The annual ", "is_match": False}, {"text": "report", "is_match": True}],
    "text": [
        {"text": "… with the ", "is_match": False},
        {"text": "report", "is_match": True},
        {"text": " attached.", "is_match": False},
    ],
}
_SEARCH = {
    "understood": [
        {"text": "report", "kind": "words", "name": "", "value": "report", "is_negated": False, "only": None},
        {
            "text": "from:ann",
            "kind": "operator",
            "name": "from",
            "value": "ann",
            "is_negated": False,
            "only": None,
        },
    ],
    "is_complete": True,
    "estimate": 1,
    "is_more": False,
}


def _page(row: dict[str, Any]) -> dict[str, Any]:
    return {"items": [row | {"snippet": _SNIPPET}], "next": None, "state": "1042", "search": _SEARCH}


FOUND_THREADS = OpenApiExample(
    "q=report from:ann",
    response_only=True,
    value=_page(
        {
            "id": "59871329578385411",
            "account_id": "59871329284784130",
            "subject": "The annual report",
            "preview": "Good morning Alice,",
            "last_at": "2026-11-21T07:20:00.123Z",
            "email_count": 1,
            "unread_count": 1,
            "is_flagged": False,
            "is_answered": False,
            "has_attachment": True,
            "has_draft": False,
            "senders": [_ANN],
            "recipients": [_ALICE],
            "mailbox_ids": ["59871329284784131"],
            "email_ids": ["59871329578385410"],
            "placed_at": "2026-11-21T07:20:00.123Z",
        }
    ),
)
FOUND_EMAILS = OpenApiExample(
    "q=report from:ann",
    response_only=True,
    value=_page(
        {
            "id": "59871329578385410",
            "account_id": "59871329284784130",
            "thread_id": "59871329578385411",
            "mailbox_ids": ["59871329284784131"],
            "from": [_ANN],
            "to": [_ALICE],
            "cc": [],
            "subject": "The annual report",
            "preview": "Good morning Alice,",
            "received_at": "2026-11-21T07:20:00.123Z",
            "sent_at": "2026-11-21T07:19:58.000Z",
            "size_bytes": 4096,
            "is_seen": False,
            "is_flagged": False,
            "is_answered": False,
            "is_forwarded": False,
            "is_draft": False,
            "keywords": [],
            "has_attachment": True,
        }
    ),
)
