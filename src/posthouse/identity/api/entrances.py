"""Signing up, being invited, coming in again, and the address by which one does."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import IdField, StrictSerializer, answered, asked, parsed
from posthouse.identity import codes, entrances, recovery
from posthouse.identity.api.authentication import actor_of
from posthouse.identity.api.doors import Open, ip_of, stranger
from posthouse.identity.api.groups import PAGING, page_of, paged
from posthouse.identity.api.people_bodies import LineField
from posthouse.identity.people import Settle
from posthouse.identity.scopes import SELF

TAGS = ["entrances"]


def _password() -> serializers.CharField:
    return serializers.CharField(max_length=1_000, trim_whitespace=False, write_only=True)


class SignUp(StrictSerializer):
    email = serializers.CharField(max_length=320, help_text="The address one would like to have here.")
    name = LineField(max_length=200, allow_blank=True, default="")
    password = _password()
    recovery_address = serializers.CharField(max_length=320, help_text="Outside this server; gets the code.")


class SignUpProof(StrictSerializer):
    flow = serializers.CharField(max_length=64)
    code = serializers.CharField(max_length=20)
    email = serializers.CharField(max_length=320, required=False, help_text="Another, if the first is taken.")


class Flow(StrictSerializer):
    flow = serializers.CharField()
    expires_in_seconds = serializers.IntegerField()


class FlowOnly(StrictSerializer):
    flow = serializers.CharField(max_length=64)


class NewPerson(StrictSerializer):
    id = IdField()
    email = serializers.CharField()


class Offer(StrictSerializer):
    domain = serializers.CharField()
    by = serializers.ChoiceField(choices=["anybody", "domain"])


class Offers(StrictSerializer):
    items = Offer(many=True)


class NewInvitation(StrictSerializer):
    email = serializers.CharField(max_length=320)
    role = serializers.CharField(max_length=20, default="member")


class InvitationShape(StrictSerializer):
    id = IdField()
    email = serializers.CharField()
    role = serializers.CharField()
    invited_by = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class InvitationPage(StrictSerializer):
    items = InvitationShape(many=True)
    next = serializers.CharField(allow_null=True)


class TokenOnly(StrictSerializer):
    token = serializers.CharField(max_length=100)


class InvitationTo(StrictSerializer):
    organisation = serializers.CharField()
    email = serializers.CharField()
    domains = serializers.ListField(child=serializers.CharField())
    min_password = serializers.IntegerField()
    expires_at = serializers.DateTimeField()


class Acceptance(TokenOnly):
    email = serializers.CharField(max_length=320)
    name = LineField(max_length=200, allow_blank=True, default="")
    password = _password()


class RecoveryAsk(StrictSerializer):
    email = serializers.CharField(max_length=320)


class RecoveryProof(StrictSerializer):
    flow = serializers.CharField(max_length=64)
    code = serializers.CharField(max_length=20)
    password = _password()


class AddressAsk(StrictSerializer):
    email = serializers.CharField(max_length=320)


class AddressProof(StrictSerializer):
    flow = serializers.CharField(max_length=64)
    code = serializers.CharField(max_length=20)


class RecoveryAddressShape(StrictSerializer):
    email = serializers.CharField(allow_null=True)


FLOW = {"flow": "kT3v9S1cQmJ0f2yXw8uZbA4nR6eHd5gL", "expires_in_seconds": codes.SECONDS}
PROOF = {"flow": FLOW["flow"], "code": "1234-5678"}
INVITATION = {
    "id": "58769341962780009",
    "email": "carol@example.org",
    "role": "member",
    "invited_by": "Alice Moreau",
    "created_at": "2026-11-21T07:20:00.000Z",
    "expires_at": "2026-12-05T07:20:00.000Z",
}
INVITED = {
    "organisation": "The Posthouse",
    "email": "carol@example.org",
    "domains": ["posthouse.test"],
    "min_password": 8,
    "expires_at": "2026-12-05T07:20:00.000Z",
}
PERSON = {"id": "58769341962780002", "email": "carol@posthouse.test"}
CHOICE = {"email": "carol@posthouse.test", "name": "Carol", "password": "correct horse battery staple"}


def _flow(flow: str) -> Response:
    return Response({"flow": flow, "expires_in_seconds": codes.SECONDS}, status=202)


class SignUpView(Open):
    @extend_schema(
        operation_id="signup_offers",
        tags=TAGS,
        responses=Offers,
        examples=[answered({"items": [{"domain": "posthouse.test", "by": "anybody"}]})],
    )
    def get(self, request: Request) -> Response:
        """The domains in which one may make an account uninvited."""
        return Response({"items": entrances.offers()})

    @extend_schema(
        operation_id="signup",
        tags=TAGS,
        request=SignUp,
        responses={202: Flow},
        examples=[asked({**CHOICE, "recovery_address": "carol@example.org"}), answered(FLOW, status=202)],
    )
    def post(self, request: Request) -> Response:
        """Ask for an account; a code goes to the address outside. 403 `sign_up_closed`."""
        return _flow(entrances.sign_up(**parsed(SignUp, request), ip=ip_of(request)))


class SignUpProofView(Open):
    """`settle` is what other rooms give a new person (mail.api.people)."""

    settle: Settle

    @extend_schema(
        operation_id="signup_verify",
        tags=TAGS,
        request=SignUpProof,
        responses={201: NewPerson},
        examples=[asked(PROOF), answered(PERSON, status=201)],
    )
    def post(self, request: Request) -> Response:
        """Make the account with the code. 400 `wrong_code`, 409 `address_exists` (try again with another `email`)."""
        given = parsed(SignUpProof, request)
        made = entrances.finish_sign_up(**given, by=stranger(request), settle=self.settle)
        return Response({"id": str(made.id), "email": made.email}, status=201)


class ResendView(Open):
    @extend_schema(
        operation_id="code_resend", tags=TAGS, request=FlowOnly, responses={202: Flow},
        examples=[asked({"flow": FLOW["flow"]}), answered(FLOW, status=202)],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """One more letter with a fresh code: a minute after the last, and twice at most. The answer is always this."""
        flow = parsed(FlowOnly, request)["flow"]
        codes.send_again(flow, ip=ip_of(request))
        return _flow(flow)


class InvitationsView(APIView):
    scopes = {"GET": "admin:read"}

    @extend_schema(
        operation_id="invitations",
        tags=TAGS,
        parameters=PAGING,
        responses=InvitationPage,
        examples=[answered({"items": [INVITATION], "next": None})],
    )
    def get(self, request: Request) -> Response:
        """The invitations that wait, oldest first."""
        actor = actor_of(request)
        scope = f"invitations {actor.organisation_id}"
        after, limit = page_of(request, scope)
        return paged(*entrances.invitations(actor, after=after, limit=limit), scope)

    @extend_schema(
        operation_id="invitation_create",
        tags=TAGS,
        request=NewInvitation,
        responses={201: InvitationShape},
        examples=[asked({"email": "carol@example.org"}), answered(INVITATION, status=201)],
    )
    def post(self, request: Request) -> Response:
        """Invite an address outside this server. The link is in the letter only, so accepting proves the address."""
        made = entrances.invite(actor_of(request), **parsed(NewInvitation, request))
        return Response(entrances.as_json(made), status=201)


class InvitationView(APIView):
    @extend_schema(operation_id="invitation_delete", tags=TAGS, responses={204: None})
    def delete(self, request: Request, invitation_id: int) -> Response:
        """Take an invitation back."""
        entrances.revoke_invitation(actor_of(request), invitation_id)
        return Response(status=204)


class InvitedView(Open):
    @extend_schema(
        operation_id="invitation_look",
        tags=TAGS,
        request=TokenOnly,
        responses=InvitationTo,
        examples=[asked({"token": "kT3v9S1c…"}), answered(INVITED)],
    )
    def post(self, request: Request) -> Response:
        """What an invitation is to. The token is in the body, so that it stands in no log."""
        return Response(entrances.invitation(parsed(TokenOnly, request)["token"]))


class AcceptView(Open):
    """`settle` is what other rooms give a new person (mail.api.people)."""

    settle: Settle

    @extend_schema(
        operation_id="invitation_accept",
        tags=TAGS,
        request=Acceptance,
        responses={201: NewPerson},
        examples=[asked({"token": "kT3v9S1c…", **CHOICE}), answered(PERSON, status=201)],
    )
    def post(self, request: Request) -> Response:
        """Come in by an invitation. 404 for one that is used, too old or taken back; 409 `address_exists`."""
        given = parsed(Acceptance, request)
        made = entrances.accept(**given, by=stranger(request), settle=self.settle)
        return Response({"id": str(made.id), "email": made.email}, status=201)


class RecoveryView(Open):
    @extend_schema(
        operation_id="recovery",
        tags=TAGS,
        request=RecoveryAsk,
        responses={202: Flow},
        examples=[asked({"email": "alice@posthouse.test"}), answered(FLOW, status=202)],
    )
    def post(self, request: Request) -> Response:
        """Ask for a code to one's recovery address. The answer is the same whether there is such a person or not."""
        return _flow(recovery.ask(parsed(RecoveryAsk, request)["email"], ip=ip_of(request)))


class RecoveryProofView(Open):
    @extend_schema(
        operation_id="recovery_confirm",
        tags=TAGS,
        request=RecoveryProof,
        responses={204: None},
        examples=[asked({**PROOF, "password": "a new correct horse"})],
    )
    def post(self, request: Request) -> Response:
        """Choose a new password with the code; every session ends, a second factor stays. 400 `wrong_code`."""
        given = parsed(RecoveryProof, request)
        recovery.confirm(**given, by=stranger(request))
        return Response(status=204)


class RecoveryAddressView(APIView):
    scopes = {"*": SELF}

    @extend_schema(
        operation_id="recovery_address",
        tags=TAGS,
        responses=RecoveryAddressShape,
        examples=[answered({"email": "alice@example.org"})],
    )
    def get(self, request: Request) -> Response:
        """By which address one recovers; null for none."""
        return Response({"email": recovery.address_of(actor_of(request))})

    @extend_schema(
        operation_id="recovery_address_propose",
        tags=TAGS,
        request=AddressAsk,
        responses={202: Flow},
        examples=[asked({"email": "alice@example.org"}), answered(FLOW, status=202)],
    )
    def post(self, request: Request) -> Response:
        """Propose an address outside; a code goes there, the old one stays until it is proved. Asks for step-up."""
        email = parsed(AddressAsk, request)["email"]
        return _flow(recovery.propose(actor_of(request), email, ip=ip_of(request)))

    @extend_schema(operation_id="recovery_address_delete", tags=TAGS, responses={204: None})
    def delete(self, request: Request) -> Response:
        """Go without a recovery address; the one that was is told. Asks for step-up."""
        recovery.forget_address(actor_of(request))
        return Response(status=204)


class RecoveryAddressProofView(APIView):
    scopes = {"*": SELF}

    @extend_schema(
        operation_id="recovery_address_confirm",
        tags=TAGS,
        request=AddressProof,
        responses=RecoveryAddressShape,
        examples=[asked(PROOF), answered({"email": "alice@example.org"})],
    )
    def post(self, request: Request) -> Response:
        """Prove the proposed address with the code."""
        given = parsed(AddressProof, request)
        return Response({"email": recovery.prove(actor_of(request), given["flow"], given["code"])})
