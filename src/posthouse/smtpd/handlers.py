"""The doors' answers: to the world (MX), to a server in front of ours (LMTP), to our own people (submission).

They know the rest of the house only as callables given at the start, so a test needs no database, and what
answers them may change without touching SMTP.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Sequence
from enum import Enum

from posthouse.base.errors import Denied, Failure
from posthouse.smtpd.handler import Verdict
from posthouse.smtpd.replies import reply_for
from posthouse.wire import sasl_bearer
from posthouse.wire.scram import Proof
from posthouse.wire.smtp import reply as say
from posthouse.wire.smtp.address import Mailbox
from posthouse.wire.smtp.authorship import BadAuthor, authors
from posthouse.wire.smtp.envelope import Envelope, Login, Peer
from posthouse.wire.smtp.reply import Reply

SENDER_NOT_YOURS = Reply(553, "5.7.1", "You may not send with this sender address")
AUTHOR_NOT_YOURS = Reply(550, "5.7.1", "You may not send with this From address")
NO_AUTHOR = Reply(554, "5.6.0", "The message has no From")
GROUP_NOT_YOURS = Reply(550, "5.7.1", "This group takes mail from its own people only")
MAILBOX_FULL = Reply(452, "4.2.2", "The mailbox is full")


class Place(Enum):
    """Where an address leads."""

    LOCAL = "local"
    UNKNOWN = "unknown"  # our domain, nobody of that name
    FOREIGN = "foreign"  # not our domain
    FULL = "full"
    RESTRICTED = "restricted"  # a group that not everybody may write to


Lookup = Callable[[Mailbox], Place | Awaitable[Place]]  # asked at every RCPT; at once is cheaper than later
Accept = Callable[[Envelope, bytes, Peer], Awaitable[str]]  # the id it is kept by, once it is durable
AcceptEach = Callable[
    [Envelope, bytes, Peer], Awaitable[Sequence[str | Failure]]
]  # the same for each recipient
Authenticate = Callable[[str, str, str], Awaitable[Login | None]]  # username, password (or token), ip
Salt = Callable[[str], Awaitable[tuple[bytes, int]]]
Prove = Callable[[str, Proof, str], Awaitable[tuple[Login, bytes] | None]]  # username, proof, ip
MaySendAs = Callable[[Login, Mailbox], bool]
MayPost = Callable[[Login, Mailbox], Awaitable[bool]]
WhyNot = Callable[[Peer, Mailbox | None, Mailbox], Awaitable[Verdict]]  # peer, sender, recipient
Submit = Callable[[Login, Envelope, bytes, Peer], Awaitable[str]]


class MxHandler:
    """Takes mail for our own people from anybody, and for nobody else.

    `why_not` is asked about mail that would be let in.
    """

    def __init__(self, *, lookup: Lookup, accept: Accept, why_not: WhyNot | None = None) -> None:
        self._lookup = lookup
        self._accept = accept
        self._why_not = why_not

    def sender(self, peer: Peer, address: Mailbox | None) -> Verdict:
        return None

    def recipient(
        self, peer: Peer, address: Mailbox, *, sender: Mailbox | None
    ) -> Verdict | Awaitable[Verdict]:
        verdict = _judge(self._lookup(address), _MX_VERDICTS)
        if self._why_not is None or isinstance(verdict, Reply):
            return verdict
        return self._judge_stranger(verdict, functools.partial(self._why_not, peer, sender, address))

    @staticmethod
    async def _judge_stranger(
        asked: Verdict | Awaitable[Verdict], why_not: Callable[[], Awaitable[Verdict]]
    ) -> Verdict:
        verdict = asked if asked is None or isinstance(asked, Reply) else await asked
        return verdict or await why_not()

    async def authenticate(self, peer: Peer, mechanism: str, username: str, password: str) -> Login | None:
        return None

    async def salt(self, username: str) -> tuple[bytes, int]:
        raise Denied("no_login_here", "Nobody logs in here.")

    async def prove(self, peer: Peer, username: str, proof: Proof) -> tuple[Login, bytes] | None:
        return None

    async def message(self, peer: Peer, envelope: Envelope, content: bytes) -> Reply | Sequence[Reply]:
        return _kept(await self._accept(envelope, content, peer))


class LmtpHandler(MxHandler):
    """Takes mail for our own people from a server that the operator put in front, and answers for each of them."""

    def __init__(self, *, lookup: Lookup, accept: Accept, accept_each: AcceptEach) -> None:
        super().__init__(lookup=lookup, accept=accept)
        self._accept_each = accept_each

    async def message(self, peer: Peer, envelope: Envelope, content: bytes) -> Sequence[Reply]:
        outcomes = await self._accept_each(envelope, content, peer)
        return [reply_for(one) if isinstance(one, Failure) else _kept(one) for one in outcomes]


class SubmissionHandler:
    """Takes mail for anybody from our own people, who may send only as themselves."""

    def __init__(
        self,
        *,
        lookup: Lookup,
        authenticate: Authenticate,
        may_send_as: MaySendAs,
        submit: Submit,
        may_post: MayPost | None = None,
        authenticate_bearer: Authenticate | None = None,
        salt: Salt | None = None,
        prove: Prove | None = None,
    ) -> None:
        self._lookup = lookup
        self._authenticate = authenticate
        self._authenticate_bearer = authenticate_bearer
        self._salt = salt
        self._prove = prove
        self._may_send_as = may_send_as
        self._submit = submit
        self._may_post = may_post

    def sender(self, peer: Peer, address: Mailbox | None) -> Verdict:
        """The null sender is let pass: read receipts (RFC 8098 §3) have it, and From is still checked."""
        if peer.login is None:
            return say.LOGIN_FIRST
        if address is None or self._may_send_as(peer.login, address):
            return None
        return SENDER_NOT_YOURS

    def recipient(
        self, peer: Peer, address: Mailbox, *, sender: Mailbox | None
    ) -> Verdict | Awaitable[Verdict]:
        """A full mailbox of ours is delivery's to report: the sender's program could only drop the mail."""
        if peer.login is None:
            return say.LOGIN_FIRST
        place = self._lookup(address)
        if place is Place.RESTRICTED or not isinstance(place, Place):
            return self._judge_poster(peer.login, address, place)
        return _SUBMISSION_VERDICTS[place]

    async def _judge_poster(self, login: Login, address: Mailbox, asked: Place | Awaitable[Place]) -> Verdict:
        place = asked if isinstance(asked, Place) else await asked
        if place is Place.RESTRICTED and self._may_post is not None and await self._may_post(login, address):
            return None
        return _SUBMISSION_VERDICTS[place]

    async def authenticate(self, peer: Peer, mechanism: str, username: str, password: str) -> Login | None:
        if mechanism in sasl_bearer.MECHANISMS:
            bearer = self._authenticate_bearer
            return None if bearer is None else await bearer(username, password, peer.ip)
        return await self._authenticate(username, password, peer.ip)

    async def salt(self, username: str) -> tuple[bytes, int]:
        if self._salt is None:
            raise Denied("no_login_here", "Nobody logs in here that way.")
        return await self._salt(username)

    async def prove(self, peer: Peer, username: str, proof: Proof) -> tuple[Login, bytes] | None:
        return None if self._prove is None else await self._prove(username, proof, peer.ip)

    async def message(self, peer: Peer, envelope: Envelope, content: bytes) -> Reply:
        if peer.login is None:
            return say.LOGIN_FIRST
        refusal = self._why_not(peer.login, envelope, content)
        return refusal or _kept(await self._submit(peer.login, envelope, content, peer))

    def _why_not(self, login: Login, envelope: Envelope, content: bytes) -> Reply | None:
        """Everyone named in From must be the sender's own; a message without From gets the envelope's."""
        try:
            named = authors(content)
        except BadAuthor as bad:
            return Reply(554, "5.6.0", str(bad))
        if not named and envelope.mail_from is None:
            return NO_AUTHOR
        return None if all(self._may_send_as(login, author) for author in named) else AUTHOR_NOT_YOURS


_MX_VERDICTS: dict[Place, Verdict] = {
    Place.LOCAL: None,
    Place.UNKNOWN: say.NO_SUCH_PERSON,
    Place.FOREIGN: say.RELAYING_DENIED,
    Place.FULL: MAILBOX_FULL,
    Place.RESTRICTED: GROUP_NOT_YOURS,
}
_SUBMISSION_VERDICTS: dict[Place, Verdict] = {
    **dict.fromkeys(Place),
    Place.UNKNOWN: say.NO_SUCH_PERSON,
    Place.RESTRICTED: GROUP_NOT_YOURS,
}


def _judge(place: Place | Awaitable[Place], verdicts: dict[Place, Verdict]) -> Verdict | Awaitable[Verdict]:
    return verdicts[place] if isinstance(place, Place) else _judge_later(place, verdicts)


async def _judge_later(place: Awaitable[Place], verdicts: dict[Place, Verdict]) -> Verdict:
    return verdicts[await place]


def _kept(id: str) -> Reply:
    return Reply(250, "2.0.0", f"Ok, kept as {id}")
