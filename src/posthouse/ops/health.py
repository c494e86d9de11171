"""The checks of `GET /api/v1/health/detailed/`: is the database there, does the lane write, does mail move?

Essential are those without which nobody can be served: the database, the write lane, and room on the disk.
"""

from __future__ import annotations

import platform
import shutil
import sqlite3
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import django
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from posthouse.base import clock, db, sql
from posthouse.base.health import Report, add_check

LEAST_FREE_BYTES = 64 * 1024 * 1024
LITTLE_FREE_SHARE = 0.05
STUCK_SECONDS = 30.0
LATE_MS = 15 * 60_000
"""A queue whose oldest due work is older than this does not move."""


def set_up(data: Path) -> None:
    """Called once, before the first door opens."""
    add_check("database", _database, is_essential=True)
    add_check("write_lane", _lane, is_essential=True)
    add_check("disk", lambda: _disk(data), is_essential=True)
    add_check("outgoing", _outgoing)
    add_check("jobs", _jobs)


def versions() -> dict[str, str]:
    found = {
        "posthouse": version("posthouse"),
        "python": platform.python_version(),
        "django": django.get_version(),
    }
    return found | ({"sqlite": sqlite3.sqlite_version} if connection.vendor == "sqlite" else {})


def _database() -> Report:
    begun = time.perf_counter()
    sql.row("SELECT 1")
    latency_ms = round((time.perf_counter() - begun) * 1000, 2)
    facts: dict[str, Any] = {"vendor": connection.vendor, "latency_ms": latency_ms, "schema": _schema()}
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        facts |= {"size_bytes": _size(name), "wal_bytes": _size(f"{name}-wal")}
    else:
        found = sql.row("SELECT pg_database_size(current_database())")
        facts["size_bytes"] = found[0] if found else 0
    return Report(facts=facts)


def _schema() -> dict[str, str]:
    """The last migration of each of our rooms."""
    last: dict[str, str] = {}
    for app, name in MigrationRecorder.Migration.objects.order_by("id").values_list("app", "name"):
        last[app] = name
    return last


def _size(name: str) -> int:
    try:
        return Path(name).stat().st_size
    except OSError:
        return 0


def _lane() -> Report:
    state = db.lane_state()
    facts = {
        "queued": state.queued,
        "last_commit_ms": round(state.last_commit_seconds * 1000, 2),
        "commits": state.commits,
    }
    return Report(is_well=state.is_alive and state.busy_seconds < STUCK_SECONDS, facts=facts)


def _disk(data: Path) -> Report:
    usage = shutil.disk_usage(data)
    is_well = usage.free > LEAST_FREE_BYTES
    is_nearly_full = usage.free < usage.total * LITTLE_FREE_SHARE
    facts = {"free_bytes": usage.free, "total_bytes": usage.total, "is_nearly_full": is_nearly_full}
    return Report(is_well=is_well, facts=facts)


def _outgoing() -> Report:
    return _queue("delivery_recipient", {"held": "state = 'held'", "retrying": "state = 'retrying'"})


def _jobs() -> Report:
    return _queue("base_job", {"failing": "last_error <> ''"})


def _queue(table: str, counted: dict[str, str]) -> Report:
    """How much is due, and for how long the first of it has been."""
    now_ms = clock.now_ms()
    due = sql.row(f"SELECT count(*), min(due_at) FROM {table} WHERE due_at <= %s", [now_ms]) or (0, None)
    lag_ms = 0 if due[1] is None else now_ms - int(due[1])
    facts: dict[str, Any] = {"due": due[0], "lag_seconds": lag_ms // 1000}
    for name, condition in counted.items():
        found = sql.row(f"SELECT count(*) FROM {table} WHERE {condition} AND due_at IS NOT NULL")
        facts[name] = found[0] if found else 0
    return Report(is_well=lag_ms < LATE_MS, facts=facts)
