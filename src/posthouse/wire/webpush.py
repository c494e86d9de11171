"""Web push: what push services carry, encrypted for one browser alone (RFC 8291), and who sent it (RFC 8292).

Pure functions of bytes. The sender's one-time key and the salt are given by the caller, so that the RFC's own example
can be followed byte by byte.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD_BYTES = 4096
MAX_PLAIN_BYTES = RECORD_BYTES - 16 - 1 - 86
"""What fits into the one record that push services take: its tag, the delimiter and the header go off (RFC 8291 §4)."""
POINT_BYTES, SECRET_BYTES, SALT_BYTES = 65, 16, 16
MAX_JWT_SECONDS = 24 * 3600
PADDED_TO = 256
"""Plain texts are padded to a multiple of so many bytes: their length tells a push service little."""


class Subscription(NamedTuple):
    """A browser's own: its public key as a point of P-256, and the secret it shares with us alone."""

    public: bytes
    secret: bytes


def subscription(public: str, secret: str) -> Subscription:
    """From base64url as browsers give it. Raises ValueError for what is no point, or no secret of 16 bytes."""
    point, shared = decoded(public), decoded(secret)
    if len(point) != POINT_BYTES or len(shared) != SECRET_BYTES:
        raise ValueError("not a subscription")
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    return Subscription(point, shared)


def encrypt(
    plain: bytes, to: Subscription, *, own: ec.EllipticCurvePrivateKey, salt: bytes, pads: bool = True
) -> bytes:
    """One record of aes128gcm (RFC 8188 §2) with the header that names our one-time key. Raises ValueError if too long.

    `own` and `salt` are fresh for each message.
    """
    if len(plain) > MAX_PLAIN_BYTES:
        raise ValueError("too long for a push")
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), to.public)
    point = point_of(own.public_key())
    shared = own.exchange(ec.ECDH(), theirs)
    key_material = _hkdf(to.secret, shared, b"WebPush: info\x00" + to.public + point, 32)
    content_key = _hkdf(salt, key_material, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _hkdf(salt, key_material, b"Content-Encoding: nonce\x00", 12)
    padding = -(len(plain) + 1) % PADDED_TO if pads else 0
    padded = plain + b"\x02" + b"\x00" * min(padding, MAX_PLAIN_BYTES - len(plain))
    header = salt + RECORD_BYTES.to_bytes(4, "big") + bytes([len(point)]) + point
    return header + AESGCM(content_key).encrypt(nonce, padded, None)


def _hkdf(salt: bytes, material: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(material)


def authorization(
    url: str, key: ec.EllipticCurvePrivateKey, *, subject: str, now_s: int, seconds: int
) -> str:
    """The header field by which a push service knows us: a JWT for its origin, and our public key (RFC 8292 §3).

    `subject` is how whoever keeps the service can reach us (`mailto:` or `https:`).
    """
    if not 0 < seconds <= MAX_JWT_SECONDS:
        raise ValueError("at most 24 hours (RFC 8292 §2)")
    parts = urlsplit(url)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": now_s + seconds, "sub": subject}
    signed = b".".join(encoded(_json(part)) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
    r, s = decode_dss_signature(key.sign(signed, ec.ECDSA(SHA256())))
    token = signed + b"." + encoded(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={token.decode()}, k={encoded(point_of(key.public_key())).decode()}"


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def topic_of(tag: str) -> str:
    """A name under which a later push replaces one that still waits (RFC 8030 §5.4); it tells nothing itself."""
    return encoded(sha256(tag.encode()).digest()[:24]).decode()


def point_of(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def encoded(raw: bytes) -> bytes:
    return urlsafe_b64encode(raw).rstrip(b"=")


def decoded(text: str) -> bytes:
    """Raises ValueError."""
    if not text.isascii():
        raise ValueError("not base64url")
    return urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
