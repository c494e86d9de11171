"""Whose address is it? Asked at every RCPT, so the answers are kept for a moment.

Invariant: an answer is never older than `FRESH_SECONDS`, and a change made by this process is seen at once
(`forget` is called after the commit).
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from posthouse.base.errors import Invalid
from posthouse.identity.addresses import normal_address, normal_domain
from posthouse.identity.models import Address, Domain

FRESH_SECONDS = 2.0
MAX_KEPT = 50_000


@dataclass(frozen=True, slots=True)
class Local:
    user_id: int
    address: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The domain is ours, the address is nobody's."""


@dataclass(frozen=True, slots=True)
class NotOurs:
    """Another server's domain."""


Found = Local | Unknown | NotOurs

_kept: dict[str, tuple[float, Found]] = {}


def forget() -> None:
    _kept.clear()


def known(address: str) -> Found | None:
    """The kept answer, without touching the database; None when it must be looked up."""
    entry = _kept.get(address)
    return entry[1] if entry is not None and entry[0] > time.monotonic() else None


def lookup(address: str) -> Found:
    """Whose an envelope address is; `user+tag@domain` is the user's (RFC 5233 sub-address)."""
    found = known(address)
    if found is None:
        found = _look_up(address)
        if len(_kept) >= MAX_KEPT:
            _kept.clear()
        _kept[address] = (time.monotonic() + FRESH_SECONDS, found)
    return found


def _look_up(address: str) -> Found:
    local, _, domain_text = address.rpartition("@")
    try:
        domain = normal_domain(domain_text)
    except Invalid:
        return NotOurs()
    if not Domain.objects.filter(name=domain).exists():
        return NotOurs()
    try:
        normal = normal_address(f"{local}@{domain}")
    except Invalid:
        return Unknown()
    candidates = [normal]
    if "+" in local:
        candidates.append(f"{normal.rpartition('@')[0].partition('+')[0]}@{domain}")
    for candidate in candidates:
        user_id = (
            Address.objects.filter(email=candidate, user__is_active=True)
            .values_list("user_id", flat=True)
            .first()
        )
        if user_id is not None:
            return Local(user_id, candidate)
    return Unknown()
