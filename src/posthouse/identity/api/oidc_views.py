"""Logging in by an outside OpenID provider, and an organisation's providers."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import IdField, StrictSerializer, answered, asked, parsed
from posthouse.identity import oidc_login, oidc_providers
from posthouse.identity.api import doors
from posthouse.identity.api.authentication import actor_of
from posthouse.identity.api.doors import Open
from posthouse.identity.api.views import CLIENT_HEADER, BrowserView
from posthouse.identity.scopes import SELF


class ExternalEmail(StrictSerializer):
    email = serializers.CharField(max_length=320)


class ExternalChoice(StrictSerializer):
    id = IdField()
    name = serializers.CharField()


class ExternalChoices(StrictSerializer):
    items = ExternalChoice(many=True)


class ExternalBegin(StrictSerializer):
    provider_id = IdField()


class ExternalBegun(StrictSerializer):
    redirect_to = serializers.CharField()
    flow = serializers.CharField(help_text="To be kept by the browser and brought back.")


class ExternalFinish(StrictSerializer):
    flow = serializers.CharField(max_length=2_000)
    state = serializers.CharField(max_length=500)
    code = serializers.CharField(max_length=4_000)


class ProviderBody(StrictSerializer):
    name = serializers.CharField(max_length=100)
    issuer = serializers.CharField(max_length=500)
    client_id = serializers.CharField(max_length=300)
    client_secret = serializers.CharField(max_length=500, write_only=True)


class ProviderRow(StrictSerializer):
    id = IdField()
    name = serializers.CharField()
    issuer = serializers.CharField()
    client_id = serializers.CharField()
    created_at = serializers.DateTimeField()


class ProviderList(StrictSerializer):
    items = ProviderRow(many=True)


_ROW = {
    "id": "123456789012345678",
    "name": "Example ID",
    "issuer": "https://id.example.org",
    "client_id": "posthouse",
    "created_at": "2026-11-27T09:54:55.000Z",
}


class ExternalView(Open):
    @extend_schema(
        operation_id="auth_external",
        tags=["auth"],
        request=ExternalEmail,
        responses=ExternalChoices,
        examples=[
            asked({"email": "alice@example.org"}),
            answered({"items": [{"id": _ROW["id"], "name": _ROW["name"]}]}),
        ],
    )
    def post(self, request: Request) -> Response:
        """Which outside log-ins there are for an address's domain; says nothing of the address itself."""
        found = oidc_providers.providers_for(parsed(ExternalEmail, request)["email"])
        return Response({"items": [{"id": str(one.id), "name": one.name} for one in found]})


class ExternalBeginView(Open):
    @extend_schema(
        operation_id="auth_external_begin",
        tags=["auth"],
        request=ExternalBegin,
        responses=ExternalBegun,
        examples=[
            asked({"provider_id": _ROW["id"]}),
            answered({"redirect_to": "https://id.example.org/authorize?…", "flow": "aGVsbG8…"}),
        ],
    )
    def post(self, request: Request) -> Response:
        """Where to send the browser. It comes back to `/login/external` with `code` and `state`."""
        redirect_to, flow = oidc_login.begin(parsed(ExternalBegin, request)["provider_id"])
        return Response({"redirect_to": redirect_to, "flow": flow})


class SessionExternalView(BrowserView):
    @extend_schema(
        operation_id="auth_session_external",
        tags=["auth"],
        request=ExternalFinish,
        parameters=[CLIENT_HEADER],
        examples=[asked({"flow": "aGVsbG8…", "state": "x1", "code": "c1"})],
    )
    def post(self, request: Request) -> Response:
        """Back from the provider: a session, or 401 `mfa_required` for those with a second factor here."""
        device, given = doors.ensure_device(request), parsed(ExternalFinish, request)
        entry = doors.entry(request, "browser")
        with doors.counted():
            done = oidc_login.finish(given["flow"], state=given["state"], code=given["code"], entry=entry)
        return self.entered(request, done, device)


class ProvidersView(APIView):
    scopes = {"*": SELF}

    @extend_schema(
        operation_id="identity_providers",
        tags=["organisation"],
        responses=ProviderList,
        examples=[answered({"items": [_ROW]})],
    )
    def get(self, request: Request) -> Response:
        """The outside log-ins of one's organisation; for its owner."""
        return Response({"items": [_json(one) for one in oidc_providers.providers(actor_of(request))]})

    @extend_schema(
        operation_id="identity_provider_add",
        tags=["organisation"],
        request=ProviderBody,
        responses={201: ProviderRow},
        examples=[
            asked(
                {
                    "name": "Example ID",
                    "issuer": "https://id.example.org",
                    "client_id": "posthouse",
                    "client_secret": "…",
                }
            ),
            answered(_ROW, status=201),
        ],
    )
    def post(self, request: Request) -> Response:
        """Let people log in by an OpenID provider; its redirect URI is `/login/external` here."""
        return Response(
            _json(oidc_providers.add(actor_of(request), parsed(ProviderBody, request))), status=201
        )


def _json(row: Any) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "name": row.name,
        "issuer": row.issuer,
        "client_id": row.client_id,
        "created_at": row.created_at,
    }


class ProviderView(APIView):
    scopes = {"*": SELF}

    @extend_schema(operation_id="identity_provider_remove", tags=["organisation"], responses={204: None})
    def delete(self, request: Request, provider_id: int) -> Response:
        """Nobody logs in by it any more; sessions that are open stay."""
        oidc_providers.remove(actor_of(request), provider_id)
        return Response(status=204)
