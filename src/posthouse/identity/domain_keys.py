"""Keys that a domain's mail is signed with (DKIM): made and replaced here, published by whoever keeps the domain's DNS.

A pair at a time, RSA for everybody and Ed25519 for those who know it (RFC 8463). New keys do not sign before the DNS
publishes them (delivery/domains/signing.py), so the pair before them stays until the next change.
"""

from __future__ import annotations

import functools
import math
import secrets
import time
from collections.abc import Sequence

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.audit.who import By, Who
from posthouse.base import clock, db, sealing
from posthouse.base.errors import Missing
from posthouse.identity import organisations, step_up
from posthouse.identity.actor import Actor
from posthouse.identity.models import Domain, DomainKey
from posthouse.wire.auth.dkim_sign import ED25519, RSA, SigningKey, load_private, new_private

PURPOSE = "dkim"
KINDS = (RSA, ED25519)
KEPT_PAIRS = 2
FRESH_SECONDS = 30.0
MAX_KNOWN = 1_000

_known: dict[str, tuple[float, list[SigningKey]]] = {}


def make(actor: Actor, domain_id: int) -> None:
    """Make a pair for a domain, beside the one it has. Slow: finds primes, so never in the lane. Asks for step-up.

    Raises Denied, Missing.
    """
    actor.require("domains.manage")
    step_up.require_of_session(actor)
    domain = organisations.domain_for(actor, domain_id)
    _keep(actor, domain.id, _new_pair(domain.name))


def renew(domain_id: int, *, via: str = "job") -> list[SigningKey]:
    """The same by schedule (delivery/domains/key_rotation.py) or from the command line; gives the new pair. Slow.

    Raises Missing.
    """
    domain = Domain.objects.filter(id=domain_id).first()
    if domain is None:
        raise Missing()
    made = _new_pair(domain.name)
    _keep(By(organisation_id=domain.organisation_id, via=via), domain_id, made)
    return made


def _new_pair(name: str) -> list[SigningKey]:
    stem = f"ph{clock.now():%Y%m%d}{secrets.token_hex(2)}"
    return [SigningKey(domain=name, selector=f"{stem}{kind[0]}", private=new_private(kind)) for kind in KINDS]


@db.action
def retire(domain_id: int, selectors: Sequence[str]) -> None:
    """Let keys go that newer ones have taken the place of."""
    domain = Domain.objects.filter(id=domain_id).first()
    if domain is None or not DomainKey.objects.filter(domain=domain, selector__in=selectors).delete()[0]:
        return
    record(
        By(organisation_id=domain.organisation_id, via="job"),
        Act.DOMAIN_CHANGED,
        kind="domain",
        object_id=domain.id,
        facts={"name": domain.name, "keys_retired": " ".join(selectors)},
    )
    db.after_commit(functools.partial(_forget, domain.name))


def newest_at_ms(domain_id: int) -> int | None:
    """When the newest pair was made."""
    key = DomainKey.objects.filter(domain_id=domain_id).order_by("-id").first()
    return None if key is None else clock.to_ms(key.created_at)


@db.action
def _keep(by: Who, domain_id: int, made: Sequence[SigningKey]) -> None:
    domain = Domain.objects.get(id=domain_id)
    sealed = [(key.selector, key.kind, sealing.seal(key.dump(), purpose=PURPOSE), key.record) for key in made]
    for selector, kind, private, text in sealed:
        DomainKey.objects.create(domain=domain, selector=selector, kind=kind, private=private, record=text)
    for kind in KINDS:
        old = DomainKey.objects.filter(domain=domain, kind=kind).order_by("-id")[KEPT_PAIRS:]
        DomainKey.objects.filter(id__in=[key.id for key in old]).delete()
    record(
        by,
        Act.DOMAIN_CHANGED,
        kind="domain",
        object_id=domain.id,
        facts={"name": domain.name, "keys": " ".join(key.selector for key in made)},
    )
    db.after_commit(functools.partial(_forget, domain.name))


def _forget(domain: str) -> None:
    _known.pop(domain, None)


def known(domain: str) -> list[SigningKey] | None:
    """What `signing_keys` gave a moment ago, without touching the database."""
    at, found = _known.get(domain, (-math.inf, []))
    return found if time.monotonic() - at < FRESH_SECONDS else None


def signing_keys(domain: str) -> list[SigningKey]:
    """A domain's keys, the newest of each kind first; empty when it is none of ours or has none. Kept for a moment."""
    kept = known(domain)
    if kept is not None:
        return kept
    rows = DomainKey.objects.filter(domain__name=domain).order_by("-kind", "-id")
    found = [
        SigningKey(
            domain=domain,
            selector=row.selector,
            private=load_private(sealing.unseal(row.private, purpose=PURPOSE)),
        )
        for row in rows
    ]
    if len(_known) >= MAX_KNOWN:
        _known.clear()
    _known[domain] = (time.monotonic(), found)
    return found
