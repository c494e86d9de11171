"""Django's settings for a door in a process of its own: the tables, and nothing of the API that fills memory."""

from __future__ import annotations

from posthouse.config import settings
from posthouse.config.settings import *  # noqa: F403 Django's own way of settings made of others

INSTALLED_APPS = [
    app
    for app in settings.INSTALLED_APPS
    if app.startswith("posthouse.") or app in ("django.contrib.auth", "django.contrib.contenttypes")
]
