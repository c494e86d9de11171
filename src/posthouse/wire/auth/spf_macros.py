"""SPF's macros (RFC 7208 §7): their grammar, and what they become."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from urllib.parse import quote

from posthouse.wire.auth.dns import MAX_NAME_CHARS

IN_NAMES = "slodiphv"
IN_EXPLANATIONS = IN_NAMES + "crt"

_PIECE = re.compile(
    r"%\{(?P<letter>[a-z])(?P<digits>\d{0,3})(?P<reverse>r?)(?P<delimiters>[.+,/_=-]*)\}"
    r"|%(?P<escape>[%_-])|(?P<text>[!-$&-~]+)|(?P<space> +)",
    re.IGNORECASE,
)
_TOP_LABEL = re.compile(r"\.(?=[a-z0-9-]*[a-z-])[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.?\Z", re.IGNORECASE)
_ESCAPES = {"%": "%", "_": " ", "-": "%20"}
_SAFE = "-._~"


class BadMacro(ValueError):
    """What breaks the grammar of macros: "permerror"."""


@functools.lru_cache(maxsize=1024)
def _pieces(text: str, letters: str) -> tuple[re.Match[str], ...]:
    found = []
    position = 0
    while position < len(text):
        piece = _PIECE.match(text, position)
        if piece is None:
            raise BadMacro("no macro can look like that")
        letter = piece["letter"]
        if letter is not None:
            if letter.lower() not in letters:
                raise BadMacro(f"no macro {letter!r} here")
            if piece["digits"] and not int(piece["digits"]):
                raise BadMacro("a macro that keeps no label")
        found.append(piece)
        position = piece.end()
    return tuple(found)


def check_macro_string(text: str) -> None:
    """Raises BadMacro."""
    if any(piece["space"] for piece in _pieces(text, IN_EXPLANATIONS)):
        raise BadMacro("a blank")


def check_domain_spec(text: str) -> None:
    """It must end in a top label or in a macro (RFC 7208 §7.1). Raises BadMacro."""
    pieces = _pieces(text, IN_NAMES)
    if not pieces or any(piece["space"] for piece in pieces):
        raise BadMacro("no domain")
    if pieces[-1]["text"] is not None and not _TOP_LABEL.search(text):
        raise BadMacro("a domain without a top label")


def expand(text: str, values: Mapping[str, str], *, letters: str = IN_NAMES) -> str:
    """`values` has each lower-case letter's value. Raises BadMacro."""
    return "".join(_expand_piece(piece, values) for piece in _pieces(text, letters))


def expand_name(text: str, values: Mapping[str, str]) -> str:
    """As a name to look up: labels are taken off the left until it fits (RFC 7208 §7.3)."""
    name = expand(text, values).removesuffix(".")
    if len(name) <= MAX_NAME_CHARS:
        return name
    tail = name[-MAX_NAME_CHARS - 1 :]
    return tail.partition(".")[2] or tail


def has_macro(text: str, letter: str) -> bool:
    """Whether the value of a letter is wanted: that of p costs lookups."""
    return any((piece["letter"] or "").lower() == letter for piece in _pieces(text, IN_EXPLANATIONS))


def _expand_piece(piece: re.Match[str], values: Mapping[str, str]) -> str:
    letter = piece["letter"]
    if letter is None:
        return _ESCAPES[piece["escape"]] if piece["escape"] else piece[0]
    value = values[letter.lower()]
    if piece["digits"] or piece["reverse"] or piece["delimiters"]:
        parts = re.split(f"[{re.escape(piece['delimiters'] or '.')}]", value)
        if piece["reverse"]:
            parts.reverse()
        if piece["digits"]:
            parts = parts[-int(piece["digits"]) :]
        value = ".".join(parts)
    return quote(value, safe=_SAFE) if letter.isupper() else value
