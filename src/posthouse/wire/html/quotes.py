"""Folding the older mail that a reply carries at its end, so that a thread reads as a conversation.

Works on sanitised HTML only: there every tag is closed in order and no attribute holds `<` or `>`, so a
pattern reads it exactly. Only a quote with words before it and none after it is folded: a forward is
nothing but quote, and an answer between the lines must stay in sight.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TAG = re.compile(r"<(/?)([a-z0-9]+)([^<>]*)>")
_STYLE = re.compile(r"<style>[^<]*</style>")
_QUOTE_MARK = re.compile(
    r'\bclass="[^"]*\b(?:gmail_quote|yahoo_quoted|protonmail_quote|tutanota_quote|zmail_extra|moz-cite-prefix'
    r'|ph-quote|posthouse-reply)\b|\btype="cite"',
    re.IGNORECASE,
)
# What Outlook puts before the older mail, which then follows as siblings.
_REST_MARK = re.compile(
    r'\bid="(?:x_)?(?:divRplyFwdMsg|appendonsend|mail-editor-reference-message-container)"'
)
_ATTRIBUTION_CHARS = 300
_VOID = frozenset({"br", "hr", "img", "wbr", "col"})

_OPEN = '<details class="ph-quoted"><summary title="Show quoted text" aria-label="Quoted text">…</summary>'
_CLOSE = "</details>"


def fold_quotes(html: str) -> str:
    """`html` (from `sanitize` or `text_to_html`) with its trailing quote inside a closed `<details>`.
    Linear time."""
    for quote in _quotes(html):
        if _has_words(html[quote.end :]):
            continue
        if not _has_words(html[: quote.start]):
            return html
        inside = html[quote.start : quote.end]
        return f"{html[: quote.start]}{_OPEN}{inside}{_CLOSE}{html[quote.end :]}"
    return html


@dataclass(slots=True)
class _Quote:
    start: int
    end: int
    depth: int
    is_rest: bool


def _quotes(html: str) -> list[_Quote]:
    """Outermost quotes in order, the first few and the last: an interleaved answer may have thousands."""
    found: list[_Quote] = []
    open_quote: _Quote | None = None
    depth = 0
    for tag in _TAG.finditer(html):
        closing, name, attributes = tag[1], tag[2], tag[3]
        if closing:
            depth -= 1
            if open_quote and depth == open_quote.depth - (1 if open_quote.is_rest else 0):
                open_quote.end = tag.start() if open_quote.is_rest else tag.end()
                found, open_quote = [*found[-1:], open_quote], None
        elif name not in _VOID:
            if open_quote is None and (kind := _kind(name, attributes, html, tag.start())):
                open_quote = _Quote(tag.start(), len(html), depth, is_rest=kind == "rest")
            depth += 1
    if open_quote:
        found.append(open_quote)
    return _joined(html, found)


def _joined(html: str, quotes: list[_Quote]) -> list[_Quote]:
    """The attribution and the quote that follows it as one."""
    if len(quotes) == 2 and not _has_words(html[quotes[0].end : quotes[1].start]):
        return [_Quote(quotes[0].start, quotes[1].end, quotes[1].depth, is_rest=False)]
    return quotes


def _kind(name: str, attributes: str, html: str, at: int) -> str | None:
    if _REST_MARK.search(attributes):
        return "rest"
    if _QUOTE_MARK.search(attributes):
        return "quote"
    if name == "blockquote":
        before = _TAG.sub("", html[max(0, at - _ATTRIBUTION_CHARS) : at]).rstrip()
        if before.endswith((":", "：")):
            return "quote"
    return None


def _has_words(html: str) -> bool:
    text = _TAG.sub("", _STYLE.sub("", html)).replace("&nbsp;", "").replace("\u200b", "")
    return bool(text.strip()) or "<img" in html
