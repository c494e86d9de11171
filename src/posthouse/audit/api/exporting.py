"""Lines of the log as CSV and as JSON lines, written as they are read."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from posthouse.base import sql
from posthouse.base.api.rendering import dumps

COLUMNS = (
    "sequence", "at", "act", "outcome", "actor_id", "actor_email", "real_actor_id", "subject_id", "via", "ip",
    "client", "object_kind", "object_id", "facts", "previous", "hash",
)  # fmt: skip
ROWS = 200
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _jsonl(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    for batch in sql.chunks(rows, ROWS):
        yield b"".join(dumps(row) + b"\n" for row in batch)


def _csv(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """A byte order mark is left out: every program but one takes it for a part of the first name."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for batch in sql.chunks(rows, ROWS):
        writer.writerows([_cell(row[name]) for name in COLUMNS] for row in batch)
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()
    yield text.getvalue().encode()


def _cell(value: Any) -> str:
    """What a client calls itself is a stranger's text: a spreadsheet must not take it for a formula."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else dumps(value).decode()
    return f"'{text}" if text.startswith(_FORMULA) else text


class Format(NamedTuple):
    content_type: str
    write: Callable[[Iterable[dict[str, Any]]], Iterator[bytes]]


FORMATS = {
    "csv": Format("text/csv; charset=utf-8", _csv),
    "jsonl": Format("application/jsonl; charset=utf-8", _jsonl),
}
