"""Query parameters, parsed once and strictly. Serializers would cost a hot list as much as its rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from drf_spectacular.utils import OpenApiParameter

from posthouse.base import clock
from posthouse.base.errors import Invalid
from posthouse.base.paths import read_id

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The `ETag` it was read with: 412 `precondition_failed` when it has changed since.",
)


def id_parameter(name: str, description: str, *, required: bool = False) -> OpenApiParameter:
    """An id, or the number of a state, as `identifier` reads it."""
    schema = {"type": "string", "pattern": "^[0-9]{1,18}$"}
    return OpenApiParameter(name, schema, required=required, description=description)


def limit_parameter(default: int, high: int, description: str = "How many at a time.") -> OpenApiParameter:
    schema = {"type": "integer", "minimum": 1, "maximum": high, "default": default}
    return OpenApiParameter("limit", schema, description=description)


def fields_parameter(known: Sequence[str]) -> OpenApiParameter:
    """As `fields` reads it."""
    return OpenApiParameter(
        "fields",
        {"type": "array", "items": {"type": "string", "enum": sorted(known)}},
        style="form",
        explode=False,
        description="Only these parts of each item, separated by commas, and its `id`.",
    )


CURSOR = OpenApiParameter("cursor", str, description="`next` of the page before.")
_TRUE, _FALSE = frozenset({"true", "1", "yes"}), frozenset({"false", "0", "no"})
MAX_TEXT = 1_000


class Parameters:
    """Wraps a query string; each reader raises Invalid. Names not among `known` are refused at once."""

    def __init__(self, query: Mapping[str, str], *known: str) -> None:
        self._query = query
        for name in query:
            if name not in known:
                raise Invalid("unknown_field", f"There is no parameter {name[:100]!r}.")

    def __contains__(self, name: str) -> bool:
        return name in self._query

    def text(self, name: str, default: str = "") -> str:
        value = self._query.get(name, default)
        if len(value) > MAX_TEXT or "\x00" in value:
            raise self._bad(name)
        return value

    def identifier(self, name: str) -> int | None:
        value = self._query.get(name)
        if value is None:
            return None
        number = read_id(value)
        if number is None:
            raise self._bad(name)
        return number

    def number(self, name: str, default: int, *, low: int, high: int) -> int:
        value = self._query.get(name)
        if value is None:
            return default
        if not (value.isascii() and value.isdigit() and len(value) <= 9 and low <= int(value) <= high):
            raise Invalid("invalid_parameter", f"{name} is a whole number from {low} to {high}.")
        return int(value)

    def boolean(self, name: str) -> bool | None:
        value = self._query.get(name)
        if value is None:
            return None
        if value.lower() in _TRUE:
            return True
        if value.lower() in _FALSE:
            return False
        raise self._bad(name)

    def moment(self, name: str) -> int | None:
        """A time with its zone (RFC 3339), in milliseconds."""
        if name not in self._query:
            return None
        try:
            moment = dt.datetime.fromisoformat(self.text(name))
            if moment.tzinfo is not None:
                return clock.to_ms(moment)
        except (ValueError, OverflowError):
            pass
        raise Invalid("invalid_parameter", f"{name} is a moment with its zone, such as 2026-11-21T07:20:00Z.")

    def choice(self, name: str, default: str, *, among: Collection[str]) -> str:
        """`default` where it is left out."""
        value = self._query.get(name)
        if value is None:
            return default
        if value not in among:
            raise Invalid("invalid_parameter", f"{name} is one of {', '.join(among)}.")
        return value

    def fields(self, known: Collection[str]) -> Sequence[str] | None:
        """The parts that `fields=` names (with `id` always), or None for all; raises Invalid for one there is not."""
        value = self._query.get("fields")
        if value is None:
            return None
        names = [name.strip() for name in self.text("fields").split(",") if name.strip()]
        for name in names:
            if name not in known:
                raise Invalid("invalid_parameter", f"fields: there is no {name[:100]!r}.")
        return [name for name in known if name == "id" or name in names]

    @staticmethod
    def _bad(name: str) -> Invalid:
        return Invalid("invalid_parameter", f"The parameter {name} is not valid.")


def only(rows: Iterable[Mapping[str, Any]], fields: Sequence[str] | None) -> list[Any]:
    """Rows with these parts alone; all of them for None."""
    if fields is None:
        return list(rows)
    return [{name: row[name] for name in fields if name in row} for row in rows]
