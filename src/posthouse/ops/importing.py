"""`posthouse import`: an archive into an account, resumable, with nothing lost.

What cannot be parsed is stored whole all the same and reported. Messages are parsed and compressed here, a batch at
a time, and stored with the new position in one transaction (mail/archives.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from posthouse.identity.actor import Actor
from posthouse.mail import access, archives, storing
from posthouse.mail.archives import Archived
from posthouse.ops import archive_files
from posthouse.ops.archive_files import ArchivedMessage

BATCH = 100
BATCH_BYTES = 16 * 1024 * 1024
NAMED_ODD = 20


def run(actor: Actor, *, kind: str, path: str, mailbox: str) -> Iterator[dict[str, Any]]:
    """Yield `{"progress": {done_bytes, total_bytes, stored}}` as it goes, then `{"result": …}`."""
    archives.levels_of(mailbox)  # a bad name is said before anything is looked for under it
    source = Path(path)
    total = archive_files.total_bytes(kind, source)
    account_id = access.account_id_for(actor)
    name = _source_name(kind, source, mailbox)
    start = archives.standing(account_id, name)
    position, stored = start.position, 0
    named: list[str] = []
    mailboxes: dict[str, int] = {}
    batch: list[ArchivedMessage] = []
    size = 0
    for message in archive_files.read(kind, source, after=start.position):
        batch.append(message)
        size += len(message.raw)
        if len(batch) >= BATCH or size >= BATCH_BYTES:
            named += _store(actor, batch, _Where(account_id, name, mailbox, position), mailboxes)
            position, stored = message.mark, stored + len(batch)
            yield {"progress": {"done_bytes": message.done_bytes, "total_bytes": total, "stored": stored}}
            batch, size = [], 0
    if batch:
        named += _store(actor, batch, _Where(account_id, name, mailbox, position), mailboxes)
        stored += len(batch)
        yield {"progress": {"done_bytes": total, "total_bytes": total, "stored": stored}}
    odd = archives.standing(account_id, name).odd
    yield {
        "result": {
            "stored": stored,
            "before": start.stored,
            "odd": odd,
            "odd_ones": named[:NAMED_ODD],
        }
    }


def _source_name(kind: str, path: Path, mailbox: str) -> str:
    """The archive's identity: where it is, and how it begins (another file of the same name is another archive)."""
    head = b""
    if path.is_file():
        with path.open("rb") as file:
            head = file.read(1024)
    digest = hashlib.sha256(head + str(path.resolve()).encode()).hexdigest()[:32]
    return f"{kind}:{digest}:{mailbox}"[:500]


class _Where(NamedTuple):
    """`position` is where the batch begins."""

    account_id: int
    source: str
    into: str
    position: str


def _store(actor: Actor, batch: list[ArchivedMessage], where: _Where, mailboxes: dict[str, int]) -> list[str]:
    """Store a batch; gives a line for each message that is stored but did not parse as mail."""
    items, odd = [], []
    for message in batch:
        path = "/".join(part for part in (where.into, message.mailbox) if part)
        if path not in mailboxes:
            mailboxes[path] = archives.mailbox_at(actor, path, account_id=where.account_id)
        arrival = storing.prepare(message.raw, received_at_ms=message.received_at_ms, or_sent_at=True)
        if arrival.defects and arrival.sender == "[]" and not arrival.message_id:
            odd.append(f"{message.name}: {', '.join(arrival.defects)}")
        items.append(Archived(arrival=arrival, mailbox_id=mailboxes[path], flags=message.flags, keywords=""))
    archives.store_batch(
        actor,
        items,
        account_id=where.account_id,
        source=where.source,
        moves=(where.position, batch[-1].mark),
        odd=len(odd),
    )
    return odd
