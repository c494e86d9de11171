"""`posthouse search reindex`: forget the index of words and make it anew.

In a running server its indexer goes on at its own pace beside us; both move the same cursors, so nothing is done twice
for nothing. Searches meanwhile find what is there already, and say that they are not complete.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from posthouse.identity.actor import Actor
from posthouse.mail import access, indexing
from posthouse.search import index

PROGRESS_STEPS = 10


def run(actor: Actor | None) -> Iterator[dict[str, Any]]:
    """Yield progress, then a sentence; without an actor all accounts."""
    accounts = list(indexing.accounts()) if actor is None else [access.account_id_for(actor)]
    done = 0
    for account_id in accounts:
        index.current().forget(account_id)
    for account_id in accounts:
        steps = 0
        while indexing.step(account_id):
            steps += 1
            if steps % PROGRESS_STEPS == 0:
                yield {"progress": {"accounts": done, "of": len(accounts), "steps": steps}}
        done += 1
    total = sum(index.current().size(account_id) for account_id in accounts)
    yield {"result": f"{total} e-mails of {done} accounts are in the index."}
