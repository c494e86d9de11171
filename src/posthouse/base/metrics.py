"""Counting what happens: numbers in memory, cheap enough for every command and message (about a microsecond).

Who publishes them reads them here (ops/metrics.py); a door in a process of its own sends its numbers to the house
(`snapshot`, `absorb`), which adds them up. Labels are few and bounded: a route's template, never a path; a command that
is known, never what a client typed. Nothing of people or mail is ever a label.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

Labels = tuple[str, ...]
Numbers = dict[Labels, list[float]]
"""A counter has one number; a histogram one for each bucket, the last for what is beyond, and the sum."""

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
SIZES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0)


class Metric:
    """Known by its name from its making on."""

    def __init__(self, name: str, text: str, *labels: str, buckets: Sequence[float] = ()) -> None:
        self.name, self.text, self.labels, self.buckets = name, text, labels, buckets
        self._numbers: Numbers = {}
        self._lock = threading.Lock()
        _known[name] = self

    def numbers(self) -> Numbers:
        """A copy, of this process alone."""
        with self._lock:
            return {labels: list(numbers) for labels, numbers in self._numbers.items()}


class Counter(Metric):
    def count(self, *labels: str, by: float = 1) -> None:
        with self._lock:
            try:
                self._numbers[labels][0] += by
            except KeyError:
                self._numbers[labels] = [by]


class Histogram(Metric):
    def observe(self, value: float, *labels: str) -> None:
        place = bisect_left(self.buckets, value)
        with self._lock:
            numbers = self._numbers.get(labels)
            if numbers is None:
                numbers = self._numbers[labels] = [0.0] * (len(self.buckets) + 2)
            numbers[place] += 1
            numbers[-1] += value


_known: dict[str, Metric] = {}
_absorbed: dict[str, dict[str, Numbers]] = {}
_retired: dict[str, Numbers] = {}
_guard = threading.Lock()


def snapshot() -> dict[str, list[tuple[list[str], list[float]]]]:
    """This process's numbers, ready for JSON."""
    return {
        name: [(list(labels), numbers) for labels, numbers in metric.numbers().items()]
        for name, metric in _known.items()
    }


def absorb(source: str, found: Mapping[str, Any]) -> None:
    """Take the numbers that another process has counted since its start; they replace those it sent before."""
    taken = {name: {tuple(labels): list(numbers) for labels, numbers in rows} for name, rows in found.items()}
    with _guard:
        _absorbed[source] = taken


def retire(source: str) -> None:
    """The process is gone, and begins again at nothing: what it counted stays."""
    with _guard:
        for name, numbers in _absorbed.pop(source, {}).items():
            _add(_retired.setdefault(name, {}), numbers)


def totals() -> list[tuple[Metric, Numbers]]:
    """Every metric that is known here, with the numbers of all processes together."""
    found = []
    with _guard:
        for name, metric in list(_known.items()):
            numbers = metric.numbers()
            for other in (_retired, *_absorbed.values()):
                _add(numbers, other.get(name, {}))
            found.append((metric, numbers))
    return found


def _add(into: Numbers, more: Numbers) -> None:
    for labels, numbers in more.items():
        old = into.get(labels)
        if old is None or len(old) != len(numbers):
            into[labels] = list(numbers)
        else:
            into[labels] = [a + b for a, b in zip(old, numbers, strict=True)]


# What is counted where several rooms must agree

logins = Counter("posthouse_logins", "Log-ins by door and outcome.", "door", "outcome")
connections = Counter("posthouse_connections", "Connections that mail clients and servers opened.", "door")
disconnections = Counter("posthouse_disconnections", "Connections that have ended.", "door")
