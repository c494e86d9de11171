"""Links that carry their own permission: what a browser's `<img>` or `<iframe>` loads cannot send a token.

A link is signed for one path and one session, ends with the session, and ends by itself. The end is rounded to the
hour, so that the same part keeps the same link for a while and the browser's cache is of use.
"""

from __future__ import annotations

import hmac
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from urllib.parse import quote

from django.conf import settings

from posthouse.base import clock
from posthouse.base.errors import Denied
from posthouse.identity.actor import Actor

LINK_SECONDS = 3_600
IMAGES = "/api/v1/images/"
_HEAD = struct.Struct(">qqI")
_MARK_BYTES = 18


@dataclass(frozen=True, slots=True)
class Holder:
    user_id: int
    session_id: int


def sign(actor: Actor, path: str, *, bound: str = "") -> str:
    """The `sig` for a path (no query) and one further value; valid for one to two hours."""
    ends_s = (clock.now_ms() // 1000 // LINK_SECONDS + 2) * LINK_SECONDS
    head = _HEAD.pack(actor.user_id, actor.session_id or 0, ends_s)
    return urlsafe_b64encode(head + _mark(head, path, bound)).decode()


def remote_image(actor: Actor, url: str) -> str:
    """A link that loads a picture from elsewhere through us (realtime/images.py)."""
    return f"{IMAGES}?u={quote(url, safe='')}&sig={sign(actor, IMAGES, bound=url)}"


def check(signature: str, *, path: str, bound: str = "") -> Holder:
    """Whom a link was made for; raises Denied for one that is wrong or has ended."""
    try:
        raw = urlsafe_b64decode(signature.encode("ascii"))
        head, mark = raw[: _HEAD.size], raw[_HEAD.size :]
        user_id, session_id, ends_s = _HEAD.unpack(head)
    except (ValueError, struct.error):
        raise _refused() from None
    if not hmac.compare_digest(mark, _mark(head, path, bound)) or ends_s <= clock.now_ms() // 1000:
        raise _refused()
    return Holder(user_id, session_id)


def _refused() -> Denied:
    return Denied("invalid_link", "This link is not valid or has expired.")


def _mark(head: bytes, path: str, bound: str) -> bytes:
    text = f"{path}\0{bound}".encode()
    return hmac.digest(_key(settings.SECRET_KEY), head + text, "sha256")[:_MARK_BYTES]


@lru_cache(maxsize=2)
def _key(secret: str) -> bytes:
    return sha256(b"posthouse link" + secret.encode()).digest()
