"""Accounts one may use, and who may use an account."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import IdField, StrictSerializer, answered, asked, parsed
from posthouse.identity.api.authentication import actor_of
from posthouse.mail import sharing
from posthouse.mail.api import schemas

TAGS = ["accounts"]
RIGHTS = ["read", "draft", "write", "admin"]


class NewAccount(StrictSerializer):
    name = serializers.CharField(max_length=100)
    email = serializers.CharField(max_length=320)


class AccountList(schemas.Shape):
    items = schemas.Account(many=True)


class NewGrant(StrictSerializer):
    user_id = IdField(required=False)
    group_id = IdField(required=False)
    right = serializers.ChoiceField(choices=RIGHTS)


class GrantShape(schemas.Shape):
    id = IdField()
    right = serializers.ChoiceField(choices=RIGHTS)
    user_id = IdField(allow_null=True)
    group_id = IdField(allow_null=True)
    name = serializers.CharField()
    created_at = serializers.DateTimeField()


class GrantList(schemas.Shape):
    items = GrantShape(many=True)


ACCOUNT = {
    "id": "58769341962780007",
    "name": "Support",
    "email": "support@posthouse.test",
    "kind": "shared",
    "is_own": False,
    "right": "admin",
    "quota_bytes": None,
    "used_bytes": 0,
    "state": "7",
}
GRANT = {
    "id": "58769341962780008",
    "right": "write",
    "user_id": "58769341962780002",
    "group_id": None,
    "name": "Alice Moreau",
    "created_at": "2026-11-21T07:20:00.000Z",
}


class AccountsView(APIView):
    scopes = {"POST": "admin:write"}

    @extend_schema(
        operation_id="accounts",
        tags=TAGS,
        responses=AccountList,
        examples=[answered({"items": [ACCOUNT]})],
    )
    def get(self, request: Request) -> Response:
        """The accounts one may use, one's own first; with `accounts.manage` all shared ones."""
        return Response({"items": sharing.accounts(actor_of(request))})

    @extend_schema(
        operation_id="account_create",
        tags=TAGS,
        request=NewAccount,
        responses={201: schemas.Account},
        examples=[
            asked({"name": "Support", "email": "support@posthouse.test"}),
            answered(ACCOUNT, status=201),
        ],
    )
    def post(self, request: Request) -> Response:
        """Make a shared account. 409 `address_exists`."""
        actor = actor_of(request)
        made = str(sharing.create_account(actor, **parsed(NewAccount, request)))
        found = next(account for account in sharing.accounts(actor) if account["id"] == made)
        return Response(found, status=201)


class AccountView(APIView):
    scopes = {"*": "admin:write"}

    @extend_schema(operation_id="account_delete", tags=TAGS, responses={204: None})
    def delete(self, request: Request, account_id: int) -> Response:
        """Close a shared account now; its mail goes in 14 days. 409 `not_shared`."""
        sharing.delete_account(actor_of(request), account_id)
        return Response(status=204)


class GrantsView(APIView):
    scopes = {"GET": "admin:read", "POST": "admin:write"}

    @extend_schema(
        operation_id="grants", tags=TAGS, responses=GrantList, examples=[answered({"items": [GRANT]})]
    )
    def get(self, request: Request, account_id: int) -> Response:
        """Who may use an account beside its owner: for the owner, and who has the right `admin` on it."""
        return Response({"items": sharing.grants(actor_of(request), account_id)})

    @extend_schema(
        operation_id="grant_create",
        tags=TAGS,
        request=NewGrant,
        responses={201: GrantShape},
        examples=[asked({"user_id": GRANT["user_id"], "right": "write"}), answered(GRANT, status=201)],
    )
    def post(self, request: Request, account_id: int) -> Response:
        """Let a person or a group use the account, in place of what they were granted before."""
        made = sharing.grant(actor_of(request), account_id, **parsed(NewGrant, request))
        return Response(sharing.as_json(made), status=201)


class GrantView(APIView):
    scopes = {"*": "admin:write"}

    @extend_schema(operation_id="grant_delete", tags=TAGS, responses={204: None})
    def delete(self, request: Request, account_id: int, grant_id: int) -> Response:
        """Take a grant back, or give up one's own."""
        sharing.revoke(actor_of(request), account_id, grant_id)
        return Response(status=204)
