"""i;unicode-casemap, by which texts are sorted (RFC 5051, the default of RFC 5256 §2.2)."""

from __future__ import annotations

import unicodedata


def casemap(text: str) -> str:
    """Two texts compare as these do: title case one by one, then decomposed. Code points sort as UTF-8 does."""
    if text.isascii():
        return text.upper()
    return unicodedata.normalize("NFKD", "".join(map(_title, text)))


def _title(character: str) -> str:
    """The simple mapping only: one for one."""
    titled = character.title()
    return titled if len(titled) == 1 else character
