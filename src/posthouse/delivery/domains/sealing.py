"""Sealing what is passed on to somebody outside (ARC), with the key of the domain that passes it on.

Off unless the operator wants it (`POSTHOUSE_ARC_SEAL`): a seal helps only with receivers who trust us. What is vouched
for is our own Authentication-Results, which stands between Return-Path and Received of an e-mail that came in; one that
was not checked is not sealed.
"""

from __future__ import annotations

import asyncio
import functools

from posthouse.base import clock, db
from posthouse.delivery import setup
from posthouse.delivery.domains import signing
from posthouse.delivery.transport import form_of
from posthouse.identity import domain_keys
from posthouse.wire.auth import results
from posthouse.wire.auth.arc_seal import arc_fields
from posthouse.wire.auth.dkim_sign import RSA, SigningKey
from posthouse.wire.auth.message import QUICK_BYTES


async def seals(content: bytes, *, stored: bytes, domain: str) -> bytes:
    """The fields by which `domain` vouches for `content` as it is to leave; empty where there is nothing to seal with,
    and for what will have to be written otherwise on its way (BINARYMIME).

    `stored` is the e-mail's header as it was kept at its arrival, with our own.
    """
    if not setup.current().seals_arc:
        return b""
    found = results.ours(stored, setup.current().hostname)
    key = await _key_of(domain) if found is not None else None
    if found is None or key is None:
        return b""
    if form_of(content).has_bare_bytes:
        return b""
    seal = functools.partial(
        arc_fields,
        content,
        key,
        results=results.write(found.authserv_id, found.results).decode().partition(":")[2],
        chain=next((one.result for one in found.of("arc")), "none"),
        now=int(clock.now().timestamp()),
    )
    return seal() if len(content) <= QUICK_BYTES else await asyncio.to_thread(seal)


async def _key_of(domain: str) -> SigningKey | None:
    """RSA alone: a chain holds one seal a hand, and not everybody knows Ed25519."""
    for key in await db.reading(domain_keys.signing_keys, domain.lower()):
        if key.kind == RSA and await signing.is_published(key):
            return key
    return None
