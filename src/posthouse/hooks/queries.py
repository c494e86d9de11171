"""Reads: endpoints, what was told them, and what to send."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

from posthouse.base import clock, sealing, sql
from posthouse.base.clock import iso, to_ms
from posthouse.hooks import access
from posthouse.hooks.models import Attempt, Endpoint, Message
from posthouse.identity.actor import Actor

Row = dict[str, Any]
PURPOSE = "webhook secret"


def endpoints(actor: Actor) -> list[Row]:
    return [endpoint_json(e) for e in Endpoint.objects.filter(access.visible(actor)).order_by("id")]


def endpoint_json(endpoint: Endpoint) -> Row:
    since, until = endpoint.failing_since, endpoint.old_secret_until
    return {
        "id": str(endpoint.id),
        "scope": "me" if endpoint.user_id else "organisation",
        "url": endpoint.url,
        "description": endpoint.description,
        "events": endpoint.events,
        "is_enabled": endpoint.state == Endpoint.State.ENABLED,
        "disabled_reason": endpoint.reason or None,
        "failing_since": None if since is None else iso(to_ms(since)),
        "old_secret_until": None if until is None else iso(to_ms(until)),
        "created_at": iso(to_ms(endpoint.created_at)),
    }


class Page(NamedTuple):
    items: list[Row]
    next: int | None


def deliveries(actor: Actor, endpoint_id: int, *, state: str, before: int | None, limit: int) -> Page:
    """What an endpoint was told, newest first."""
    endpoint = access.endpoint_for(actor, endpoint_id)
    found = Message.objects.filter(endpoint=endpoint)
    if state:
        found = found.filter(state=state)
    if before is not None:
        found = found.filter(id__lt=before)
    rows = list(found.order_by("-id")[: limit + 1])
    return Page(
        [delivery_json(row) for row in rows[:limit]], rows[limit - 1].id if len(rows) > limit else None
    )


def delivery_json(message: Message) -> Row:
    return {
        "id": str(message.id),
        "webhook_id": public_id(message.id),
        "type": message.type,
        "state": message.state,
        "attempts": message.attempts,
        "next_attempt_at": None if message.next_at is None else iso(to_ms(message.next_at)),
        "created_at": iso(to_ms(message.created_at)),
    }


def delivery(actor: Actor, endpoint_id: int, message_id: int) -> Row:
    """One with its body and every try."""
    message = access.message_for(actor, endpoint_id, message_id)
    tries = [
        {
            "at": iso(to_ms(t.at)),
            "duration_ms": t.duration_ms,
            "status": t.status,
            "error": t.error or None,
            "answer": t.answer,
        }
        for t in Attempt.objects.filter(message=message).order_by("id")
    ]
    return delivery_json(message) | {"body": orjson.loads(message.body), "tries": tries}


def public_id(message_id: int) -> str:
    """The `webhook-id`: the same at every try, so that a receiver can tell one it has had."""
    return f"msg_{message_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What a try needs."""

    message_id: int
    url: str
    body: str
    type: str
    secrets: list[str] = field(repr=False)


def secrets_of(endpoint: Endpoint) -> list[str]:
    """The secrets that sign now. Raises Unavailable for one that cannot be read."""
    sealed = [endpoint.secret]
    if endpoint.old_secret and endpoint.old_secret_until and endpoint.old_secret_until > clock.now():
        sealed.append(endpoint.old_secret)
    return [sealing.unseal(text, purpose=PURPOSE).decode() for text in sealed]


def hearers(account_id: int) -> list[Endpoint]:
    """The enabled endpoints that hear of an account; not those of somebody who was switched off."""
    return list(
        Endpoint.objects.raw(
            "SELECT e.* FROM hooks_endpoint e JOIN mail_account a ON a.id = %s"
            " LEFT JOIN identity_user u ON u.id = e.user_id WHERE e.state = 'enabled' AND (u.id IS NULL OR u.is_active)"
            " AND (e.user_id = a.owner_id OR (e.user_id IS NULL AND e.organisation_id = a.organisation_id))"
            " ORDER BY e.id",
            [account_id],
        )
    )


def watched() -> list[int]:
    """Accounts that somebody hears of."""
    return [row[0] for row in sql.rows("SELECT account_id FROM hooks_cursor")]


def behind() -> list[int]:
    """Accounts whose log has more than was read."""
    return [
        row[0]
        for row in sql.rows(
            "SELECT c.account_id FROM hooks_cursor c CROSS JOIN mail_account a WHERE a.id = c.account_id"
            " AND a.modseq > c.modseq"
        )
    ]
