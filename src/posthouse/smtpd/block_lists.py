"""DNS block lists that the operator chose (RFC 5782): is a peer's address on one of them?

A list that is dead, slow or answers nonsense blocks nobody: only an answer within 127.0.0.0/8 says "listed", and of
that not 127.255.255.0/24, by which lists tell a resolver that it may not ask.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from ipaddress import IPv4Address, ip_address, ip_network

from posthouse.base import metrics
from posthouse.wire.auth.dns import Ask, NoAnswer

LIST_SECONDS = 3.0
_LISTED = ip_network("127.0.0.0/8")
_REFUSALS = ip_network("127.255.255.0/24")

answers = metrics.Counter(
    "posthouse_block_list_answers", "What DNS block lists said of peers.", "list", "result"
)


class BlockLists:
    """`zones` as `zen.spamhaus.org`. What they say is kept by `ask` for as long as they allow."""

    def __init__(self, zones: Sequence[str], ask: Ask, *, seconds: float = LIST_SECONDS) -> None:
        self._zones = zones
        self._ask = ask
        self._seconds = seconds

    async def listing(self, ip: str) -> list[str]:
        """The lists that name an address, in the operator's order; never raises for what the DNS does."""
        name = reversed_name(ip)
        if not name:
            return []
        said = await asyncio.gather(*(self._says(name, zone) for zone in self._zones))
        return [zone for zone, is_listed in zip(self._zones, said, strict=True) if is_listed]

    async def _says(self, name: str, zone: str) -> bool:
        try:
            async with asyncio.timeout(self._seconds):
                found = await self._ask(f"{name}.{zone}", "A")
        except (NoAnswer, TimeoutError):
            answers.count(zone, "no_answer")
            return False
        is_listed = any(_means_listed(text) for text in found)
        answers.count(zone, "listed" if is_listed else "nonsense" if found else "not_listed")
        return is_listed


def reversed_name(ip: str) -> str:
    """What an address is asked for by (RFC 5782 §2.1, §2.4); empty for what is none."""
    try:
        address = ip_address(ip)
    except ValueError:
        return ""
    address = getattr(address, "ipv4_mapped", None) or address
    if isinstance(address, IPv4Address):
        return ".".join(reversed(str(address).split(".")))
    return ".".join(reversed(address.exploded.replace(":", "")))


def _means_listed(text: str) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return address in _LISTED and address not in _REFUSALS
