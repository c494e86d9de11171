"""The audit log as operators see it at /admin/: every chain, to be read."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.http import HttpRequest
from unfold.views import ChangeList

from posthouse.audit.acts import Act, Outcome
from posthouse.audit.models import Chain, Line
from posthouse.base import clock
from posthouse.base.admin import PERIODS, HouseAdmin, list_address, moment, shown

FAMILIES = sorted({act.partition(".")[0] for act in Act})
VIAS = ("http", "imap", "smtp", "cli", "admin", "job")


class Period(SimpleListFilter):
    """The last day unless more is asked for, the last month of a search; a chain has an index and is shown whole."""

    title = "time"
    parameter_name = "period"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, f"The last {name}") for name in PERIODS]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        usual = "" if "chain" in request.GET else "month" if "q" in request.GET else "day"
        chosen = self.value() or usual
        ms = PERIODS.get(chosen)
        return queryset if ms is None else queryset.filter(at__gte=clock.now_ms() - ms)


class ChainFilter(SimpleListFilter):
    """By the organisation whose chain it is; 0 is the house's own."""

    title = "chain"
    parameter_name = "chain"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        first = Chain.objects.order_by("organisation_id").values_list("organisation_id", flat=True)[:50]
        return [(str(one), f"Organisation {one}" if one else "The house") for one in first]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = self.value() or ""
        if chosen.isdigit():
            return queryset.filter(organisation_id=chosen)
        return queryset.filter(organisation_id__in=Chain.objects.values("organisation_id"))


def _one_of(parameter: str, words: str, lookup: str, values: Any) -> type[SimpleListFilter]:
    class OneOf(SimpleListFilter):
        title = words
        parameter_name = parameter

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
            return [(value, value) for value in values]

        def queryset(self, request: HttpRequest, queryset: Any) -> Any:
            chosen = self.value()
            return queryset.filter(**{lookup: chosen}) if chosen else queryset

    return OneOf


class Lines(ChangeList):  # type: ignore[misc]
    """A line leads to all that happened to the same thing."""

    def url_for_result(self, result: Line) -> str:
        if result.object_id:
            return list_address(Line, q=result.object_id)
        return list_address(Line, chain=result.organisation_id)


@shown(Line)
class LinePage(HouseAdmin):
    icon = "receipt_long"
    columns = (
        moment("at"),
        "act",
        "outcome",
        "actor_email",
        "via",
        "ip",
        "object_kind",
        "object_id",
        "facts",
        "organisation_id",
    )
    search_fields = ("=actor_email", "=ip", "=object_id", "=act", "=subject_id")
    search_help_text = "An actor's address, an IP, an act or a number"
    list_filter = (
        Period,
        _one_of("family", "act", "act__startswith", FAMILIES),
        _one_of("outcome", "outcome", "outcome", [outcome.value for outcome in Outcome]),
        _one_of("via", "door", "via", VIAS),
        ChainFilter,
    )
    ordering = ("-at", "-sequence")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return Lines

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """There is no page of one line: its list says all."""
        return obj is None


def refusals(hours: int, most: int) -> list[Line]:
    """The newest acts that were refused."""
    since = clock.now_ms() - hours * 3600_000
    chains = Chain.objects.values("organisation_id")
    found = Line.objects.filter(organisation_id__in=chains, at__gte=since, outcome=Outcome.REFUSED.value)
    return list(found.order_by("-at")[:most])
