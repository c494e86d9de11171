"""SORT, THREAD and their UID forms (RFC 5256; RFC 5267 §3 ESORT; RFC 7162 §3.1.6)."""

from __future__ import annotations

from posthouse.imapd import sorting
from posthouse.imapd.commands.searching import answer, look, looked_at, shown_as
from posthouse.imapd.progress import Progress, telling
from posthouse.imapd.replies import Ok
from posthouse.imapd.session import Session
from posthouse.wire.imap.sort import Sort, Thread


async def sort(session: Session, command: Sort) -> Ok:
    """MIN and MAX are the first and the last in the order that was asked for (RFC 5267 §3)."""
    uids, numbered = looked_at(session, command.search)
    mailbox_id, progress = session.view.mailbox_id, Progress()
    sorted_ = look(
        session, command.search, progress, sorting.run, command, mailbox_id, uids, numbered, progress
    )
    found = await telling(session, sorted_, progress)
    answer(session, command.search, found, command.search.returns, word=b"SORT")
    return Ok("Sorted.", may_expunge=command.search.is_uid)


async def thread(session: Session, command: Thread) -> Ok:
    uids, numbered = looked_at(session, command.search)
    progress = Progress()
    threaded = look(
        session,
        command.search,
        progress,
        sorting.run_threads,
        command,
        session.view.mailbox_id,
        uids,
        numbered,
        progress,
        lambda found: shown_as(session, command.search, found),
    )
    written = await telling(session, threaded, progress)
    session.untagged(b"THREAD " + written if written else b"THREAD")
    return Ok("Threaded.", may_expunge=command.search.is_uid)
