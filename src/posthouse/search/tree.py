"""A search as a tree: what the language (language.py) makes of a text, and what the index and the store answer.

Leaves are texts to find (`Words`) and facts about an e-mail; `And`, `Or` and `Not` join them. Everything is a value:
equal searches are equal trees, and `text_of` writes one down so that reading it gives the same tree.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

DAY_MS = 86_400_000
UNITS_MS = {"h": DAY_MS // 24, "d": DAY_MS, "w": 7 * DAY_MS, "m": 30 * DAY_MS, "y": 365 * DAY_MS}
ANYWHERE = frozenset({"anywhere", "all"})
ROOM, PERSON = "#", "@"
"""Before the name of a conversation in `in:`: of a channel or group, or of whom one talks with directly."""
_BARE = re.compile(r'[^\s(){}"]+\Z')


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A text to find in one field (a name of FIELDS) or, with "any", wherever an e-mail has words.

    Several words are found one behind the other. `is_prefix`: the last may go on, since it is still being typed.
    """

    text: str
    field: str = "any"
    is_phrase: bool = False
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """A name of STATES."""

    name: str


@dataclass(frozen=True, slots=True)
class Has:
    """A name of THINGS."""

    thing: str


@dataclass(frozen=True, slots=True)
class In:
    """A mailbox by role, name or path; "anywhere" is every one, with Trash and Junk. A conversation by "#name", or
    "@person" for the one that two people have."""

    name: str

    @property
    def is_anywhere(self) -> bool:
        return self.name.lower() in ANYWHERE

    @property
    def is_conversation(self) -> bool:
        return self.name.startswith((ROOM, PERSON))


@dataclass(frozen=True, slots=True)
class Received:
    """Before a moment, or from it on."""

    is_before: bool
    at_ms: int


@dataclass(frozen=True, slots=True)
class Age:
    """Older or newer than some days; the language's months have 30 of them, years 365."""

    is_older: bool
    amount: int
    unit: str

    @property
    def span_ms(self) -> int:
        return self.amount * UNITS_MS[self.unit]


@dataclass(frozen=True, slots=True)
class Size:
    is_larger: bool
    size_bytes: int


@dataclass(frozen=True, slots=True)
class MessageId:
    value: str


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Node


Fact = State | Has | In | Received | Age | Size | MessageId
Leaf = Words | Fact
Node = Leaf | And | Or | Not


def both(parts: list[Node]) -> Node | None:
    """All of them; None for none."""
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, And) else [part]
    return flat[0] if len(flat) == 1 else And(tuple(flat)) if flat else None


def either(parts: list[Node]) -> Node | None:
    """One of them; None for none."""
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, Or) else [part]
    return flat[0] if len(flat) == 1 else Or(tuple(flat)) if flat else None


def opposite(part: Node) -> Node:
    return part.part if isinstance(part, Not) else Not(part)


def clauses(node: Node | None) -> tuple[Node, ...]:
    """What must hold, one by one."""
    if node is None:
        return ()
    return node.parts if isinstance(node, And) else (node,)


def leaves(node: Node | None) -> Iterator[Leaf]:
    match node:
        case None:
            return
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case _:
            yield node


def text_of(node: Node | None) -> str:
    """The tree in the language."""
    match node:
        case None:
            return ""
        case And(parts):
            return " ".join(_inside(part) for part in parts)
        case Or(parts):
            return "{" + " ".join(_inside(part) for part in parts) + "}"
        case Not(part):
            return "-" + _inside(part)
    return _leaf_text(node)


def _inside(node: Node) -> str:
    return f"({text_of(node)})" if isinstance(node, And) else text_of(node)


def _leaf_text(leaf: Leaf) -> str:
    match leaf:
        case Words():
            text = f'"{leaf.text}"' if leaf.is_phrase else leaf.text
            return text if leaf.field == "any" else f"{leaf.field}:{text}"
        case State(name):
            return f"is:{name}"
        case Has(thing):
            return f"has:{thing}"
        case In(name):
            return f"in:{_value(name)}"
        case Received(is_before, at_ms):
            return f"{'before' if is_before else 'after'}:{_moment(at_ms)}"
        case Age(is_older, amount, unit):
            return f"{'older' if is_older else 'newer'}_than:{amount}{unit}"
        case Size(is_larger, size_bytes):
            return f"{'larger' if is_larger else 'smaller'}:{size_bytes}"
        case MessageId(value):
            return f"rfc822msgid:{_value(value)}"


def _value(text: str) -> str:
    return text if _BARE.match(text) else f'"{text}"'


def _moment(at_ms: int) -> str:
    """A day, or the seconds since 1970 that the language also takes."""
    if at_ms % DAY_MS:
        return str(at_ms // 1000)
    return (dt.date(1970, 1, 1) + dt.timedelta(days=at_ms // DAY_MS)).isoformat()
