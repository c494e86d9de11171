"""What the doors for mail from elsewhere (MX, LMTP) ask, answered by the rooms behind: whose address it is, and keeping
the mail.

The reply 250 is given after the commit, since `db.writing` resolves after it. Imports nothing that only people who log
in need: the MX door may stand in a process of its own (config/door.py).
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

import structlog

from posthouse.base import blobs, clock, db
from posthouse.base.errors import Denied, Failure
from posthouse.base.ids import new_id
from posthouse.base.net_guard import Network
from posthouse.base.spool import Spooled
from posthouse.bridge import access as outsiders
from posthouse.bridge import addresses as bridge_addresses
from posthouse.bridge.addresses import Token
from posthouse.delivery.automatic import returning
from posthouse.delivery.automatic.returning import Taking
from posthouse.delivery.fate import fates
from posthouse.delivery.junk import arriving as junk
from posthouse.delivery.junk.arriving import NO_VERDICTS
from posthouse.delivery.receiving import accepting
from posthouse.identity import directory
from posthouse.mail import storing
from posthouse.mail.storing import Storing
from posthouse.smtpd import ruling
from posthouse.smtpd.checked import UNCHECKED, Checked, Checks, is_trusted, looks_like_report_of_domain
from posthouse.smtpd.gate import MARK, Gate
from posthouse.smtpd.handlers import LmtpHandler, MxHandler, Place
from posthouse.smtpd.whole import LARGE_AT_ONCE, whole
from posthouse.wire.auth.judgement import Judgement
from posthouse.wire.auth.results import drop_forged, without_fields
from posthouse.wire.mime.tls_required import waives_tls
from posthouse.wire.smtp import srs
from posthouse.wire.smtp.address import Mailbox
from posthouse.wire.smtp.envelope import Envelope, Peer
from posthouse.wire.smtp.trace import received_header, return_path_header

log = structlog.get_logger(__name__)
if TYPE_CHECKING:
    from posthouse.smtpd.scanners import Scanners

KEPT_ALL_THE_SAME = "; it lies with their junk mail"
INLINE_BYTES = 128 * 1024
"""Smaller mail is parsed in the event loop: a hop to a thread costs more than the parsing."""


class Mx:
    def __init__(
        self,
        *,
        hostname: str,
        senders: Checks | None = None,
        gate: Gate | None = None,
        scanners: Scanners | None = None,
        unjudged_peers: tuple[Network, ...] = (),
        keeps_refused: bool = True,
    ) -> None:
        """What `unjudged_peers` bring is not asked for being junk. With `keeps_refused`, what is refused as forged
        or as junk is filed as junk all the same, so that a mistake can be found."""
        self._hostname = hostname
        self._senders = senders
        self._gate = gate
        self._scanners = scanners
        self._unjudged_peers = unjudged_peers
        self._keeps_refused = keeps_refused
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)

    def handler(self) -> MxHandler:
        why_not = None if self._gate is None else self._gate.why_not
        return MxHandler(lookup=lookup_returning, accept=self.accept, why_not=why_not)

    def lmtp_handler(self) -> LmtpHandler:
        return LmtpHandler(lookup=lookup_returning, accept=self.accept, accept_each=self.accept_each)

    async def accept_each(self, envelope: Envelope, content: bytes, peer: Peer) -> list[str | Failure]:
        """The id that each recipient's mail is kept by, or why it is not.

        All of them in one transaction; where one of them cannot have it, each in their own. Junk is refused by all
        of them or by none.
        """
        try:
            return [await self.accept(envelope, content, peer)] * len(envelope.recipients)
        except Failure as failure:
            if len(envelope.recipients) == 1 or failure.code == "spam_refused":
                return [failure] * len(envelope.recipients)
        outcomes: list[str | Failure] = []
        for recipient in envelope.recipients:
            try:
                outcomes.append(await self.accept(replace(envelope, recipients=(recipient,)), content, peer))
            except Failure as failure:
                outcomes.append(failure)
        return outcomes

    async def accept(self, envelope: Envelope, content: bytes, peer: Peer) -> str:
        """Raises Denied (dmarc_rejected, spam_refused, not_a_bounce)."""
        if not isinstance(content, Spooled):
            return await self._accept(envelope, content, peer)
        async with self._large:
            return await self._accept(envelope, content, peer)

    async def _accept(self, envelope: Envelope, content: bytes, peer: Peer) -> str:
        addresses, returned, tokens = _sorted(envelope)
        checked = UNCHECKED if self._senders is None else await self._senders.check(envelope, content, peer)
        if checked.refusal is not None and not self._keeps_refused:
            raise checked.refusal
        message_id = f"{new_id():x}"
        received = received_header(peer, envelope, hostname=self._hostname, id=message_id, at=clock.now())
        marks = b"" if self._gate is None else await self._gate.marks(peer)
        head = return_path_header(envelope) + checked.header + marks + received
        raw = await whole(head, content, clean=self._without_ours)
        accounts = accepting.known_accounts(addresses)
        if accounts is None:
            accounts = await db.reading(accepting.local_accounts, addresses)
        arrival = storing.prepare(raw) if len(raw) <= INLINE_BYTES else await db.reading(storing.prepare, raw)
        judgement = checked.judgement
        if checked.refusal is not None:
            verdicts = junk.refused_by_sender(accounts)
            raise await self._refused(
                checked.refusal, accepting.storings(arrival, accounts, judgement, verdicts=verdicts)
            )
        await self._note_fates(envelope, raw, arrival, judgement)
        await _take_reports(raw, arrival, judgement)
        for token in tokens:
            await _take_letter(envelope, raw, arrival, judgement, token)
        if not addresses and not returned:
            return message_id
        verdicts = NO_VERDICTS
        if not self._unjudged_peers or not is_trusted(peer.ip, self._unjudged_peers):
            heard = [] if self._scanners is None else await self._scanners.ask(envelope, content, peer)
            try:
                verdicts = await db.reading(junk.judge, arrival, raw, tuple(accounts), judgement, heard)
            except junk.Refused as refused:
                made = accepting.storings(arrival, accounts, judgement, verdicts=refused.verdicts)
                raise await self._refused(refused, made) from None
        decisions = await ruling.decisions(arrival, raw, accounts, judgement, verdicts)
        made = accepting.storings(
            arrival,
            accounts,
            judgement,
            decisions,
            verdicts,
            sender="" if envelope.mail_from is None else str(envelope.mail_from),
            automatic=await ruling.automatic(),
            requires_tls=envelope.requires_tls,
        )
        if returned:
            passed = await db.reading(blobs.prepare, await whole(received, content, clean=self._without_ours))
            taking = Taking(
                content=passed,
                targets=returned,
                local=made,
                requires_tls=envelope.requires_tls,
                ignores_tls=not envelope.requires_tls and waives_tls(raw),
            )
            await db.writing(returning.take_in, taking)
        else:
            await db.writing(storing.store_together, made)
        if any(recipient.notify for recipient in envelope.recipients) and _is_known(checked):
            await self._tell(envelope, raw)
        return message_id

    async def _refused(self, refusal: Denied, made: list[Storing]) -> Denied:
        """What the sender's server is told. `made` files the mail as junk; it is refused also where that fails."""
        if not self._keeps_refused or not made:
            return refusal
        try:
            await db.writing(storing.store_together, made)
        except Failure as failure:
            log.warning("smtp.refused_not_kept", code=failure.code)
            return refusal
        return Denied(refusal.code, f"{refusal.message.rstrip('.')}{KEPT_ALL_THE_SAME}")

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

    def _without_ours(self, content: bytes) -> bytes:
        """Without what only we may write."""
        content = drop_forged(content, self._hostname)
        return content if self._gate is None else without_fields(content, MARK)

    async def _tell(self, envelope: Envelope, raw: bytes) -> None:
        """A sender who asked to be told that it arrived; the mail is stored, whatever comes of this."""
        from posthouse.delivery.fate import receipts  # few ask, and it brings much

        try:
            head = bytes(raw[: receipts.HEAD_BYTES])
            receipt = await db.reading(receipts.prepare, envelope, head, hostname=self._hostname)
            if receipt is not None:
                await db.writing(receipts.send, receipt)
        except Failure as failure:
            log.warning("smtp.no_receipt", code=failure.code)


def _is_known(checked: Checked) -> bool:
    """Whether the sender's address is proved, or his server is one that is not checked."""
    return not checked.header or (checked.judgement.spf == "pass" and not checked.judgement.is_junk)


def _sorted(envelope: Envelope) -> tuple[list[str], list[str], list[Token]]:
    """Addresses of people here, whom a bounce to one of our rewritten senders is for
    (delivery/automatic/returning.py), and whose addresses lead into a conversation (bridge/)."""
    here, back, tokens = [], [], []
    for recipient in envelope.recipients:
        token = bridge_addresses.read(recipient.address)
        original = returning.original_of(recipient.address)
        if token is not None:
            tokens.append(token)
        elif original is None:
            here.append(str(recipient.address))
        else:
            back.append(str(original))
    if back and envelope.mail_from is not None:
        raise Denied("not_a_bounce", "Only bounces are taken for this address")
    return here, back, tokens


async def _take_letter(
    envelope: Envelope, raw: bytes, arrival: storing.Arrival, judgement: Judgement, token: Token
) -> None:
    """Into the conversation before anybody else has it: a peer that has to come again brings it to nobody twice."""
    await db.reading(
        import_module, "posthouse.bridge.receiving"
    )  # brings Markdown, which a door rarely wants
    from posthouse.bridge import receiving

    sender = "" if envelope.mail_from is None else str(envelope.mail_from)
    letter = await db.reading(
        functools.partial(receiving.prepare, raw, arrival, token, sender=sender, judgement=judgement)
    )
    if await db.writing(receiving.take, letter) != "message":
        await db.reading(receiving.discard, letter)


def lookup_returning(address: Mailbox) -> Place | Awaitable[Place]:
    """`lookup`, the senders that we forwarded with, and the addresses of people who take part by mail."""
    token = bridge_addresses.read(address)
    if token is not None:
        return _look_up_token(token)
    if srs.is_srs(address) and returning.original_of(address) is not None:
        return Place.LOCAL
    return lookup(address)


async def _look_up_token(token: Token) -> Place:
    found = await db.reading(outsiders.found_by_token, *token)
    return Place.UNKNOWN if found is None else Place.LOCAL


async def _take_reports(raw: bytes, arrival: storing.Arrival, judgement: Judgement) -> None:
    """Reports about our domains; read in a thread, since they may be large, by code that is loaded when one comes."""
    if not looks_like_report_of_domain(raw):
        return
    from posthouse.delivery.domains import domain_reports

    sent = await db.reading(domain_reports.read, raw, arrival, judgement)
    if sent is not None:
        await db.writing(domain_reports.take, sent)


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
