"""Query parameters, parsed once and strictly. Serializers would cost a hot list as much as its rows."""

from __future__ import annotations

from collections.abc import Mapping

from posthouse.base.errors import Invalid
from posthouse.base.paths import read_id

_TRUE, _FALSE = frozenset({"true", "1", "yes"}), frozenset({"false", "0", "no"})
MAX_TEXT = 1_000


class Parameters:
    """Wraps a query string; each reader raises Invalid. Names not among `known` are refused at once."""

    def __init__(self, query: Mapping[str, str], *known: str) -> None:
        self._query = query
        for name in query:
            if name not in known:
                raise Invalid("unknown_field", f"There is no parameter {name[:100]!r}.")

    def text(self, name: str, default: str = "") -> str:
        value = self._query.get(name, default)
        if len(value) > MAX_TEXT or "\x00" in value:
            raise self._bad(name)
        return value

    def identifier(self, name: str) -> int | None:
        value = self._query.get(name)
        if value is None or value == "":
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

    @staticmethod
    def _bad(name: str) -> Invalid:
        return Invalid("invalid_parameter", f"The parameter {name} is not valid.")
