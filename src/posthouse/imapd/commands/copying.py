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


async def _placed(session: Session, uids: Sequence[int], to: MailboxRow, *, is_move: bool) -> store.Placed:
    view = session.view
    if to.account_id != view.account_id:
        moved = await store.transfer(session.account, view.mailbox_id, uids, to=to.id, is_move=is_move)
        return store.Placed(moved, view.modseq, is_alone=False)
    verb = store.move if is_move else store.copy
    return await verb(session.viewed, view.mailbox_id, uids, to=to.id, known_modseq=view.modseq)


async def copy(session: Session, command: cmd.Copy) -> Ok:
    """Whole or not at all. MOVE tells COPYUID before the EXPUNGEs, as RFC 6851 §4.3 wants."""
    if command.is_move:
        check_writable(session)
    view = session.view
    uids = view.uids_at(session.indexes(command.set, is_uid=command.is_uid))
    try:
        target = await store.find(session.account, command.mailbox)
    except store.NoSuchMailbox as failure:
        raise No(failure.message, code=b"TRYCREATE") from failure
    if not uids:
        return Ok("Nothing to do.")
    placed = await telling(session, _placed(session, uids, target, is_move=command.is_move))
    code = b""
    if placed.uids:
        new_uids = placed.uids.values()
        code = b"COPYUID %d %b %b" % (target.uidvalidity, compact(placed.uids), compact(new_uids))
    if not command.is_move:
        if placed.is_alone:
            view.passed_over(placed.modseq, placed.modseq)
        return Ok("Copied.", code=code)
    if code:
        session.send(b"* OK [%b] Moved.\r\n" % code)
    if placed.is_alone:
        view.taken_out(placed.uids, placed.modseq)
    return Ok("Moved.", tells_modseq=True)
