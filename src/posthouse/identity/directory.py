"""Whose address is it? Asked at every RCPT, so the answers are kept for a moment.

Every domain of ours has a postmaster and an abuse desk (RFC 5321 §4.5.1, RFC 2142 §4): where nobody was given the
address, whoever runs the organisation. So has the house's own host name, whether it is one of the domains or not.

Invariant: an answer is never older than `FRESH_SECONDS`, and a change made in this house is seen at once
(`forget` is called after the commit, in doors of their own a moment later).
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from posthouse.base import db
from posthouse.base.errors import Invalid
from posthouse.identity.addresses import normal_address, normal_domain
from posthouse.identity.models import Address, Domain, User

FRESH_SECONDS = 2.0
MAX_KEPT = 50_000
TOPIC = "directory"
DESKS = ("postmaster", "abuse")
_RANKS = {User.Role.OWNER.value: 0, User.Role.ADMIN.value: 1}


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
_hostname = ""


def configure(*, hostname: str) -> None:
    """Say by which name the house greets; called before the first listener is up."""
    global _hostname
    _hostname = hostname.lower()


def forget() -> None:
    _kept.clear()


def forget_after_commit() -> None:
    """For actions that change whose an address is. Doors in other processes hear of it by the hub's TOPIC."""
    db.after_commit(forget)
    db.hint(TOPIC)


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
    ours = Domain.objects.filter(name=domain).first()
    if ours is None:
        return _desk(address, domain, None) if domain == _hostname else NotOurs()
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
    return _desk(normal, domain, ours.organisation_id)


def _desk(address: str, domain: str, organisation_id: int | None) -> Found:
    """Who answers for a domain, or for the house (its first organisation)."""
    desk = address.rpartition("@")[0].lower()
    if desk not in DESKS:
        return Unknown()
    first = Domain.objects.order_by("id").values_list("organisation_id", flat=True).first()
    owner = first if organisation_id is None else organisation_id
    people = User.objects.filter(organisation_id=owner or 0, is_active=True)
    ranked = sorted((_RANKS.get(role, 2), user_id) for user_id, role in people.values_list("id", "role"))
    return Local(ranked[0][1], f"{desk}@{domain}") if ranked else Unknown()
