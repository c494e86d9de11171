"""The only way to an endpoint by id: one's own, and the organisation's for those who manage those."""

from __future__ import annotations

from django.db.models import Q

from posthouse.base.errors import Missing
from posthouse.hooks.models import Endpoint, Message
from posthouse.identity.actor import Actor

MANAGE = "webhooks.manage"


def visible(actor: Actor) -> Q:
    """Which endpoints an actor may see and change: what tells of mail is for who may read mail."""
    if not actor.may(MANAGE):
        actor.require("mail.read")
        return Q(user_id=actor.user_id)
    whole = Q(user=None, organisation_id=actor.organisation_id)
    return whole | Q(user_id=actor.user_id) if actor.may("mail.read") else whole


def endpoint_for(actor: Actor, endpoint_id: int) -> Endpoint:
    endpoint = Endpoint.objects.filter(visible(actor), id=endpoint_id).first()
    if endpoint is None:
        raise Missing()
    return endpoint


def held_endpoint_for(actor: Actor, endpoint_id: int) -> Endpoint:
    """One that nobody else changes or tells until the commit."""
    endpoint = Endpoint.objects.select_for_update(of=("self",)).filter(visible(actor), id=endpoint_id).first()
    if endpoint is None:
        raise Missing()
    return endpoint


def message_for(actor: Actor, endpoint_id: int, message_id: int) -> Message:
    endpoint = endpoint_for(actor, endpoint_id)
    message = Message.objects.filter(endpoint=endpoint, id=message_id).first()
    if message is None:
        raise Missing()
    return message
