"""The house's own work as operators see it at /admin/. What a job is about may be a secret and is not shown."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from posthouse.base import clock
from posthouse.base.admin import HouseAdmin, act, among, moment, shown, since
from posthouse.base.models import Job
from posthouse.identity.actor import Actor
from posthouse.ops import operating


@shown(Job)
class JobPage(HouseAdmin):
    icon, name = "work_history", "kind"
    columns = ("id", "kind", moment("due_at", "due"), "attempts", "last_error", moment("created_at"))
    facts = (
        "id",
        "kind",
        moment("due_at", "due"),
        "attempts",
        "leased_by",
        "last_error",
        moment("created_at"),
    )
    search_fields = ("=kind", "=id", "last_error")
    list_filter = (
        among(
            "state",
            "state",
            {
                "failed": ("Failed", ~Q(last_error="")),
                "running": ("Under way", ~Q(leased_by="")),
                "scheduled": ("Comes again", Q(key__startswith="schedule:")),
            },
        ),
        "kind",
        since("created_at", "asked for"),
    )
    ordering = ("due_at",)
    actions = ("hurry",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("arguments")

    @act("Run now")
    def hurry(self, operator: Actor, row: Job) -> None:
        operating.hurry_job(operator, row.id)


def failed_jobs() -> int:
    return Job.objects.exclude(last_error="").filter(due_at__gt=clock.from_ms(0)).count()
