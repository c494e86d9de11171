"""What people do with endpoints; what becomes of each telling is in outbox.py."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from posthouse.audit.actions import Fact, record
from posthouse.audit.acts import Act
from posthouse.base import clock, db, net_http, sealing, sql
from posthouse.base.errors import Conflict, Failure, Invalid, Limited
from posthouse.base.ids import new_id
from posthouse.hooks import access, outbox, reading
from posthouse.hooks.events import TEST, Event
from posthouse.hooks.models import Endpoint, Message
from posthouse.hooks.queries import PURPOSE
from posthouse.hooks.signing import new_secret
from posthouse.identity import step_up
from posthouse.identity.actor import Actor

MAX_ENDPOINTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """`secret` is shown here and never again."""

    endpoint: Endpoint
    secret: str


def _checked(url: str) -> str:
    """Raises Invalid (invalid_url) for what is no URL we would post to."""
    try:
        net_http.judge(url)
    except (Failure, ValueError) as error:
        text = "A URL begins with https://, is at a public address, and has a port of the web or above 1023."
        raise Invalid("invalid_url", text, pointer="/url") from error
    return url


@db.action
def create_endpoint(
    actor: Actor, *, url: str, events: Sequence[str], description: str = "", scope: str = "me"
) -> Created:
    """Tell a URL from now on. Asks a session for step-up, since it tells of mail long after that session.

    Raises Invalid (invalid_url), Denied (organisation), Limited (too_many_webhooks).
    """
    user_id: int | None = actor.user_id
    if scope == "organisation":
        actor.require(access.MANAGE)
        user_id = None
    else:
        actor.require("mail.read")
    step_up.require_of_session(actor)
    secret = new_secret()
    whose = Q(user=None) if user_id is None else Q(user_id=user_id)
    present = Endpoint.objects.filter(whose, organisation_id=actor.organisation_id).count()
    if present >= MAX_ENDPOINTS:
        raise Limited("too_many_webhooks", f"There are {MAX_ENDPOINTS} webhooks at most.")
    endpoint = Endpoint.objects.create(
        organisation_id=actor.organisation_id,
        user_id=user_id,
        url=_checked(url),
        events=sorted(set(events)),
        description=description,
        secret=sealing.seal(secret.encode(), purpose=PURPOSE),
    )
    reading.watch(endpoint)
    _record(actor, Act.WEBHOOK_CREATED, endpoint.id, {"scope": scope, "events": list(endpoint.events)})
    return Created(endpoint=endpoint, secret=secret)


@db.action
def update_endpoint(
    actor: Actor,
    endpoint_id: int,
    *,
    url: str | None = None,
    events: Sequence[str] | None = None,
    description: str | None = None,
    is_enabled: bool | None = None,
) -> Endpoint:
    """Change what is given. Switching on again forgets that it failed. Another URL asks a session for step-up."""
    endpoint = access.held_endpoint_for(actor, endpoint_id)
    if url is not None and url != endpoint.url:
        step_up.require_of_session(actor)
        endpoint.url = _checked(url)
    if events is not None:
        endpoint.events = sorted(set(events))
    if description is not None:
        endpoint.description = description
    if is_enabled is not None:
        endpoint.state = Endpoint.State.ENABLED if is_enabled else Endpoint.State.DISABLED
        endpoint.reason = "" if is_enabled else Endpoint.Reason.PERSON
        endpoint.failing_since = None
    endpoint.save(update_fields=["url", "events", "description", "state", "reason", "failing_since"])
    given = {"url": url, "events": events, "description": description, "is_enabled": is_enabled}
    fields = sorted(name for name, value in given.items() if value is not None)
    if fields:
        _record(actor, Act.WEBHOOK_CHANGED, endpoint.id, {"fields": fields})
    if is_enabled:
        reading.watch(endpoint)
    return endpoint


@db.action
def delete_endpoint(actor: Actor, endpoint_id: int) -> None:
    """With what it was told and what still waits for it."""
    endpoint = access.held_endpoint_for(actor, endpoint_id)
    inside = "SELECT id FROM hooks_message WHERE endpoint_id = %s"
    sql.run(f"DELETE FROM hooks_attempt WHERE message_id IN ({inside})", [endpoint.id])
    sql.run("DELETE FROM hooks_message WHERE endpoint_id = %s", [endpoint.id])
    sql.run("DELETE FROM hooks_endpoint WHERE id = %s", [endpoint.id])
    _record(actor, Act.WEBHOOK_DELETED, endpoint.id)


@db.action
def rotate_secret(actor: Actor, endpoint_id: int, *, keep_hours: int) -> Created:
    """A new secret; the old one signs beside it for some hours (0: it ends now)."""
    endpoint = access.held_endpoint_for(actor, endpoint_id)
    secret = new_secret()
    endpoint.old_secret = endpoint.secret if keep_hours else ""
    endpoint.old_secret_until = clock.now() + dt.timedelta(hours=keep_hours) if keep_hours else None
    endpoint.secret = sealing.seal(secret.encode(), purpose=PURPOSE)
    endpoint.save(update_fields=["secret", "old_secret", "old_secret_until"])
    _record(actor, Act.WEBHOOK_ROTATED, endpoint.id, {"keep_hours": keep_hours})
    return Created(endpoint=endpoint, secret=secret)


@db.action
def send_test(actor: Actor, endpoint_id: int) -> Message:
    """Tell an endpoint that it is told; it is tried like any event."""
    endpoint = access.endpoint_for(actor, endpoint_id)
    _insist_on_enabled(endpoint)
    message_id = new_id()
    event = Event(
        type=TEST,
        key=f"{TEST}:{message_id}",
        at_ms=clock.now_ms(),
        data={"endpoint_id": str(endpoint.id)},
        summary={},
    )
    body = event.body(is_private=False)
    outbox.insert([outbox.New(message_id, endpoint.id, event.type, event.key, body)])
    _record(actor, Act.WEBHOOK_TESTED, endpoint.id)
    return Message.objects.get(id=message_id)


@db.action
def replay(actor: Actor, endpoint_id: int, message_id: int) -> Message:
    """Try again from the start, under the same `webhook-id`. Raises Conflict (already_pending)."""
    message = access.message_for(actor, endpoint_id, message_id)
    _insist_on_enabled(message.endpoint)
    if message.state == Message.State.PENDING:
        raise Conflict("already_pending", "It is still being tried.")
    now_ms = clock.now_ms()
    sql.run(
        "UPDATE hooks_message SET state = 'pending', attempts = 0, next_at = %s WHERE id = %s",
        [now_ms, message.id],
    )
    outbox.wake(message.endpoint_id, at_ms=now_ms)
    _record(actor, Act.WEBHOOK_REPLAYED, endpoint_id, {"message": str(message.id)})
    return Message.objects.get(id=message.id)


def _record(actor: Actor, act: Act, endpoint_id: int, facts: dict[str, Fact] | None = None) -> None:
    """Never the URL, which may hold a secret of the other side."""
    record(actor, act, kind="webhook", object_id=endpoint_id, facts=facts)


def _insist_on_enabled(endpoint: Endpoint) -> None:
    if endpoint.state != Endpoint.State.ENABLED:
        raise Conflict("webhook_disabled", "This webhook is switched off.")
