"""Who asks: a bearer token, or a link that we signed ourselves.

Imports no `rest_framework.views`, which loads this module by its name in the settings while it is being made.
"""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from posthouse.base.errors import Denied
from posthouse.identity import links, live_sessions, tokens
from posthouse.identity.actor import Actor

VIA = "http"


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
    """`Authorization: Bearer <access token>`; raises Denied for one that is wrong, old or revoked."""

    def authenticate(self, request: Request) -> tuple[Caller, None] | None:
        scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        return _at(request, bearer(token.strip())), None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


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


def _caller(session_id: int, user_id: int) -> Caller:
    actor = live_sessions.actor_of(session_id, user_id, via=VIA)
    if actor is None:
        raise Denied("token_revoked", "The session has ended; log in again.")
    return Caller(actor)
