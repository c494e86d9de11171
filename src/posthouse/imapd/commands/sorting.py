"""SORT, THREAD and their UID forms (RFC 5256; RFC 5267 §3 ESORT; RFC 7162 §3.1.6)."""

from __future__ import annotations

from posthouse.base import db
from posthouse.imapd import sorting
from posthouse.imapd.commands.searching import answer, looked_at, shown_as
from posthouse.imapd.progress import telling
from posthouse.imapd.replies import Ok
from posthouse.imapd.session import Session
from posthouse.wire.imap.sort import Sort, Thread


async def sort(session: Session, command: Sort) -> Ok:
    """MIN and MAX are the first and the last in the order that was asked for (RFC 5267 §3)."""
    uids, numbered = looked_at(session, command.search)
    sorted_ = db.reading(sorting.run, command, session.view.mailbox_id, uids, numbered)
    found = await telling(session, sorted_)
    answer(session, command.search, found, command.search.returns, word=b"SORT")
    return Ok("Sorted.", may_expunge=command.search.is_uid)


async def thread(session: Session, command: Thread) -> Ok:
    uids, numbered = looked_at(session, command.search)
    threaded = db.reading(
        sorting.run_threads,
        command,
        session.view.mailbox_id,
        uids,
        numbered,
        lambda found: shown_as(session, command.search, found),
    )
    written = await telling(session, threaded)
    session.untagged(b"THREAD " + written if written else b"THREAD")
    return Ok("Threaded.", may_expunge=command.search.is_uid)
