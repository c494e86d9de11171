"""Addresses that lead into a conversation: `c+TOKEN@one-of-the-organisation's-domains`, one for each person outside.

The token is the person's id, the generation of their secret, and a keyed hash of both: nobody can make one up, and no
row has to be read to tell that somebody has. Whether it still lives only the row says. Imports little: the MX door
may stand in a process of its own.
"""

from __future__ import annotations

import hmac
from base64 import b32decode, b32encode
from typing import NamedTuple

from posthouse.wire.smtp.address import Mailbox

PREFIX = "c+"
_TOKEN_CHARS = 32
_HASH_BYTES = 10
_MOST_GENERATIONS = 65_536


class Token(NamedTuple):
    outsider_id: int
    generation: int


def token_of(outsider_id: int, generation: int) -> str:
    head = outsider_id.to_bytes(8, "big") + (generation % _MOST_GENERATIONS).to_bytes(2, "big")
    return b32encode(head + _hash(head)).decode().lower()


def address_of(outsider_id: int, generation: int, domain: str) -> str:
    return f"{PREFIX}{token_of(outsider_id, generation)}@{domain}"


def read(address: Mailbox) -> Token | None:
    """None for an address that we did not make; servers on the way may have changed the case of its letters."""
    local = address.local.lower()
    return read_token(local.removeprefix(PREFIX)) if local.startswith(PREFIX) else None


def read_token(token: str) -> Token | None:
    if len(token) != _TOKEN_CHARS or not token.isascii():
        return None
    try:
        raw = b32decode(token.upper())
    except ValueError:
        return None
    head, given = raw[:10], raw[10:]
    if not hmac.compare_digest(given, _hash(head)):
        return None
    return Token(int.from_bytes(head[:8], "big"), int.from_bytes(head[8:], "big"))


def _hash(head: bytes) -> bytes:
    from posthouse.base import sealing  # brings the cipher, which a door rarely wants

    return hmac.digest(sealing.derived("bridge address"), head, "sha256")[:_HASH_BYTES]
