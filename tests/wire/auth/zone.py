"""A zone in memory that answers `Ask`: the fake DNS of the pure checks."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, TypeVar

from posthouse.wire.auth.dns import NoAnswer

T = TypeVar("T")


class Zone:
    """`Zone({("a.test", "TXT"): ["v=spf1 -all"]})`; names in `dead` are never answered."""

    def __init__(self, records: Mapping[tuple[str, str], Sequence[str]] | None = None) -> None:
        self.records = {(name.lower(), kind): list(found) for (name, kind), found in (records or {}).items()}
        self.dead: set[str] = set()
        self.asked: list[tuple[str, str]] = []

    async def __call__(self, name: str, kind: str) -> Sequence[str]:
        name = name.lower().removesuffix(".")
        self.asked.append((name, kind))
        if name in self.dead or (name, kind) in {(dead, kind) for dead in self.dead}:
            raise NoAnswer
        for _ in range(8):
            if (name, kind) in self.records:
                return self.records[name, kind]
            alias = self.records.get((name, "CNAME"))
            if alias is None:
                return []
            name = alias[0].lower().removesuffix(".")
        return []


def finish(work: Coroutine[Any, Any, T]) -> T:
    """The outcome of a check whose questions are all answered at once: it never waits, so no loop is needed."""
    try:
        work.send(None)
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]
    raise AssertionError("it waited")
