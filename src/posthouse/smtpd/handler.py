"""What an SMTP door asks of the rest of the house."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import Protocol

from posthouse.wire.scram import Proof
from posthouse.wire.smtp.address import Mailbox
from posthouse.wire.smtp.envelope import Envelope, Login, Peer
from posthouse.wire.smtp.reply import Reply

Verdict = Reply | None  # None accepts


class Handler(Protocol):
    """Questions may be answered at once or later; nothing more is read from the client meanwhile.

    A `Failure` becomes the reply of its kind, any other exception `451 4.3.0` with an incident id; neither
    ends the connection.
    """

    def sender(self, peer: Peer, address: Mailbox | None) -> Verdict | Awaitable[Verdict]:
        """May this client give this sender? `peer.login` is set on submission; None is the null sender."""
        ...

    def recipient(
        self, peer: Peer, address: Mailbox, *, sender: Mailbox | None
    ) -> Verdict | Awaitable[Verdict]:
        """Do we take mail from this client, with this sender, for this address?"""
        ...

    async def authenticate(self, peer: Peer, mechanism: str, username: str, password: str) -> Login | None:
        """Who this is, or None. Must take as long for an unknown user as for a wrong password."""
        ...

    async def salt(self, username: str) -> tuple[bytes, int]:
        """Salt and iterations for SCRAM. Nobody's look like somebody's, and are the same each time."""
        ...

    async def prove(self, peer: Peer, username: str, proof: Proof) -> tuple[Login, bytes] | None:
        """Who proved to be this one and our last message to them, or None. Must take as long for nobody."""
        ...

    async def message(self, peer: Peer, envelope: Envelope, content: bytes) -> Reply | Sequence[Reply]:
        """Take responsibility for a message. A positive reply must be given only after the durable commit.

        By LMTP there may be a reply for each recipient.
        """
        ...
