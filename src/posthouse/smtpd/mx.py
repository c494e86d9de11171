"""The MX door's questions answered by the rooms behind it: whose address it is, and keeping the mail.

The reply 250 is given after the commit, since `db.writing` resolves after it. Imports nothing that only people who log
in need: this door may stand in a process of its own (config/door.py).
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable

from posthouse.base import clock, db
from posthouse.base.ids import new_id
from posthouse.delivery import accepting, fates
from posthouse.delivery.rules.arriving import NO_DECISIONS
from posthouse.identity import directory
from posthouse.mail import storing
from posthouse.smtpd import ruling
from posthouse.smtpd.checked import UNCHECKED, Checks
from posthouse.smtpd.handlers import MxHandler, Place
from posthouse.wire.auth.judgement import Judgement
from posthouse.wire.auth.results import drop_forged
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
        return MxHandler(lookup=lookup, accept=self.accept)

    async def accept(self, envelope: Envelope, content: bytes, peer: Peer) -> str:
        """Raises Denied (dmarc_rejected)."""
        checked = UNCHECKED if self._senders is None else await self._senders.check(envelope, content, peer)
        message_id = f"{new_id():x}"
        addresses = [str(recipient.address) for recipient in envelope.recipients]
        received = received_header(peer, envelope, hostname=self._hostname, id=message_id, at=clock.now())
        content = drop_forged(content, self._hostname)
        raw = return_path_header(envelope) + checked.header + received + content
        accounts = accepting.known_accounts(addresses)
        if accounts is None:
            accounts = await db.reading(accepting.local_accounts, addresses)
        arrival = storing.prepare(raw) if len(raw) <= INLINE_BYTES else await db.reading(storing.prepare, raw)
        judgement = checked.judgement
        await self._note_fates(envelope, raw, arrival, judgement)
        await _take_reports(raw, arrival, judgement)
        decisions = NO_DECISIONS if judgement.is_junk else await ruling.decisions(arrival, raw, accounts)
        await db.writing(storing.store_together, accepting.storings(arrival, accounts, judgement, decisions))
        return message_id

    async def _note_fates(
        self, envelope: Envelope, raw: bytes, arrival: storing.Arrival, judgement: Judgement
    ) -> None:
        """Before the mail is kept: a peer that has to come again finds them noted."""
        look = functools.partial(
            fates.told_by,
            raw,
            is_null_sender=envelope.mail_from is None,
            arrival=arrival,
            judgement=judgement,
        )
        told = look() if len(raw) <= INLINE_BYTES else await db.reading(look)
        if told is not None:
            await db.writing(fates.note, told)


async def _take_reports(raw: bytes, arrival: storing.Arrival, judgement: Judgement) -> None:
    """Reports about our domains; read in a thread, since they may be large, by code that is loaded when one comes."""
    if not looks_like_report_of_domain(raw):
        return
    from posthouse.delivery import domain_reports

    sent = await db.reading(domain_reports.read, raw, arrival, judgement)
    if sent is not None:
        await db.writing(domain_reports.take, sent)


def looks_like_report_of_domain(raw: bytes) -> bool:
    """A cheap look at the head of a mail. Subjects are fixed: RFC 7489 §7.2.1.1, RFC 8460 §5.3."""
    head = raw[: 16 * 1024].lower()
    return b"report domain:" in head or b"report-type=tlsrpt" in head or b'report-type="tlsrpt"' in head


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
