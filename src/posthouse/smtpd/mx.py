"""The MX door's questions answered by the rooms behind it: whose address it is, and keeping the mail.

The reply 250 is given after the commit, since `db.writing` resolves after it. Imports nothing that only people who log
in need: this door may stand in a process of its own (config/door.py).
"""

from __future__ import annotations

from collections.abc import Awaitable

from posthouse.base import blobs, clock, db
from posthouse.base.errors import Denied
from posthouse.base.ids import new_id
from posthouse.delivery import accepting, returning
from posthouse.delivery.returning import Taking
from posthouse.delivery.rules.arriving import NO_DECISIONS
from posthouse.identity import directory
from posthouse.mail import storing
from posthouse.smtpd import ruling
from posthouse.smtpd.checked import UNCHECKED, Checks
from posthouse.smtpd.handlers import MxHandler, Place
from posthouse.wire.auth.results import drop_forged
from posthouse.wire.smtp import srs
from posthouse.wire.smtp.address import Mailbox
from posthouse.wire.smtp.envelope import Envelope, Peer
from posthouse.wire.smtp.trace import received_header, return_path_header

INLINE_BYTES = 128 * 1024
"""Smaller mail is parsed in the event loop: a hop to a thread costs more than the parsing."""


class Mx:
    def __init__(self, *, hostname: str, senders: Checks | None = None) -> None:
        self._hostname = hostname
        self._senders = senders

    def handler(self) -> MxHandler:
        return MxHandler(lookup=lookup_returning, accept=self.accept)

    async def accept(self, envelope: Envelope, content: bytes, peer: Peer) -> str:
        """Raises Denied (dmarc_rejected, not_a_bounce)."""
        addresses, returned = _sorted(envelope)
        checked = UNCHECKED if self._senders is None else await self._senders.check(envelope, content, peer)
        message_id = f"{new_id():x}"
        received = received_header(peer, envelope, hostname=self._hostname, id=message_id, at=clock.now())
        content = drop_forged(content, self._hostname)
        raw = return_path_header(envelope) + checked.header + received + content
        accounts = accepting.known_accounts(addresses)
        if accounts is None:
            accounts = await db.reading(accepting.local_accounts, addresses)
        arrival = storing.prepare(raw) if len(raw) <= INLINE_BYTES else await db.reading(storing.prepare, raw)
        judgement = checked.judgement
        decisions = NO_DECISIONS if judgement.is_junk else await ruling.decisions(arrival, raw, accounts)
        made = accepting.storings(
            arrival,
            accounts,
            judgement,
            decisions,
            sender="" if envelope.mail_from is None else str(envelope.mail_from),
            automatic=await ruling.automatic(),
        )
        if returned:
            passed = await db.reading(blobs.prepare, received + content)
            await db.writing(returning.take_in, Taking(content=passed, targets=returned, local=made))
        else:
            await db.writing(storing.store_together, made)
        return message_id


def _sorted(envelope: Envelope) -> tuple[list[str], list[str]]:
    """Addresses of people here, and whom a bounce to one of our rewritten senders is for (delivery/returning.py)."""
    here, back = [], []
    for recipient in envelope.recipients:
        original = returning.original_of(recipient.address)
        if original is None:
            here.append(str(recipient.address))
        else:
            back.append(str(original))
    if back and envelope.mail_from is not None:
        raise Denied("not_a_bounce", "Only bounces are taken for this address")
    return here, back


def lookup_returning(address: Mailbox) -> Place | Awaitable[Place]:
    """`lookup`, and the senders that we forwarded with."""
    if srs.is_srs(address) and returning.original_of(address) is not None:
        return Place.LOCAL
    return lookup(address)


def lookup(address: Mailbox) -> Place | Awaitable[Place]:
    """The directory keeps answers for a moment: then at once, which spares a task for each RCPT."""
    found = directory.known(str(address))
    if isinstance(found, directory.Local):
        room = accepting.known_room(found.user_id)
        return _look_up(address) if room is None else _place(found, is_full=room.is_full)
    return _look_up(address) if found is None or isinstance(found, directory.Several) else _place(found)


async def _look_up(address: Mailbox) -> Place:
    found = await db.reading(directory.lookup, str(address))
    if isinstance(found, directory.Several):
        if not await db.reading(accepting.have_room, found):
            return Place.FULL
        return Place.LOCAL if found.is_open else Place.RESTRICTED
    if not isinstance(found, directory.Local):
        return _place(found)
    room = await db.reading(accepting.room_for, found.user_id)
    return _place(found, is_full=room.is_full)


def _place(found: directory.Found, *, is_full: bool = False) -> Place:
    if isinstance(found, directory.Local):
        return Place.FULL if is_full else Place.LOCAL
    return Place.UNKNOWN if isinstance(found, directory.Unknown) else Place.FOREIGN
