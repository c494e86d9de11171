"""The consent page's API, and an organisation's clients: ours to our own pages, in our own language."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import IdField, StrictSerializer, answered, asked, parsed
from posthouse.identity import oauth_clients, oauth_requests
from posthouse.identity.api.authentication import actor_of
from posthouse.identity.oauth_requests import Asked, Faulty
from posthouse.identity.scopes import SELF

TAGS = ["oauth"]


def _optional(max_length: int = 2_000) -> serializers.CharField:
    return serializers.CharField(max_length=max_length, default="", allow_blank=True)


class OAuthRequestBody(StrictSerializer):
    """The parameters of the browser's address, as they came."""

    client_id = serializers.CharField(max_length=100)
    redirect_uri = serializers.CharField(max_length=2_000)
    response_type = _optional()
    scope = _optional()
    state = _optional()
    nonce = _optional()
    code_challenge = _optional()
    code_challenge_method = _optional()
    prompt = _optional()
    response_mode = _optional()


class OAuthScopeRow(StrictSerializer):
    scope = serializers.CharField()
    description = serializers.CharField()


class OAuthQuestion(StrictSerializer):
    """What to ask the person; with `redirect_to` there is nothing to ask, and the browser goes there."""

    client_name = serializers.CharField()
    scopes = OAuthScopeRow(many=True)
    redirect_host = serializers.CharField()
    redirect_to = serializers.CharField(allow_null=True)


class OAuthDecision(OAuthRequestBody):
    approve = serializers.BooleanField()


class OAuthRedirect(StrictSerializer):
    redirect_to = serializers.CharField()


_REQUEST = {
    "client_id": "phc_0123456789abcdef01234567",
    "redirect_uri": "https://grafana.example.org/login/generic_oauth",
    "response_type": "code",
    "scope": "openid email",
    "state": "x1",
    "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    "code_challenge_method": "S256",
}


class OAuthRequestView(APIView):
    scopes = {"*": SELF}

    @extend_schema(
        operation_id="oauth_request",
        tags=TAGS,
        request=OAuthRequestBody,
        responses=OAuthQuestion,
        examples=[
            asked(_REQUEST),
            answered(
                {
                    "client_name": "Grafana",
                    "scopes": [{"scope": "openid", "description": "Know who you are."}],
                    "redirect_host": "grafana.example.org",
                    "redirect_to": None,
                }
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        """Judge an authorization request: what is asked of the person, or where to send the browser at once."""
        wanted, actor = Asked(**parsed(OAuthRequestBody, request)), actor_of(request)
        try:
            judged = oauth_requests.judge(actor, wanted)
        except Faulty as faulty:
            return Response(_question(wanted, "", [], oauth_requests.answer(wanted, _error(faulty))))
        redirect_to = oauth_requests.approve(actor, wanted) if judged.is_agreed else None
        return Response(_question(wanted, judged.client.name, judged.scopes, redirect_to))


def _error(faulty: Faulty) -> dict[str, str]:
    return {"error": faulty.error, "error_description": faulty.description}


def _question(wanted: Asked, name: str, scopes: list[str], redirect_to: str | None) -> dict[str, Any]:
    known = oauth_clients.ALL_SCOPES
    return {
        "client_name": name,
        "scopes": [{"scope": scope, "description": known.get(scope, "")} for scope in scopes],
        "redirect_host": oauth_clients.host_of(wanted.redirect_uri),
        "redirect_to": redirect_to,
    }


class OAuthDecisionView(APIView):
    scopes = {"*": SELF}

    @extend_schema(
        operation_id="oauth_decide",
        tags=TAGS,
        request=OAuthDecision,
        responses=OAuthRedirect,
        examples=[
            asked({**_REQUEST, "approve": True}),
            answered({"redirect_to": "https://grafana.example.org/login?code=…"}),
        ],
    )
    def post(self, request: Request) -> Response:
        """Let a program in, or not: where to send the browser.

        What opens more than who one is asks for step-up.
        """
        given, actor = parsed(OAuthDecision, request), actor_of(request)
        is_approved, wanted = given.pop("approve"), Asked(**given)
        try:
            oauth_requests.judge(actor, wanted)
            denied = {"error": "access_denied", "error_description": "The person said no."}
            answer = (
                oauth_requests.approve(actor, wanted)
                if is_approved
                else oauth_requests.answer(wanted, denied)
            )
        except Faulty as faulty:
            answer = oauth_requests.answer(wanted, _error(faulty))
        return Response({"redirect_to": answer})


# --- an organisation's clients --------------------------------------------------------------------


class OAuthClientBody(StrictSerializer):
    name = serializers.CharField(max_length=100)
    redirect_uris = serializers.ListField(
        child=serializers.CharField(max_length=2_000), allow_empty=False, min_length=1
    )
    scopes = serializers.ListField(
        child=serializers.CharField(max_length=50), allow_empty=False, min_length=1
    )
    is_public = serializers.BooleanField(default=False)


class OAuthClientRow(StrictSerializer):
    id = IdField()
    client_id = serializers.CharField()
    name = serializers.CharField()
    redirect_uris = serializers.ListField(child=serializers.CharField())
    scopes = serializers.ListField(child=serializers.CharField())
    is_public = serializers.BooleanField()
    created_at = serializers.DateTimeField()


class OAuthClientList(StrictSerializer):
    items = OAuthClientRow(many=True)


class MadeOAuthClient(OAuthClientRow):
    client_secret = serializers.CharField(
        help_text="Shown once; empty for a public client.", allow_blank=True
    )


_ROW = {
    "id": "123456789012345678",
    "client_id": "phc_0123456789abcdef01234567",
    "name": "Grafana",
    "redirect_uris": ["https://grafana.example.org/login/generic_oauth"],
    "scopes": ["openid", "email"],
    "is_public": False,
    "created_at": "2026-11-27T09:54:55.000Z",
}


def _client_json(client: Any) -> dict[str, Any]:
    return {
        "id": str(client.id),
        "client_id": client.client_id,
        "name": client.name,
        "redirect_uris": client.redirect_uris,
        "scopes": client.scopes.split(),
        "is_public": not client.secret_hash,
        "created_at": client.created_at,
    }


class OAuthClientsView(APIView):
    scopes = {"GET": "admin:read", "POST": SELF}

    @extend_schema(
        operation_id="oauth_clients",
        tags=TAGS,
        responses=OAuthClientList,
        examples=[answered({"items": [_ROW]})],
    )
    def get(self, request: Request) -> Response:
        """The programs that people of the organisation may let in; for administrators."""
        return Response({"items": [_client_json(one) for one in oauth_clients.clients(actor_of(request))]})

    @extend_schema(
        operation_id="oauth_client_add",
        tags=TAGS,
        request=OAuthClientBody,
        responses={201: MadeOAuthClient},
        examples=[
            asked({"name": "Grafana", "redirect_uris": _ROW["redirect_uris"], "scopes": ["openid", "email"]}),
            answered({**_ROW, "client_secret": "…"}, status=201),
        ],
    )
    def post(self, request: Request) -> Response:
        """Make a client; its secret is shown once."""
        made = oauth_clients.make(actor_of(request), **parsed(OAuthClientBody, request))
        return Response({**_client_json(made.client), "client_secret": made.secret}, status=201)


class OAuthClientView(APIView):
    scopes = {"*": SELF}

    @extend_schema(operation_id="oauth_client_remove", tags=TAGS, responses={204: None})
    def delete(self, request: Request, client_id: int) -> Response:
        """Remove a client, and with it everything it was allowed."""
        oauth_clients.remove(actor_of(request), client_id)
        return Response(status=204)
