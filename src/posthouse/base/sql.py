"""Small things for the hand-written SQL of measured hot paths: the same text on SQLite and PostgreSQL."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from posthouse.base import timing

T = TypeVar("T")

CHUNK = 500
INSERT_ROWS = (64, 32, 16, 8, 4, 2, 1)
"""How many rows one INSERT takes: few sizes, so that the driver keeps the statements ready."""


@lru_cache(maxsize=2048)
def _native(sql: str) -> str:
    """SQLite's own placeholders; the texts hold no other percent sign."""
    return sql.replace("%s", "?")


class _Local(threading.local):
    """This thread's connection: Django's own way to it costs two microseconds a time."""

    wrapper: BaseDatabaseWrapper | None = None


_local = _Local()


def wrapper() -> BaseDatabaseWrapper:
    """This thread's connection, as Django has it."""
    found = _local.wrapper
    if found is None:
        found = _local.wrapper = connections[DEFAULT_DB_ALIAS]
    return found


def _execute(sql: str, params: Sequence[Any], *, many: bool = False) -> Any:
    """A cursor that has run a statement.

    On SQLite it is the driver's own: Django's costs 12 microseconds a statement, as much as the statement.
    """
    own = wrapper()
    if own.vendor != "sqlite":
        cursor = own.cursor()
        (cursor.executemany if many else cursor.execute)(sql, params)
        return cursor
    if own.connection is None:
        own.ensure_connection()
    raw: Any = own.connection
    try:
        return (raw.executemany if many else raw.execute)(_native(sql), params)
    except Exception:
        with own.wrap_database_errors:
            raise


def rows(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    begun = time.perf_counter()
    with closing(_execute(sql, params)) as cursor, wrapper().wrap_database_errors:
        found = list(cursor.fetchall())
    timing.note(sql, begun)
    return found


def binary_rows(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """The same with binary columns as bytes, where psycopg gives views of its buffers."""
    found = rows(sql, params)
    if wrapper().vendor == "sqlite":
        return found
    return [tuple(bytes(one) if isinstance(one, memoryview) else one for one in row_) for row_ in found]


def row(sql: str, params: Sequence[Any] = ()) -> tuple[Any, ...] | None:
    begun = time.perf_counter()
    with closing(_execute(sql, params)) as cursor, wrapper().wrap_database_errors:
        found: tuple[Any, ...] | None = cursor.fetchone()
    timing.note(sql, begun)
    return found


def run(sql: str, params: Sequence[Any] = ()) -> int:
    """Change rows; gives how many."""
    begun = time.perf_counter()
    with closing(_execute(sql, params)) as cursor:
        changed = int(cursor.rowcount)
    timing.note(sql, begun)
    return changed


def run_many(sql: str, many: Sequence[Sequence[Any]]) -> None:
    if many:
        begun = time.perf_counter()
        _execute(sql, many, many=True).close()
        timing.note(sql, begun)


def insert_many(into: str, many: Sequence[Sequence[Any]], *, tail: str = "") -> None:
    """`INSERT INTO t (a, b)` with the values of many rows in few statements.

    SQLite's driver lets go of the interpreter at each step, and a step is a row of `executemany` but a whole
    INSERT here: a busy thread beside it would otherwise have its turn after every row.
    """
    done = 0
    for size in INSERT_ROWS:
        while len(many) - done >= size:
            rows_ = many[done : done + size]
            run(_insert(into, len(rows_[0]), size, tail), [value for row_ in rows_ for value in row_])
            done += size


@lru_cache(maxsize=1024)
def _insert(into: str, columns: int, rows_: int, tail: str) -> str:
    one = f"({marks(range(columns))})"
    return f"{into} VALUES {','.join([one] * rows_)} {tail}"


def update_many(what: str, many: Sequence[Sequence[Any]]) -> None:
    """`UPDATE t SET a = v.column2` for many rows by id (`v.column1`) in few statements; no value may be NULL."""
    done = 0
    for size in INSERT_ROWS:
        while len(many) - done >= size:
            rows_ = many[done : done + size]
            run(_update(what, len(rows_[0]), size), [value for row_ in rows_ for value in row_])
            done += size


@lru_cache(maxsize=1024)
def _update(what: str, columns: int, rows_: int) -> str:
    one = f"({marks(range(columns))})"
    return f"UPDATE {what} FROM (VALUES {','.join([one] * rows_)}) AS v WHERE id = v.column1"


def marks(values: Sequence[object]) -> str:
    """`%s,%s,%s` for an IN list; for none `NULL`, which nothing is in."""
    return ",".join(["%s"] * len(values)) or "NULL"


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    left = iter(values)
    while chunk := list(islice(left, size)):
        yield chunk


def joined(column: str) -> str:
    """An aggregate: the texts of all rows as one, a line each, in the order of the rows."""
    word = "group_concat" if connections[DEFAULT_DB_ALIAS].vendor == "sqlite" else "string_agg"
    return f"{word}({column}, '\n')"


def containing(words: str) -> str:
    """A pattern for LIKE with ESCAPE '\\': whatever has these signs in it, none of which means anything else."""
    return "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def as_if_alone() -> None:
    """Let what an action reads stay true until it has written, whatever it reads; before its first statement.

    For actions that cannot say which rows to hold. Where another comes between, the server gives one of the two up and
    the lane does it again (on SQLite the lane is alone).
    """
    if wrapper().vendor != "sqlite":
        run("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")


def for_update() -> str:
    """Lock the rows read, where writers are more than one (on SQLite the lane is alone).

    Not against those who only refer to a row: every insert beside it does, by its foreign key.
    """
    return "" if wrapper().vendor == "sqlite" else " FOR NO KEY UPDATE"
