"""COPY and MOVE (RFC 9051 §6.4.7, §6.4.8; RFC 6851; RFC 4315 COPYUID)."""

from __future__ import annotations

from collections.abc import Sequence

from posthouse.imapd import store
from posthouse.imapd.commands.flagging import check_writable
from posthouse.imapd.progress import telling
from posthouse.imapd.replies import No, Ok
from posthouse.imapd.session import Session
from posthouse.mail.by_uid import MailboxRow
from posthouse.wire.imap import commands as cmd
from posthouse.wire.imap.sequence import compact


async def _placed(session: Session, uids: Sequence[int], to: MailboxRow, *, is_move: bool) -> dict[int, int]:
    """Source UID to UID in the target."""
    mailbox_id = session.view.mailbox_id
    if to.account_id != session.view.account_id:
        return await store.transfer(session.account, mailbox_id, uids, to=to.id, is_move=is_move)
    verb = store.move if is_move else store.copy
    return await verb(session.viewed, mailbox_id, uids, to=to.id)


async def copy(session: Session, command: cmd.Copy) -> Ok:
    """Whole or not at all. MOVE tells COPYUID before the EXPUNGEs, as RFC 6851 §4.3 wants."""
    if command.is_move:
        check_writable(session)
    view = session.view
    uids = [view.uids[index] for index in session.indexes(command.set, is_uid=command.is_uid)]
    try:
        target = await store.find(session.account, command.mailbox)
    except store.NoSuchMailbox as failure:
        raise No(failure.message, code=b"TRYCREATE") from failure
    if not uids:
        return Ok("Nothing to do.")
    placed = await telling(session, _placed(session, uids, target, is_move=command.is_move))
    code = b""
    if placed:
        code = b"COPYUID %d %b %b" % (target.uidvalidity, compact(placed), compact(placed.values()))
    if not command.is_move:
        return Ok("Copied.", code=code)
    if code:
        session.send(b"* OK [%b] Moved.\r\n" % code)
    return Ok("Moved.", tells_modseq=True)
