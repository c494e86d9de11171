"""Which keys mail that leaves is signed with: those of its author's domain that the DNS publishes (RFC 6376 §5).

A signature nobody can verify says less than none, so a key that is not published yet does not sign, and the newest of
each kind that is does. Where the DNS gives no answer the newest sign: they most likely are published.
"""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import Iterable

from posthouse.base import clock, db, net
from posthouse.delivery.transport import Seal
from posthouse.identity import domain_keys
from posthouse.wire.auth import dkim_sign
from posthouse.wire.auth.dkim_sign import SigningKey
from posthouse.wire.auth.message import QUICK_BYTES
from posthouse.wire.auth.tags import BadTags, read_tags
from posthouse.wire.smtp.authorship import BadAuthor, authors

PUBLISHED_SECONDS, MISSING_SECONDS = 600.0, 60.0
MAX_KNOWN = 1_000

_looked: dict[str, tuple[float, bool]] = {}
"""By the name of a key: until when it holds, and whether it is published. A new key has a new name."""


async def seal_of(content: bytes) -> Seal | None:
    """What signs a mail, or None when its domain has no key that others could verify."""
    domain = _author_of(content)
    if not domain:
        return None
    keys = domain_keys.known(domain)
    if keys is None:
        keys = await db.reading(domain_keys.signing_keys, domain)
    chosen: dict[str, SigningKey] = {}
    for key in keys:
        if key.kind not in chosen and await is_published(key):
            chosen[key.kind] = key
    if not chosen:
        return None
    return functools.partial(_signatures, list(chosen.values()))


def forget() -> None:
    """Look anew at what is published."""
    _looked.clear()


async def _signatures(keys: list[SigningKey], content: bytes) -> bytes:
    now = int(clock.now().timestamp())
    if len(content) <= QUICK_BYTES:
        return dkim_sign.signatures(content, keys, now=now)
    return await asyncio.to_thread(dkim_sign.signatures, content, keys, now=now)


def _author_of(content: bytes) -> str:
    try:
        named = authors(content)
    except BadAuthor:
        return ""
    return named[0].domain.lower() if named else ""


async def is_published(key: SigningKey) -> bool:
    """Whether others find the key in the DNS; kept for some minutes, and taken for true where the DNS is silent."""
    known = _looked.get(key.name)
    if known is not None and time.monotonic() < known[0]:
        return known[1]
    try:
        found = await net.dns_txt(key.name, policy=net.policy(), fresh=True)
    except net.NameMissing:
        found = []
    except net.DnsFailed:
        return True
    is_there = publishes([text.decode("ascii", "replace") for text in found], key)
    if len(_looked) >= MAX_KNOWN:
        _looked.clear()
    seconds = PUBLISHED_SECONDS if is_there else MISSING_SECONDS
    _looked[key.name] = (time.monotonic() + seconds, is_there)
    return is_there


async def is_surely_published(key: SigningKey) -> bool:
    """For what cannot be taken back: asks the DNS now, and takes its silence for a no."""
    try:
        found = await net.dns_txt(key.name, policy=net.policy(), fresh=True)
    except (net.NameMissing, net.DnsFailed):
        return False
    return publishes([text.decode("ascii", "replace") for text in found], key)


def publishes(records: Iterable[str], key: SigningKey) -> bool:
    """Whether one of the TXT records at its name is the key's."""
    return any(_key_of(text) == _key_of(key.record) for text in records)


def _key_of(record: str) -> str:
    try:
        return "".join(read_tags(record).get("p", "").split())
    except BadTags:
        return ""
