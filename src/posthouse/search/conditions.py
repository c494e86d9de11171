"""A tree of facts as a condition in SQL, whatever table it is asked of: what a leaf says there is the room's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from posthouse.base import clock
from posthouse.search.tree import Age, And, Leaf, Node, Not, Or, Received, Words, leaves


class Condition(NamedTuple):
    text: str
    params: list[object]


ALWAYS = Condition("1 = 1", [])
NEVER = Condition("1 = 0", [])
_EVER_MS = 1 << 62


def is_fact(node: Node) -> bool:
    return not any(isinstance(leaf, Words) for leaf in leaves(node))


def condition(node: Node, of_leaf: Callable[[Leaf], Condition]) -> Condition:
    match node:
        case And(parts):
            return joined(" AND ", [condition(part, of_leaf) for part in parts])
        case Or(parts):
            return joined(" OR ", [condition(part, of_leaf) for part in parts])
        case Not(part):
            text, params = condition(part, of_leaf)
            return Condition(f"NOT ({text})", params)
    return of_leaf(node)


def joined(word: str, conditions: Sequence[Condition]) -> Condition:
    params = [value for one in conditions for value in one.params]
    return Condition(word.join(f"({one.text})" for one in conditions), params)


def span_of(node: Received | Age) -> tuple[int, int]:
    """Milliseconds from and before which it fits."""
    match node:
        case Received(is_before, at_ms):
            edge_ms = at_ms
        case Age(is_before):
            edge_ms = clock.now_ms() - node.span_ms
    return (-_EVER_MS, edge_ms) if is_before else (edge_ms, _EVER_MS)
