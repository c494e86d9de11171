"""Texts with `{{name}}` in them, filled with what is known of a recipient. There is no other language in them."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

NAMES = ("name", "first_name", "email", "domain")
_FIELD = re.compile(r"\{\{[ \t]*([a-z_]{1,30})[ \t]*(?:\|([^{}|]{0,60}))?\}\}")


def values_for(name: str, email: str) -> dict[str, str]:
    """Of a recipient; the name is the address's own part where none is known."""
    shown = " ".join(name.split()) or email.rpartition("@")[0]
    return {
        "name": shown,
        "first_name": " ".join(name.split()).partition(" ")[0],
        "email": email,
        "domain": email.rpartition("@")[2],
    }


def fill(text: str, values: Mapping[str, str], *, is_html: bool) -> str:
    """Each `{{name}}` becomes its value, `{{name|friend}}` has a word for who has none; unknown ones stay as they are.

    In HTML values are escaped. A value that looks like a field is not filled again.
    """

    def put(match: re.Match[str]) -> str:
        if match[1] not in values:
            return match[0]
        value = values[match[1]] or (match[2] or "")
        return html.escape(value) if is_html and values[match[1]] else value

    return _FIELD.sub(put, text)
