"""The two doors' answers: mail from the world (MX) and mail from our own people (submission).

They know the rest of the house only as callables given at the start, so a test needs no database, and what
answers them may change without touching SMTP.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import Enum

from posthouse.smtpd.handler import Verdict
from posthouse.wire.smtp import reply as say
from posthouse.wire.smtp.address import Mailbox
from posthouse.wire.smtp.envelope import Envelope, Login, Peer
from posthouse.wire.smtp.reply import Reply

SENDER_NOT_YOURS = Reply(553, "5.7.1", "You may not send with this sender address")
MAILBOX_FULL = Reply(452, "4.2.2", "The mailbox is full")


class Place(Enum):
    """Where an address leads."""

    LOCAL = "local"
    UNKNOWN = "unknown"  # our domain, nobody of that name
    FOREIGN = "foreign"  # not our domain
    FULL = "full"


Lookup = Callable[[Mailbox], Awaitable[Place]]  # asked at every RCPT
Accept = Callable[
    [Envelope, bytes, Peer], Awaitable[str]
]  # gives the id the message is kept by, once durable
Authenticate = Callable[[str, str, str], Awaitable[Login | None]]  # username, password, ip
MaySendAs = Callable[[Login, Mailbox], bool]
Submit = Callable[[Login, Envelope, bytes, Peer], Awaitable[str]]


class MxHandler:
    """Takes mail for our own people from anybody, and for nobody else."""

    def __init__(self, *, lookup: Lookup, accept: Accept) -> None:
        self._lookup = lookup
        self._accept = accept

    def sender(self, peer: Peer, address: Mailbox | None) -> Verdict:
        return None

    async def recipient(self, peer: Peer, address: Mailbox) -> Verdict:
        return _MX_VERDICTS[await self._lookup(address)]

    async def authenticate(self, peer: Peer, mechanism: str, username: str, password: str) -> Login | None:
        return None

    async def message(self, peer: Peer, envelope: Envelope, content: bytes) -> Reply:
        return _kept(await self._accept(envelope, content, peer))


class SubmissionHandler:
    """Takes mail for anybody from our own people, who may send only as themselves."""

    def __init__(
        self, *, lookup: Lookup, authenticate: Authenticate, may_send_as: MaySendAs, submit: Submit
    ) -> None:
        self._lookup = lookup
        self._authenticate = authenticate
        self._may_send_as = may_send_as
        self._submit = submit

    def sender(self, peer: Peer, address: Mailbox | None) -> Verdict:
        """The null sender is let pass: read receipts (RFC 8098 §3) have it, and From is still checked."""
        if peer.login is None:
            return say.LOGIN_FIRST
        if address is None or self._may_send_as(peer.login, address):
            return None
        return SENDER_NOT_YOURS

    async def recipient(self, peer: Peer, address: Mailbox) -> Verdict:
        if peer.login is None:
            return say.LOGIN_FIRST
        return say.NO_SUCH_PERSON if await self._lookup(address) is Place.UNKNOWN else None

    async def authenticate(self, peer: Peer, mechanism: str, username: str, password: str) -> Login | None:
        return await self._authenticate(username, password, peer.ip)

    async def message(self, peer: Peer, envelope: Envelope, content: bytes) -> Reply:
        if peer.login is None:
            return say.LOGIN_FIRST
        return _kept(await self._submit(peer.login, envelope, content, peer))


_MX_VERDICTS: dict[Place, Verdict] = {
    Place.LOCAL: None,
    Place.UNKNOWN: say.NO_SUCH_PERSON,
    Place.FOREIGN: say.RELAYING_DENIED,
    Place.FULL: MAILBOX_FULL,
}


def _kept(id: str) -> Reply:
    return Reply(250, "2.0.0", f"Ok, kept as {id}")
