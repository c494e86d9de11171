"""OAUTHBEARER (RFC 7628) and XOAUTH2 (Google's older form) as a server sees them, for IMAP and SMTP alike.

Both say a token and, maybe, whose it is. A refusal is first a challenge, a JSON object in base64 that says why; the
client answers it with a dummy response, and only then comes the protocol's own refusal (§3.2.3).
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, field

MECHANISMS = ("OAUTHBEARER", "XOAUTH2")
_KVSEP = "\x01"
MAX_TOKEN = 8_192


class BadBearer(Exception):
    """Not what the mechanism says."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """`user` may be empty: the token says whose it is."""

    user: str
    token: str = field(repr=False)


def parse(mechanism: str, line: str) -> Bearer:
    """The client's response, still in base64; raises BadBearer."""
    try:
        text = base64.b64decode(line.strip(), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        raise BadBearer from None
    head, _, rest = text.partition(_KVSEP)
    user = _gs2_user(head) if mechanism == "OAUTHBEARER" else head.removeprefix("user=")
    if mechanism == "XOAUTH2" and not head.startswith("user="):
        raise BadBearer
    for pair in rest.split(_KVSEP):
        name, _, value = pair.partition("=")
        if name == "auth":
            scheme, _, token = value.partition(" ")
            if scheme.lower() == "bearer" and 0 < len(token.strip()) <= MAX_TOKEN:
                return Bearer(user, token.strip())
    raise BadBearer


def _gs2_user(head: str) -> str:
    """`n,a=alice@example.org,`: no channel binding, and an authorisation identity where there is one (RFC 5801 §4)."""
    parts = head.split(",")
    if len(parts) != 3 or parts[0] not in ("n", "y") or parts[2]:
        raise BadBearer
    name = parts[1]
    if not name:
        return ""
    if not name.startswith("a="):
        raise BadBearer
    return name[2:].replace("=2C", ",").replace("=3D", "=")


def refusal(*, scope: str = "", configuration: str = "") -> bytes:
    """The challenge that says why, in base64 (§3.2.2)."""
    said = {"status": "insufficient_scope" if scope else "invalid_token", "schemes": "bearer"}
    if scope:
        said["scope"] = scope
    if configuration:
        said["openid-configuration"] = configuration
    return base64.b64encode(json.dumps(said, separators=(",", ":")).encode())
