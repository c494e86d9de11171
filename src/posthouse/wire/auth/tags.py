"""Lists of `tag=value;` as DKIM, ARC and DMARC write them (RFC 6376 §3.2)."""

from __future__ import annotations

import base64
import binascii
import re

MAX_TAGS = 64
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_SPACE = " \t\r\n"
_BLANKS = re.compile(r"[ \t\r\n]+")


class BadTags(ValueError):
    """No list of tags, or a tag that cannot be understood."""


def read_tags(text: str) -> dict[str, str]:
    """Values without the white space around them. Raises BadTags, also for a tag that stands twice."""
    tags: dict[str, str] = {}
    parts = text.split(";")
    if len(parts) > MAX_TAGS:
        raise BadTags("too many tags")
    for part in parts:
        name, equals, value = part.partition("=")
        name = name.strip(_SPACE)
        if not equals and not name:
            continue
        if not equals or _NAME.fullmatch(name) is None:
            raise BadTags("no tag=value")
        if name in tags:
            raise BadTags(f"{name}= stands twice")
        tags[name] = value.strip(_SPACE)
    return tags


def read_base64(text: str) -> bytes:
    """White space inside is let pass. Raises BadTags."""
    try:
        return base64.b64decode(_BLANKS.sub("", text), validate=True)
    except (binascii.Error, ValueError) as bad:
        raise BadTags("no base64") from bad


def read_number(text: str | None) -> int | None:
    """Raises BadTags for what is no whole number of 1 to 15 digits."""
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise BadTags("no number")
    return int(text)


def words(text: str, separator: str = ":") -> list[str]:
    """`a : b` as its parts, empty ones left out."""
    return [word for word in (part.strip(" \t\r\n") for part in text.split(separator)) if word]
