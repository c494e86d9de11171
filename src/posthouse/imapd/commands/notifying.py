"""NOTIFY (RFC 5465 §3.1)."""

from __future__ import annotations

from posthouse.imapd import rendering
from posthouse.imapd.notifying import Notifier
from posthouse.imapd.replies import Bad, No, Ok
from posthouse.imapd.session import Session
from posthouse.wire.imap.fetch import Item
from posthouse.wire.imap.notify import EVENTS, Notify


async def notify(session: Session, command: Notify) -> Ok:
    """What was wanted before is forgotten; what happened until now is told by it."""
    if command.unknown:
        code = b"BADEVENT (%b)" % b" ".join(EVENTS.values())
        raise No("That event is not told here.", code=code)
    items = [item for group in command.groups for item in group.items]
    if not all(map(rendering.is_supported, items)):
        raise Bad("That FETCH item is not known here.")
    await session.sync()
    if Item.MODSEQ in items:
        session.enabled |= {"CONDSTORE"}
    notifier = Notifier(command, session.link.wake)
    session.set_notifier(notifier)
    await notifier.begin(session, with_status=command.with_status)
    return Ok("Noted.")
