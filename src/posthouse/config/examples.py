"""An example for every operation of the schema: requests that make sense, answers made of their shapes.

A post-processing hook of drf-spectacular. Answers are written from the components by the names of their fields, so a
new operation has its example without anybody's doing; one that an operation brings along stands in its place. A test
checks each against its schema.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

ID = "123456789012345678"
TIME = "2026-11-21T07:20:00.123Z"
BY_NAME: dict[str, Any] = {
    "email": "bob@example.org",
    "recipient": "bob@example.org",
    "name": "Bob",
    "subject": "The plan",
    "preview": "As promised, here is the plan.",
    "text": "As promised, here is the plan.",
    "description": "Our ticket system",
    "url": "https://example.org/hooks/mail",
    "html_url": f"/api/v1/emails/{ID}/html/?sig=AAAB",
    "preview_url": f"/api/v1/emails/{ID}/attachments/2/?preview=1&sig=AAAB",
    "filename": "plan.pdf",
    "content_type": "application/pdf",
    "blob_id": "u.123456789012345678",
    "part": "2",
    "access": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9…",
    "refresh": "phr_…",
    "password": "correct horse battery staple",
    "ticket": "b7ZJ…",
    "state": "1042",
    "since": "1040",
    "next": None,
    "cursor": None,
    "keywords": ["$forwarded"],
    "events": ["email.received"],
    "type": "email.received",
    "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw…",
    "webhook_id": f"msg_{ID}",
    "host": "mx.example.org",
    "answer": "250 2.0.0 Ok",
    "message_id": "1f2e@example.org",
    "references": ["1f2e@example.org"],
    "in_reply_to": ["1f2e@example.org"],
    "signature_html": "<p>Alice</p>",
    "code": None,
    "error": None,
    "disabled_reason": None,
    "failing_since": None,
    "old_secret_until": None,
    "next_attempt_at": None,
    "is_enabled": True,
    "size_bytes": 48_213,
    "used_bytes": 1_048_576,
    "max_attachment_bytes": 25_000_000,
    "max_message_bytes": 50_000_000,
    "max_recipients": 200,
    "expires_in_seconds": 30,
    "status": 200,
    "duration_ms": 84,
    "emoji": "\N{HORSE FACE}",
    "html": "<p>As promised, here is the plan.</p>",
    "reactions": {"\N{HORSE FACE}": [ID]},
    "folder": "Work",
}
SAID = {"text": "The coach is *late*.", "client_id": "0b6f5a52-6a3c-4c0e-9d2b-0b6c3c0f7f11"}
REQUESTS: dict[str, Any] = {
    "conversation_create": {"kind": "channel", "name": "general", "visibility": "organisation"},
    "conversation_update": {"topic": "What concerns everybody"},
    "conversation_send": SAID,
    "message_create": {**SAID, "conversation_id": ID},
    "message_reply": {**SAID, "in_thread": True},
    "message_forward": {"conversation_id": ID, "text": "As Bob says:"},
    "message_update": {"text": "The coach is *very* late."},
    "message_react": {"emoji": "\N{HORSE FACE}"},
    "conversation_read": {"number": 42},
    "conversation_unread": {"number": 40},
    "participants_add": {"user_ids": [ID]},
    "chat_draft_save": {"content": {"text": "What I meant to say"}},
    "me_update": {"name": "Alice", "preferences": {"theme": "dark"}},
    "identity_update": {"name": "Alice", "signature_html": "<p>Alice</p>"},
    "mailbox_create": {"name": "Plans", "parent_id": None},
    "mailbox_update": {"name": "Old plans"},
    "email_update": {"is_seen": True, "keywords": ["$forwarded"]},
    "emails_update": {"ids": [ID], "is_seen": True},
    "emails_move": {"ids": [ID], "to_mailbox": ID},
    "emails_label": {"thread_ids": [ID], "add": [ID], "remove": []},
    "emails_trash": {"ids": [ID]},
    "emails_destroy": {"ids": [ID]},
    "emails_bulk": {"verb": "update", "ids": [ID], "is_flagged": True, "atomic": False},
    "draft_create": {
        "to": [{"name": "Bob", "email": "bob@example.org"}],
        "subject": "The plan",
        "text": "Soon.",
    },
    "draft_replace": {
        "to": [{"name": "Bob", "email": "bob@example.org"}],
        "subject": "The plan",
        "text": "Now.",
    },
    "draft_send": {"hold_seconds": 10},
    "send": {
        "to": [{"name": "Bob", "email": "bob@example.org"}],
        "subject": "The plan",
        "html": "<p>As promised.</p>",
        "attachments": [
            {"blob_id": "u.123456789012345678", "filename": "plan.pdf", "content_type": "application/pdf"}
        ],
        "hold_seconds": 10,
    },
    "mail_create": {"to": ["Bob <bob@example.org>"], "subject": "The plan", "body": "As promised."},
    "mail_update_star": {"ids": [ID], "star": True},
    "mail_update_read": {"ids": [ID], "read": True},
    "webhook_create": {"url": "https://example.org/hooks/mail", "events": ["email.received"]},
    "webhook_update": {"is_enabled": True},
    "webhook_rotate": {"keep_hours": 24},
    "rule_create": {
        "name": "Bills",
        "match": "all",
        "conditions": [{"field": "subject", "op": "starts", "value": "invoice"}],
        "actions": [{"do": "file", "mailbox_id": ID}, {"do": "star"}],
    },
    "junk_update": {"threshold": 6.5},
    "junk_forget": {},
    "junk_of_all_update": {"refuse_at": 15},
    "junk_sender_put": {"value": "newsletter.example.org", "list": "block"},
    "junk_sender_of_all_put": {"value": "partner.example.com", "list": "allow"},
    "rule_update": {"is_enabled": True, "position": 1},
    "rule_preview": {"conditions": [{"field": "from", "op": "ends", "value": "@example.org"}]},
}
"""Of operations whose fields do not all go together; the others' are made like answers."""
MAX_DEPTH = 14


def add_examples(result: Schema, generator: object, request: object, public: object) -> Schema:
    components = result["components"]["schemas"]
    for operations in result["paths"].values():
        for operation in operations.values():
            _of_operation(operation, components)
    for name, operations in result.get("webhooks", {}).items():
        for operation in operations.values():
            for content in operation["requestBody"]["content"].values():
                content["example"] = _made(content["schema"], components) | {"type": name}
    return result


def _of_operation(operation: Schema, components: Schema) -> None:
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            parameter.setdefault("example", "2" if parameter["name"] == "number" else ID)
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        if media == "application/json" and "examples" not in content:
            made = REQUESTS.get(operation["operationId"])
            content["example"] = _made(content["schema"], components) if made is None else made
    for status, response in operation["responses"].items():
        for media, content in response.get("content", {}).items():
            if media == "application/json" and status != "default" and "examples" not in content:
                content["example"] = _made(content["schema"], components)


def _made(schema: Schema, components: Schema, name: str = "", depth: int = 0) -> Any:
    if "$ref" in schema:
        return _made(components[schema["$ref"].rpartition("/")[2]], components, name, depth + 1)
    for combined in ("allOf", "oneOf", "anyOf"):
        if combined in schema:
            if {"type": "null"} in schema[combined] and BY_NAME.get(name, name) is None:
                return None
            first = _made(schema[combined][0], components, name, depth)
            return None if isinstance(first, dict) and {"type": "null"} in schema[combined] else first
    if "enum" in schema:
        return schema["enum"][0]
    kinds = schema.get("type", "object")
    kind = kinds if isinstance(kinds, str) else next(k for k in kinds if k != "null")
    if "examples" in schema:
        return schema["examples"][0]
    if name in BY_NAME and _fits(BY_NAME[name], kinds):
        return BY_NAME[name]
    if kind == "object":
        return _object(schema, components, depth)
    if kind == "array":
        return [] if depth > MAX_DEPTH else [_made(schema["items"], components, name, depth + 1)]
    if kind == "string":
        return TIME if schema.get("format") == "date-time" else name.replace("_", " ")
    return {"boolean": False, "integer": 1, "number": 1.0}.get(kind)


def _object(schema: Schema, components: Schema, depth: int) -> Any:
    if depth > MAX_DEPTH:
        return {}
    return {
        name: _made(part, components, name, depth + 1)
        for name, part in schema.get("properties", {}).items()
        if not part.get("writeOnly")
    }


_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "array": list,
    "null": type(None),
    "object": dict,
    "boolean": bool,
}


def _fits(value: Any, kinds: Any) -> bool:
    wanted = [kinds] if isinstance(kinds, str) else kinds
    return any(isinstance(value, _TYPES.get(kind, ())) for kind in wanted)
