"""Column types of our own."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models

from posthouse.base import clock


class MomentField(models.BigIntegerField):
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
