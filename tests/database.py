"""Which database the tests run on: SQLite in the data folder, or `POSTHOUSE_TEST_DATABASE=postgresql`.

The PostgreSQL is Debian's own, one cluster for the whole run, started when a house first asks for it. Each house has
a database of its own there, so that houses meet as little as they do with a folder each.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.peers.postgresql import Postgresql

VARIABLE = "POSTHOUSE_TEST_DATABASE"
_running = ExitStack()
_numbers = itertools.count(1)
_taken: dict[Path, dict[str, str]] = {}


def is_postgresql() -> bool:
    chosen = os.environ.get(VARIABLE, "") or "sqlite"
    if chosen not in ("sqlite", "postgresql"):
        raise ValueError(f"{VARIABLE}={chosen!r} is neither sqlite nor postgresql")
    return chosen == "postgresql"


@cache
def _cluster() -> Postgresql:
    """Not flushed to disk: what the tests ask is the same, and a crash of the machine is not among it."""
    from tests.peers.postgresql import postgresql

    return _running.enter_context(postgresql(is_durable=False))


@contextmanager
def another() -> Iterator[Any]:
    """A connection to the house's PostgreSQL beside its own, in which each statement is a transaction."""
    import psycopg
    from django.db import connection

    parameters = connection.get_connection_params()
    parameters = {name: parameters[name] for name in ("dbname", "user", "host", "port")}
    with closing(psycopg.connect(**parameters, autocommit=True)) as other:
        yield other


def settings_for(data: Path) -> dict[str, str]:
    """What the environment of a house on this data folder says of its database; the same folder, the same one."""
    if not is_postgresql():
        return {}
    found = _taken.get(data)
    if found is None:
        cluster = _cluster()
        name = f"house_{next(_numbers)}"
        cluster.create(name)
        found = _taken[data] = {
            "DB_NAME": name,
            "DB_USER": cluster.user,
            "DB_HOST": "127.0.0.1",
            "DB_PORT": str(cluster.port),
        }
    return found


@contextmanager
def databases() -> Iterator[None]:
    """The whole run: what was started for it ends with it."""
    with _running:
        yield
