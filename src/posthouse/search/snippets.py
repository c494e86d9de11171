"""Where the words of a search stand in a text: a piece of it in segments, for a client to mark. Never HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from posthouse.search.index import FIELDS_ASKED
from posthouse.search.tokens import PAIRED, fold_in_place, runs, wanted
from posthouse.search.tree import And, Node, Or, Words

SNIPPET_CHARS = 160
BEFORE_CHARS = 16
"""A list shows a line's beginning, so what was found must stand there."""

_SIGN = rf"(?![{PAIRED}])[^\W_]"
"""One of a word in a script with blanks."""
_GOES_ON = rf"(?:{_SIGN})*"
_ENDS = rf"(?!{_SIGN})"


class Segment(NamedTuple):
    text: str
    is_match: bool


def looked_for(node: Node | None, field: str) -> re.Pattern[str] | None:
    """What those who search may see in a field of what was found; None for nothing."""
    found = sorted(set(_patterns(node, field)), key=len, reverse=True)
    return re.compile("|".join(found)) if found else None


def _patterns(node: Node | None, field: str) -> Iterator[str]:
    """Of texts that must be there, not of those that must not."""
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _patterns(part, field)
        case Words(text=text) if field in FIELDS_ASKED[node.field]:
            if found := runs(fold_in_place(text)):
                first, *others = map(re.escape, found)
                words = r"[\W_]+".join([first + _edge(found[0][0], f"(?<!{_SIGN}{first})"), *others])
                is_open = wanted(text, is_prefix=node.is_prefix).is_open
                end = _GOES_ON if is_open else _edge(found[-1][-1], _ENDS)
                yield words + end


def _edge(sign: str, edge: str) -> str:
    """Words of scripts without blanks begin and end anywhere.

    What stands before a word is looked at behind it: a pattern that begins with plain letters is found fifty times
    as quickly.
    """
    return "" if re.match(f"[{PAIRED}]", sign) else edge


def marked(text: str, look_for: re.Pattern[str] | None) -> list[Segment]:
    """A whole short text; without a match it is one segment."""
    return (
        _segments(text, _places(text, look_for)) if look_for is not None else [Segment(text, is_match=False)]
    )


def snippet(text: str, look_for: re.Pattern[str] | None) -> list[Segment]:
    """The piece around the first match of a long text; nothing where there is none."""
    first = look_for.search(fold_in_place(text)) if look_for is not None else None
    if first is None or look_for is None:
        return []
    start = _word_start(text, first.start() - BEFORE_CHARS, first.start())
    end = min(len(text), start + SNIPPET_CHARS)
    segments = _segments(text[start:end], _places(text[start:end], look_for))
    if start > 0:
        segments.insert(0, Segment("… ", is_match=False))
    if end < len(text):
        segments.append(Segment(" …", is_match=False))
    return segments


def _places(text: str, look_for: re.Pattern[str]) -> list[tuple[int, int]]:
    return [found.span() for found in look_for.finditer(fold_in_place(text)) if found.end() > found.start()]


def _segments(text: str, places: list[tuple[int, int]]) -> list[Segment]:
    segments, at = [], 0
    for start, end in places:
        if start > at:
            segments.append(Segment(text[at:start], is_match=False))
        segments.append(Segment(text[start:end], is_match=True))
        at = end
    if at < len(text):
        segments.append(Segment(text[at:], is_match=False))
    return segments


def _word_start(text: str, at: int, last: int) -> int:
    """A little further, to where a word begins."""
    if at <= 0:
        return 0
    blank = text.find(" ", at, last)
    return blank + 1 if blank >= 0 else at
