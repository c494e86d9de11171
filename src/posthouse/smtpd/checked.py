"""What the checks of a sender came to, and the checks before they are wanted.

The checks need the DNS library and keys: 11 MB that a door has no use for while only peers it trusts bring mail.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from typing import Protocol

from posthouse.base.errors import Denied
from posthouse.base.net_guard import Network, is_special
from posthouse.wire.auth.judgement import UNCHECKED as NOT_JUDGED
from posthouse.wire.auth.judgement import Judgement
from posthouse.wire.smtp.envelope import Envelope, Peer


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """`header` is to stand before Received, with its line end; empty where nothing was checked. `refusal` is what the
    sender's server is to be told (dmarc_rejected)."""

    judgement: Judgement
    header: bytes
    refusal: Denied | None = None


UNCHECKED = Checked(judgement=NOT_JUDGED, header=b"")


class Checks(Protocol):
    async def check(self, envelope: Envelope, content: bytes, peer: Peer) -> Checked: ...


class Later:
    """Checks that are made when the first peer comes that is not trusted."""

    def __init__(self, make: Callable[[], Checks], *, trusted_peers: tuple[Network, ...] | None) -> None:
        self._make = make
        self._made: Checks | None = None
        self._trusted_peers = trusted_peers

    async def check(self, envelope: Envelope, content: bytes, peer: Peer) -> Checked:
        if is_trusted(peer.ip, self._trusted_peers):
            return UNCHECKED
        if self._made is None:
            self._made = self._make()
        return await self._made.check(envelope, content, peer)


@lru_cache(maxsize=16_384)
def is_trusted(ip: str, trusted_peers: tuple[Network, ...] | None) -> bool:
    """None stands for loopback and all private networks."""
    try:
        address = ip_address(ip)
    except ValueError:
        return True  # a UNIX socket has none
    address = getattr(address, "ipv4_mapped", None) or address  # of a socket for both kinds
    if trusted_peers is None:
        return is_special(address)
    return any(address in net for net in trusted_peers)


def looks_like_report_of_domain(raw: bytes) -> bool:
    """A cheap look at the head of a mail. Subjects are fixed: RFC 7489 §7.2.1.1, RFC 8460 §5.3."""
    head = raw[: 16 * 1024].lower()
    return b"report domain:" in head or b"report-type=tlsrpt" in head or b'report-type="tlsrpt"' in head
