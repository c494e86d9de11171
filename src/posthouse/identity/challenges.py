"""Questions put to somebody who is half way in: opaque, short-lived, answered once.

A challenge is sealed text, not a row, so strangers who ask for thousands write nothing. Only answering one leaves a
row behind (its nonce, hashed), which keeps it from being answered again.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256

import orjson

from posthouse.base import clock, sealing, sql
from posthouse.base.errors import Denied

SECONDS = 300
_NONCE_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """`user_id` is None where anybody may answer (a passkey says who it is). `mark` ends with what it names."""

    kind: str
    user_id: int | None
    nonce: bytes
    expires_at_ms: int
    mark: str = ""


def issue(kind: str, *, user_id: int | None = None, mark: str = "") -> tuple[str, bytes]:
    """The text to hand out, and its nonce, which an authenticator signs."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    content = [user_id, nonce.hex(), clock.now_ms() + SECONDS * 1000, mark]
    return sealing.seal(orjson.dumps(content), purpose=f"challenge {kind}"), nonce


def read(text: str, *kinds: str) -> Challenge:
    """Raises Denied (invalid_challenge) for one we did not make for such a question, or that has ended."""
    for kind in kinds:
        try:
            user_id, nonce, ends_ms, mark = orjson.loads(sealing.unseal(text, purpose=f"challenge {kind}"))
        except sealing.Unsealable:
            continue
        if ends_ms > clock.now_ms():
            return Challenge(
                kind=kind, user_id=user_id, nonce=bytes.fromhex(nonce), expires_at_ms=ends_ms, mark=mark
            )
    raise _refused()


def spend(challenge: Challenge) -> None:
    """Inside the action that its answer allows. Raises Denied when it was answered before."""
    spent = sql.run(
        "INSERT INTO identity_spentchallenge (nonce_hash, expires_at) VALUES (%s, %s)"
        " ON CONFLICT (nonce_hash) DO NOTHING",
        [sha256(challenge.nonce).hexdigest(), challenge.expires_at_ms],
    )
    if not spent:
        raise _refused()


def _refused() -> Denied:
    return Denied("invalid_challenge", "This log-in has taken too long or was finished; begin again.")
