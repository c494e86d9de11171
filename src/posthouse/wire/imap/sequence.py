"""Sets of message numbers or UIDs: `1:5,9,12:*`, `$` (RFC 9051 §9 sequence-set, RFC 5182)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from posthouse.wire.imap.errors import Malformed
from posthouse.wire.imap.limits import MAX_NUMBER, MAX_SEQUENCE_RANGES

STAR = MAX_NUMBER + 1  # sorts after every number
_RANGE = re.compile(rb"(\*|[1-9]\d{0,9})(?::(\*|[1-9]\d{0,9}))?")


@dataclass(frozen=True, slots=True)
class SequenceSet:
    """Ranges as sent, each with its smaller end first (a client may send `9:3`); `*` is STAR.

    `is_saved` stands for `$`, the result of the last SEARCH RETURN (SAVE).
    """

    ranges: tuple[tuple[int, int], ...]
    is_saved: bool = False

    def resolve(self, largest: int) -> list[tuple[int, int]]:
        """Ranges in ascending order that do not touch, with `*` as `largest` (0 when there is none).

        `12:*` names the last message even when the last is 7, so a range may come out below its start.
        """
        spans = sorted(
            (min(low, largest) if high == STAR else low, largest if high == STAR else high)
            for low, high in self.ranges
        )
        merged: list[tuple[int, int]] = []
        for low, high in spans:
            if high < 1:
                continue
            if merged and low <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(merged[-1][1], high))
            else:
                merged.append((max(low, 1), high))
        return merged


SAVED = SequenceSet((), is_saved=True)


def parse(raw: bytes) -> SequenceSet:
    if raw == b"$":
        return SAVED
    ranges: list[tuple[int, int]] = []
    at = 0
    while True:
        match = _RANGE.match(raw, at)
        if match is None:
            raise Malformed("That is not a set of message numbers.")
        first = _number(match[1])
        last = first if match[2] is None else _number(match[2])
        ranges.append((min(first, last), max(first, last)))
        at = match.end()
        if at == len(raw):
            return SequenceSet(tuple(ranges))
        if raw[at] != 0x2C or len(ranges) >= MAX_SEQUENCE_RANGES:
            raise Malformed("That is not a set of message numbers.")
        at += 1


def _number(raw: bytes) -> int:
    number = STAR if raw == b"*" else int(raw)
    if number > STAR or (number == STAR and raw != b"*"):
        raise Malformed("A message number is too large.")
    return number


def compact(numbers: Iterable[int]) -> bytes:
    """`1:3,7` from ascending numbers; empty for none."""
    pieces: list[bytes] = []
    first = last = -1
    for number in numbers:
        if number == last + 1 and first >= 0:
            last = number
            continue
        if first >= 0:
            pieces.append(_span(first, last))
        first = last = number
    if first >= 0:
        pieces.append(_span(first, last))
    return b",".join(pieces)


def spans(ranges: Iterable[tuple[int, int]]) -> bytes:
    """`1:3,7` from ascending ranges; empty for none."""
    return b",".join(_span(first, last) for first, last in ranges)


def _span(first: int, last: int) -> bytes:
    return b"%d" % first if first == last else b"%d:%d" % (first, last)
