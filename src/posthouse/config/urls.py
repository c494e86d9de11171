"""Every path of the API; the only place that knows all rooms. What is no path here is a problem 404."""

from __future__ import annotations

from django.urls import include, path, re_path

from posthouse.base.api import broken, not_found
from posthouse.config import docs
from posthouse.config.health_view import HealthView
from posthouse.delivery.api import urls as delivery_urls
from posthouse.delivery.queries import deliveries_of_email
from posthouse.identity.api import urls as identity_urls
from posthouse.mail.api import reading
from posthouse.mail.api import urls as mail_urls
from posthouse.realtime.api import ChangesView

_deliveries = {"deliveries": staticmethod(deliveries_of_email)}

api = [
    path("health/", HealthView.as_view()),
    *identity_urls.urlpatterns,
    *mail_urls.urlpatterns,
    *delivery_urls.urlpatterns,
    path("threads/<id:thread_id>/", reading.ThreadView.as_view(**_deliveries)),
    path("emails/<id:email_id>/", reading.EmailView.as_view(**_deliveries)),
    path("changes/", ChangesView.as_view()),
    *docs.urlpatterns,
]

urlpatterns = [path("api/v1/", include(api)), re_path(r"", not_found)]

handler404 = not_found
handler500 = broken
