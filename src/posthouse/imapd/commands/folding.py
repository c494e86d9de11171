"""CREATE (also for a use: RFC 6154 §3), DELETE, RENAME, SUBSCRIBE, UNSUBSCRIBE (RFC 9051 §6.3.4-§6.3.8)."""

from __future__ import annotations

from posthouse.imapd import store
from posthouse.imapd.commands import listing
from posthouse.imapd.replies import No, Ok
from posthouse.imapd.row_items import mailbox_object
from posthouse.imapd.session import Session
from posthouse.wire.imap import commands as cmd


async def create(session: Session, command: cmd.Create) -> Ok:
    """Levels that are missing are made too. Every special use is taken by a mailbox that is always there."""
    if command.uses:
        raise No("A mailbox has that use already.", code=b"USEATTR")
    made = await store.create(session.account, command.mailbox)
    if session.is_rev2 and command.as_sent.removesuffix("/") != command.mailbox:
        session.send(await listing.line_of(session, command.mailbox, old_name=command.as_sent))
    return Ok("Made.", code=b"MAILBOXID (%b)" % mailbox_object(made.id))


async def delete(session: Session, command: cmd.Delete) -> Ok:
    mailbox_id = await store.delete(session.account, command.mailbox)
    if session.view_or_none is not None and session.view.mailbox_id == mailbox_id:
        session.unselect()
        session.send(b"* OK [CLOSED] The mailbox is deleted.\r\n")
    return Ok("Deleted.")


async def rename(session: Session, command: cmd.Rename) -> Ok:
    await store.rename(session.account, command.mailbox, to=command.to)
    return Ok("Renamed.")


async def subscribe(session: Session, command: cmd.Subscribe) -> Ok:
    """Unsubscribing from what does not exist succeeds: old clients clean up so."""
    try:
        await store.subscribe(session.account, command.mailbox, is_subscribed=command.is_subscribed)
    except store.NoSuchMailbox:
        if command.is_subscribed:
            raise
    return Ok("Noted.")
