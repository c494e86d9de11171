"""Who am I, what may I use, and how do I sign."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import IF_MATCH, conditional, parsed
from posthouse.identity import queries as people
from posthouse.identity.actor import Actor
from posthouse.identity.api.authentication import actor_of
from posthouse.identity.api.oidc_views import SessionExternalView
from posthouse.identity.api.views import SessionMfaView, SessionRefreshView, SessionView
from posthouse.mail import profile
from posthouse.mail.api import bodies, schemas
from posthouse.mail.imap_off import imap_off_of
from posthouse.wire.html import sanitize_outgoing


def me_json(actor: Actor) -> dict[str, Any]:
    user = people.user_for(actor)
    return {
        "id": str(user.id),
        "email": user.email,
        "name": user.name,
        "accounts": profile.accounts(actor),
        "identities": profile.identities(actor),
        "preferences": user.preferences,
        "imap_off": imap_off_of(actor),
    }


class _Profile:
    def profile(self, actor: Actor) -> dict[str, Any]:
        return me_json(actor)


@extend_schema_view(post=extend_schema(responses=schemas.SessionAnswer))
class BrowserSessionView(_Profile, SessionView):
    """The browser's session, whose answer says who one is."""


@extend_schema_view(post=extend_schema(responses=schemas.SessionAnswer))
class BrowserSessionMfaView(_Profile, SessionMfaView):
    pass


@extend_schema_view(post=extend_schema(responses=schemas.SessionAnswer))
class BrowserSessionExternalView(_Profile, SessionExternalView):
    pass


@extend_schema_view(post=extend_schema(responses=schemas.SessionAnswer))
class BrowserSessionRefreshView(_Profile, SessionRefreshView):
    pass


def _me_tag(body: dict[str, Any]) -> str:
    return conditional.tag(
        _version(body["name"], [body["preferences"], body["imap_off"]]), conditional.digest(body)
    )


def _version(name: str, preferences: object) -> str:
    return conditional.digest([name, preferences])


class MeView(APIView):
    scopes = {"GET": "account:read", "PATCH": "account:write"}

    @extend_schema(operation_id="me", tags=["me"], responses=schemas.Me)
    def get(self, request: Request) -> HttpResponse:
        """The person who asks, with accounts and identities."""
        body = me_json(actor_of(request))
        return conditional.answer(request, _me_tag(body), lambda: body)

    @extend_schema(
        operation_id="me_update",
        tags=["me"],
        parameters=[IF_MATCH],
        request=bodies.ProfileChange,
        responses=schemas.Me,
    )
    def patch(self, request: Request) -> Response:
        """Change one's name, preferences, or the IMAP extensions that are off (both replaced whole)."""
        actor, given = actor_of(request), parsed(bodies.ProfileChange, request)

        def version() -> str:
            user = people.user_for(actor)
            return _version(user.name, [user.preferences, imap_off_of(actor)])

        conditional.guarded(request, version, lambda: profile.change_myself(actor, **given))
        body = me_json(actor)
        return Response(body, headers={"ETag": _me_tag(body)})


class IdentityView(APIView):
    scopes = {"PATCH": "account:write"}

    @extend_schema(
        operation_id="identity_update", tags=["me"], request=bodies.IdentityChange, responses=schemas.Identity
    )
    def patch(self, request: Request, identity_id: int) -> Response:
        """Change the name or signature one sends with."""
        given = parsed(bodies.IdentityChange, request)
        if "signature_html" in given:
            given["signature_html"] = sanitize_outgoing(given["signature_html"]).html
        return Response(profile.update_identity(actor_of(request), identity_id, **given))
