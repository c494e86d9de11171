"""What operators do to webhooks, whoever's they are: switch them off, and on again."""

from __future__ import annotations

from urllib.parse import urlsplit

from posthouse.audit.actions import Fact, record
from posthouse.audit.acts import Act
from posthouse.base import db
from posthouse.base.errors import Missing
from posthouse.hooks import reading
from posthouse.hooks.models import Endpoint
from posthouse.identity.actor import Actor
from posthouse.identity.operators import acting_in


@db.action
def switch(operator: Actor, endpoint_id: int, *, is_enabled: bool) -> None:
    """Switching on forgets that it failed. Raises Missing."""
    endpoint = Endpoint.objects.filter(id=endpoint_id).first()
    acting = acting_in(operator, 0 if endpoint is None else endpoint.organisation_id)
    if endpoint is None:
        raise Missing()
    endpoint.state = Endpoint.State.ENABLED if is_enabled else Endpoint.State.DISABLED
    endpoint.reason = "" if is_enabled else Endpoint.Reason.PERSON
    endpoint.failing_since = None
    endpoint.save(update_fields=["state", "reason", "failing_since"])
    if is_enabled:
        reading.watch(endpoint)
    facts: dict[str, Fact] = {"fields": ["is_enabled"]}
    record(
        acting,
        Act.WEBHOOK_CHANGED,
        kind="webhook",
        object_id=endpoint.id,
        subject=endpoint.user_id or 0,
        facts=facts,
    )


def host_of(endpoint: Endpoint) -> str:
    """Whom it tells, without the path, which is often a secret of its own."""
    return urlsplit(endpoint.url).hostname or ""
