"""Small things for the hand-written SQL of measured hot paths: the same text on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from django.db import connection

T = TypeVar("T")

CHUNK = 500


def rows(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def row(sql: str, params: Sequence[Any] = ()) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: tuple[Any, ...] | None = cursor.fetchone()
        return found


def run(sql: str, params: Sequence[Any] = ()) -> int:
    """Change rows; gives how many."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def run_many(sql: str, many: Sequence[Sequence[Any]]) -> None:
    if many:
        with connection.cursor() as cursor:
            cursor.executemany(sql, many)


def marks(values: Sequence[object]) -> str:
    """`%s,%s,%s` for an IN list."""
    return ",".join(["%s"] * len(values))


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    chunk: list[T] = []
    for value in values:
        chunk.append(value)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def for_update() -> str:
    """Lock the rows read, where writers are more than one (on SQLite the lane is alone)."""
    return "" if connection.vendor == "sqlite" else " FOR UPDATE"
