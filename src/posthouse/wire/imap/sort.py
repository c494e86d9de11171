"""SORT and THREAD (RFC 5256, RFC 5957 DISPLAYFROM and DISPLAYTO, RFC 5267 §3 ESORT)."""

from __future__ import annotations

from dataclasses import dataclass

from posthouse.wire.imap import search
from posthouse.wire.imap.errors import Malformed
from posthouse.wire.imap.scanner import Scanner
from posthouse.wire.imap.search import Search

CRITERIA = frozenset(
    {"ARRIVAL", "CC", "DATE", "DISPLAYFROM", "DISPLAYTO", "FROM", "SIZE", "SUBJECT", "TO"}
)  # fmt: skip
ALGORITHMS = ("ORDEREDSUBJECT", "REFERENCES")
MAX_CRITERIA = 20


@dataclass(frozen=True, slots=True)
class Criterion:
    name: str
    is_reverse: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """The messages of a search, in an order; the first criterion counts most."""

    criteria: tuple[Criterion, ...]
    search: Search


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    algorithm: str
    search: Search


def parse_sort(scanner: Scanner, *, is_uid: bool) -> Sort:
    """Read what follows the word SORT. Raises Malformed, or BadCharset."""
    scanner.space()
    returns, part = search.parse_returns(scanner)
    criteria = _criteria(scanner)
    scanner.space()
    found = search.parse_criteria(scanner, is_uid=is_uid, returns=returns, partial=part)
    return Sort(criteria=criteria, search=found)


def _criteria(scanner: Scanner) -> tuple[Criterion, ...]:
    scanner.expect(b"(")
    criteria: list[Criterion] = []
    while not scanner.accept(b")"):
        word = scanner.word()
        is_reverse = word == "REVERSE"
        if is_reverse:
            scanner.space()
            word = scanner.word()
        if word not in CRITERIA:
            raise Malformed("That SORT criterion is not known.")
        criteria.append(Criterion(word, is_reverse))
        if len(criteria) > MAX_CRITERIA:
            raise Malformed("There are too many SORT criteria.")
        scanner.skip_spaces()
    if not criteria:
        raise Malformed("Expected a SORT criterion.")
    return tuple(criteria)


def parse_thread(scanner: Scanner, *, is_uid: bool) -> Thread:
    """Read what follows the word THREAD. Raises Malformed, or BadCharset."""
    scanner.space()
    algorithm = scanner.word()
    if algorithm not in ALGORITHMS:
        raise Malformed("That THREAD algorithm is not known.")
    scanner.space()
    return Thread(algorithm=algorithm, search=search.parse_criteria(scanner, is_uid=is_uid, returns=None))
