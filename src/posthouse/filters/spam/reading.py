"""An e-mail as the spam filter reads it: its header, its words, its links, its files. Pure, and bounded in time.

HTML is stripped by patterns that only go forward, since no more is wanted of it than words: what marks a word inside
(`vi<b></b>agra`) goes without a trace, other tags part words. None of them gives back what it took (`*+`), since
strangers write what they read.
"""

from __future__ import annotations

import html as entities
import re
from functools import cached_property
from typing import NamedTuple

from posthouse.wire.mime.encoded_words import decode_words
from posthouse.wire.mime.headers import loose, read_header
from posthouse.wire.mime.part import Part, load_structure, walk
from posthouse.wire.mime.text import decode_text

MAX_TEXT_CHARS = 48_000
"""Of all texts; spam says what it has to say at the beginning."""
MAX_PARTS = 100
MAX_LINKS = 100
MAX_SHOWN_CHARS = 300

_DROPPED = re.compile(
    r"<!--(?:.*?-->|.*)"
    r"|<(style|script)\b(?:.*?</\1[^<>]*>|.*)"
    r"|</?(?:a|b|i|u|s|em|strong|font|span|small|big|sub|sup|tt)\b[^<>]*>",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(r"<[!?/a-zA-Z][^<>]*>?")
_ANCHOR = re.compile(r"<a\b([^<>]*+)>", re.IGNORECASE)
_ANCHOR_END = re.compile(r"</a", re.IGNORECASE)
_HREF = re.compile(r"\bhref\s*+=\s*+[\"']?+\s*+([^\"'<>\s]{1,2000})", re.IGNORECASE)
_SOURCE = re.compile(
    r"\b(?:href|src|action|background)\s*+=\s*+[\"']?+\s*+(https?:[^\"'<>\s]{1,2000})", re.IGNORECASE
)
_URL = re.compile(r"https?://[^\s<>\"']{1,2000}", re.IGNORECASE)


class Link(NamedTuple):
    """`shown` is the text that stands for it, empty where the address itself does."""

    url: str
    shown: str


class File(NamedTuple):
    name: str
    content_type: str


class Reading:
    """What is read, is read once."""

    def __init__(self, raw: bytes, structure: bytes) -> None:
        self._raw = raw
        self.root: Part = load_structure(structure)

    @cached_property
    def fields(self) -> list[tuple[str, str]]:
        """Names in lower case, values unfolded with their encoded words as they came."""
        found = read_header(self._raw, self.root.header_start, self.root.body_start).fields
        return [(name.decode("ascii", "replace"), loose(value)) for name, value in found]

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, value in self.fields:
            found.setdefault(name, []).append(value)
        return found

    def all(self, name: str) -> list[str]:
        return self._by_name.get(name, [])

    def first(self, name: str) -> str:
        values = self._by_name.get(name)
        return values[0] if values else ""

    @cached_property
    def subject(self) -> str:
        return decode_words(self.first("subject"))[:1000]

    @cached_property
    def parts(self) -> list[Part]:
        found = []
        for _, part in walk(self.root):
            found.append(part)
            if len(found) >= MAX_PARTS:
                break
        return found

    @cached_property
    def files(self) -> list[File]:
        return [File(part.filename, part.content_type) for part in self.parts if part.filename]

    @cached_property
    def _sources(self) -> tuple[list[str], list[str]]:
        """The plain texts, and the HTML as it came."""
        plain: list[str] = []
        marked: list[str] = []
        room = MAX_TEXT_CHARS
        for part in self.parts:
            if part.content_type in ("text/plain", "text/html") and room > 0:
                is_html = part.content_type == "text/html"
                text = decode_text(part, self._raw, limit=room * (2 if is_html else 1))
                if not is_html and "<html" in text[:500].lower():
                    is_html = True
                (marked if is_html else plain).append(text)
                room -= len(text)
        return plain, marked

    @property
    def html(self) -> str:
        return "\n".join(self._sources[1])

    @cached_property
    def text(self) -> str:
        """What a person reads."""
        plain, marked = self._sources
        stripped = [entities.unescape(_TAG.sub(" ", _DROPPED.sub("", one))) for one in marked]
        return "\n".join((*plain, *stripped))

    @cached_property
    def links(self) -> list[Link]:
        found: dict[Link, None] = {}
        for text in self._sources[1]:
            for anchor in _ANCHOR.finditer(text):
                target = _HREF.search(anchor[1])
                end = _ANCHOR_END.search(text, anchor.end(), anchor.end() + MAX_SHOWN_CHARS + len("</a"))
                if target is None or end is None:
                    continue
                shown = entities.unescape(_TAG.sub(" ", text[anchor.end() : end.start()])).strip()
                found[Link(entities.unescape(target[1]), shown)] = None
                if len(found) >= MAX_LINKS:
                    return list(found)
        return list(found)

    @cached_property
    def urls(self) -> list[str]:
        """Where it points to, from texts and from HTML, pictures too."""
        plain, marked = self._sources
        found: dict[str, None] = {}
        for pattern, texts in ((_SOURCE, marked), (_URL, plain)):
            for text in texts:
                for match in pattern.finditer(text):
                    found[entities.unescape(match[match.lastindex or 0])] = None
                    if len(found) >= MAX_LINKS:
                        return list(found)
        return list(found)
