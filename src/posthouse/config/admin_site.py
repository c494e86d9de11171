"""/admin/: the operator's pages, made of what each room shows of itself (`admin.py` of the rooms).

It is imported with the paths, so that a fault in it stops the start and not the first visit.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, reverse
from unfold.sites import UnfoldAdminSite

from posthouse.audit import admin as audit_admin
from posthouse.base import admin, health
from posthouse.delivery import admin as delivery_admin
from posthouse.hooks import admin as hooks_admin
from posthouse.identity import admin as identity_admin
from posthouse.identity import admin_held, mfa_policy, tokens
from posthouse.mail import admin as mail_admin
from posthouse.mail import mailboxes
from posthouse.notifications import admin as notifications_admin
from posthouse.ops import admin as ops_admin
from posthouse.ops.health import versions

NOT_OURS = frozenset(
    {"login", "logout", "password_change", "password_change_done", "view_on_site", "search", "autocomplete"}
)
"""Paths of Django's and unfold's that have nothing to do here: our log-in is elsewhere."""
ROOMS: dict[str, tuple[Any, ...]] = {
    "People": (
        identity_admin.OrganisationPage,
        identity_admin.PersonPage,
        identity_admin.GroupPage,
        identity_admin.RolePage,
        identity_admin.DomainPage,
        identity_admin.AddressPage,
        admin_held.InvitationPage,
    ),
    "Access": (
        admin_held.SessionPage,
        admin_held.TokenPage,
        admin_held.AppPasswordPage,
        notifications_admin.PushDevicePage,
    ),
    "Mail": (mail_admin.AccountPage, mail_admin.MailboxPage, mail_admin.EmailPage),
    "On its way": (
        delivery_admin.RecipientPage,
        delivery_admin.SubmissionPage,
        hooks_admin.EndpointPage,
        hooks_admin.MessagePage,
        hooks_admin.AttemptPage,
    ),
    "House": (ops_admin.JobPage, audit_admin.LinePage),
}

REFUSALS_HOURS = 24
MOST_REFUSALS = 8
NO_FACTS = frozenset({"status", "schema"})
"""Of a check: said in words above, or read by programs alone."""
WORDS = {"ok": "Well", "failing": "Failing", "degraded": "Some things fail", "down": "Down"}


class Site(UnfoldAdminSite):  # type: ignore[misc]
    site_header = site_title = "Posthouse"
    site_url = "/"
    enable_nav_sidebar = True

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [one for one in super().get_urls() if getattr(one, "name", None) not in NOT_OURS]

    def has_permission(self, request: HttpRequest) -> bool:
        """Nobody else gets this far (operators_door.py)."""
        return hasattr(request.user, "actor")

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        actor = admin.operator_of(request)
        context: dict[str, Any] = super().each_context(request)
        return context | {"user": request.user, "csrf_token": tokens.new_csrf(actor.session_id)}

    def get_sidebar_list(self, request: HttpRequest) -> list[dict[str, Any]]:
        first: dict[str, Any] = {"title": "Overview", "icon": "dashboard", "link": reverse("admin:index")}
        first |= {"active": request.path == first["link"], "has_permission": True}
        return [{"title": "", "items": [first]}, *(self._group(request, title) for title in ROOMS)]

    def _group(self, request: HttpRequest, title: str) -> dict[str, Any]:
        items = []
        for page in ROOMS[title]:
            model = _MODELS[page]
            link = admin.list_address(model)
            items.append(
                {
                    "title": str(model._meta.verbose_name_plural).capitalize(),
                    "icon": page.icon,
                    "link": link,
                    "active": request.path.startswith(link),
                    "has_permission": True,
                }
            )
        return {"title": title, "items": items}

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """How the house does, at one look: what its detailed health says, and what was refused."""
        status, checks = health.examine()
        context = {
            **self.each_context(request),
            "title": "Overview",
            "index": True,
            "status": status,
            "status_words": WORDS[status],
            "checks": [_check(name, facts) for name, facts in checks.items()],
            "uptime": _span(health.uptime_seconds()),
            "versions": versions(),
            "waiting": _waiting(checks),
            "counts": identity_admin.counts(),
            **_factors(admin.operator_of(request).user_id),
            "refusals": audit_admin.refusals(REFUSALS_HOURS, MOST_REFUSALS),
            "refusals_hours": REFUSALS_HOURS,
            **(extra_context or {}),
        }
        request.current_app = self.name
        return TemplateResponse(request, "admin/index.html", context)


def _factors(operator_id: int) -> dict[str, Any]:
    """Whose stolen password would open these pages."""
    without = mfa_policy.operators_without_factor()
    return {
        "lacks_factor": operator_id in without,
        "without_factor": len(without),
        "must_have_factor": settings.OPERATOR_MFA,
    }


def _waiting(checks: dict[str, Any]) -> list[dict[str, Any]]:
    """What waits or failed, each with the list that shows it."""
    outgoing, lane = checks.get("outgoing", {}), checks.get("write_lane", {})
    recipients = admin.list_address(_MODELS[delivery_admin.RecipientPage])
    jobs = admin.list_address(_MODELS[ops_admin.JobPage])
    return [
        {
            "words": "Recipients due now",
            "number": outgoing.get("due", 0),
            "link": f"{recipients}?waiting=yes",
        },
        {
            "words": "Tried again later",
            "number": outgoing.get("retrying", 0),
            "link": f"{recipients}?waiting=failing",
        },
        {"words": "Jobs due now", "number": checks.get("jobs", {}).get("due", 0), "link": jobs},
        {"words": "Failed jobs", "number": ops_admin.failed_jobs(), "link": f"{jobs}?state=failed"},
        {"words": "Writes that wait", "number": lane.get("queued", 0), "link": ""},
    ]


def _check(name: str, facts: dict[str, Any]) -> dict[str, Any]:
    plain = {key: value for key, value in facts.items() if key not in NO_FACTS}
    return {
        "name": name.replace("_", " "),
        "is_well": facts["status"] == "ok",
        "words": WORDS[facts["status"]],
        "facts": list(_said(plain)),
    }


def _said(facts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Facts as people read them: what lies inside another is said beside it, what is empty is not said."""
    for key, value in facts.items():
        if isinstance(value, dict):
            yield from _said(value)
        elif isinstance(value, list):
            for one in value:
                yield from _said(one) if isinstance(one, dict) else [(key.replace("_", " "), str(one))]
        elif isinstance(value, bool):
            yield key.removeprefix("is_").replace("_", " "), "yes" if value else "no"
        elif key.endswith("_bytes"):
            yield key.removesuffix("_bytes").replace("_", " "), filesizeformat(value)
        elif value is not None:
            yield key.replace("_", " "), str(value)


def _span(seconds: int) -> str:
    days, rest = divmod(seconds, 86_400)
    return f"{days} days" if days > 1 else f"{rest // 3600 + 24 * days} h {rest % 3600 // 60} min"


def _made() -> Site:
    made = Site(name=admin.SITE)
    made.disable_action("delete_selected")
    identity_admin.PersonPage.settle = staticmethod(mailboxes.settle)
    for pages in ROOMS.values():
        for page in pages:
            meta = _MODELS[page]._meta
            if page.words[0]:
                meta.verbose_name, meta.verbose_name_plural = page.words
            made.register(_MODELS[page], page)
    return made


_MODELS: dict[Any, Any] = {page: model for model, page in admin.SHOWN.items()}
site = _made()
