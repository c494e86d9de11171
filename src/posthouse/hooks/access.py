"""The only way to an endpoint by id: one's own, and the organisation's for those who look after it."""

from __future__ import annotations

from django.db.models import Q

from posthouse.base.errors import Denied, Missing
from posthouse.hooks.models import Endpoint, Message
from posthouse.identity.actor import Actor


def visible(actor: Actor) -> Q:
    """Which endpoints an actor may see and change."""
    own = Q(user_id=actor.user_id)
    return own | Q(user=None, organisation_id=actor.organisation_id) if actor.is_admin else own


def endpoint_for(actor: Actor, endpoint_id: int) -> Endpoint:
    endpoint = Endpoint.objects.filter(visible(actor), id=endpoint_id).first()
    if endpoint is None:
        raise Missing()
    return endpoint


def message_for(actor: Actor, endpoint_id: int, message_id: int) -> Message:
    endpoint = endpoint_for(actor, endpoint_id)
    message = Message.objects.filter(endpoint=endpoint, id=message_id).first()
    if message is None:
        raise Missing()
    return message


def insist_on_admin(actor: Actor) -> None:
    if not actor.is_admin:
        raise Denied("permission_denied", "Only an administrator may do this for the organisation.")
