"""Django's SQLite backend with our connection rules.

- WAL and `synchronous=FULL`: an answer of 250 is a promise, and NORMAL may forget the last commits at a power loss.
- Only the write lane's thread may write; every other connection is `query_only`, so a stray write is an error
  here and not a lock there. `rights.writable` lifts that for migrations, before the lane exists.
- No connection but the lane's checkpoints (`wal_autocheckpoint=0`): SQLite 3.7.0-3.51.2 has the WAL-reset bug, for
  which two must write or checkpoint at once.
- `mmap_size` is never set, not for readers either. They could not run into that bug, but an error of the disk within a
  map ends the whole process by SIGBUS, where a read fails and is answered "later" (https://sqlite.org/mmap.html).
"""

from __future__ import annotations

import threading
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.backends.sqlite3.schema import DatabaseSchemaEditor
from django.db.models import CompositePrimaryKey, Model

CACHE_KIB = 32_000
LANE_THREAD = "write-lane"


class _Rights(threading.local):
    """Whether this thread's next connection may write although it is not the lane's."""

    writable = False


rights = _Rights()


class SchemaEditor(DatabaseSchemaEditor):
    def table_sql(self, model: type[Model]) -> Any:
        """Tables keyed by several columns are kept in the order of their key, with no second copy of it."""
        statement, params = super().table_sql(model)
        if isinstance(model._meta.pk, CompositePrimaryKey):
            statement += " WITHOUT ROWID"
        return statement, params


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = SchemaEditor

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        raw = super().get_new_connection(conn_params)
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute("PRAGMA wal_autocheckpoint=0")
        raw.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        raw.execute("PRAGMA temp_store=MEMORY")
        if threading.current_thread().name != LANE_THREAD and not rights.writable:
            raw.execute("PRAGMA query_only=ON")
        return raw
