"""The schema's last touch: every operation may answer with a problem, and says so."""

from __future__ import annotations

from typing import Any

from drf_spectacular.plumbing import get_lib_doc_excludes

PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `code` is stable; `pointer` is an RFC 6901 pointer into the body.",
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "description": "The page of the code."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "request_id": {"type": "string"},
        "retry_after_seconds": {"type": "integer"},
        "challenge": {"type": "string", "description": "What the second half of a log-in is given with."},
        "methods": {
            "type": "array",
            "items": {"type": "string", "enum": ["passkey", "totp", "recovery_code"]},
            "description": "What may be given as the second factor, the best first.",
        },
        "passkey": {
            "type": ["object", "null"],
            "additionalProperties": True,
            "description": "The question for `navigator.credentials`.",
        },
        "expires_in_seconds": {"type": "integer"},
        "scope": {"type": "string", "description": "The scope that the token lacks."},
        "limit_bytes": {"type": "integer"},
        "violated-policies": {"type": "array", "items": {"type": "string"}},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
                "required": ["pointer", "code", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "detail", "code", "request_id"],
}
HEADERS = {
    "X-Request-Id": "Finds the request in the server's log.",
    "RateLimit-Policy": 'The limit that this request counted for: `"general";q=1200;w=60`.',
    "RateLimit": 'How many more now, and seconds until all: `"general";r=1199;t=1`.',
}
"""What any answer may carry; those of limits are missing where the operator has switched them off."""
_CONTENT = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
OAUTH_ERROR = {
    "type": "object",
    "description": "RFC 6749 §5.2.",
    "properties": {"error": {"type": "string"}, "error_description": {"type": "string"}},
    "required": ["error"],
}
_OAUTH_CONTENT = {**_CONTENT, "application/json": {"schema": {"$ref": "#/components/schemas/OAuthError"}}}


def classes_without_a_word() -> list[type]:
    """Whose docstrings are for us: a body that has none of its own is not described by its ancestor's."""
    from posthouse.base.api.fields import StrictSerializer

    return [*get_lib_doc_excludes(), StrictSerializer]  # type: ignore[no-untyped-call]  # it has no types


def add_problems(
    result: dict[str, Any], generator: object, request: object, public: object
) -> dict[str, Any]:
    """A post-processing hook of drf-spectacular."""
    schemas = result["components"].setdefault("schemas", {})
    schemas |= {"Problem": PROBLEM, "OAuthError": OAUTH_ERROR}
    for name, schema in schemas.items():
        if name.endswith("Request"):  # bodies are strict (base/api/fields.py)
            schema.setdefault("additionalProperties", False)
    result["components"]["headers"] = {
        name: {"description": text, "schema": {"type": "string"}} for name, text in HEADERS.items()
    }
    shown = {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS}
    for operations in result["paths"].values():
        for operation in operations.values():
            content = _OAUTH_CONTENT if operation["operationId"].startswith("oauth_") else _CONTENT
            operation["responses"]["default"] = {"description": "What went wrong.", "content": content}
            for response in operation["responses"].values():
                response.setdefault("headers", {}).update(shown)
    return result
