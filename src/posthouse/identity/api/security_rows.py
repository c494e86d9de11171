"""The security page's rows as JSON."""

from __future__ import annotations

from typing import Any

from posthouse.base import clock
from posthouse.identity.actor import Actor
from posthouse.identity.security import Overview


def security_json(actor: Actor, found: Overview) -> dict[str, Any]:
    return {
        "mfa": {
            "is_on": found.mfa.is_on,
            "has_totp": found.mfa.has_totp,
            "recovery_codes_left": found.mfa.recovery_codes,
        },
        "is_fresh": found.is_fresh,
        "sessions": [
            {
                **_plain(row, "kind", "client", "ip", "created_at", "last_used_at", "has_second_factor"),
                "is_current": row.id == actor.session_id,
            }
            for row in found.sessions
        ],
        "passkeys": [_plain(row, "name", "created_at", "last_used_at") for row in found.passkeys],
        "trusted_browsers": [
            _plain(row, "client", "ip", "created_at", "last_used_at", "expires_at")
            for row in found.trusted_browsers
        ],
        "app_passwords": [
            _scoped(row, "expires_at", "last_used_at", "last_ip", "last_protocol")
            for row in found.app_passwords
        ],
        "tokens": [
            _scoped(row, "expires_at", "last_used_at", "last_ip", "last_client") for row in found.tokens
        ],
        "mail_clients": [
            {
                **_plain(client, "protocol", "kind", "client", "ip"),
                "credential_id": None if client.credential_id is None else str(client.credential_id),
                "connected_at": clock.iso(client.since_ms),
                "last_used_at": clock.iso(client.last_used_ms),
            }
            for client in found.mail_clients
        ],
        "applications": [
            {**_scoped(row.client), **_plain(row, "created_at", "last_used_at"), "scopes": row.scopes.split()}
            for row in found.applications
        ],
        "push_devices": [
            {
                **_plain(row, "client", "service", "created_at", "last_used_at"),
                "is_current": row.session_id == actor.session_id,
            }
            for row in found.push_devices
        ],
        "notices": [_plain(row, "kind", "via", "client", "ip", "created_at") for row in found.notices],
    }


def _plain(row: Any, *names: str) -> dict[str, Any]:
    return {"id": str(row.id), **{name: getattr(row, name) for name in names}}


def _scoped(row: Any, *names: str) -> dict[str, Any]:
    return {**_plain(row, "name", "created_at", *names), "scopes": row.scopes.split()}
