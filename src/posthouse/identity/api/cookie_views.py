"""`/api/auth/csrf|login|mfa|logout/`: a session by cookie for pages that use the API without tokens (requirement C4).

The cookie is HttpOnly and SameSite=Lax; whatever changes something also needs `X-CSRFToken`, the value of the cookie
`csrftoken`, which fits this session only.
"""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import answered
from posthouse.identity import live_sessions, sessions, tokens
from posthouse.identity.api import doors
from posthouse.identity.api import serializers as bodies
from posthouse.identity.api.authentication import (
    CSRF_COOKIE,
    SESSION_COOKIE,
    VIA,
    CookieAuthentication,
    actor_of,
    check_csrf,
)
from posthouse.identity.api.doors import Open
from posthouse.identity.api.views import CODE, CREDENTIALS
from posthouse.identity.mfa_login import LoggedIn

CSRF_HEADER = OpenApiParameter("X-CSRFToken", str, OpenApiParameter.HEADER, required=True)
_ENTERED = answered(
    {
        "csrf_token": "sQ2x….pJ0a…",
        "user": {"id": "123456789012345678", "email": "alice@posthouse.test"},
    }
)


class CsrfView(Open):
    @extend_schema(
        operation_id="csrf",
        tags=["auth"],
        responses=bodies.CsrfSerializer,
        examples=[answered({"csrf_token": "sQ2x….pJ0a…"})],
    )
    def get(self, request: Request) -> Response:
        """A token for `X-CSRFToken`, of the cookie's session or, before a log-in, of none. It comes as a cookie too."""
        csrf = tokens.new_csrf(_live_session(request))
        response = Response({"csrf_token": csrf})
        _set(request, response, CSRF_COOKIE, csrf)
        return response


def _live_session(request: Request) -> int | None:
    holder = tokens.holder_of_cookie(request.COOKIES.get(SESSION_COOKIE, ""))
    if holder is None or live_sessions.actor_of(*holder, via=VIA, may_lack_factor=True) is None:
        return None
    return holder[0]


class LoginView(Open):
    @extend_schema(
        operation_id="login",
        tags=["auth"],
        request=bodies.CredentialsSerializer,
        responses=bodies.CookieSessionSerializer,
        parameters=[CSRF_HEADER],
        examples=[CREDENTIALS, _ENTERED],
    )
    def post(self, request: Request) -> Response:
        """Log in by cookie. 401 `mfa_required` as at `/api/v1/auth/token/`; go on at `/api/auth/mfa/`."""
        check_csrf(request, None)
        device = doors.ensure_device(request)
        return _entered(request, doors.log_in(request, kind="cookie"), device)


class LoginMfaView(Open):
    @extend_schema(
        operation_id="login_mfa",
        tags=["auth"],
        request=bodies.MfaSerializer,
        responses=bodies.CookieSessionSerializer,
        parameters=[CSRF_HEADER],
        examples=[CODE, _ENTERED],
    )
    def post(self, request: Request) -> Response:
        """The second half of a log-in by cookie, or all of it by passkey."""
        check_csrf(request, None)
        device = doors.ensure_device(request)
        return _entered(request, doors.finish_log_in(request, kind="cookie"), device)


def _entered(request: Request, done: LoggedIn, device: str) -> Response:
    csrf = tokens.new_csrf(done.pair.session_id)
    user = {"id": str(done.actor.user_id), "email": done.actor.email}
    response = Response({"csrf_token": csrf, "user": user})
    _set(request, response, SESSION_COOKIE, done.pair.refresh)
    _set(request, response, CSRF_COOKIE, csrf)
    doors.keep_page(request, response, done.pair.session_id, done.actor.user_id)
    doors.keep_device(request, response, device)
    doors.keep_trust(request, response, done)
    return response


class LogoutView(APIView):
    is_open_without_factor = True
    authentication_classes = (CookieAuthentication,)

    @extend_schema(
        operation_id="logout",
        tags=["auth"],
        request=None,
        responses={204: None},
        parameters=[CSRF_HEADER],
    )
    def post(self, request: Request) -> Response:
        """Log out: the session and its cookies end."""
        sessions.close_own(actor_of(request))
        response = Response(status=204)
        for name in (SESSION_COOKIE, CSRF_COOKIE):
            response.delete_cookie(name, path=_path(name), samesite="Lax")
        doors.forget_page(response)
        return response


def _path(name: str) -> str:
    """A page's script must be able to read the token, wherever the page is; the session is the API's alone."""
    return "/" if name == CSRF_COOKIE else doors.COOKIE_PATH


def _set(request: Request, response: Response, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=sessions.COOKIE_SECONDS,
        path=_path(name),
        secure=request.is_secure(),
        httponly=name != CSRF_COOKIE,
        samesite="Lax",
    )
