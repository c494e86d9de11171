"""Django's `migrate`, which gives an empty database all its tables at once (base/new_database.py)."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from posthouse.base import new_database

_PARTS_ONLY = ("app_label", "plan", "check_unapplied", "fake", "fake_initial", "run_syncdb", "prune")


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        if not any(options[name] for name in _PARTS_ONLY):
            new_database.make_tables(connections[options["database"]])
        super().handle(*args, **options)
