"""APPEND of one message or many, and REPLACE (RFC 9051 §6.3.12; RFC 3502; RFC 4315 APPENDUID; RFC 8508)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, nullcontext

from posthouse.base.errors import Missing
from posthouse.base.spool import Spooled
from posthouse.imapd import flags, store
from posthouse.imapd.commands.flagging import check_writable
from posthouse.imapd.replies import Bad, No, Ok, condition
from posthouse.imapd.session import Session
from posthouse.wire.imap import commands as cmd
from posthouse.wire.imap.sequence import compact


async def append(session: Session, command: cmd.Append) -> Ok:
    """Answered when all are on disk; else none is kept. One too large was refused before it came (TOOBIG)."""
    messages = [_message(message) for message in command.messages]
    try:
        async with _turn(session, messages):
            made = await store.append(session.account, command.mailbox, messages)
    except store.NoSuchMailbox as failure:
        raise No(failure.message, code=b"TRYCREATE") from failure
    _pass_over(session, made)
    return Ok("Kept.", code=_code(made))


def _pass_over(session: Session, made: list[store.Appended]) -> None:
    """What went into another mailbox is no news of the one that is open, unless a client asks for every MODSEQ:
    an e-mail that joins threads gives new numbers to others of them.
    """
    view, first, last = session.view_or_none, made[0], made[-1]
    if view is None or session.manner.with_modseq or last.modseq - first.modseq != len(made) - 1:
        return
    if view.account_id == first.account_id and view.mailbox_id != first.mailbox_id:
        view.passed_over(first.modseq, last.modseq)


async def replace(session: Session, command: cmd.Replace) -> Ok:
    """APPENDUID is told before the EXPUNGE of the message that went (RFC 8508 §3.3)."""
    check_writable(session)
    view = session.view
    indexes = session.indexes(command.number, is_uid=command.is_uid)
    if not indexes:
        raise No("There is no such message.", code=b"NONEXISTENT")
    message = _message(command.message)
    try:
        async with _turn(session, [message]):
            made = await store.replace(
                session.account,
                command.mailbox,
                message,
                mailbox_id=view.mailbox_id,
                uid=view.uids[indexes[0]],
            )
    except store.NoSuchMailbox as failure:
        raise No(failure.message, code=b"TRYCREATE") from failure
    except Missing as failure:
        raise No("There is no such message any more.", code=b"EXPUNGEISSUED") from failure
    session.untagged(condition(b"OK", "Kept.", code=_code([made])))
    return Ok("Replaced.")


def _turn(session: Session, messages: Sequence[store.NewMessage]) -> AbstractAsyncContextManager[object]:
    """One large message at a time is worked on."""
    is_large = any(isinstance(message.raw, Spooled) for message in messages)
    return session.link.large if is_large else nullcontext()


def _message(message: cmd.NewMessage) -> store.NewMessage:
    if not message.message:
        raise No("A message has at least one byte.")
    try:
        parsed = flags.parse(message.flags)
    except flags.UnknownFlag:
        raise Bad("There is no such system flag.") from None
    return store.NewMessage(message.message, parsed, message.received_at_ms)


def _code(made: list[store.Appended]) -> bytes:
    return b"APPENDUID %d %b" % (made[0].uidvalidity, compact(one.uid for one in made))
