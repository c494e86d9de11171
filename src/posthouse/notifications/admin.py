"""Devices that are pushed to, as operators see them at /admin/: whose, by which service, and how that goes."""

from __future__ import annotations

from django.db.models import Q

from posthouse.base.admin import HouseAdmin, among, link, moment, shown, since
from posthouse.identity.admin_forms import of
from posthouse.notifications.models import Endpoint


@shown(Endpoint)
class PushDevicePage(HouseAdmin):
    icon, words = "notifications", ("push device", "push devices")
    columns = (
        "id",
        link("user", "email", "person"),
        "host",
        "failures",
        moment("last_used_at", "last pushed"),
        moment("created_at"),
    )
    joined = ("user",)
    search_fields = ("=host", "user__email", "=id")
    list_filter = (
        among("failing", "failing", {"yes": ("Failing", Q(failures__gt=0))}),
        of("user__organisation_id"),
        since("created_at", "made"),
    )
