"""Logging in and out: tokens for programs, a cookie for our browser client, tickets for the stream."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import parsed
from posthouse.base.errors import Denied, Failure
from posthouse.base.metrics import logins
from posthouse.identity import actions, tickets, tokens
from posthouse.identity.actor import Actor
from posthouse.identity.api.authentication import VIA, actor_of, bearer
from posthouse.identity.api.serializers import (
    CredentialsSerializer,
    PairSerializer,
    RefreshSerializer,
    TicketSerializer,
)

COOKIE = "posthouse_session"
COOKIE_PATH = "/api/v1/auth/session/"
CLIENT_HEADER = OpenApiParameter(
    "X-Posthouse-Client", str, OpenApiParameter.HEADER, required=True, enum=["web"]
)


def ip_of(request: Request) -> str:
    """The peer's address; behind a trusted proxy the server has put the client's own there."""
    return str(request.META.get("REMOTE_ADDR", ""))


def _log_in(request: Request) -> tuple[Actor, actions.Pair]:
    given = parsed(CredentialsSerializer, request)
    ip = ip_of(request)
    client = str(request.META.get("HTTP_USER_AGENT", ""))
    try:
        actor = actions.authenticate(given["email"], given["password"], via=VIA, ip=ip, client=client)
    except Failure:
        logins.count(VIA, "refused")
        raise
    logins.count(VIA, "ok")
    return actor, actions.open_session(actor, client=client, ip=ip)


class Open(APIView):
    """Views that need no token."""

    authentication_classes = ()
    permission_classes = ()


class TokenView(Open):
    @extend_schema(
        operation_id="auth_token", tags=["auth"], request=CredentialsSerializer, responses=PairSerializer
    )
    def post(self, request: Request) -> Response:
        """Log in: an access token for ten minutes and a refresh token."""
        _, pair = _log_in(request)
        return Response({"access": pair.access, "refresh": pair.refresh})


class RefreshView(Open):
    @extend_schema(
        operation_id="auth_token_refresh", tags=["auth"], request=RefreshSerializer, responses=PairSerializer
    )
    def post(self, request: Request) -> Response:
        """Exchange a refresh token for the next pair. Using one twice ends the session."""
        given = parsed(RefreshSerializer, request)
        pair = actions.refresh_session(given["refresh"], ip=ip_of(request))
        return Response({"access": pair.access, "refresh": pair.refresh})


class SessionView(Open):
    """The browser's way in. What knows a person's mail adds `profile`, the `user` of the answer (mail.api.me)."""

    def profile(self, actor: Actor) -> dict[str, Any]:
        return {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """A page of another site can send our cookie nowhere (SameSite), nor set this header (CORS)."""
        super().initial(request, *args, **kwargs)
        if request.META.get("HTTP_X_POSTHOUSE_CLIENT") != "web":
            raise Denied("client_header_required", "The header X-Posthouse-Client: web is missing.")

    @extend_schema(
        operation_id="auth_session",
        tags=["auth"],
        request=CredentialsSerializer,
        parameters=[CLIENT_HEADER],
    )
    def post(self, request: Request) -> Response:
        """Log in from the browser: the refresh token comes as a cookie that no script can read."""
        actor, pair = _log_in(request)
        return self.answer(request, actor, pair)

    @extend_schema(
        operation_id="auth_session_end", tags=["auth"], parameters=[CLIENT_HEADER], responses={204: None}
    )
    def delete(self, request: Request) -> Response:
        """Log out: the session and its cookie end."""
        if refresh := request.COOKIES.get(COOKIE):
            actions.close_session(refresh, ip=ip_of(request))
        response = Response(status=204)
        response.delete_cookie(COOKIE, path=COOKIE_PATH, samesite="Strict")
        return response

    def answer(self, request: Request, actor: Actor, pair: actions.Pair) -> Response:
        response = Response({"access": pair.access, "user": self.profile(actor)})
        if not pair.refresh:
            return response
        response.set_cookie(
            COOKIE,
            pair.refresh,
            max_age=tokens.REFRESH_SECONDS,
            path=COOKIE_PATH,
            secure=request.is_secure(),
            httponly=True,
            samesite="Strict",
        )
        return response


class SessionRefreshView(SessionView):
    http_method_names = ["post", "options"]

    @extend_schema(
        operation_id="auth_session_refresh",
        tags=["auth"],
        request=None,
        parameters=[CLIENT_HEADER],
    )
    def post(self, request: Request) -> Response:
        """Go on with the cookie's session; 401 when there is none."""
        refresh = request.COOKIES.get(COOKIE)
        if not refresh:
            raise Denied("not_authenticated", "Log in first.")
        pair = actions.refresh_session(refresh, ip=ip_of(request), grace_ms=actions.TABS_GRACE_MS)
        return self.answer(request, bearer(pair.access).actor, pair)


class TicketView(APIView):
    @extend_schema(operation_id="auth_ticket", tags=["auth"], request=None, responses=TicketSerializer)
    def post(self, request: Request) -> Response:
        """A one-time ticket for the WebSocket, good for half a minute."""
        ticket = tickets.issue(actor_of(request))
        return Response({"ticket": ticket, "expires_in_seconds": tickets.TICKET_SECONDS})
