"""Standard Webhooks (standardwebhooks.com): `whsec_` secrets and `v1,` signatures over id, time and body."""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def sign(secret: str, *, message_id: str, at_s: int, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{at_s}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def headers(secrets_: Iterable[str], *, message_id: str, at_s: int, body: bytes) -> dict[str, str]:
    """One signature per valid secret, so that a receiver may change to the new one whenever it likes."""
    signatures = [sign(secret, message_id=message_id, at_s=at_s, body=body) for secret in secrets_]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at_s),
        "webhook-signature": " ".join(signatures),
    }
