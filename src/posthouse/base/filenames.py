"""Names of files that somebody else chose."""

from __future__ import annotations

import re

MAX_FILENAME = 200
_UNFIT = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def safe_filename(name: str | None) -> str:
    """A name that means the same everywhere: no path, no controls, nothing that turns text around."""
    cleaned = _UNFIT.sub("_", name or "").strip(" .")
    if len(cleaned) <= MAX_FILENAME:
        return cleaned
    stem, dot, extension = cleaned.rpartition(".")
    return f"{stem[:150]}{dot}{extension[:20]}" if dot else cleaned[:MAX_FILENAME]
