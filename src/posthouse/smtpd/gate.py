"""What the MX door may ask of a stranger before it takes mail: block lists, and to come back (greylisting).

All of it is off by default. Peers that are trusted are asked nothing; nor are block lists of whom the operator trusts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from posthouse.base import clock, db, metrics
from posthouse.base.net_guard import Network
from posthouse.delivery.receiving import accepting
from posthouse.identity import directory
from posthouse.mail import queries as mail_queries
from posthouse.smtpd.block_lists import BlockLists
from posthouse.smtpd.checked import is_trusted
from posthouse.smtpd.greylist import Greylist
from posthouse.wire.auth.dns import Ask
from posthouse.wire.smtp.address import Mailbox
from posthouse.wire.smtp.envelope import Peer
from posthouse.wire.smtp.reply import Reply

MARK = b"X-Block-List"
SPF_SECONDS = 3.0

turned = metrics.Counter(
    "posthouse_strangers", "What was asked of peers that are not trusted.", "question", "answer"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GateSettings:
    """`greylist_seconds` 0: nobody is asked to come back. `only_marks`: who is on a list is marked, not refused."""

    block_lists: tuple[str, ...] = ()
    only_marks: bool = False
    greylist_seconds: float = 0.0

    @property
    def is_open(self) -> bool:
        return not self.block_lists and not self.greylist_seconds


class Gate:
    """For one event loop. `make_ask` is called when the first stranger comes."""

    def __init__(
        self,
        settings: GateSettings,
        *,
        hostname: str,
        make_ask: Callable[[], Ask],
        trusted_peers: tuple[Network, ...] | None,
    ) -> None:
        self._settings = settings
        self._hostname = hostname
        self._make_ask = make_ask
        self._trusted_peers = trusted_peers
        self._asked: Ask | None = None
        self._greylist = Greylist(wait_seconds=settings.greylist_seconds)

    async def why_not(self, peer: Peer, sender: Mailbox | None, recipient: Mailbox) -> Reply | None:
        """Why mail of this peer is refused, now or for good; None lets it in."""
        if is_trusted(peer.ip, self._trusted_peers):
            return None
        if not self._settings.only_marks and (listing := await self._listing(peer.ip)):
            turned.count("block_list", "refused")
            return Reply(550, "5.7.1", f"Your address {peer.ip} is on the block list {listing[0]}; ask there")
        return await self._why_not_yet(peer, sender, recipient) if self._settings.greylist_seconds else None

    async def marks(self, peer: Peer) -> bytes:
        """The header lines that name the lists a peer is on, where they only mark."""
        if not self._settings.only_marks or is_trusted(peer.ip, self._trusted_peers):
            return b""
        listing = await self._listing(peer.ip)
        if listing:
            turned.count("block_list", "marked")
        return b"".join(MARK + b": " + zone.encode("ascii") + b"\r\n" for zone in listing)

    async def _listing(self, ip: str) -> list[str]:
        return await BlockLists(self._settings.block_lists, self._ask).listing(ip)

    async def _why_not_yet(self, peer: Peer, sender: Mailbox | None, recipient: Mailbox) -> Reply | None:
        left = self._greylist.wait(peer.ip, str(sender or ""), str(recipient), now=clock.steady())
        if left <= 0:
            turned.count("greylist", "known")
            return None
        if sender is not None and await self._is_good(peer, sender, recipient):
            turned.count("greylist", "vouched_for")
            return None
        turned.count("greylist", "asked_to_come_back")
        return Reply(451, "4.7.1", f"We have not met; please try again in {int(left) + 1} seconds")

    async def _is_good(self, peer: Peer, sender: Mailbox, recipient: Mailbox) -> bool:
        """Somebody the recipient has written to, or a peer that the sender's domain names (SPF)."""
        if await db.reading(_has_written_to, str(recipient), str(sender)):
            return True
        from posthouse.wire.auth import spf  # with the keys and the DNS, for those who ask strangers only

        try:
            async with asyncio.timeout(SPF_SECONDS):
                found = await spf.check_host(
                    self._ask,
                    ip=peer.ip,
                    mail_from=str(sender),
                    helo=peer.helo,
                    receiver=self._hostname,
                    now=int(clock.now().timestamp()),
                    wants_words=False,
                )
        except TimeoutError:
            return False
        return found.result == "pass"

    @property
    def _ask(self) -> Ask:
        if self._asked is None:
            self._asked = self._make_ask()
        return self._asked


def _has_written_to(recipient: str, sender: str) -> bool:
    found = directory.lookup(recipient)
    if not isinstance(found, directory.Local):
        return False
    return mail_queries.has_written_to(accepting.account_of(found.user_id), sender)
