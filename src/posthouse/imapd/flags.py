"""Flags of a row as IMAP shows them, and IMAP's flags as the store takes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from posthouse.imapd.replies import No
from posthouse.mail import flags as flag

_CACHE_LIMIT = 4096
_cache: dict[tuple[int, str, bool], bytes] = {}
_SYSTEM = frozenset({"\\seen", "\\flagged", "\\answered", "\\draft", "\\deleted", "\\recent"})

DEFINED = b"\\Answered \\Flagged \\Deleted \\Seen \\Draft $Forwarded $Junk $NotJunk $MDNSent"


class Flags(NamedTuple):
    """Flags as the store's verbs take them."""

    bits: int
    keywords: frozenset[str]
    is_deleted: bool


class UnknownFlag(Exception):
    """A system flag that does not exist."""


class Flagged(Protocol):
    """A row with flags: `is_deleted` may be SQLite's 0 or 1."""

    @property
    def flags(self) -> int: ...
    @property
    def keywords(self) -> str: ...
    @property
    def is_deleted(self) -> bool: ...


def flags_text(row: Flagged) -> bytes:
    """`(\\Seen $Junk work)`. The same few combinations come again and again, so they are kept."""
    key = (row.flags, row.keywords, row.is_deleted)
    text = _cache.get(key)
    if text is None:
        if len(_cache) >= _CACHE_LIMIT:
            _cache.clear()
        text = _cache[key] = _write(*key)
    return text


def _write(bits: int, keywords: str, is_deleted: bool) -> bytes:  # noqa: FBT001 the cache key, spread out
    names = [name.encode("ascii") for bit, name in flag.IMAP_NAMES.items() if bits & bit]
    if is_deleted:
        names.append(b"\\Deleted")
    names += [word.encode("ascii", "replace") for word in keywords.split()]
    return b"(" + b" ".join(names) + b")"


def parse(names: Iterable[str]) -> Flags:
    """Raises UnknownFlag, and No for keywords that are too many or too long; `\\Recent` is ours and is passed over."""
    names = list(names)
    lowered = {name.lower() for name in names}
    for name in lowered:
        if name.startswith("\\") and name not in _SYSTEM:
            raise UnknownFlag(name)
    words = [name for name in lowered if not (name.startswith("\\") or flag.bit_of(name))]
    if len(words) > flag.MAX_KEYWORDS or any(len(word) > flag.MAX_KEYWORD_LENGTH for word in words):
        raise No("Those keywords are too many or too long.", code=b"LIMIT")
    bits, keywords = flag.split(names)
    return Flags(bits, keywords, "\\deleted" in lowered)
