"""The submission doors' questions answered by the rooms behind them: who it is, what they may send, handing it in.

The reply 250 is given after the commit, since `db.writing` resolves after it.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from posthouse.base import clock, db, limits
from posthouse.base.errors import Denied
from posthouse.base.hub import hub
from posthouse.base.ids import new_id
from posthouse.base.spool import Spooled
from posthouse.delivery import actions
from posthouse.delivery.actions import Outgoing, Target
from posthouse.delivery.receiving import accepting
from posthouse.identity import directory, live_clients, live_sessions, mail_clients, scram, scram_clients
from posthouse.identity import queries as identity_queries
from posthouse.identity.actor import Actor
from posthouse.identity.mail_clients import Admission
from posthouse.mail import sharing, storing
from posthouse.smtpd import ruling
from posthouse.smtpd.handlers import SubmissionHandler
from posthouse.smtpd.mx import lookup
from posthouse.smtpd.whole import LARGE_AT_ONCE, whole
from posthouse.wire.auth.results import drop_forged
from posthouse.wire.mime.tls_required import waives_tls
from posthouse.wire.scram import Proof
from posthouse.wire.smtp.address import Mailbox
from posthouse.wire.smtp.authorship import authors, missing_headers
from posthouse.wire.smtp.envelope import Body, Envelope, Login, Notify, Peer, Return
from posthouse.wire.smtp.trace import received_header

FRESH_SECONDS = 30.0


class Submission:
    def __init__(self, *, hostname: str) -> None:
        self._hostname = hostname
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)

    def handler(self) -> SubmissionHandler:
        return SubmissionHandler(
            lookup=lookup,
            authenticate=self.authenticate,
            may_send_as=self.may_send_as,
            submit=self.submit,
            may_post=self.may_post,
            authenticate_bearer=self.authenticate_bearer,
            salt=self.salt,
            prove=self.prove,
        )

    async def authenticate(self, username: str, password: str, ip: str) -> Login | None:
        """None for every wrong one; raises Denied where the owner must be told what to do."""
        try:
            admission = await db.heavy(mail_clients.admit, username, password, protocol="smtp", ip=ip)
        except Denied as denied:
            if denied.code in mail_clients.TOLD:
                raise
            return None
        return await _login(admission, ip)

    async def authenticate_bearer(self, username: str, token: str, ip: str) -> Login:
        """Raises Denied or Limited."""
        admission = await db.reading(mail_clients.admit_bearer, token, user=username, protocol="smtp", ip=ip)
        return await _login(admission, ip)

    async def salt(self, username: str) -> tuple[bytes, int]:
        return await db.reading(scram.salt_of, username)

    async def prove(self, username: str, proof: Proof, ip: str) -> tuple[Login, bytes] | None:
        """As `authenticate`."""
        try:
            proved = await db.reading(scram_clients.admit, username, proof, protocol="smtp", ip=ip)
        except Denied as denied:
            if denied.code in mail_clients.TOLD:
                raise
            return None
        return await _login(proved.admission, ip), proved.answer

    def may_send_as(self, login: Login, address: Mailbox) -> bool:
        """One's own addresses, also with a +tag."""
        return _is_among(address, _owner(login).addresses)

    async def may_post(self, login: Login, address: Mailbox) -> bool:
        """Whether they may write to a group that not everybody may write to."""
        actor = _owner(login).actor

        def ask() -> bool:
            found = directory.lookup(str(address))
            return isinstance(found, directory.Several) and directory.may_post(actor.email, found)

        return await db.reading(ask)

    async def submit(self, login: Login, envelope: Envelope, content: bytes, peer: Peer) -> str:
        limits.insist(limits.SEND, limits.user(_owner(login).actor.user_id))
        message_id = f"{new_id():x}"
        await self._check_still(login, envelope, content)
        await asyncio.shield(self._hand_in(_owner(login).actor, envelope, content, peer, message_id))
        return message_id

    async def _check_still(self, login: Login, envelope: Envelope, content: bytes) -> None:
        """What one may send as can be taken away while the connection is open; raises Denied."""
        owner = _owner(login)
        named = [*authors(content), *([envelope.mail_from] if envelope.mail_from else [])]
        if not owner.is_fresh(time.monotonic()):
            await owner.read_again()
        if all(_is_among(address, owner.now) for address in named):
            return
        await owner.read_again()  # what is given is not told, what is taken away is
        if not all(_is_among(address, owner.now) for address in named):
            raise Denied("not_your_address", "You may not send with this address any more.")

    async def _hand_in(
        self, actor: Actor, envelope: Envelope, content: bytes, peer: Peer, message_id: str
    ) -> None:
        if isinstance(content, Spooled):
            async with self._large:
                await self._store(actor, envelope, content, peer, message_id)
        else:
            await self._store(actor, envelope, content, peer, message_id)

    async def _store(
        self, actor: Actor, envelope: Envelope, content: bytes, peer: Peer, message_id: str
    ) -> None:
        head = self._traced(envelope, content, peer, message_id)
        raw = await whole(head, content, clean=lambda header: drop_forged(header, self._hostname))
        arrival = await db.reading(storing.prepare, raw)
        hold_until_ms = _held_until(envelope)
        here, there = await db.reading(_sorted, envelope, is_held=hold_until_ms is not None)
        accounts = await db.reading(accepting.local_accounts, here)
        decisions = await ruling.decisions(arrival, raw, accounts)
        sender = "" if envelope.mail_from is None else str(envelope.mail_from)
        outgoing = Outgoing(
            blob_id=arrival.blob.id,
            mail_from=sender,
            targets=there,
            is_smtputf8=envelope.smtputf8,
            is_8bit=envelope.body is not Body.SEVEN_BIT,
            envelope_id=(envelope.envid or "")[:100],
            returns_headers_only=envelope.ret is Return.HEADERS,
            requires_tls=envelope.requires_tls,
            ignores_tls=not envelope.requires_tls and waives_tls(content),
            message_id=arrival.message_id,
            account_id=await db.reading(accepting.account_of, actor.user_id),
            user_id=actor.user_id,
        )
        await db.writing(
            actions.submit,
            actor,
            outgoing,
            content=arrival.blob,
            local=accepting.storings(
                arrival,
                accounts,
                decisions=decisions,
                sender=sender,
                automatic=await ruling.automatic(),
                requires_tls=envelope.requires_tls,
            ),
            hold_until_ms=hold_until_ms,
        )

    def _traced(self, envelope: Envelope, content: bytes, peer: Peer, message_id: str) -> bytes:
        at = clock.now()
        received = received_header(peer, envelope, hostname=self._hostname, id=message_id, at=at)
        missing = missing_headers(
            content, sender=envelope.mail_from, hostname=self._hostname, id=message_id, at=at
        )
        return received + missing


@dataclass(slots=True, eq=False)
class _Owner:
    """Who logged in, and what they might send as then; `now` is read again when the house says that it changed, and
    from time to time."""

    actor: Actor
    addresses: frozenset[str]
    now: frozenset[str] = frozenset()
    read_at: float = -math.inf
    changes: int = 0
    hears: bool = False

    def change(self) -> None:
        self.changes += 1
        self.read_at = -math.inf

    async def read_again(self) -> None:
        begun, changes = time.monotonic(), self.changes
        self.now = await db.reading(_sendable_again, self.actor)
        if changes == self.changes:  # else once more with the next message
            self.read_at = begun

    def is_fresh(self, now: float) -> bool:
        return self.hears and now - self.read_at < FRESH_SECONDS


def _is_among(address: Mailbox, addresses: frozenset[str]) -> bool:
    local = address.local.lower().partition("+")[0]
    return f"{local}@{address.domain}" in addresses or str(address).lower() in addresses


def _sendable_again(actor: Actor) -> frozenset[str]:
    return frozenset(sharing.sendable(identity_queries.actor_again(actor)))


async def _login(admission: Admission, ip: str) -> Login:
    actor = admission.actor
    owner = _Owner(actor, frozenset(await db.reading(sharing.sendable, actor)))

    def attach(end: Callable[[], None]) -> Callable[[], None]:
        client = live_clients.enter(admission, protocol="smtp", ip=ip, end=end)
        unsubscribe = hub.subscribe(live_sessions.person_topic(actor.user_id), lambda _: owner.change())

        def leave() -> None:
            unsubscribe()
            client.leave()

        def look_again(alive: asyncio.Future[bool]) -> None:
            if not alive.cancelled() and alive.exception() is None and not alive.result():
                end()

        db.reading(mail_clients.is_alive, admission).add_done_callback(look_again)
        owner.hears = True
        return leave

    return Login(username=actor.email, actor=owner, attach=attach)


def _owner(login: Login) -> _Owner:
    owner = login.actor
    assert isinstance(owner, _Owner)
    return owner


def _held_until(envelope: Envelope) -> int | None:
    """When the mail may go (RFC 4865), or None for now."""
    if envelope.hold is None:
        return None
    now_ms = clock.now_ms()
    if isinstance(envelope.hold, int):
        until_ms = now_ms + envelope.hold * 1000
    else:
        until_ms = int(envelope.hold.timestamp() * 1000)
    return until_ms if until_ms > now_ms else None


def _sorted(envelope: Envelope, *, is_held: bool) -> tuple[list[str], list[Target]]:
    """Recipients of this house with room, and targets of the queue: the outside, whose mailbox is full, of whom the
    sender wants to hear that they have it, and everybody when the mail is held."""
    here, there = [], []
    for recipient in envelope.recipients:
        address = str(recipient.address)
        found = directory.lookup(address)
        is_full = isinstance(found, directory.Local) and accepting.room_for(found.user_id).is_full
        wants_word = Notify.SUCCESS in recipient.notify
        if is_held or is_full or wants_word or isinstance(found, directory.NotOurs):
            there.append(
                Target(
                    address=address, notify=_notify(recipient.notify), original=(recipient.orcpt or "")[:500]
                )
            )
        else:
            here.append(address)
    return here, there


def _notify(wanted: frozenset[Notify]) -> str:
    return ",".join(sorted(word.value for word in wanted))
