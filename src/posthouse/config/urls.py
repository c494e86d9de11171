"""Every path of the API; the only place that knows all rooms. What is no path here is a problem 404."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import include, path, re_path, resolve

from posthouse.audit.api import urls as audit_urls
from posthouse.base.api import broken, not_found, problem, problem_pages
from posthouse.base.api.routing import Routes
from posthouse.bridge.api import urls as bridge_urls
from posthouse.config import docs
from posthouse.config.admin_site import site
from posthouse.config.health_view import DetailedHealthView, HealthView
from posthouse.conversations.api import urls as conversation_urls
from posthouse.delivery.api import urls as delivery_urls
from posthouse.delivery.junk.queries import spam_of_email
from posthouse.delivery.queries import deliveries_of_email
from posthouse.delivery.rules.queries import filing_of_email
from posthouse.hooks.api import urls as hooks_urls
from posthouse.identity.api import urls as identity_urls
from posthouse.mail.api import reading
from posthouse.mail.api import urls as mail_urls
from posthouse.notifications.api import urls as notification_urls
from posthouse.realtime.api import ChangesView

_beside = {
    "deliveries": staticmethod(deliveries_of_email),
    "filings": staticmethod(filing_of_email),
    "verdicts": staticmethod(spam_of_email),
}

api = [
    path("health/", HealthView.as_view()),
    path("health/detailed/", DetailedHealthView.as_view()),
    *audit_urls.urlpatterns,
    *identity_urls.urlpatterns,
    *mail_urls.urlpatterns,
    *delivery_urls.urlpatterns,
    *bridge_urls.urlpatterns,
    *notification_urls.urlpatterns,
    *conversation_urls.urlpatterns,
    *hooks_urls.urlpatterns,
    path("threads/<id:thread_id>/", reading.ThreadView.as_view(**_beside)),
    path("emails/<id:email_id>/", reading.EmailView.as_view(**_beside)),
    path("changes/", ChangesView.as_view()),
    *docs.urlpatterns,
    *problem_pages.urlpatterns,
]

named = [
    *mail_urls.named_patterns,
    *delivery_urls.named_patterns,
    path("get/v1/mail/<id:email_id>/", reading.NamedEmailView.as_view(**_beside)),
]
"""The paths that the requirements name (G9-G12): the same views under those names."""


def nothing_here(request: HttpRequest) -> HttpResponse:
    """A 404 that says so where only the last slash is missing.

    No redirect: a client that follows one may repeat a write as a GET, and would never learn the right path.
    """
    slashed = request.path_info + "/"
    if resolve(slashed).func is nothing_here:
        return not_found(request)
    return problem(request, 404, "not_found", f"Paths end with a slash: {slashed}")


def to_admin(request: HttpRequest) -> HttpResponse:
    """People type it without the slash, and nothing is written there."""
    return HttpResponseRedirect("/admin/") if request.method in ("GET", "HEAD") else nothing_here(request)


urlpatterns = [
    Routes("api/v1/", api),
    path("admin/", site.urls),
    path("admin", to_admin),
    path("mail/", include(named)),
    path("__docs__/v1/", docs.SwaggerView.as_view(url_name="schema")),
    *identity_urls.oauth_patterns,
    path("api/auth/", include(identity_urls.cookie_patterns)),
    re_path(r"", nothing_here),
]

handler404 = not_found
handler500 = broken
