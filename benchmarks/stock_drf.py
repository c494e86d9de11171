"""The REST peer: the same list written the usual way, Django REST framework under Django's own ASGI handler.

    python -m benchmarks.stock_drf ROWS              makes the database, prints a token
    uvicorn benchmarks.stock_drf:application         serves it (STOCK_DRF_DATABASE names the file)

A token in the database, a ModelSerializer, cursor pagination: what the frameworks' manuals show, and nothing
that slows it down. The rows hold what a list of threads shows, ready-made, which flatters it if anything.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="only-for-measuring-0123456789abcdef",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    TIME_ZONE="UTC",
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "rest_framework",
        "rest_framework.authtoken",
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ.get("STOCK_DRF_DATABASE", "stock.db"),
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    },
)
django.setup()

from django.core.asgi import get_asgi_application  # noqa: E402 the settings must be there before
from django.db import connection, models  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework import generics, pagination, serializers  # noqa: E402


class Thread(models.Model):
    subject = models.TextField()
    preview = models.TextField()
    last_at = models.DateTimeField(db_index=True)
    email_count = models.IntegerField()
    unread_count = models.IntegerField()
    is_flagged = models.BooleanField()
    is_answered = models.BooleanField()
    has_attachment = models.BooleanField()
    has_draft = models.BooleanField()
    senders = models.JSONField()
    recipients = models.JSONField()
    mailbox_ids = models.JSONField()
    email_ids = models.JSONField()

    class Meta:
        app_label = "auth"


class ThreadSerializer(serializers.ModelSerializer[Thread]):
    class Meta:
        model = Thread
        fields = "__all__"


class Newest(pagination.CursorPagination):
    ordering = "-last_at"
    page_size = 50


class Threads(generics.ListAPIView[Thread]):
    queryset = Thread._default_manager.all()
    serializer_class = ThreadSerializer
    pagination_class = Newest


urlpatterns = [path("threads/", Threads.as_view())]
application = get_asgi_application()


def _row(number: int) -> Thread:
    facts: dict[str, Any] = {
        "subject": f"Minutes of the meeting number {number}",
        "preview": "What we said, what we decided and who will do it until we meet again next week. " * 2,
        "last_at": datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=number),
        "senders": [{"name": "Alice Example", "email": "alice@example.test"}],
        "recipients": [{"name": "Bob Example", "email": "bob@example.test"}],
        "mailbox_ids": ["123456789012345678"],
        "email_ids": ["123456789012345679"],
    }
    return Thread(
        **facts,
        email_count=1,
        unread_count=number % 2,
        is_flagged=False,
        is_answered=False,
        has_attachment=False,
        has_draft=False,
    )


def make(rows: int) -> str:
    """Fill an empty database; returns the token that may read it."""
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from rest_framework.authtoken.models import Token

    call_command("migrate", run_syncdb=True, verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(Thread)
    Thread._default_manager.bulk_create((_row(number) for number in range(rows)), batch_size=2000)
    token = Token.objects.create(user=User.objects.create_user("alice"))
    return str(token.key)


if __name__ == "__main__":
    print(make(int(sys.argv[1])))
