"""The key that signs ID tokens (RS256, what every OpenID client can check), made at first use and kept sealed.

Signatures of people's tokens never share a key or an algorithm with our own session tokens (HS256), so neither can pass
for the other.
"""

from __future__ import annotations

import json
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from posthouse.base import db, sealing
from posthouse.base.ids import new_id
from posthouse.identity.models import SigningKey

ALGORITHM = "RS256"
_BITS = 2048
_PURPOSE = "oauth signing key"


def public_keys() -> list[dict[str, Any]]:
    """For the JWKS (RFC 7517), the newest first; there is always one."""
    _current()
    return [dict(jwk) for jwk in SigningKey.objects.order_by("-id").values_list("public_jwk", flat=True)]


def sign(claims: dict[str, Any]) -> str:
    key = _current()
    private = sealing.unseal(key.private_sealed, purpose=_PURPOSE)
    loaded = serialization.load_der_private_key(private, password=None)
    assert isinstance(loaded, rsa.RSAPrivateKey)
    return jwt.encode(claims, loaded, algorithm=ALGORITHM, headers={"kid": key.name})


def _current() -> SigningKey:
    return SigningKey.objects.order_by("-id").first() or _keep_first(*_make())


def _make() -> tuple[str, bytes, dict[str, Any]]:
    """Half a second of work, so not in the lane."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    der = private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    name = f"{new_id():x}"
    jwk: dict[str, Any] = json.loads(RSAAlgorithm.to_jwk(private.public_key()))
    return name, der, {**jwk, "kid": name, "use": "sig", "alg": ALGORITHM}


@db.action
def _keep_first(name: str, der: bytes, jwk: dict[str, Any]) -> SigningKey:
    """Of two that start at once, one key is kept."""
    found = SigningKey.objects.order_by("-id").first()
    return found or SigningKey.objects.create(
        name=name, private_sealed=sealing.seal(der, purpose=_PURPOSE), public_jwk=jwk
    )
