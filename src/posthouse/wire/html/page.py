"""What a page says of itself, for the preview of a link: Open Graph, else its `<title>` and description.

Only the tags in front of `<body>` are looked at, by soup's own reading of tags (WHATWG HTML §13.2.5), which is linear
whatever the page holds: no tree is built of what a stranger wrote. What comes out is plain text of bounded length in
one line, without anything that turns text around or cannot be seen.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urljoin

from posthouse.wire.html.resources import cleaned
from posthouse.wire.html.soup import TAG, after_comment, attributes_of
from posthouse.wire.mime.encoded_words import decode

MAX_TITLE, MAX_DESCRIPTION, MAX_SITE = 200, 400, 80
MAX_IMAGE_CHARS = 2_000
MAX_MARKS = 2
"""Marks over or under one letter; more of them run over the lines around."""
_MAX_TAGS = 4_000
_MAX_RAW = 4_000
_CHARSET_BYTES = 1_024
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_LABEL = re.compile(r"charset\s*=\s*\"?([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_END = {
    name: re.compile(rf"</{name}(?=[\t\n\f\r />])", re.IGNORECASE)
    for name in ("script", "style", "noscript", "template", "svg", "title", "textarea")
}
_META = {
    "og:title": "title",
    "twitter:title": "title",
    "og:description": "description",
    "twitter:description": "description",
    "description": "description",
    "og:site_name": "site",
    "application-name": "site",
    "og:image": "image",
    "og:image:url": "image",
    "og:image:secure_url": "image",
    "twitter:image": "image",
}
_RANK = {name: rank for rank, name in enumerate(_META)}
_LAST = len(_META)
_JOINERS = "\u200c\u200d"
"""Persian words and many emoji are made with them; between other characters they only hide."""
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_BLANK = "\u115f\u1160\u3164\uffa0\u2800\u034f"
"""Letters and marks that look like nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """Empty where the page does not say; `image` is a URL of the web."""

    title: str = ""
    description: str = ""
    site: str = ""
    image: str = ""


def page_facts(raw: bytes, *, content_type: str, url: str) -> PageFacts:
    """Of the beginning of a page that was at `url`. Never fails."""
    found = _Head(_decoded(raw, content_type)).read()
    return PageFacts(
        title=safe_line(found.get("title", ""), MAX_TITLE),
        description=safe_line(found.get("description", ""), MAX_DESCRIPTION),
        site=safe_line(found.get("site", ""), MAX_SITE),
        image=_image(found.get("image", ""), url),
    )


def safe_line(text: str, most: int) -> str:
    """One line of text that somebody else wrote, cut at `most` characters, for a page of ours."""
    kept: list[str] = []
    marks = 0
    for char in text[: most * 8]:
        kind = unicodedata.category(char)
        if char.isspace():
            char = " "
        elif char in _JOINERS:
            if not kept or not _is_joined(kept[-1]):
                continue
        elif kind in _HIDDEN or char in _BLANK:
            continue
        marks = marks + 1 if kind in ("Mn", "Me") and char not in _JOINERS else 0
        if marks <= MAX_MARKS:
            kept.append(char)
    line = " ".join("".join(kept).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _is_joined(char: str) -> bool:
    """A letter of a script that is written joined, or a picture."""
    return unicodedata.category(char) in ("Lo", "So", "Sk", "Mn", "Mc") or char == "\ufe0f"


def _decoded(raw: bytes, content_type: str) -> str:
    """A byte order mark, the answer's own label, the page's label, in that order (WHATWG Encoding)."""
    for mark, label in _BOMS:
        if raw.startswith(mark):
            return decode(raw[len(mark) :] if label == "utf-8" else raw, label)
    named = _LABEL.search(content_type)
    if named is not None:
        return decode(raw, named[1])
    within = _CHARSET.search(raw[:_CHARSET_BYTES])
    return decode(raw, within[1].decode("ascii") if within else None)


def _image(value: str, base: str) -> str:
    value = cleaned(value)
    if not value or len(value) > MAX_IMAGE_CHARS:
        return ""
    try:
        url = urljoin(base, value)
    except ValueError:
        return ""
    is_web = url.startswith(("http://", "https://")) and len(url) <= MAX_IMAGE_CHARS
    return url if is_web and url.isprintable() and " " not in url else ""


class _Head:
    """Reads tags until the body begins; of several that say the same the better known one counts, then the first."""

    def __init__(self, page: str) -> None:
        self.page = page
        self.found: dict[str, str] = {}
        self.ranks: dict[str, int] = {}

    def read(self) -> dict[str, str]:
        at: int | None = 0
        for _ in range(_MAX_TAGS):
            lt = self.page.find("<", at)
            if lt < 0:
                break
            at = self._markup(lt)
            if at is None:
                break
        return self.found

    def _markup(self, at: int) -> int | None:
        following = self.page[at + 1 : at + 3]
        if following[:1] in {"!", "?"}:
            return after_comment(self.page, at)
        letter = following[1:] if following.startswith("/") else following[:1]
        if not (letter.isascii() and letter.isalpha()):
            return at + 1
        tag = TAG.match(self.page, at)
        if tag is None:  # it never ends, and was looked for up to the end: once
            return None
        name = tag[2].lower()
        if tag[1]:
            return tag.end()
        if name == "body":
            return None
        if name == "meta":
            self._meta(dict(attributes_of(tag[3])))
        return self._content(name, tag.end()) if name in _END else tag.end()

    def _content(self, name: str, at: int) -> int | None:
        """Past an element whose content is no tags of the page; a title is kept."""
        end = _END[name].search(self.page, at)
        if end is None:
            return None
        if name == "title":
            self._keep("title", html.unescape(self.page[at : min(end.start(), at + _MAX_RAW)]), _LAST)
        return end.end()

    def _meta(self, attributes: dict[str, str]) -> None:
        name = (attributes.get("property") or attributes.get("name") or "").strip().lower()
        content = attributes.get("content", "")
        if name in _META and content.strip():
            self._keep(_META[name], html.unescape(content[:_MAX_RAW]), _RANK[name])

    def _keep(self, what: str, text: str, rank: int) -> None:
        if text.strip() and rank < self.ranks.get(what, _LAST + 1):
            self.found[what], self.ranks[what] = text, rank
