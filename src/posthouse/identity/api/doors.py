"""What the ways to log in share: where a request comes from, and the cookies that know a browser again."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.audit.who import By
from posthouse.base.api import parsed
from posthouse.base.errors import Failure
from posthouse.base.metrics import logins
from posthouse.identity import mfa_login, mfa_trust, tokens
from posthouse.identity.api.authentication import VIA
from posthouse.identity.api.serializers import CredentialsSerializer, MfaSerializer, proof_of
from posthouse.identity.mfa_login import Entry, LoggedIn

DEVICE_COOKIE = "posthouse_device"
DEVICE_SECONDS = 400 * 86_400
TRUST_COOKIE = "posthouse_trust_"
COOKIE_PATH = "/api/"
PAGE_COOKIE = "posthouse_page"
PAGE_PATH = "/admin/"


class Open(APIView):
    """Views that need no token."""

    authentication_classes = ()
    permission_classes = ()


def ip_of(request: Request) -> str:
    """The peer's address; behind a trusted proxy the server has put the client's own there."""
    return str(request.META.get("REMOTE_ADDR", ""))


def program_of(request: Request) -> str:
    """What the peer's program calls itself."""
    return str(request.META.get("HTTP_USER_AGENT", ""))[:300]


def stranger(request: Request) -> By:
    """Whoever asks without having come in, for the record."""
    return By(via=VIA, ip=ip_of(request), client=program_of(request))


def log_in(request: Request, *, kind: str) -> LoggedIn:
    """With the body's address and password; raises Denied (mfa_required) where that is half of it."""
    given = parsed(CredentialsSerializer, request)
    trust = request.COOKIES.get(_trust_cookie(given["email"]), "")
    with counted():
        return mfa_login.log_in(given["email"], given["password"], entry(request, kind), trust=trust)


@contextmanager
def counted() -> Iterator[None]:
    """Counts a log-in by its outcome; half of one is neither yet."""
    try:
        yield
    except Failure as failure:
        if failure.code != "mfa_required":
            logins.count(VIA, "refused")
        raise
    logins.count(VIA, "ok")


def finish_log_in(request: Request, *, kind: str) -> LoggedIn:
    """With the body's challenge and proof."""
    given = parsed(MfaSerializer, request)
    with counted():
        return mfa_login.finish(
            given["challenge"], proof_of(given), entry(request, kind), trust=given["trust_browser"]
        )


def entry(request: Request, kind: str) -> Entry:
    return Entry(
        via=VIA,
        kind=kind,
        ip=ip_of(request),
        client=program_of(request),
        device=request.COOKIES.get(DEVICE_COOKIE, "")[:64],
    )


def ensure_device(request: Request) -> str:
    """A browser's own mark, made when it has none; call before the log-in, so that it is remembered with it."""
    device = request.COOKIES.get(DEVICE_COOKIE, "")
    if not device:
        device = request.COOKIES[DEVICE_COOKIE] = secrets.token_urlsafe(24)
    return device


def keep_device(request: Request, response: Response, device: str) -> None:
    _set(request, response, DEVICE_COOKIE, device, DEVICE_SECONDS)


def keep_trust(request: Request, response: Response, done: LoggedIn) -> None:
    """A browser that asked to be trusted keeps its token, under a name of the person's, since several may share it."""
    if done.trust:
        _set(request, response, _trust_cookie(done.actor.email), done.trust, mfa_trust.TRUST_SECONDS)


def keep_page(request: Request, response: Response, session_id: int, user_id: int) -> None:
    """So that the pages of /admin/, which no script of ours asks for, know whose session it is. It opens nothing else.

    Everybody gets it, operator or not, and finds nothing there; it is worth no more than its session.
    """
    response.set_cookie(
        PAGE_COOKIE,
        tokens.new_page_cookie(session_id, user_id),
        max_age=tokens.REFRESH_SECONDS,
        path=PAGE_PATH,
        secure=request.is_secure(),
        httponly=True,
        samesite="Strict",
    )


def forget_page(response: Response) -> None:
    response.delete_cookie(PAGE_COOKIE, path=PAGE_PATH, samesite="Strict")


def _trust_cookie(email: str) -> str:
    return TRUST_COOKIE + sha256(email.strip().lower().encode("utf-8", "replace")).hexdigest()[:16]


def _set(request: Request, response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=COOKIE_PATH,
        secure=request.is_secure(),
        httponly=True,
        samesite="Strict",
    )
