"""The organisation and its domains."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import IdField, StrictSerializer, answered, asked, parsed
from posthouse.identity import domain_keys, organisations
from posthouse.identity.api.authentication import actor_of
from posthouse.identity.api.people_bodies import LineField
from posthouse.identity.passwords import MAX_PASSWORD, MIN_PASSWORD

TAGS = ["organisation"]
SIGN_UPS = ["open", "domain", "invitation", "closed"]


class OrganisationChange(StrictSerializer):
    name = LineField(max_length=200, required=False)
    default_domain = serializers.CharField(max_length=253, required=False)
    sign_up = serializers.ChoiceField(
        choices=SIGN_UPS,
        required=False,
        help_text="Who may make an account: anybody, who has an address in `sign_up_domains`, who is invited, nobody.",
    )
    sign_up_domains = serializers.ListField(
        child=serializers.CharField(max_length=253), max_length=100, required=False
    )
    sign_up_role = serializers.CharField(max_length=20, required=False)
    min_password = serializers.IntegerField(min_value=MIN_PASSWORD, max_value=64, required=False)
    requires_mfa = serializers.BooleanField(required=False)


class OrganisationShape(StrictSerializer):
    id = IdField()
    name = serializers.CharField()
    created_at = serializers.DateTimeField()
    default_domain = serializers.CharField(allow_null=True)
    min_password = serializers.IntegerField(max_value=MAX_PASSWORD)
    requires_mfa = serializers.BooleanField()
    sign_up = serializers.ChoiceField(choices=SIGN_UPS, allow_null=True)
    sign_up_domains = serializers.ListField(child=serializers.CharField())
    sign_up_role = serializers.CharField(allow_null=True)


class RecordShape(StrictSerializer):
    type = serializers.CharField()
    name = serializers.CharField()
    value = serializers.CharField()
    why = serializers.CharField()


class DomainShape(StrictSerializer):
    id = IdField()
    name = serializers.CharField()
    is_proved = serializers.BooleanField()
    catch_all = serializers.CharField(allow_null=True)
    records = RecordShape(many=True)


class DomainList(StrictSerializer):
    items = DomainShape(many=True)


class NewDomain(StrictSerializer):
    name = serializers.CharField(max_length=253)


class DomainChange(StrictSerializer):
    catch_all = serializers.CharField(max_length=320, allow_null=True)


ORGANISATION = {
    "id": "58769341962780003",
    "name": "The Posthouse",
    "created_at": "2026-11-01T09:00:00.000Z",
    "default_domain": "posthouse.test",
    "min_password": 8,
    "requires_mfa": False,
    "sign_up": "invitation",
    "sign_up_domains": [],
    "sign_up_role": "guest",
}
DOMAIN = {
    "id": "58769341962780004",
    "name": "posthouse.test",
    "is_proved": True,
    "catch_all": None,
    "records": [
        {"type": "MX", "name": "posthouse.test", "value": "10 mail.posthouse.test.",
         "why": "Mail for the domain comes here."}
    ],
}  # fmt: skip


class OrganisationView(APIView):
    @extend_schema(
        operation_id="organisation",
        tags=TAGS,
        responses=OrganisationShape,
        examples=[answered(ORGANISATION)],
    )
    def get(self, request: Request) -> Response:
        """One's organisation. How one gets in is shown to those who manage it."""
        return Response(organisations.as_json(actor_of(request)))

    @extend_schema(
        operation_id="organisation_update",
        tags=TAGS,
        request=OrganisationChange,
        responses=OrganisationShape,
        examples=[asked({"sign_up": "domain", "sign_up_domains": ["example.org"]}), answered(ORGANISATION)],
    )
    def patch(self, request: Request) -> Response:
        """Change name, default domain, sign-up and policies."""
        actor = actor_of(request)
        organisations.update_organisation(actor, parsed(OrganisationChange, request))
        return Response(organisations.as_json(actor))


class DomainsView(APIView):
    @extend_schema(
        operation_id="domains", tags=TAGS, responses=DomainList, examples=[answered({"items": [DOMAIN]})]
    )
    def get(self, request: Request) -> Response:
        """The organisation's domains, with what to publish in the DNS for each."""
        return Response({"items": organisations.domains(actor_of(request))})

    @extend_schema(
        operation_id="domain_create",
        tags=TAGS,
        request=NewDomain,
        responses={201: DomainShape},
        examples=[asked({"name": "example.org"}), answered(DOMAIN, status=201)],
    )
    def post(self, request: Request) -> Response:
        """Add a domain. Where `is_proved` is false, publish the first record and call `prove`. 409 `domain_exists`."""
        actor = actor_of(request)
        made = organisations.add_domain(actor, parsed(NewDomain, request)["name"])
        return Response(organisations.domain(actor, made), status=201)


class DomainView(APIView):
    @extend_schema(operation_id="domain", tags=TAGS, responses=DomainShape, examples=[answered(DOMAIN)])
    def get(self, request: Request, domain_id: int) -> Response:
        """One domain."""
        return Response(organisations.domain(actor_of(request), domain_id))

    @extend_schema(
        operation_id="domain_update",
        tags=TAGS,
        request=DomainChange,
        responses=DomainShape,
        examples=[asked({"catch_all": "alice@posthouse.test"}), answered(DOMAIN)],
    )
    def patch(self, request: Request, domain_id: int) -> Response:
        """Say who gets mail for addresses that are nobody's; null refuses it, as it is without."""
        actor = actor_of(request)
        organisations.set_catch_all(actor, domain_id, parsed(DomainChange, request)["catch_all"])
        return Response(organisations.domain(actor, domain_id))

    @extend_schema(operation_id="domain_delete", tags=TAGS, responses={204: None})
    def delete(self, request: Request, domain_id: int) -> Response:
        """Remove a domain in which nobody has an address. 409 `domain_in_use`."""
        organisations.remove_domain(actor_of(request), domain_id)
        return Response(status=204)


class ProofView(APIView):
    @extend_schema(
        operation_id="domain_prove",
        tags=TAGS,
        request=None,
        responses=DomainShape,
        examples=[answered(DOMAIN)],
    )
    def post(self, request: Request, domain_id: int) -> Response:
        """Look for the proof in the DNS; the domain has a new id from then on. 409 `not_proved`."""
        actor = actor_of(request)
        return Response(organisations.domain(actor, organisations.prove_domain(actor, domain_id)))


class KeysView(APIView):
    @extend_schema(
        operation_id="domain_keys_make",
        tags=TAGS,
        request=None,
        responses={201: DomainShape},
        examples=[answered(DOMAIN, status=201)],
    )
    def post(self, request: Request, domain_id: int) -> Response:
        """Make keys to sign the domain's mail with (DKIM), or new ones beside the last.

        They sign once the DNS publishes them. 403 `step_up_required`.
        """
        actor = actor_of(request)
        domain_keys.make(actor, domain_id)
        return Response(organisations.domain(actor, domain_id), status=201)
