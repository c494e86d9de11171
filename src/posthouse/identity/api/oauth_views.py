"""The provider's own endpoints: `/oauth/token|revoke|introspect|userinfo|jwks/` and the discovery document.

They speak OAuth's language, not ours: forms in, `{"error": …}` out, and never anything a cache may keep.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_plus

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.parsers import FormParser
from rest_framework.request import Request
from rest_framework.response import Response

from posthouse.base.api import answered, asked
from posthouse.identity import limits, oauth_clients, oauth_keys, oauth_requests, oauth_tokens
from posthouse.identity.api.doors import Open, ip_of, program_of
from posthouse.identity.oauth_tokens import Asker, Refused

TAGS = ["oauth"]
_SECRET = {
    "client_id": serializers.CharField(required=False),
    "client_secret": serializers.CharField(required=False),
}
_TOKEN = asked({"token": "phx_…", "client_id": "phc_…"})
_DISCOVERY = answered({"issuer": "https://mail.example.org"})


class OAuthView(Open):
    parser_classes = (FormParser,)
    ignores_unknown_parameters = True
    """As RFC 6749 §3.1 and §3.2 demand."""

    def handle_exception(self, exc: Exception) -> Any:
        if isinstance(exc, Refused):
            headers = {"WWW-Authenticate": "Basic" if exc.error == "invalid_client" else "Bearer"}
            body = {"error": exc.error, "error_description": exc.description}
            return Response(body, status=exc.status, headers=headers if exc.status == 401 else {})
        return super().handle_exception(exc)


class _Form:
    """A form whose parameters come once each (RFC 6749 §3.2)."""

    def __init__(self, request: Request) -> None:
        self._data: Any = request.data
        many: Callable[[str], list[str]] = getattr(self._data, "getlist", lambda name: [])
        for name in self._data:
            if len(many(name)) > 1:
                raise Refused("invalid_request", f"{name[:50]} comes more than once.")

    def text(self, name: str, *, is_needed: bool = False) -> str:
        value = str(self._data.get(name, ""))[:4_000]
        if is_needed and not value:
            raise Refused("invalid_request", f"{name} is missing.")
        return value


def _asker(request: Request, form: _Form) -> Asker:
    """Who asks: by HTTP Basic, else by the form (RFC 6749 §2.3.1), counted like every other log-in."""
    client_id, secret = _basic(request) or (form.text("client_id"), form.text("client_secret"))
    if not client_id:
        raise Refused("invalid_client", "The client did not say who it is.", status=401)
    limits.check_login(email=client_id, ip=ip_of(request))
    client = oauth_clients.authenticated(client_id, secret or None)
    if client is None:
        limits.login_failed(email=client_id, ip=ip_of(request))
        raise Refused("invalid_client", "The client is not known, or its secret is wrong.", status=401)
    return Asker(client=client, ip=ip_of(request), program=program_of(request))


def _basic(request: Request) -> tuple[str, str] | None:
    scheme, _, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, secret = b64decode(text, validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return (unquote_plus(name), unquote_plus(secret)) if colon else ("", "")


class TokenView(OAuthView):
    @extend_schema(
        operation_id="oauth_token",
        tags=TAGS,
        request=inline_serializer(
            "OAuthTokenForm",
            {
                "grant_type": serializers.ChoiceField(choices=["authorization_code", "refresh_token"]),
                "code": serializers.CharField(required=False),
                "redirect_uri": serializers.CharField(required=False),
                "code_verifier": serializers.CharField(required=False),
                "refresh_token": serializers.CharField(required=False),
                "scope": serializers.CharField(required=False),
                **_SECRET,
            },
        ),
        responses=inline_serializer(
            "OAuthTokens",
            {
                "access_token": serializers.CharField(),
                "token_type": serializers.CharField(),
                "expires_in": serializers.IntegerField(),
                "scope": serializers.CharField(),
                "refresh_token": serializers.CharField(required=False),
                "id_token": serializers.CharField(required=False),
            },
        ),
        examples=[
            answered({"access_token": "pho_…", "token_type": "Bearer", "expires_in": 600, "scope": "openid"})
        ],
    )
    def post(self, request: Request) -> Response:
        """A code or a refresh token for tokens (RFC 6749 §3.2). PKCE always; a refresh token works once."""
        form = _Form(request)
        asker, kind = _asker(request, form), form.text("grant_type", is_needed=True)
        if kind == "authorization_code":
            return Response(
                oauth_tokens.exchange_code(
                    asker,
                    code=form.text("code", is_needed=True),
                    redirect_uri=form.text("redirect_uri", is_needed=True),
                    verifier=form.text("code_verifier", is_needed=True),
                )
            )
        if kind == "refresh_token":
            token = form.text("refresh_token", is_needed=True)
            return Response(oauth_tokens.refresh(asker, token, scope=form.text("scope")))
        raise Refused("unsupported_grant_type", "Only authorization_code and refresh_token are known here.")


_TOKEN_FORM = inline_serializer("OAuthTokenGiven", {"token": serializers.CharField(), **_SECRET})


class RevokeView(OAuthView):
    @extend_schema(
        operation_id="oauth_revoke", tags=TAGS, request=_TOKEN_FORM, responses={200: None}, examples=[_TOKEN]
    )
    def post(self, request: Request) -> Response:
        """End a token (RFC 7009). A refresh token takes its chain along; an unknown one is no error."""
        form = _Form(request)
        oauth_tokens.revoke(_asker(request, form), form.text("token", is_needed=True))
        return Response(status=200)


class IntrospectView(OAuthView):
    @extend_schema(
        operation_id="oauth_introspect",
        tags=TAGS,
        request=_TOKEN_FORM,
        responses=OpenApiTypes.OBJECT,
        examples=[_TOKEN, answered({"active": False})],
    )
    def post(self, request: Request) -> Response:
        """What a token of the client's own is good for (RFC 7662)."""
        form = _Form(request)
        return Response(oauth_tokens.introspect(_asker(request, form), form.text("token", is_needed=True)))


class UserInfoView(OAuthView):
    @extend_schema(
        operation_id="oauth_userinfo",
        tags=TAGS,
        responses=OpenApiTypes.OBJECT,
        examples=[answered({"sub": "123456789012345678", "email": "alice@example.org"})],
    )
    def get(self, request: Request) -> Response:
        """Who the person is, by scope (OpenID Connect Core §5.3)."""
        scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer":
            raise Refused("invalid_token", "The token is missing.", status=401)
        return Response(oauth_tokens.userinfo(token.strip()))


class KeysView(OAuthView):
    @extend_schema(
        operation_id="oauth_jwks",
        tags=TAGS,
        responses=OpenApiTypes.OBJECT,
        examples=[answered({"keys": [{"kty": "RSA", "alg": "RS256"}]})],
    )
    def get(self, request: Request) -> Response:
        """The public keys that ID tokens are signed with."""
        return Response({"keys": oauth_keys.public_keys()})


class DiscoveryView(OAuthView):
    @extend_schema(
        operation_id="oauth_discovery", tags=TAGS, responses=OpenApiTypes.OBJECT, examples=[_DISCOVERY]
    )
    def get(self, request: Request) -> Response:
        """Where everything is (OpenID Connect Discovery, RFC 8414)."""
        base = oauth_requests.issuer()
        methods = ["client_secret_basic", "client_secret_post", "none"]
        return Response(
            {
                "issuer": base,
                "authorization_endpoint": f"{base}/oauth/authorize",
                "token_endpoint": f"{base}/oauth/token/",
                "revocation_endpoint": f"{base}/oauth/revoke/",
                "introspection_endpoint": f"{base}/oauth/introspect/",
                "userinfo_endpoint": f"{base}/oauth/userinfo/",
                "jwks_uri": f"{base}/oauth/jwks/",
                "response_types_supported": ["code"],
                "response_modes_supported": ["query"],
                "grant_types_supported": ["authorization_code", "refresh_token"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": [oauth_keys.ALGORITHM],
                "scopes_supported": list(oauth_clients.ALL_SCOPES),
                "claims_supported": ["sub", "name", "email", "email_verified", "auth_time", "nonce"],
                "token_endpoint_auth_methods_supported": methods,
                "revocation_endpoint_auth_methods_supported": methods,
                "introspection_endpoint_auth_methods_supported": methods,
                "code_challenge_methods_supported": ["S256"],
                "authorization_response_iss_parameter_supported": True,
                "prompt_values_supported": ["none", "consent"],
            }
        )
