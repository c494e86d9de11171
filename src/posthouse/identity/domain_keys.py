"""Keys that a domain's mail is signed with (DKIM): made and replaced here, published by whoever keeps the domain's DNS.

A pair at a time, RSA for everybody and Ed25519 for those who know it (RFC 8463). New keys do not sign before the DNS
publishes them (delivery/signing.py), so the pair before them stays until the next change.
"""

from __future__ import annotations

import functools
import math
import secrets
import time

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import clock, db, sealing
from posthouse.identity import organisations, step_up
from posthouse.identity.actor import Actor
from posthouse.identity.models import DomainKey
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
    stem = f"ph{clock.now():%Y%m%d}{secrets.token_hex(2)}"
    made = [
        SigningKey(domain=domain.name, selector=f"{stem}{kind[0]}", private=new_private(kind))
        for kind in KINDS
    ]
    _keep(
        actor,
        domain_id,
        [(key.selector, key.kind, sealing.seal(key.dump(), purpose=PURPOSE), key.record) for key in made],
    )


@db.action
def _keep(actor: Actor, domain_id: int, made: list[tuple[str, str, str, str]]) -> None:
    domain = organisations.domain_for(actor, domain_id)
    for selector, kind, private, text in made:
        DomainKey.objects.create(domain=domain, selector=selector, kind=kind, private=private, record=text)
    for kind in KINDS:
        old = DomainKey.objects.filter(domain=domain, kind=kind).order_by("-id")[KEPT_PAIRS:]
        DomainKey.objects.filter(id__in=[key.id for key in old]).delete()
    record(
        actor,
        Act.DOMAIN_CHANGED,
        kind="domain",
        object_id=domain.id,
        facts={"name": domain.name, "keys": " ".join(selector for selector, *_ in made)},
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
