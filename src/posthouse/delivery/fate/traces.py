"""What mail of ours carries so that a report about it can be believed.

A trace goes with each copy that leaves, as the envelope's id where the server knows DSN (RFC 3461) and in a header
field that bounces and complaints bring back. It names the submission and is keyed with the domain the copy went to:
only who got the mail there, or carried it, can speak of its fate, and of nobody's at another domain.
"""

from __future__ import annotations

import hmac
from base64 import b32decode, b32encode
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256

from django.conf import settings

FIELD = "Posthouse-Trace"
PREFIX = "ph1-"
_MAC_BYTES = 16


def trace_of(submission_id: int, domain: str) -> str:
    """43 characters, the same each time the submission goes to that domain."""
    id_bytes = submission_id.to_bytes(8, "big")
    made = b32encode(id_bytes + _mac(id_bytes, domain)).decode("ascii")
    return PREFIX + made.rstrip("=").lower()


def field_of(trace: str) -> bytes:
    return f"{FIELD}: {trace}\r\n".encode("ascii")


def submission_of(trace: str) -> int | None:
    """The submission that a trace names; whether it is true is asked of `domain_of`."""
    raw = _decoded(trace)
    return None if raw is None else int.from_bytes(raw[:8], "big")


def domain_of(trace: str, domains: Iterable[str]) -> str | None:
    """To which of a submission's domains the copy went that carried this trace; None for one that is made up."""
    raw = _decoded(trace)
    if raw is None:
        return None
    return next((domain for domain in domains if hmac.compare_digest(raw[8:], _mac(raw[:8], domain))), None)


def _decoded(trace: str) -> bytes | None:
    body = trace.removeprefix(PREFIX).upper()
    try:
        raw = b32decode(body + "=" * (-len(body) % 8))
    except ValueError:
        return None
    return raw if len(raw) == 8 + _MAC_BYTES and raw[0] < 128 else None


def _mac(id_bytes: bytes, domain: str) -> bytes:
    return hmac.digest(_key(settings.SECRET_KEY), id_bytes + domain.encode("utf-8", "replace"), "sha256")[
        :_MAC_BYTES
    ]


@lru_cache(maxsize=2)
def _key(secret: str) -> bytes:
    return sha256(b"posthouse delivery trace" + secret.encode()).digest()
