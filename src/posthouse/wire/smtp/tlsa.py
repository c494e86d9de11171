"""TLSA records as the DNS has them (RFC 6698 §2). What they vouch for tells dane.py, which reads certificates."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

TRUST_ANCHOR, END_ENTITY = 2, 3
WHOLE, PUBLIC_KEY = 0, 1
"""Selectors: the certificate, or its SubjectPublicKeyInfo."""
MATCHING: dict[int, Callable[[bytes], bytes]] = {
    0: lambda data: data,
    1: lambda data: hashlib.sha256(data).digest(),
    2: lambda data: hashlib.sha512(data).digest(),
}
_LENGTHS = {1: 32, 2: 64}


@dataclass(frozen=True, slots=True)
class Tlsa:
    """One record: usage, selector and matching type as RFC 6698 §7 numbers them, and the data to compare with."""

    usage: int
    selector: int
    matching: int
    data: bytes = field(repr=False)

    @property
    def is_usable(self) -> bool:
        return (
            self.usage in (TRUST_ANCHOR, END_ENTITY)
            and self.selector in (WHOLE, PUBLIC_KEY)
            and self.matching in MATCHING
            and len(self.data) == _LENGTHS.get(self.matching, len(self.data))
            and bool(self.data)
        )
