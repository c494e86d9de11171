"""The part of `posthouse check` that looks at the indexes of words: what is in them and gone, or not in them and there.

What an indexer has not come to yet is no fault. With `repair` an account or conversation with a fault is indexed anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from posthouse.ops import indexes
from posthouse.ops.indexes import Filled


@dataclass(slots=True)
class Findings:
    faults: list[str] = field(default_factory=list)
    repaired: int = 0
    indexed: int = 0
    waiting: int = 0


def run(*, repair: bool) -> Findings:
    """`indexed` and `waiting` are of e-mails."""
    found = Findings()
    _look(indexes.MAIL, found, repair=repair)
    of_messages = Findings()
    _look(indexes.MESSAGES, of_messages, repair=repair)
    found.faults += of_messages.faults
    found.repaired += of_messages.repaired
    return found


def _look(filled: Filled, found: Findings, *, repair: bool) -> None:
    reached = filled.words().progress()
    logs = filled.logs()
    for owner_id, number in logs.items():
        progress = reached.get(owner_id)
        size = filled.words().size(owner_id)
        found.indexed += size
        if progress is None or not progress.is_complete or progress.upto != number:
            found.waiting += max(0, filled.count(owner_id) - size)
            continue
        fault = _fault(filled, owner_id)
        if fault and filled.logs().get(owner_id) == number:
            found.faults.append(f"{filled.owner} {owner_id}: {fault}")
            if repair:
                filled.make_anew(owner_id)
                found.repaired += 1
    for owner_id in reached.keys() - logs.keys():
        found.faults.append(f"search index: {filled.owner} {owner_id} is gone")
        if repair:
            filled.words().forget(owner_id)
            found.repaired += 1


def _fault(filled: Filled, owner_id: int) -> str:
    stale = sum(len(gone) for gone in filled.stale(owner_id))
    missing = filled.count(owner_id) - (filled.words().size(owner_id) - stale)
    if not stale and not missing:
        return ""
    return f"search index: {stale} {filled.things} in it are gone, {missing} are not in it"
