"""Secrets that must be read back (a webhook's key, a TOTP secret, a challenge), sealed: AES-256-GCM.

Keys are made of the operator's SECRET_KEY and of those it replaced (`SECRET_KEY_FALLBACKS`), and a sealed text names
its key: what an old key sealed still opens, and is sealed anew by the next writing. `purpose` is bound in, so that
what was sealed as one thing opens as nothing else.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from posthouse.base.errors import Unavailable

_VERSION = "s1"
_NONCE_BYTES = 12


class Unsealable(Unavailable):
    """Not sealed by us, for another purpose, with a key that is gone, or changed since."""

    def __init__(self) -> None:
        super().__init__("secret_unreadable", "A stored secret cannot be read with this server's key.")


def seal(plain: bytes, *, purpose: str) -> str:
    """`s1.<key id>.<nonce and ciphertext>`; another each time."""
    key_id, cipher = _ring(settings.SECRET_KEY)
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = nonce + cipher.encrypt(nonce, plain, purpose.encode())
    return f"{_VERSION}.{key_id}.{urlsafe_b64encode(sealed).decode()}"


def unseal(text: str, *, purpose: str) -> bytes:
    """Raises Unsealable, which is an Unavailable (secret_unreadable) for who does not expect it."""
    try:
        version, key_id, body = text.split(".")
        raw = urlsafe_b64decode(body)
        keys = dict(_ring(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))
        if version == _VERSION:
            return keys[key_id].decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], purpose.encode())
    except (ValueError, KeyError, InvalidTag):
        pass
    raise Unsealable


@lru_cache(maxsize=8)
def _ring(secret: str) -> tuple[str, AESGCM]:
    """A key's name and the key; the name tells nothing of it."""
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"posthouse sealing").derive(secret.encode())
    return sha256(key).hexdigest()[:8], AESGCM(key)


@lru_cache(maxsize=32)
def derived(purpose: str) -> bytes:
    """A key for keyed hashes of one purpose. What is hashed with it is lost when SECRET_KEY changes."""
    return sha256(f"posthouse {purpose} ".encode() + settings.SECRET_KEY.encode()).digest()
