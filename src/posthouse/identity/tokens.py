"""Access tokens (JWT, RFC 7519) and refresh tokens, in Simple JWT's request and response forms.

An access token is signed, short-lived and names its session. A refresh token is a random string of which only
the hash is kept; it is exchanged for the next at each use, and one that was already exchanged revokes the
session (ASVS 10.4.5), since then somebody else has a copy. It names its session too, under our mark: so the
oldest link of the chain still tells whose it was, and nobody can end a session by naming it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import jwt
from django.conf import settings

from posthouse.base import clock
from posthouse.base.errors import Denied

ACCESS_SECONDS = 600
REFRESH_SECONDS = 30 * 86_400
_ALGORITHM = "HS256"
_AUDIENCE = "posthouse"
_PREFIX = "phr_"
_COOKIE_PREFIX = "phs_"
_PAGE_PREFIX = "phg_"
_BODY_BYTES = 32


@dataclass(frozen=True, slots=True)
class AccessClaims:
    user_id: int
    session_id: int
    expires_at_s: int


def new_refresh(session_id: int) -> str:
    body = session_id.to_bytes(8, "big") + secrets.token_bytes(24)
    return _PREFIX + urlsafe_b64encode(body + _mark(body)).decode()


def session_of(refresh: str) -> int | None:
    """The session a refresh token was made for, current or not; None for one that we never made."""
    try:
        raw = urlsafe_b64decode(refresh.removeprefix(_PREFIX).encode("ascii"))
    except ValueError:
        return None
    body, mark = raw[:_BODY_BYTES], raw[_BODY_BYTES:]
    if len(body) != _BODY_BYTES or not hmac.compare_digest(mark, _mark(body)):
        return None
    return int.from_bytes(body[:8], "big")


def _mark(body: bytes) -> bytes:
    return hmac.digest(_key().encode(), b"refresh" + body, "sha256")[:13]


def new_cookie(session_id: int, user_id: int) -> str:
    """The value of a session's cookie: it names its session and person, under our mark."""
    body = session_id.to_bytes(8, "big") + user_id.to_bytes(8, "big") + secrets.token_bytes(16)
    return _COOKIE_PREFIX + urlsafe_b64encode(body + _cookie_mark(body)).decode()


def holder_of_cookie(cookie: str) -> tuple[int, int] | None:
    """(session, user) of a cookie that we made; whether the session lives is another question."""
    return _holder(cookie, _COOKIE_PREFIX, _cookie_mark)


def _holder(cookie: str, prefix: str, mark_of: Callable[[bytes], bytes]) -> tuple[int, int] | None:
    if not cookie.startswith(prefix):
        return None
    try:
        raw = urlsafe_b64decode(cookie.removeprefix(prefix).encode("ascii"))
    except ValueError:
        return None
    body, mark = raw[:_BODY_BYTES], raw[_BODY_BYTES:]
    if len(body) != _BODY_BYTES or not hmac.compare_digest(mark, mark_of(body)):
        return None
    return int.from_bytes(body[:8], "big"), int.from_bytes(body[8:16], "big")


def _cookie_mark(body: bytes) -> bytes:
    return hmac.digest(_key().encode(), b"cookie" + body, "sha256")[:16]


def new_page_cookie(session_id: int, user_id: int) -> str:
    """The same for the pages that the server makes itself; it opens nothing of the API."""
    body = session_id.to_bytes(8, "big") + user_id.to_bytes(8, "big") + secrets.token_bytes(16)
    return _PAGE_PREFIX + urlsafe_b64encode(body + _page_mark(body)).decode()


def holder_of_page_cookie(cookie: str) -> tuple[int, int] | None:
    """(session, user) of such a cookie; whether the session lives is another question."""
    return _holder(cookie, _PAGE_PREFIX, _page_mark)


def _page_mark(body: bytes) -> bytes:
    return hmac.digest(_key().encode(), b"page" + body, "sha256")[:16]


CSRF_NONCE_BYTES = 16


def new_csrf(session_id: int | None) -> str:
    """A token for unsafe requests that fits one session only (or, before a log-in, none)."""
    nonce = secrets.token_urlsafe(CSRF_NONCE_BYTES)
    return f"{nonce}.{_csrf_mark(nonce, session_id)}"


def csrf_fits(token: str, session_id: int | None) -> bool:
    nonce, _, mark = token.partition(".")
    return hmac.compare_digest(mark.encode(), _csrf_mark(nonce, session_id).encode())


def _csrf_mark(nonce: str, session_id: int | None) -> str:
    text = f"csrf|{session_id or 0}|{nonce}".encode()
    return urlsafe_b64encode(hmac.digest(_key().encode(), text, "sha256")[:18]).decode()


def hash_of(token: str) -> str:
    """SHA-256 is enough: the token is 256 random bits, not a password."""
    return hashlib.sha256(token.encode()).hexdigest()


def make_access(user_id: int, session_id: int) -> str:
    now_s = clock.now_ms() // 1000
    claims = {
        "sub": str(user_id),
        "sid": str(session_id),
        "token_type": "access",
        "iat": now_s,
        "exp": now_s + ACCESS_SECONDS,
        "aud": _AUDIENCE,
        "jti": secrets.token_hex(8),
    }
    return jwt.encode(claims, _key(), algorithm=_ALGORITHM)


def read_access(token: str) -> AccessClaims:
    """Check signature, algorithm, audience, type and expiry; raises Denied."""
    try:
        claims = _verified(token, _key())
    except (jwt.PyJWTError, ValueError, KeyError) as error:
        raise _not_valid() from error
    if claims.expires_at_s <= clock.now_ms() // 1000:
        raise _not_valid()
    return claims


@lru_cache(maxsize=4_096)
def _verified(token: str, key: str) -> AccessClaims:
    """All but the expiry, which is asked anew each time: what a signature says never changes."""
    claims = jwt.decode(
        token,
        key,
        algorithms=[_ALGORITHM],
        audience=_AUDIENCE,
        options={"require": ["exp", "sub", "sid", "aud"], "verify_exp": False, "verify_iat": False},
    )
    if claims.get("token_type") != "access":
        raise ValueError("not an access token")
    return AccessClaims(int(claims["sub"]), int(claims["sid"]), int(claims["exp"]))


def _not_valid() -> Denied:
    return Denied("invalid_token", "The token is not valid or has expired.")


def _key() -> str:
    return hashlib.sha256(b"posthouse access token" + settings.SECRET_KEY.encode()).hexdigest()
