"""Where the words of a search stand in a text: a piece of it in segments, for a client to mark. Never HTML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from posthouse.search.index import FIELDS_ASKED
from posthouse.search.tokens import Span, Wanted, spans, wanted
from posthouse.search.tree import And, Node, Or, Words

SNIPPET_CHARS = 160
BEFORE_CHARS = 16
"""A list shows a line's beginning, so what was found must stand there."""
NEAR_CHARS = 400


class Segment(NamedTuple):
    text: str
    is_match: bool


def looked_for(node: Node | None, field: str) -> list[Wanted]:
    """The texts that what was found may hold in a field; what must not be there is not among them."""
    match node:
        case And(parts) | Or(parts):
            return [one for part in parts for one in looked_for(part, field)]
        case Words(text=text) if field in FIELDS_ASKED[node.field]:
            found = wanted(text, is_prefix=node.is_prefix)
            return [found] if found.tokens else []
    return []


def marked(text: str, look_for: Sequence[Wanted]) -> list[Segment]:
    """A whole short text; without a match it is one segment."""
    return _segments(text, _matches(list(spans(text)), look_for))


def snippet(text: str, look_for: Sequence[Wanted]) -> list[Segment]:
    """The piece around the first match of a long text; nothing where there is none."""
    near = _near(text, look_for)
    if near is None:
        return []
    low, high = near
    piece = text[low:high]
    found = _matches(list(spans(piece)), look_for)
    if not found:
        return []
    start = _word_start(piece, max(0, found[0][0] - BEFORE_CHARS))
    end = min(len(piece), start + SNIPPET_CHARS)
    shown = [(max(a, start) - start, min(b, end) - start) for a, b in found if a < end and b > start]
    segments = _segments(piece[start:end], shown)
    if low + start > 0:
        segments.insert(0, Segment("… ", is_match=False))
    if low + end < len(text):
        segments.append(Segment(" …", is_match=False))
    return segments


def _near(text: str, look_for: Sequence[Wanted]) -> tuple[int, int] | None:
    """Where to look closely: around the first place that reads like a match; everywhere in text of other letters."""
    if not look_for:
        return None
    if text.isascii():
        lowered = text.lower()
        places = [place for one in look_for if (place := _plain_place(lowered, one)) >= 0]
        if not places:
            return None
        return max(0, min(places) - NEAR_CHARS), min(places) + NEAR_CHARS
    for span in spans(text):
        for one in look_for:
            if _is(span, one, 0):
                return max(0, span.start - NEAR_CHARS), span.start + NEAR_CHARS
    return None


def _plain_place(lowered: str, look_for: Wanted) -> int:
    """The first place of its first token as a word of its own."""
    token, at = look_for.tokens[0], -1
    while (at := lowered.find(token, at + 1)) >= 0:
        end = at + len(token)
        is_begun = at == 0 or not lowered[at - 1].isalnum()
        is_ended = end == len(lowered) or not lowered[end].isalnum()
        if is_begun and (is_ended or (look_for.is_open and len(look_for.tokens) == 1)):
            break
    return at


def _is(span: Span, look_for: Wanted, index: int) -> bool:
    token = look_for.tokens[index]
    is_last = index == len(look_for.tokens) - 1
    return span.token.startswith(token) if look_for.is_open and is_last else span.token == token


def _matches(found: Sequence[Span], look_for: Sequence[Wanted]) -> list[tuple[int, int]]:
    """Places of all matches, ascending and apart."""
    places: list[tuple[int, int]] = []
    for at in range(len(found)):
        for one in look_for:
            count = len(one.tokens)
            if at + count <= len(found) and all(_is(found[at + i], one, i) for i in range(count)):
                places.append((found[at].start, found[at + count - 1].end))
    apart: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def _segments(text: str, places: Sequence[tuple[int, int]]) -> list[Segment]:
    segments, at = [], 0
    for start, end in places:
        if start > at:
            segments.append(Segment(text[at:start], is_match=False))
        segments.append(Segment(text[start:end], is_match=True))
        at = end
    if at < len(text):
        segments.append(Segment(text[at:], is_match=False))
    return segments


def _word_start(text: str, at: int) -> int:
    """A little further, to where a word begins."""
    if at == 0:
        return 0
    blank = text.find(" ", at, at + 20)
    return blank + 1 if blank >= 0 else at
