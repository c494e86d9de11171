"""What one closes with."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import IdField, StrictSerializer, answered, asked, parsed
from posthouse.delivery.api.account import ACCOUNT, asked_account
from posthouse.delivery.writing import signatures
from posthouse.identity.api.authentication import actor_of
from posthouse.mail.profile import MAX_SIGNATURE_CHARS

TAG = "templates"
SIGNATURE = {
    "id": "58769341962780014",
    "account_id": "58769341962780001",
    "name": "Short",
    "html": "<p>Alice Moreau</p>",
    "identity_ids": ["58769341962780003"],
}
MAX_IDENTITIES = 200


def _html(**options: Any) -> serializers.CharField:
    return serializers.CharField(max_length=MAX_SIGNATURE_CHARS, trim_whitespace=False, **options)


def _identities(**options: Any) -> serializers.ListField:
    return serializers.ListField(
        child=IdField(), max_length=MAX_IDENTITIES, help_text="The addresses that begin with it.", **options
    )


class NewSignature(StrictSerializer):
    account_id = IdField(required=False)
    name = serializers.CharField(max_length=100)
    html = _html()
    identity_ids = _identities(required=False)


class SignatureChange(StrictSerializer):
    name = serializers.CharField(max_length=100, required=False)
    html = _html(required=False)
    identity_ids = _identities(required=False)


class SignatureShape(serializers.Serializer[Any]):
    id = IdField()
    account_id = IdField()
    name = serializers.CharField()
    html = serializers.CharField()
    identity_ids = serializers.ListField(child=IdField())


class SignatureList(serializers.Serializer[Any]):
    items = SignatureShape(many=True)


class SignaturesView(APIView):
    @extend_schema(
        operation_id="signatures",
        tags=[TAG],
        parameters=[ACCOUNT],
        responses=SignatureList,
        examples=[answered({"items": [SIGNATURE]})],
    )
    def get(self, request: Request) -> Response:
        """An account's signatures, by name."""
        account_id = asked_account(request)
        return Response({"items": signatures.signatures(actor_of(request), account_id)})

    @extend_schema(
        operation_id="signature_create",
        tags=[TAG],
        request=NewSignature,
        responses={201: SignatureShape},
        examples=[
            asked({name: SIGNATURE[name] for name in ("name", "html", "identity_ids")}),
            answered(SIGNATURE, status=201),
        ],
    )
    def post(self, request: Request) -> Response:
        """Make one. HTML is cleaned. An address begins with one at most. 409 `too_many`."""
        actor, given = actor_of(request), parsed(NewSignature, request)
        made = signatures.create_signature(actor, given.pop("account_id", None), **given)
        return Response(signatures.signature(actor, made), status=201)


class SignatureView(APIView):
    @extend_schema(
        operation_id="signature", tags=[TAG], responses=SignatureShape, examples=[answered(SIGNATURE)]
    )
    def get(self, request: Request, signature_id: int) -> Response:
        """One signature."""
        return Response(signatures.signature(actor_of(request), signature_id))

    @extend_schema(
        operation_id="signature_update",
        tags=[TAG],
        request=SignatureChange,
        responses=SignatureShape,
        examples=[asked({"name": "Brief"}), answered(SIGNATURE | {"name": "Brief"})],
    )
    def patch(self, request: Request, signature_id: int) -> Response:
        """Change it, also for the addresses that begin with it; `identity_ids` says anew which do."""
        actor, given = actor_of(request), parsed(SignatureChange, request)
        signatures.change_signature(actor, signature_id, **given)
        return Response(signatures.signature(actor, signature_id))

    @extend_schema(operation_id="signature_delete", tags=[TAG], responses={204: None})
    def delete(self, request: Request, signature_id: int) -> Response:
        """Remove it; addresses that begin with it then begin with none."""
        signatures.delete_signature(actor_of(request), signature_id)
        return Response(status=204)
