"""How the lines hang together: pure functions of bytes, so that whoever holds an export can check it too.

A line's hash is SHA-256 over the hash before it and the line's own fields as JSON (an array, in the order of FIELDS,
without spaces). The seal is HMAC-SHA256 over the two ends of a chain, under a key derived from the house's own.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

import orjson

FIELDS = (
    "organisation_id",
    "sequence",
    "at",
    "actor_id",
    "actor_email",
    "real_actor_id",
    "subject_id",
    "via",
    "ip",
    "client",
    "act",
    "object_kind",
    "object_id",
    "outcome",
    "facts",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """Where a chain begins (after what was let go) and where it ends."""

    organisation_id: int
    anchor_sequence: int
    anchor_hash: bytes
    sequence: int
    hash: bytes


def hash_of(previous: bytes, values: tuple[Any, ...]) -> bytes:
    """`values` as in FIELDS; times in milliseconds, facts as the text that is stored."""
    return sha256(previous + orjson.dumps(values)).digest()


def seal_of(ends: Ends, secret: str) -> bytes:
    numbers = orjson.dumps((ends.organisation_id, ends.anchor_sequence, ends.sequence))
    return hmac.digest(_key(secret), numbers + ends.anchor_hash + ends.hash, "sha256")


@lru_cache(maxsize=2)
def _key(secret: str) -> bytes:
    return sha256(b"posthouse audit" + secret.encode()).digest()
