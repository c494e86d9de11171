"""Whose address is it? Asked at every RCPT, so the answers are kept for a moment.

Every domain of ours has a postmaster and an abuse desk (RFC 5321 §4.5.1, RFC 2142 §4): where nobody was given the
address, whoever runs the organisation. So has the house's own host name, whether it is one of the domains or not.

Invariant: an answer is never older than `FRESH_SECONDS`, and a change made in this house is seen at once
(`forget` is called after the commit, in doors of their own a moment later).

A person costs two queries, as before there were groups; a group costs one more, for its members.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from posthouse.base import db, sql
from posthouse.base.errors import Invalid
from posthouse.identity.addresses import normal_address, normal_domain
from posthouse.identity.models import Address, Domain, Group, User

FRESH_SECONDS = 2.0
MAX_KEPT = 50_000
TOPIC = "directory"
DESKS = ("postmaster", "abuse")
MEMBERS_OF = (
    "WITH RECURSIVE inside(id) AS (SELECT id FROM identity_group WHERE id = %s"
    " UNION SELECT n.child_id FROM identity_groupnesting n JOIN inside ON n.parent_id = inside.id)"
    " SELECT DISTINCT u.id FROM identity_groupmember m JOIN inside ON m.group_id = inside.id"
    " JOIN identity_user u ON u.id = m.user_id WHERE u.is_active ORDER BY u.id"
)
"""Everybody in a group who is active, each once, also of the groups that lie in it."""
_OWNER = ("id", "user_id", "user__is_active", "email")
_RANKS = {User.Role.OWNER.value: 0, User.Role.ADMIN.value: 1}


@dataclass(frozen=True, slots=True)
class Local:
    user_id: int
    address: str


@dataclass(frozen=True, slots=True)
class Several:
    """A group's address: everybody who gets its mail, each once. `posting` is `Group.Posting`."""

    user_ids: tuple[int, ...]
    address: str
    group_id: int
    organisation_id: int
    posting: str

    @property
    def is_open(self) -> bool:
        return self.posting == Group.Posting.EVERYBODY


@dataclass(frozen=True, slots=True)
class Unknown:
    """The domain is ours, the address is nobody's."""


@dataclass(frozen=True, slots=True)
class NotOurs:
    """Another server's domain."""


Found = Local | Several | Unknown | NotOurs

_kept: dict[str, tuple[float, Found]] = {}
_hostname = ""


def configure(*, hostname: str) -> None:
    """Say by which name the house greets; called before the first listener is up."""
    global _hostname
    _hostname = hostname.lower()


def hostname() -> str:
    return _hostname


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
        row = Address.objects.filter(email=candidate).values_list(*_OWNER).first()
        if row is None:
            continue
        found = Local(row[1], candidate) if row[2] else _group(row[0], candidate)
        return found or _desk(normal, domain, ours.organisation_id)
    desk = _desk(normal, domain, ours.organisation_id)
    return _catch_all(ours) if isinstance(desk, Unknown) and ours.catch_all_id else desk


def _group(address_id: int, address: str) -> Several | None:
    """Whom a group's address reaches; None for one of nobody, or of somebody who was switched off."""
    group = Group.objects.filter(addresses=address_id).first()
    members = [] if group is None else [row[0] for row in sql.rows(MEMBERS_OF, [group.id])]
    if group is None or not members:
        return None
    return Several(tuple(members), address, group.id, group.organisation_id, group.posting)


def _catch_all(domain: Domain) -> Found:
    row = Address.objects.filter(id=domain.catch_all_id).values_list(*_OWNER).first()
    if row is None:
        return Unknown()
    return Local(row[1], row[3]) if row[2] else _group(row[0], row[3]) or Unknown()


def domains_of(organisation_id: int) -> list[str]:
    """An organisation's domains."""
    return list(Domain.objects.filter(organisation_id=organisation_id).values_list("name", flat=True))


def may_post(sender: str, group: Several) -> bool:
    """Whether one of our own, whose address was proved by logging in, may write to a group."""
    if group.is_open:
        return True
    found = lookup(sender)
    if isinstance(found, Several):
        return found.group_id == group.group_id or (
            group.posting == Group.Posting.ORGANISATION and found.organisation_id == group.organisation_id
        )
    if not isinstance(found, Local):
        return False
    if found.user_id in group.user_ids:
        return True
    people = User.objects.filter(id=found.user_id, organisation_id=group.organisation_id)
    return group.posting == Group.Posting.ORGANISATION and people.exists()


def _desk(address: str, domain: str, organisation_id: int | None) -> Found:
    """Who answers for a domain, or for the house (its first organisation)."""
    desk = address.rpartition("@")[0].lower()
    if desk not in DESKS:
        return Unknown()
    first = Domain.objects.order_by("id").values_list("organisation_id", flat=True).first()
    owner = first if organisation_id is None else organisation_id
    people = User.objects.filter(organisation_id=owner or 0, is_active=True, kind=User.Kind.PERSON)
    ranked = sorted((_RANKS.get(role, 2), user_id) for user_id, role in people.values_list("id", "role"))
    return Local(ranked[0][1], f"{desk}@{domain}") if ranked else Unknown()
