"""How much one client may make us hold or walk through, before and after log-in.

A stranger gets a few kilobytes (memory exhaustion by literals and parentheses before log-in is the classic
IMAP failure); a person gets what real clients need, such as UID sets of tens of kilobytes.
"""

from __future__ import annotations

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB

MAX_DEPTH = 32  # parentheses, NOT and OR inside each other
MAX_SEARCH_KEYS = 2_000
MAX_FETCH_ITEMS = 200
MAX_SEQUENCE_RANGES = 20_000
MAX_HEADER_FIELDS = 200
MAX_FLAGS = 100
MAX_PATTERNS = 50
MAX_NOTIFY_GROUPS = 50
MAX_NOTIFY_NAMES = 1_000  # of mailboxes in one of them
MAX_MAILBOX_NAME_BYTES = 1_000
MAX_SECTION_DEPTH = 100
MAX_NUMBER = (1 << 32) - 1
MAX_LONG = (1 << 63) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Of one command: its text without literals, each literal, how many, and all of them together.

    `append_bytes` is for the message of an APPEND; 0 means that no message is taken. A refused literal that
    the client sends without asking is read past up to `swallow_bytes`, beyond that the connection ends. With LITERAL-
    one that comes without asking has at most `unasked_bytes` (RFC 7888 §5); None is LITERAL+.
    """

    text_bytes: int
    literal_bytes: int
    literals: int
    literals_total_bytes: int
    append_bytes: int = 0
    swallow_bytes: int = 0
    unasked_bytes: int | None = None


BEFORE_LOGIN = Limits(text_bytes=8 * KIB, literal_bytes=2 * KIB, literals=4, literals_total_bytes=4 * KIB)


LITERAL_MINUS_BYTES = 4096


def after_login(*, append_bytes: int, has_literal_plus: bool = True) -> Limits:
    return Limits(
        text_bytes=256 * KIB,
        literal_bytes=64 * KIB,
        literals=500,
        literals_total_bytes=256 * KIB,
        append_bytes=append_bytes,
        swallow_bytes=2 * append_bytes,
        unasked_bytes=None if has_literal_plus else LITERAL_MINUS_BYTES,
    )
