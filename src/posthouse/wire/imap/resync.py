"""What a client that was here before says it knows, and parts of answers (RFC 7162 §3.2.5, RFC 9394)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from posthouse.wire.imap.errors import Malformed
from posthouse.wire.imap.limits import MAX_LONG, MAX_NUMBER
from posthouse.wire.imap.scanner import Scanner
from posthouse.wire.imap.sequence import STAR, SequenceSet

_PARTIAL = re.compile(rb"(-?)([1-9]\d{0,9}):(-?)([1-9]\d{0,9})")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resync:
    """The argument of SELECT (QRESYNC ...). `numbers` and `uids` are pairs that the client had at `modseq`."""

    uidvalidity: int
    modseq: int
    known: SequenceSet | None = None
    numbers: SequenceSet | None = None
    uids: SequenceSet | None = None


@dataclass(frozen=True, slots=True)
class Partial:
    """Which of the results in ascending order: from 1, or with `is_from_end` from the last backwards.

    `sent` is the range as it came, and goes back so (RFC 9394 §3.1).
    """

    low: int
    high: int
    is_from_end: bool
    sent: bytes

    def of(self, values: Sequence[Value]) -> Sequence[Value]:
        if not self.is_from_end:
            return values[self.low - 1 : self.high]
        return values[max(0, len(values) - self.high) : max(0, len(values) - self.low + 1)]


def read(scanner: Scanner) -> Resync:
    """From the parenthesis to its end."""
    scanner.expect(b"(")
    uidvalidity = scanner.number(highest=MAX_NUMBER)
    scanner.space()
    modseq = scanner.number(highest=MAX_LONG)
    known = numbers = uids = None
    if scanner.accept(b" ") and scanner.peek() != b"(":
        known = _plain_set(scanner)
        scanner.skip_spaces()
    if scanner.accept(b"("):
        numbers = _plain_set(scanner)
        scanner.space()
        uids = _plain_set(scanner)
        scanner.expect(b")")
    scanner.expect(b")")
    return Resync(uidvalidity=uidvalidity, modseq=modseq, known=known, numbers=numbers, uids=uids)


def _plain_set(scanner: Scanner) -> SequenceSet:
    found = scanner.sequence_set()
    if found.is_saved or any(high == STAR for _, high in found.ranges):
        raise Malformed("Only numbers are allowed there.")
    return found


def partial(scanner: Scanner) -> Partial:
    found = scanner.match(_PARTIAL)
    if found is None or found[1] != found[3]:
        raise Malformed("Expected a range such as 1:100 or -1:-100.")
    ends = int(found[2]), int(found[4])
    if max(ends) > MAX_NUMBER:
        raise Malformed("A number is too large.")
    return Partial(min(ends), max(ends), bool(found[1]), found[0])
