"""SELECT, EXAMINE, CLOSE, UNSELECT (RFC 9051 §6.3.2, §6.3.3, §6.4.1, §6.4.2; RFC 7162 §3.1.2)."""

from __future__ import annotations

from posthouse.imapd import store
from posthouse.imapd.flags import DEFINED
from posthouse.imapd.replies import Ok
from posthouse.imapd.session import Session
from posthouse.imapd.view import View
from posthouse.wire.imap import commands as cmd


async def select(session: Session, command: cmd.Select) -> Ok:
    """Open a mailbox. A failed SELECT leaves no mailbox selected (RFC 9051 §6.3.2)."""
    if session.view_or_none is not None:
        session.unselect()
        session.send(b"* OK [CLOSED] The mailbox is closed.\r\n")
    if "CONDSTORE" in command.parameters:
        session.enabled |= {"CONDSTORE"}
    try:
        session.listen(await store.account_of(session.account, command.mailbox))
        opened = await store.open_mailbox(session.account, command.mailbox)
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
        b"* 0 RECENT\r\n"
        b"* OK [PERMANENTFLAGS (%b)] Flags that are kept.\r\n"
        b"* OK [UIDVALIDITY %d] UIDs are valid.\r\n"
        b"* OK [UIDNEXT %d] The next UID.\r\n"
        b"* OK [HIGHESTMODSEQ %d] The highest.\r\n"
        % (DEFINED, len(view.uids), permanent, view.uidvalidity, view.uidnext, max(view.modseq, 1))
    )
    session.select(view)
    if is_read_only:
        return Ok("Opened read-only.", code=b"READ-ONLY")
    return Ok("Opened.", code=b"READ-WRITE")


async def close(session: Session, _: cmd.Simple) -> Ok:
    """Remove what is \\Deleted without a word, unless opened read-only."""
    view = session.view
    if not view.is_read_only:
        await store.expunge(session.viewed, view.mailbox_id, None)
    session.unselect()
    return Ok("Closed.")


async def unselect(session: Session, _: cmd.Simple) -> Ok:
    session.unselect()
    return Ok("Closed; nothing was removed.")
