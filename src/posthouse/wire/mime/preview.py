"""The line or two that a list shows of a message, out of what its sender wrote himself."""

from __future__ import annotations

import re

from posthouse.wire.mime.html_text import html_to_text
from posthouse.wire.mime.text import Bodies, decode_text, is_media

MAX_PREVIEW_CHARS = 200
PREVIEW_TEXT_BYTES = 8 * 1024
PREVIEW_HTML_BYTES = 64 * 1024
PREVIEW_HTML_TEXT = 2_000

_FILLING = {ord(sign): None for sign in "\u200b\u200c\u200d\u200e\u200f\u034f\u00ad\ufeff\u2060\u061c"}
_ATTRIBUTION = re.compile(
    r"(?:On|Am|Le|El|Op|Il|Em|Den|Dnia|W dniu)\b.{4,150}:$|"
    r".{1,100}(?:wrote|writes|schrieb|écrit|escribió) ?:$"
)
_FORWARD_RULE = re.compile(
    r"-{2,}\s*(?:Original|Forwarded|Weitergeleitete|Ursprüngliche|Begin forwarded)", re.IGNORECASE
)


def preview(text: str) -> str:
    """The first 200 characters of what was written, folded: no quotes, no attribution, no signature."""
    return _fold(_own_lines(text)) or _fold(text.split("\n"))


def _fold(lines: list[str]) -> str:
    pieces: list[str] = []
    size = 0
    for line in lines:
        folded = " ".join(line.split())
        if folded:
            pieces.append(folded)
            size += len(folded) + 1
            if size > MAX_PREVIEW_CHARS * 2:
                break
    joined = " ".join(pieces)
    if not joined.isascii():
        joined = " ".join(joined.translate(_FILLING).split())
    if not joined.isprintable():
        joined = "".join(sign if sign.isprintable() else " " for sign in joined[: MAX_PREVIEW_CHARS * 2])
    return joined[:MAX_PREVIEW_CHARS].rstrip()


def _own_lines(text: str) -> list[str]:
    kept: list[str] = []
    size = 0
    for line in text.split("\n"):
        if not line or line.isspace():
            continue
        if line[0] == ">":
            if kept and kept[-1].endswith(":") and _ATTRIBUTION.match(kept[-1]):
                kept.pop()
            continue
        if line in ("-- ", "--"):
            break
        stripped = line.strip()
        if not any(map(str.isalnum, stripped[:80])):
            continue
        if stripped[0] == "-" and _FORWARD_RULE.match(stripped):
            break
        kept.append(stripped)
        size += len(stripped)
        if size > MAX_PREVIEW_CHARS * 3:
            break
    if kept and kept[-1].endswith(":") and _ATTRIBUTION.match(kept[-1]):
        kept.pop()
    return kept


def message_preview(chosen: Bodies, raw: bytes) -> str:
    """The preview of a message from the beginning of its first body that has words."""
    for _, part in chosen.text[:3]:
        if part.content_type == "text/html":
            found = preview(
                html_to_text(decode_text(part, raw, limit=PREVIEW_HTML_BYTES), limit=PREVIEW_HTML_TEXT)
            )
        elif is_media(part.content_type):
            continue
        else:
            found = preview(decode_text(part, raw, limit=PREVIEW_TEXT_BYTES))
        if found:
            return found
    return ""
