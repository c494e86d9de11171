"""Greylisting: who has never written is asked to come back, which proper servers do and most senders of spam do not.

Counted by network (IPv4 /24, IPv6 /64: large senders come back from a neighbour), sender and recipient. Kept in memory,
in each process for itself: after a start those who are new are asked once more.
"""

from __future__ import annotations

from collections import OrderedDict
from ipaddress import ip_address, ip_network

MAX_KEPT = 100_000
WINDOW_SECONDS = 24 * 3600.0
"""So long one who was asked to come back may take."""
KNOWN_SECONDS = 36 * 24 * 3600.0
"""So long one who came back is known; a letter a month keeps it alive."""

Key = tuple[str, str, str]


class Greylist:
    """Times are those of a steady clock. The longest unseen is forgotten first when it grows too long, of those who are
    known and of those who are not each by themselves: a flood of strangers pushes out nobody who came back."""

    def __init__(self, *, wait_seconds: float, max_kept: int = MAX_KEPT) -> None:
        self.wait_seconds = wait_seconds
        self._max_kept = max_kept
        self._asked: OrderedDict[Key, float] = OrderedDict()
        """When each was first asked."""
        self._known: OrderedDict[Key, float] = OrderedDict()
        """Until when each is known."""

    def __len__(self) -> int:
        return len(self._asked) + len(self._known)

    def wait(self, ip: str, sender: str, recipient: str, *, now: float) -> float:
        """How many seconds are to pass until this one may come, 0 when it may come now."""
        key = (network_of(ip), sender.lower(), recipient.lower())
        if self._known.pop(key, now) <= now:
            first_at = self._asked.pop(key, now)
            if first_at + WINDOW_SECONDS <= now:
                first_at = now
            if (left := first_at + self.wait_seconds - now) > 0:
                self._keep(self._asked, key, first_at)
                return left
        self._keep(self._known, key, now + KNOWN_SECONDS)
        return 0.0

    def _keep(self, entries: OrderedDict[Key, float], key: Key, at: float) -> None:
        entries[key] = at
        while len(entries) > self._max_kept:
            entries.popitem(last=False)


def network_of(ip: str) -> str:
    try:
        address = ip_address(ip)
    except ValueError:
        return ip
    address = getattr(address, "ipv4_mapped", None) or address
    return str(ip_network((address, 24 if address.version == 4 else 64), strict=False))
