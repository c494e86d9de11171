"""Domains made to look like one that the reader knows: other letters of the same shape, or one letter amiss. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

MIN_LETTERS = 5
"""Of a shorter name every second one is a letter away."""
_SHARED = frozenset({"com", "co", "org", "net", "ac", "gov", "edu", "or", "ne"})
"""Second labels below a country under which names are given out, as in `example.co.uk`."""
_SHAPES = str.maketrans(
    {
        "0": "o", "1": "l", "i": "l", "|": "l", "5": "s", "3": "e", "4": "a", "8": "b",
        "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "х": "x", "у": "y", "і": "l", "ј": "j", "ѕ": "s",
        "ԁ": "d", "һ": "h", "к": "k", "м": "m", "т": "t", "в": "b", "н": "h", "ɡ": "g", "ı": "l", "ӏ": "l",
        "α": "a", "ο": "o", "ρ": "p", "ν": "v", "τ": "t", "κ": "k", "ι": "l", "υ": "u", "ω": "w", "ł": "l",
        "ø": "o", "đ": "d",
    }
)  # fmt: skip
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("-", ""), ("_", ""))


def registered(domain: str) -> str:
    """The part that somebody registered, as well as it can be told without the list of all suffixes."""
    labels = domain.lower().strip(".").split(".")
    deep = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SHARED else 2
    return ".".join(labels[-deep:])


def _name(domain: str) -> str:
    return registered(domain).partition(".")[0]


def _shown(name: str) -> str:
    """As a browser shows it: `xn--` decoded."""
    if not name.startswith("xn--"):
        return name
    try:
        return name[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError):
        return name


def shape(name: str) -> str:
    """Names that look alike have the same."""
    text = unicodedata.normalize("NFKD", _shown(name).lower())
    text = "".join(sign for sign in text if not unicodedata.combining(sign)).translate(_SHAPES)
    for pair, single in _PAIRS:
        text = text.replace(pair, single)
    return text


class Known:
    """Domains that a reader knows, made ready to be compared: each shape, and each with one letter left out."""

    def __init__(self, domains: Iterable[str]) -> None:
        self._registered: set[str] = set()
        self._near: dict[str, str] = {}
        for domain in domains:
            whole = registered(domain)
            if whole in self._registered:
                continue
            self._registered.add(whole)
            made = shape(_name(domain))
            self._near.setdefault(made, whole)
            if len(made) >= MIN_LETTERS:
                for less in _without_one(made):
                    self._near.setdefault(less, whole)

    def __contains__(self, domain: str) -> bool:
        return registered(domain) in self._registered

    def imitated(self, domain: str) -> str:
        """The known domain that this one looks like without being it or of its name; empty for none."""
        if not domain or domain in self:
            return ""
        name = _name(domain)
        made = shape(name)
        if len(made) < MIN_LETTERS:
            return ""
        for form in (made, *_without_one(made)):
            found = self._near.get(form)
            if found is None:
                continue
            if _name(found) != name and _is_near(made, shape(_name(found))):
                return found
        return ""


def _without_one(text: str) -> list[str]:
    return [text[:at] + text[at + 1 :] for at in range(len(text))]


def _is_near(one: str, other: str) -> bool:
    """One letter more, less or other, or two neighbours changed places."""
    if one == other:
        return True
    if abs(len(one) - len(other)) > 1:
        return False
    start = next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
