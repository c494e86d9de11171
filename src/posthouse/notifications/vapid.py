"""The key that our pushes are signed with (RFC 8292), made at first use and kept sealed.

Browsers subscribe for one key, and a push service takes pushes signed with that one only. A key that cannot be read any
more (SECRET_KEY has changed) is replaced by a new one, and browsers subscribe again.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import ec

from posthouse.base import db, sealing
from posthouse.notifications.models import VapidKey
from posthouse.wire import webpush

_PURPOSE = "push signing key"
_KEY_BYTES = 32


def current() -> VapidKey:
    """The newest that can be read; there is always one."""
    newest = VapidKey.objects.order_by("-id").first()
    return newest if newest is not None and private_of(newest) is not None else _keep(*_make())


def private_of(key: VapidKey) -> ec.EllipticCurvePrivateKey | None:
    """None for one that cannot be read any more."""
    try:
        number = sealing.unseal(key.private_sealed, purpose=_PURPOSE)
    except sealing.Unsealable:
        return None
    return ec.derive_private_key(int.from_bytes(number, "big"), ec.SECP256R1())


def _make() -> tuple[str, str]:
    private = ec.generate_private_key(ec.SECP256R1())
    number = private.private_numbers().private_value.to_bytes(_KEY_BYTES, "big")
    public = webpush.encoded(webpush.point_of(private.public_key())).decode()
    return sealing.seal(number, purpose=_PURPOSE), public


@db.action
def _keep(sealed: str, public: str) -> VapidKey:
    """Of two that start at once, one key is kept."""
    newest = VapidKey.objects.order_by("-id").first()
    if newest is not None and private_of(newest) is not None:
        return newest
    return VapidKey.objects.create(private_sealed=sealed, public=public)
