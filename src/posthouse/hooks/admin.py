"""Webhooks as operators see them at /admin/: whom they tell and how that goes. No secret, and nothing they say."""

from __future__ import annotations

from django.db.models import Q

from posthouse.base.admin import HouseAdmin, act, among, elsewhere, link, moment, shown, since
from posthouse.hooks import operating
from posthouse.hooks.models import Attempt, Endpoint, Message
from posthouse.identity.actor import Actor
from posthouse.identity.admin_forms import OrganisationFilter, of


@shown(Endpoint)
class EndpointPage(HouseAdmin):
    icon, name, words = "webhook", "host", ("webhook", "webhooks")
    columns = (
        "host",
        link("organisation", "name"),
        link("user", "email", "person"),
        "state",
        "reason",
        moment("failing_since", "failing since"),
        moment("created_at"),
    )
    facts = (
        "id",
        "host",
        "description",
        "events",
        link("organisation", "name"),
        link("user", "email", "person"),
        "state",
        "reason",
        moment("failing_since", "failing since"),
        moment("created_at"),
        elsewhere("deliveries", Message, "endpoint"),
    )
    joined = ("organisation", "user")
    search_fields = ("url", "user__email", "=id")
    list_filter = (
        "state",
        "reason",
        among("failing", "failing", {"yes": ("Failing", Q(failing_since__isnull=False))}),
        OrganisationFilter,
        since("created_at", "made"),
    )
    actions = ("switch_off", "switch_on")

    def host(self, row: Endpoint) -> str:
        """Without its path, which is what often lets one in."""
        return operating.host_of(row)

    def name_of(self, row: Endpoint) -> str:
        return operating.host_of(row)

    @act("Switch off", when=lambda row: row.state == Endpoint.State.ENABLED)
    def switch_off(self, operator: Actor, row: Endpoint) -> None:
        operating.switch(operator, row.id, is_enabled=False)

    @act("Switch on", when=lambda row: row.state == Endpoint.State.DISABLED)
    def switch_on(self, operator: Actor, row: Endpoint) -> None:
        operating.switch(operator, row.id, is_enabled=True)


@shown(Message)
class MessagePage(HouseAdmin):
    icon, words = "published_with_changes", ("webhook delivery", "webhook deliveries")
    columns = (
        "id",
        "type",
        link("endpoint", "id", "webhook"),
        "state",
        "attempts",
        moment("next_at", "next try"),
        moment("created_at"),
        elsewhere("tries", Attempt, "message"),
    )
    joined = ("endpoint",)
    search_fields = ("=id", "=type")
    list_filter = ("state", of("endpoint__organisation_id"), since("created_at", "made"))


@shown(Attempt)
class AttemptPage(HouseAdmin):
    icon, words = "history", ("try of a webhook", "tries of webhooks")
    columns = ("id", link("message", "id", "delivery"), moment("at"), "status", "duration_ms", "error")
    joined = ("message",)
    search_fields = ("=id", "=message__id")
    list_filter = (
        among("outcome", "outcome", {"failed": ("Failed", Q(status__isnull=True) | Q(status__gte=300))}),
        since("at", "tried"),
    )
