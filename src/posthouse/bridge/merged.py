"""One list of several that each are in the same order: the pages of each, cut where one of them knows no further."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Place = tuple[int, int]
"""A moment and an id, descending; ids are one's own over all lists."""


@dataclass(frozen=True, slots=True)
class Part:
    """A page of one list. Where `next` is given it has everything down to there, and there is more below."""

    items: Sequence[tuple[Place, dict[str, Any]]] = ()
    next: Place | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    items: list[dict[str, Any]] = field(default_factory=list)
    next: Place | None = None


def joined(parts: Sequence[Part], *, limit: int) -> Joined:
    """The newest of all of them, at most `limit`; nothing older than what one of them still keeps back."""
    known_to = max((part.next for part in parts if part.next is not None), default=None)
    items = sorted((item for part in parts for item in part.items), key=lambda item: item[0], reverse=True)
    told = [item for item in items if known_to is None or item[0] >= known_to]
    if len(told) > limit:
        return Joined([row for _, row in told[:limit]], told[limit - 1][0])
    return Joined([row for _, row in told], known_to)
