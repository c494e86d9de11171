"""Logging in and out: tokens for programs, a cookie for our browser client, tickets for the stream."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import answered, asked, parsed
from posthouse.base.errors import Denied
from posthouse.identity import mfa_login, passkeys, passwords, sessions, step_up, tickets, tokens
from posthouse.identity.actor import Actor
from posthouse.identity.api import doors
from posthouse.identity.api import serializers as bodies
from posthouse.identity.api.authentication import actor_of, bearer
from posthouse.identity.api.doors import Open, ip_of
from posthouse.identity.mfa_login import LoggedIn
from posthouse.identity.scopes import SELF
from posthouse.identity.sessions import Pair

COOKIE = "posthouse_session"
COOKIE_PATH = "/api/v1/auth/session/"
CLIENT_HEADER = OpenApiParameter(
    "X-Posthouse-Client", str, OpenApiParameter.HEADER, required=True, enum=["web"]
)
CREDENTIALS = asked({"email": "alice@posthouse.test", "password": "correct horse battery staple"})
CODE = asked({"challenge": "aGVsbG8…", "totp": "492039"})
PAIR = answered({"access": "eyJhbGciOi…", "refresh": "phr_AAABm…"})


class TokenView(Open):
    @extend_schema(
        operation_id="auth_token",
        tags=["auth"],
        request=bodies.CredentialsSerializer,
        responses=bodies.PairSerializer,
        examples=[CREDENTIALS, PAIR],
    )
    def post(self, request: Request) -> Response:
        """Log in: an access token for ten minutes and a refresh token.

        401 `mfa_required` for those with a second factor: it has a `challenge` and the `methods` for `/auth/mfa/`.
        """
        return _pair(doors.log_in(request, kind="api").pair)


class MfaView(Open):
    @extend_schema(
        operation_id="auth_mfa",
        tags=["auth"],
        request=bodies.MfaSerializer,
        responses=bodies.PairSerializer,
        examples=[CODE, PAIR],
    )
    def post(self, request: Request) -> Response:
        """The second half of a log-in: a challenge and one proof. Or a passkey alone (`/auth/passkey/options/`)."""
        done = doors.finish_log_in(request, kind="api")
        response = _pair(done.pair)
        doors.keep_trust(request, response, done)
        return response


def _pair(pair: Pair) -> Response:
    return Response({"access": pair.access, "refresh": pair.refresh})


class PasskeyOptionsView(Open):
    @extend_schema(
        operation_id="auth_passkey_options",
        tags=["auth"],
        request=None,
        responses=bodies.QuestionSerializer,
        examples=[
            answered(
                {
                    "challenge": "aGVsbG8…",
                    "options": {"rpId": "mail.example.org", "userVerification": "required"},
                }
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """Begin a log-in by passkey alone; the answer goes to `/auth/mfa/`."""
        question = passkeys.ask_anybody()
        return Response({"challenge": question.challenge, "options": question.options})


class RefreshView(Open):
    @extend_schema(
        operation_id="auth_token_refresh",
        tags=["auth"],
        request=bodies.RefreshSerializer,
        responses=bodies.PairSerializer,
        examples=[asked({"refresh": "phr_AAABm…"}), PAIR],
    )
    def post(self, request: Request) -> Response:
        """Exchange a refresh token for the next pair. Using one twice ends the session."""
        given = parsed(bodies.RefreshSerializer, request)
        return _pair(sessions.refresh_session(given["refresh"], ip=ip_of(request)))


class BrowserView(Open):
    """The browser's way in. What knows a person's mail adds `profile`, the `user` of the answer (mail.api.me)."""

    def profile(self, actor: Actor) -> dict[str, Any]:
        return {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """A page of another site can send our cookie nowhere (SameSite), nor set this header (CORS)."""
        super().initial(request, *args, **kwargs)
        if request.META.get("HTTP_X_POSTHOUSE_CLIENT") != "web":
            raise Denied("client_header_required", "The header X-Posthouse-Client: web is missing.")

    def entered(self, request: Request, done: LoggedIn, device: str) -> Response:
        response = self.answer(request, done.actor, done.pair)
        doors.keep_device(request, response, device)
        doors.keep_trust(request, response, done)
        return response

    def answer(self, request: Request, actor: Actor, pair: Pair) -> Response:
        answer = {"access": pair.access, "user": self.profile(actor), "needs_factor": actor.lacks_factor}
        response = Response(answer)
        if not pair.refresh:
            return response
        doors.keep_page(request, response, pair.session_id, pair.user_id)
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


class SessionView(BrowserView):
    @extend_schema(
        operation_id="auth_session",
        tags=["auth"],
        request=bodies.CredentialsSerializer,
        parameters=[CLIENT_HEADER],
        examples=[CREDENTIALS],
    )
    def post(self, request: Request) -> Response:
        """Log in from the browser: the refresh token comes as a cookie that no script can read.

        401 `mfa_required` as at `/auth/token/`; go on at `/auth/session/mfa/`.
        """
        device = doors.ensure_device(request)
        return self.entered(request, doors.log_in(request, kind="browser"), device)

    @extend_schema(
        operation_id="auth_session_end", tags=["auth"], parameters=[CLIENT_HEADER], responses={204: None}
    )
    def delete(self, request: Request) -> Response:
        """Log out: the session and its cookie end."""
        if refresh := request.COOKIES.get(COOKIE):
            sessions.close_session(refresh, ip=ip_of(request))
        response = Response(status=204)
        response.delete_cookie(COOKIE, path=COOKIE_PATH, samesite="Strict")
        doors.forget_page(response)
        return response


class SessionMfaView(BrowserView):
    @extend_schema(
        operation_id="auth_session_mfa",
        tags=["auth"],
        request=bodies.MfaSerializer,
        parameters=[CLIENT_HEADER],
        examples=[CODE],
    )
    def post(self, request: Request) -> Response:
        """The second half of a log-in from the browser, or all of it by passkey."""
        device = doors.ensure_device(request)
        return self.entered(request, doors.finish_log_in(request, kind="browser"), device)


class SessionRefreshView(BrowserView):
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
        pair = sessions.refresh_session(refresh, ip=ip_of(request), grace_ms=sessions.TABS_GRACE_MS)
        return self.answer(request, bearer(pair.access).actor, pair)


class TicketView(APIView):
    scopes = {"*": SELF}

    @extend_schema(
        operation_id="auth_ticket",
        tags=["auth"],
        request=None,
        responses=bodies.TicketSerializer,
        examples=[answered({"ticket": "q0m3…", "expires_in_seconds": 30})],
    )
    def post(self, request: Request) -> Response:
        """A one-time ticket for the WebSocket, good for half a minute."""
        ticket = tickets.issue(actor_of(request))
        return Response({"ticket": ticket, "expires_in_seconds": tickets.TICKET_SECONDS})


class StepUpOptionsView(APIView):
    scopes = {"*": SELF}
    is_open_without_factor = True

    @extend_schema(
        operation_id="auth_step_up_options",
        tags=["auth"],
        request=None,
        responses=bodies.StepUpQuestionSerializer,
        examples=[
            answered(
                {
                    "challenge": "aGVsbG8…",
                    "methods": ["password"],
                    "passkey": None,
                    "expires_in_seconds": 300,
                }
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """What counts as a fresh proof for the one who asks, and the challenge to give it with."""
        return Response(step_up.ask(actor_of(request)))


class StepUpView(APIView):
    scopes = {"*": SELF}
    is_open_without_factor = True

    @extend_schema(
        operation_id="auth_step_up",
        tags=["auth"],
        request=bodies.StepUpSerializer,
        responses={204: None},
        examples=[OpenApiExample("by password", {"password": "correct horse battery staple"})],
    )
    def post(self, request: Request) -> Response:
        """Prove once more who sits there: for ten minutes the session may do what answers `step_up_required`."""
        given, actor, ip = parsed(bodies.StepUpSerializer, request), actor_of(request), ip_of(request)
        if "password" in given:
            mfa_login.step_up_with_password(actor, given["password"], ip=ip)
        else:
            mfa_login.step_up_with_factor(actor, given["challenge"], bodies.proof_of(given), ip=ip)
        return Response(status=204)


class PasswordChangeView(APIView):
    scopes = {"*": SELF}

    @extend_schema(
        operation_id="auth_password_change",
        tags=["auth"],
        request=bodies.PasswordChangeSerializer,
        responses={204: None},
        examples=[
            OpenApiExample(
                "change",
                {
                    "current_password": "correct horse battery staple",
                    "new_password": "purple ink, slow train",
                },
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """Change one's password. Other sessions, trusted browsers and mail clients end unless `keep_other_sessions`."""
        given = parsed(bodies.PasswordChangeSerializer, request)
        passwords.change(
            actor_of(request),
            given["current_password"],
            given["new_password"],
            ip=ip_of(request),
            keep_others=given["keep_other_sessions"],
        )
        return Response(status=204)
