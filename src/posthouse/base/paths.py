"""Ids at the edge: strings of digits, since JavaScript loses bits above 2**53."""

from __future__ import annotations

MAX_ID = 2**63 - 1


def read_id(value: object) -> int | None:
    """The number, or None for what cannot be an id."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 19:
        number = int(value)
        return number if number <= MAX_ID else None
    return None


class IdConverter:
    """The path converter: what cannot be an id is not found, like one that is nobody's."""

    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        number = read_id(value)
        if number is None:
            raise ValueError
        return number

    def to_url(self, value: int) -> str:
        return str(value)
