"""Secrets that must be read back, sealed at rest: AES-256-GCM under a key made of the operator's SECRET_KEY.

A sealed text names its key, so that keys can be changed: what Django's SECRET_KEY_FALLBACKS lists still opens, and is
sealed anew by the next writing. `purpose` is bound in, so that a text moved to another column does not open.
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


def seal(text: str, *, purpose: str) -> str:
    """`s1.<key id>.<nonce and ciphertext>`; another each time."""
    key_id, key = _key(settings.SECRET_KEY)
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = nonce + AESGCM(key).encrypt(nonce, text.encode(), purpose.encode())
    return f"{_VERSION}.{key_id}.{urlsafe_b64encode(sealed).decode()}"


def unseal(sealed: str, *, purpose: str) -> str:
    """Raises Unavailable (secret_unreadable) when no key fits, or it was changed, or it is for another purpose."""
    try:
        version, key_id, body = sealed.split(".")
        raw = urlsafe_b64decode(body)
        keys = dict(_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))
        if version == _VERSION:
            cipher = AESGCM(keys[key_id])
            return cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], purpose.encode()).decode()
    except (ValueError, KeyError, InvalidTag):
        pass
    raise Unavailable("secret_unreadable", "A stored secret cannot be read with this server's key.")


@lru_cache(maxsize=8)
def _key(secret: str) -> tuple[str, bytes]:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"posthouse sealing").derive(secret.encode())
    return sha256(key).hexdigest()[:8], key
