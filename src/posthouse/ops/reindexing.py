"""`posthouse search reindex`: forget the index of words and make it anew; without an account that of messages as well.

In a running server its indexers go on at their own pace beside us; both move the same cursors, so nothing is done twice
for nothing. Searches meanwhile find what is there already, and say that they are not complete.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

from posthouse.identity.actor import Actor
from posthouse.mail import access
from posthouse.ops import indexes
from posthouse.ops.indexes import Filled

PROGRESS_STEPS = 10


def run(actor: Actor | None) -> Iterator[dict[str, Any]]:
    """Yield progress, then a sentence; without an actor all accounts and conversations."""
    if actor is not None:
        made = yield from _anew(indexes.MAIL, [access.account_id_for(actor)])
    else:
        made = yield from _anew(indexes.MAIL, list(indexes.MAIL.logs()))
        if conversations := list(indexes.MESSAGES.logs()):
            of_messages = yield from _anew(indexes.MESSAGES, conversations)
            made = f"{made} and {of_messages}"
    yield {"result": f"{made} are in the index."}


def _anew(filled: Filled, owners: list[int]) -> Generator[dict[str, Any], None, str]:
    done = 0
    for owner_id in owners:
        filled.words().forget(owner_id)
    for owner_id in owners:
        steps = 0
        while filled.step(owner_id):
            steps += 1
            if steps % PROGRESS_STEPS == 0:
                yield {"progress": {f"{filled.owner}s": done, "of": len(owners), "steps": steps}}
        done += 1
    total = sum(filled.words().size(owner_id) for owner_id in owners)
    return f"{total} {filled.things} of {done} {filled.owner}s"
