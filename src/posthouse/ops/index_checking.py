"""The part of `posthouse check` that looks at the index of words: what is in it and gone, or not in it and there.

What the indexer has not come to yet is no fault. With `repair` an account with a fault is indexed anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from posthouse.base import sql
from posthouse.mail import indexing
from posthouse.search import index


@dataclass(slots=True)
class Findings:
    faults: list[str] = field(default_factory=list)
    repaired: int = 0
    indexed: int = 0
    waiting: int = 0


def run(*, repair: bool) -> Findings:
    found = Findings()
    reached = index.current().progress()
    accounts = indexing.accounts()
    for account_id, modseq in accounts.items():
        progress = reached.get(account_id)
        size = index.current().size(account_id)
        found.indexed += size
        if progress is None or not progress.is_complete or progress.upto != modseq:
            found.waiting += max(0, _emails(account_id) - size)
            continue
        fault = _fault(account_id)
        if fault and indexing.accounts().get(account_id) == modseq:
            found.faults.append(f"account {account_id}: {fault}")
            if repair:
                _index_anew(account_id)
                found.repaired += 1
    for account_id in reached.keys() - accounts.keys():
        found.faults.append(f"search index: account {account_id} is gone")
        if repair:
            index.current().forget(account_id)
            found.repaired += 1
    return found


def _emails(account_id: int) -> int:
    row = sql.row("SELECT count(*) FROM mail_email WHERE account_id = %s", [account_id])
    return 0 if row is None else int(row[0])


def _fault(account_id: int) -> str:
    stale = sum(len(gone) for gone in indexing.stale(account_id))
    missing = _emails(account_id) - (index.current().size(account_id) - stale)
    if not stale and not missing:
        return ""
    return f"search index: {stale} e-mails in it are gone, {missing} are not in it"


def _index_anew(account_id: int) -> None:
    index.current().forget(account_id)
    while indexing.step(account_id):
        continue
