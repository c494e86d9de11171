"""SELECT, EXAMINE, CLOSE, UNSELECT (RFC 9051 §6.3.2, §6.3.3, §6.4.1, §6.4.2; RFC 7162 §3.1.2, §3.2.5, §3.2.8)."""

from __future__ import annotations

from posthouse.imapd import store
from posthouse.imapd.commands import listing
from posthouse.imapd.flags import DEFINED
from posthouse.imapd.replies import Bad, Ok
from posthouse.imapd.row_items import mailbox_object
from posthouse.imapd.session import Session
from posthouse.imapd.view import View, flags_line
from posthouse.mail.missed import Missed
from posthouse.wire.imap import commands as cmd
from posthouse.wire.imap.resync import Resync
from posthouse.wire.imap.sequence import spans


async def select(session: Session, command: cmd.Select) -> Ok:
    """Open a mailbox. A failed SELECT leaves no mailbox selected (RFC 9051 §6.3.2)."""
    if command.resync is not None:
        _check_resync(session, command.resync)
    if session.view_or_none is not None:
        session.unselect()
        session.send(b"* OK [CLOSED] The mailbox is closed.\r\n")
    if command.parameters & {"CONDSTORE", "QRESYNC"}:
        session.enabled |= {"CONDSTORE"}
    try:
        session.listen(await store.account_of(session.account, command.mailbox))
        opened = await store.open_mailbox(session.account, command.mailbox, resync=command.resync)
    except BaseException:
        session.unselect()
        raise
    is_read_only = command.is_read_only or not opened.may_write
    view = View(
        account_id=opened.mailbox.account_id,
        mailbox_id=opened.mailbox.id,
        uidvalidity=opened.uidvalidity,
        uidnext=opened.uidnext,
        modseq=opened.modseq,
        uids=opened.uids,
        is_read_only=is_read_only,
    )
    permanent = b"" if is_read_only else DEFINED + b" \\*"
    session.send(
        b"* FLAGS (%b)\r\n"
        b"* %d EXISTS\r\n"
        b"%b"
        b"* OK [PERMANENTFLAGS (%b)] Flags that are kept.\r\n"
        b"* OK [UIDVALIDITY %d] UIDs are valid.\r\n"
        b"* OK [UIDNEXT %d] The next UID.\r\n"
        b"* OK [HIGHESTMODSEQ %d] The highest.\r\n"
        b"* OK [MAILBOXID (%b)] Its name for ever.\r\n"
        % (
            DEFINED,
            len(view.uids),
            b"" if session.is_rev2 else b"* 0 RECENT\r\n",
            permanent,
            view.uidvalidity,
            view.uidnext,
            max(view.modseq, 1),
            mailbox_object(view.mailbox_id),
        )
    )
    if session.is_rev2:
        session.send(await listing.line_of(session, command.mailbox))
    session.select(view)
    if opened.missed is not None:
        session.send(_missed(session, opened.missed))
        await session.link.drain()
    if is_read_only:
        return Ok("Opened read-only.", code=b"READ-ONLY")
    return Ok("Opened.", code=b"READ-WRITE")


async def close(session: Session, _: cmd.Simple) -> Ok:
    """Remove what is \\Deleted without a word, unless opened read-only."""
    view = session.view
    code = b""
    if not view.is_read_only:
        removed = await store.expunge(session.viewed, view.mailbox_id, None, known_modseq=view.modseq)
        if removed.uids and "QRESYNC" in session.enabled:
            code = await _code_of_close(session, set(removed.uids))
    session.unselect()
    return Ok("Closed.", code=code)


async def _code_of_close(session: Session, removed: set[int]) -> bytes:
    """How far the mailbox has come, if nothing but this removal would be untold (RFC 7162 §3.2.8)."""
    view = session.view
    news = await store.changes(view.account_id, view.mailbox_id, uidnext=view.uidnext, modseq=view.modseq)
    if view.has_untold or news.new or news.changed or not removed.issuperset(news.vanished):
        return b""
    return b"HIGHESTMODSEQ %d" % max(news.modseq, 1)


def _check_resync(session: Session, resync: Resync) -> None:
    if "QRESYNC" not in session.enabled:
        raise Bad("Enable QRESYNC first.")
    if resync.numbers is not None:
        session.check_numbers()


def _missed(session: Session, missed: Missed) -> bytes:
    """What vanished comes before what changed, since a client applies them in this order (RFC 7162 §3.2.5.1)."""
    lines = [b"* VANISHED (EARLIER) %b\r\n" % spans(missed.vanished)] if missed.vanished else []
    view, manner = session.view, session.manner
    lines += [
        flags_line(view.number_of(row.uid), row, with_uid=True, manner=manner) for row in missed.changed
    ]
    return b"".join(lines)


async def unselect(session: Session, _: cmd.Simple) -> Ok:
    session.unselect()
    return Ok("Closed; nothing was removed.")
