"""Who asks: a bearer token (a session's or a personal one), a session's cookie, or a link that we signed ourselves.

Imports no `rest_framework.views`, which loads this module by its name in the settings while it is being made.
"""

from __future__ import annotations

import hmac
from dataclasses import replace
from typing import cast

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from posthouse.base.errors import Denied
from posthouse.identity import access_tokens, links, live_sessions, oauth_tokens, sessions, tokens
from posthouse.identity.actor import Actor

VIA = "http"
SESSION_COOKIE = "posthouse_login"
CSRF_COOKIE = "csrftoken"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Caller:
    """The actor in the shape that Django REST framework expects of `request.user`."""

    is_authenticated = True
    __slots__ = ("actor",)

    def __init__(self, actor: Actor) -> None:
        self.actor = actor


def actor_of(request: Request) -> Actor:
    """The actor of an authenticated request."""
    return cast(Caller, request.user).actor


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer <access or personal token>`; raises Denied for one that is wrong, old or revoked."""

    def authenticate(self, request: Request) -> tuple[Caller, None] | None:
        scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        return _at(request, _holder(token.strip(), request)), None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class CookieAuthentication(BaseAuthentication):
    """A session's cookie. What changes something also needs `X-CSRFToken`, equal to its cookie and of this session."""

    def authenticate(self, request: Request) -> tuple[Caller, None] | None:
        cookie = request.COOKIES.get(SESSION_COOKIE)
        if not cookie or request.META.get("HTTP_AUTHORIZATION"):
            return None
        holder = tokens.holder_of_cookie(cookie)
        if holder is None:
            raise Denied("token_revoked", "The session has ended; log in again.")
        caller = _caller(*holder)
        if request.method not in _SAFE:
            check_csrf(request, holder[0])
        sessions.note_use(holder[0], ip=str(request.META.get("REMOTE_ADDR", "")))
        return _at(request, caller), None

    def authenticate_header(self, request: Request) -> str:
        """Makes it a 401."""
        return "Bearer"


def check_csrf(request: Request, session_id: int | None) -> None:
    """Double submit, and bound to the session, so that a cookie planted by a neighbouring host is of no use."""
    cookie = request.COOKIES.get(CSRF_COOKIE, "")
    header = request.META.get("HTTP_X_CSRFTOKEN", "")
    if not header or not _same(cookie, header) or not tokens.csrf_fits(header, session_id):
        raise Denied("csrf_failed", "The header X-CSRFToken is missing or does not fit; GET /api/auth/csrf/.")


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


class SignedLinkAuthentication(BearerAuthentication):
    """`?sig=` on a link we made for the owner of a session, for what a browser loads without our script."""

    takes_signed_links = True

    def authenticate(self, request: Request) -> tuple[Caller, None] | None:
        signature = request.query_params.get("sig")
        if not signature:
            return None
        holder = links.check(signature, path=request.path, bound=request.query_params.get("u", ""))
        return _at(request, _caller(holder.session_id, holder.user_id)), None


def _at(request: Request, caller: Caller) -> Caller:
    """The caller with where they sit and with what program, for the record."""
    meta = request.META
    ip, client = str(meta.get("REMOTE_ADDR", "")), str(meta.get("HTTP_USER_AGENT", ""))
    return Caller(replace(caller.actor, ip=ip, client=client))


def bearer(access: str) -> Caller:
    claims = tokens.read_access(access)
    return _caller(claims.session_id, claims.user_id)


def _holder(token: str, request: Request) -> Caller:
    """Whose token it is, whichever kind of ours."""
    if token.startswith(access_tokens.PREFIX):
        meta = request.META
        held = access_tokens.holder(
            token, via=VIA, ip=str(meta.get("REMOTE_ADDR", "")), client=str(meta.get("HTTP_USER_AGENT", ""))
        )
        return Caller(held.actor)
    if token.startswith(oauth_tokens.PREFIX):
        return Caller(oauth_tokens.holder(token, via=VIA).actor)
    return bearer(token)


def _caller(session_id: int, user_id: int) -> Caller:
    actor = live_sessions.actor_of(session_id, user_id, via=VIA, may_lack_factor=True)
    if actor is None:
        raise Denied("token_revoked", "The session has ended; log in again.")
    return Caller(actor)
