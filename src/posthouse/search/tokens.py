"""Texts cut into the tokens that the index keeps: the same for what is stored and for what is asked.

- Unicode-normalised (NFKC), case-folded, and without the marks of Latin, Greek, Cyrillic, Hebrew and Arabic script, so
  that "Café", "CAFE" and "ｃａｆé" are one. Marks that make another letter (Thai vowels, Japanese voicing) stay.
- Whatever is no letter or digit parts tokens: `zoe@mail.outside.test` is four in a row, found whole as those four one
  behind the other, and by each of its parts.
- Scripts without blanks (Han, Kana, Hangul, Thai, Lao, Khmer, Burmese) become overlapping pairs of characters, the
  last character once more alone: any two or more characters that stand together are found, and one is a beginning.
- A token has MAX_TOKEN_CHARS at most; a longer run of letters becomes several that overlap by half, so that each part
  of it of up to OVERLAP characters lies whole in one of them.

Linear in the length of the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

MAX_TOKEN_CHARS = 40
OVERLAP = MAX_TOKEN_CHARS // 2

_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
)
"""Signs above and below letters which a reader may leave out."""
_OTHER_MARKS = (
    "\u0711\u0730-\u074a\u0900-\u0963\u0981-\u09cd\u0a01-\u0a51\u0a81-\u0acd\u0b01-\u0b57\u0b82-\u0bcd\u0c00-\u0c56"
    "\u0c81-\u0cd6\u0d00-\u0d57\u0d81-\u0ddf\u0f71-\u0f84\u3099\u309a\ua9b3-\ua9c0\u1b34-\u1b44"
)
"""Signs that belong to a word of an Indic script: whole stretches, since letters stand between them anyway."""
PAIRED = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u1000-\u103f\u1050-\u108f\u1780-\u17d3\u3041-\u309a\u309d-\u309f"
    "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_RUN = re.compile(rf"(?:[^\W_]|[{_MARKS}{_OTHER_MARKS}{PAIRED}])+")
_PIECE = re.compile(rf"(?P<paired>[{PAIRED}]+)|[^{PAIRED}]+")
_DROPPED = re.compile(f"[{_MARKS}]+")
_ASCII_RUN = re.compile("[a-z0-9]+")
_SIMPLE = re.compile(rf"(?:[\x00-\x7f]|[{PAIRED}])*\Z")


def tokens(text: str) -> list[str]:
    """In the order of the text."""
    if text.isascii():
        found = _ASCII_RUN.findall(text.lower())
        return found if max(map(len, found), default=0) <= MAX_TOKEN_CHARS else list(_cut(found))
    return [
        token for run in _RUN.findall(text) for word in _RUN.findall(fold(run)) for token in _pieces(word)
    ]


def _cut(found: list[str]) -> Iterator[str]:
    for token in found:
        for at in _starts(token):
            yield token[at : at + MAX_TOKEN_CHARS]


def _starts(run: str) -> range:
    """Where the tokens of a run begin."""
    return range(0, max(len(run) - OVERLAP, 1), OVERLAP)


def _pieces(word: str) -> Iterator[str]:
    for piece in _PIECE.finditer(word):
        part = piece.group()
        if piece["paired"]:
            for at in range(len(part) - 1):
                yield part[at : at + 2]
            yield part[-1]
        else:
            for at in _starts(part):
                yield part[at : at + MAX_TOKEN_CHARS]


@lru_cache(maxsize=16_384)
def fold(run: str) -> str:
    """One spelling for all that a reader takes for the same."""
    if run.isascii():
        return run.lower()
    wide = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", run).casefold())
    return unicodedata.normalize("NFKC", _DROPPED.sub("", wide))


class _OneByOne(dict[int, str]):
    """Folds each character to one: for finding places in a text, where nothing may move."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        folded = fold(sign)
        self[code] = folded if len(folded) == 1 else sign
        return self[code]


_one_by_one = _OneByOne()


def fold_in_place(text: str) -> str:
    """As `fold`, of the same length: what would become more or less than one character stays as it is."""
    return text.lower() if text.isascii() else text.translate(_one_by_one)


def runs(text: str) -> list[str]:
    """What stands between signs that are no letters or digits."""
    return _RUN.findall(text)


class Wanted(NamedTuple):
    """Tokens that must stand one behind the other. `is_open`: the last may go on."""

    tokens: tuple[str, ...]
    is_open: bool


def wanted(text: str, *, is_prefix: bool) -> Wanted:
    """What to look for to find a text; no tokens where it has no letter or digit."""
    found = tokens(text)
    if not found:
        return Wanted((), is_open=False)
    if not _is_paired(found[-1]):
        return Wanted(tuple(found), is_open=is_prefix and text[-1:] != " " and _ends_in_word(text))
    # The last character stands alone at the end of a stretch only: what was asked may go on.
    return (
        Wanted(tuple(found[:-1]), is_open=False) if _has_pair(found) else Wanted(tuple(found), is_open=True)
    )


def _is_paired(token: str) -> bool:
    return _PIECE.match(token)["paired"] is not None  # type: ignore[index]


def _has_pair(found: list[str]) -> bool:
    """Whether the single character at the end stands in a pair as well."""
    return len(found) > 1 and len(found[-2]) == 2 and _is_paired(found[-2]) and found[-2][1] == found[-1]


def _ends_in_word(text: str) -> bool:
    return _RUN.search(text[-1]) is not None


def pieces_inside(needle: str) -> list[tuple[str, str]] | None:
    """What a text that holds the needle as a substring must have, as (how, token).

    `how` is what such a text's own tokens do with it: "is", "begins", "ends" or "holds". None where folding does not
    keep substrings, so that nothing can be said.
    """
    if not needle.isascii() and not _SIMPLE.match(needle):
        return None
    found: list[tuple[str, str]] = []
    for run in _RUN.finditer(needle):
        at_start, at_end = run.start() == 0, run.end() == len(needle)
        parts = list(_PIECE.finditer(fold(run.group())))
        for index, piece in enumerate(parts):
            opens, closes = at_start and index == 0, at_end and index == len(parts) - 1
            found += _must_have(piece.group(), is_paired=bool(piece["paired"]), opens=opens, closes=closes)
    return found


def _must_have(piece: str, *, is_paired: bool, opens: bool, closes: bool) -> list[tuple[str, str]]:
    if is_paired:
        if len(piece) == 1:
            return [("holds", piece)]
        return [("is", piece[at : at + 2]) for at in range(len(piece) - 1)]
    if opens:
        return [("holds" if closes else "ends", piece)] if len(piece) <= OVERLAP else []
    return [("begins" if closes else "is", piece)] if len(piece) <= MAX_TOKEN_CHARS else []
