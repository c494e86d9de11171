"""Flags of an e-mail as bits, with their names in IMAP (RFC 9051 §2.3.2) and JMAP (RFC 8621 §4.1.1).

They belong to the e-mail and are the same in every mailbox it lies in; `\\Deleted` belongs to one placement and
is not among them. Keywords that have no bit are kept as words.
"""

from __future__ import annotations

from collections.abc import Iterable

SEEN = 1
FLAGGED = 2
ANSWERED = 4
DRAFT = 8
FORWARDED = 16
JUNK = 32
NOTJUNK = 64
MDN_SENT = 128

IMAP_NAMES: dict[int, str] = {
    SEEN: "\\Seen",
    FLAGGED: "\\Flagged",
    ANSWERED: "\\Answered",
    DRAFT: "\\Draft",
    FORWARDED: "$Forwarded",
    JUNK: "$Junk",
    NOTJUNK: "$NotJunk",
    MDN_SENT: "$MDNSent",
}
_BITS = {name.lower(): bit for bit, name in IMAP_NAMES.items()} | {
    "junk": JUNK,
    "nonjunk": NOTJUNK,
    "notjunk": NOTJUNK,
}

MAX_KEYWORDS = 64
MAX_KEYWORD_LENGTH = 64


def bit_of(name: str) -> int:
    """The bit of an IMAP flag or keyword (Thunderbird's `Junk` and `NonJunk` too), 0 when it has none."""
    return _BITS.get(name.lower(), 0)


def split(names: Iterable[str]) -> tuple[int, frozenset[str]]:
    """Names to (bits, words without a bit, lower case); `\\Deleted` and `\\Recent` are not for here."""
    bits, words = 0, set()
    for name in names:
        bit = bit_of(name)
        if bit:
            bits |= bit
        elif not name.startswith("\\"):
            words.add(name.lower()[:MAX_KEYWORD_LENGTH])
    return bits, frozenset(sorted(words)[:MAX_KEYWORDS])


def join_words(words: Iterable[str]) -> str:
    """Keywords as the column holds them: sorted, one space between."""
    return " ".join(sorted(words))
