"""Column types of our own."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from posthouse.base import clock
from posthouse.base.ids import new_id

if TYPE_CHECKING:
    _Moment = models.BigIntegerField[dt.datetime | int | None, dt.datetime]
    _Id = models.BigIntegerField[int, int]
else:  # Django's fields take no type arguments at run time
    _Moment = _Id = models.BigIntegerField


class MomentField(_Moment):
    """An aware UTC datetime kept as integer milliseconds.

    SQLite has no time type: Django would keep 26 characters of text and parse them on every read. An integer
    is 8 bytes on every engine, sorts the same, and hot lists read it without making a datetime.
    """

    description = "UTC moment, in milliseconds since the epoch"

    def from_db_value(self, value: int | None, *_: object) -> dt.datetime | None:
        return None if value is None else clock.from_ms(value)

    def to_python(self, value: Any) -> dt.datetime | None:
        if value is None or isinstance(value, dt.datetime):
            return value
        return clock.from_ms(int(value))

    def get_prep_value(self, value: Any) -> int | None:
        if isinstance(value, dt.datetime):
            return clock.to_ms(value)
        return None if value is None else int(value)


class IdField(_Id):
    """A primary key made by `new_id`.

    SQLite's own name for a 64-bit key is `integer`: with any other word it keeps a second b-tree beside the table.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("primary_key", True)
        kwargs.setdefault("default", new_id)
        super().__init__(*args, **kwargs)

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)
