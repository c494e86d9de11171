"""Secrets that must be read back (a TOTP secret, a signing key, a challenge) are kept sealed: AES-256-GCM.

Keys are derived from SECRET_KEY and from those it replaced (`SECRET_KEY_FALLBACKS`), and a sealed text names its
key, so a key may change while old texts are still read. The purpose is authenticated with the text: what was sealed
as one thing opens as nothing else.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_ID_BYTES, _NONCE_BYTES = 4, 12


class Unsealable(Exception):
    """Not sealed by us, for another purpose, with a key that is gone, or changed since."""


def seal(plain: bytes, *, purpose: str) -> str:
    key_id, cipher = _ring(settings.SECRET_KEY)
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return urlsafe_b64encode(key_id + nonce + cipher.encrypt(nonce, plain, purpose.encode())).decode()


def unseal(text: str, *, purpose: str) -> bytes:
    """Raises Unsealable."""
    try:
        raw = urlsafe_b64decode(text.encode("ascii"))
    except ValueError:
        raise Unsealable from None
    key_id, nonce, sealed = (
        raw[:_ID_BYTES],
        raw[_ID_BYTES : _ID_BYTES + _NONCE_BYTES],
        raw[_ID_BYTES + _NONCE_BYTES :],
    )
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        known_id, cipher = _ring(secret)
        if known_id == key_id:
            try:
                return cipher.decrypt(nonce, sealed, purpose.encode())
            except (InvalidTag, ValueError):
                raise Unsealable from None
    raise Unsealable


@lru_cache(maxsize=8)
def _ring(secret: str) -> tuple[bytes, AESGCM]:
    """A key's name and the key; the name tells nothing of it."""
    key = sha256(b"posthouse sealing" + secret.encode()).digest()
    return sha256(b"posthouse key id" + key).digest()[:_ID_BYTES], AESGCM(key)


@lru_cache(maxsize=32)
def derived(purpose: str) -> bytes:
    """A key for keyed hashes of one purpose. What is hashed with it is lost when SECRET_KEY changes."""
    return sha256(f"posthouse {purpose} ".encode() + settings.SECRET_KEY.encode()).digest()
