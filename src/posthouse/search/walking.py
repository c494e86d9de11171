"""What searches over an index and rows do alike: saying where to look, and reading on in growing batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from posthouse.search import matching
from posthouse.search.tree import And, Node, Not, Or, Words, both, either

FIRST_BATCH = 160
MOST_AT_ONCE = 4_000

Source = Callable[[int | None, int], list[tuple[int, int]]]
"""Takes the latest moment and how many; gives (moment, id) newest first."""
Candidates = Iterator[tuple[list[int], int | None]]
"""Ids, and the moment down to which they are all of them; None at the end."""


def walk(read: Source, high_ms: int | None) -> Candidates:
    """Growing batches, each with everything of the moments it holds; from the newest, or from a moment on."""
    size = FIRST_BATCH
    while True:
        rows = read(high_ms, size)
        if len(rows) < size:
            yield [row[1] for row in rows], None
            return
        last_ms = rows[-1][0]
        whole = [row[1] for row in rows if row[0] > last_ms]
        if not whole:
            size *= 4
            continue
        yield whole, last_ms + 1
        high_ms = last_ms
        size = min(size * 4, max(size, MOST_AT_ONCE))


def needed(node: Node) -> Node | None:
    """The texts without which it cannot hold; None where there are none."""
    match node:
        case Words():
            return node
        case And(parts):
            return both([found for part in parts if (found := needed(part)) is not None])
        case Or(parts):
            texts = [needed(part) for part in parts]
            return None if None in texts else either([one for one in texts if one is not None])
    return None


def meaningful(node: Node | None) -> Node | None:
    """Without texts that say nothing, such as a lone comma."""
    match node:
        case Words():
            return None if matching.says_nothing(node) else node
        case And(parts) | Or(parts):
            left = [part for part in map(meaningful, parts) if part is not None]
            return both(left) if isinstance(node, And) else either(left)
        case Not(part):
            inner = meaningful(part)
            return None if inner is None else Not(inner)
    return node
