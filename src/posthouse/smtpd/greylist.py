"""Greylisting: who has never written is asked to come back, which proper servers do and most senders of spam do not.

Counted by network (IPv4 /24, IPv6 /64: large senders come back from a neighbour), sender and recipient. Kept in memory,
in each process for itself: after a start those who are new are asked once more.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

MAX_KEPT = 100_000
WINDOW_SECONDS = 24 * 3600.0
"""So long one who was asked to come back may take."""
KNOWN_SECONDS = 36 * 24 * 3600.0
"""So long one who came back is known; a letter a month keeps it alive."""

Key = tuple[str, str, str]


@dataclass(slots=True)
class _Entry:
    first_at: float
    until: float
    is_known: bool = False


class Greylist:
    """Times are those of a steady clock. The longest unseen is forgotten first when it grows too long."""

    def __init__(self, *, wait_seconds: float, max_kept: int = MAX_KEPT) -> None:
        self.wait_seconds = wait_seconds
        self._max_kept = max_kept
        self._entries: OrderedDict[Key, _Entry] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def wait(self, ip: str, sender: str, recipient: str, *, now: float) -> float:
        """How many seconds are to pass until this one may come, 0 when it may come now."""
        key = (network_of(ip), sender.lower(), recipient.lower())
        entry = self._entries.get(key)
        if entry is None or entry.until <= now:
            entry = self._entries[key] = _Entry(now, now + WINDOW_SECONDS)
        self._entries.move_to_end(key)
        while len(self._entries) > self._max_kept:
            self._entries.popitem(last=False)
        left = entry.first_at + self.wait_seconds - now
        if not entry.is_known and left > 0:
            return left
        entry.is_known, entry.until = True, now + KNOWN_SECONDS
        return 0.0


def network_of(ip: str) -> str:
    try:
        address = ip_address(ip)
    except ValueError:
        return ip
    address = getattr(address, "ipv4_mapped", None) or address
    return str(ip_network((address, 24 if address.version == 4 else 64), strict=False))
