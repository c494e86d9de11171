"""The security page: what one can get in with, adding to it, and taking it away. No token can use any of this."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from posthouse.base.api import answered, asked, parsed
from posthouse.base.errors import Missing
from posthouse.identity import access_tokens, app_passwords, mfa, passkeys, security
from posthouse.identity.api import security_bodies as bodies
from posthouse.identity.api.authentication import actor_of
from posthouse.identity.api.security_rows import security_json
from posthouse.identity.api.serializers import QuestionSerializer
from posthouse.identity.scopes import SCOPES, SELF

TAGS = ["security"]
CODES = answered({"recovery_codes": ["abcde-fgh23", "jkmnp-qrs45"]})


class Own(APIView):
    """For the person themselves only."""

    scopes = {"*": SELF}


class Setup(Own):
    """What setting up a second factor takes, and so open to who must do that before anything else."""

    is_open_without_factor = True


class SecurityView(Setup):
    @extend_schema(
        operation_id="security",
        tags=TAGS,
        responses=bodies.Security,
        examples=[
            answered(
                {
                    "mfa": {"is_on": False, "has_totp": False, "recovery_codes_left": 0},
                    "is_fresh": True,
                    "sessions": [
                        {
                            "id": "123456789012345678",
                            "kind": "browser",
                            "client": "Mozilla/5.0 …",
                            "ip": "192.0.2.7",
                            "created_at": "2026-11-27T09:54:55.000Z",
                            "last_used_at": "2026-11-27T09:54:55.000Z",
                            "has_second_factor": False,
                            "is_current": True,
                        }
                    ],
                    "passkeys": [],
                    "trusted_browsers": [],
                    "app_passwords": [],
                    "tokens": [],
                    "mail_clients": [],
                    "applications": [],
                    "push_devices": [],
                    "notices": [],
                }
            )
        ],
    )
    def get(self, request: Request) -> Response:
        """Everything by which one is in or can get in: sessions, factors, passwords, tokens, connected mail clients."""
        actor = actor_of(request)
        return Response(security_json(actor, security.overview(actor)))


class RevokeView(Own):
    @extend_schema(
        operation_id="security_revoke",
        tags=TAGS,
        parameters=[OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=sorted(security.REVOKE))],
        responses={204: None},
    )
    def delete(self, request: Request, kind: str, item_id: int) -> Response:
        """Take one away. What it holds open (mail clients, streams) ends within a second. Passkeys ask for step-up."""
        revoke = security.REVOKE.get(kind)
        if revoke is None:
            raise Missing()
        revoke(actor_of(request), item_id)
        return Response(status=204)


class RevokeAllView(Own):
    @extend_schema(
        operation_id="security_revoke_all",
        tags=TAGS,
        request=bodies.RevokeAllBody,
        responses={204: None},
        examples=[asked({"keep_current": True})],
    )
    def post(self, request: Request) -> Response:
        """End every session, token, app password, trusted browser and mail client. Password and factors stay."""
        given = parsed(bodies.RevokeAllBody, request)
        security.revoke_all(actor_of(request), keep_current=given["keep_current"])
        return Response(status=204)


class TotpView(Setup):
    @extend_schema(
        operation_id="security_totp",
        tags=TAGS,
        request=None,
        responses=bodies.Enrolment,
        examples=[
            answered(
                {
                    "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
                    "uri": "otpauth://totp/Posthouse%3Aalice%40posthouse.test?secret=JBSW…&issuer=Posthouse",
                }
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """Begin with an authenticator app: a secret, shown once. Asks for step-up, like all that changes factors."""
        made = mfa.begin_totp(actor_of(request))
        return Response({"secret": made.secret, "uri": made.uri})

    @extend_schema(operation_id="security_totp_remove", tags=TAGS, responses={204: None})
    def delete(self, request: Request) -> Response:
        """Remove the authenticator app."""
        mfa.remove_totp(actor_of(request))
        return Response(status=204)


class TotpConfirmView(Setup):
    @extend_schema(
        operation_id="security_totp_confirm",
        tags=TAGS,
        request=bodies.CodeBody,
        responses=bodies.RecoveryCodes,
        examples=[asked({"code": "492039"}), CODES],
    )
    def post(self, request: Request) -> Response:
        """The app's code: from now on it is asked for. Gives recovery codes, once."""
        codes = mfa.confirm_totp(actor_of(request), parsed(bodies.CodeBody, request)["code"])
        return Response({"recovery_codes": codes})


class RecoveryCodesView(Setup):
    @extend_schema(
        operation_id="security_recovery_codes",
        tags=TAGS,
        request=None,
        responses=bodies.RecoveryCodes,
        examples=[CODES],
    )
    def post(self, request: Request) -> Response:
        """Ten new recovery codes; the old ones count no more."""
        return Response({"recovery_codes": mfa.renew_codes(actor_of(request))})


class PasskeyOptionsView(Setup):
    @extend_schema(
        operation_id="security_passkey_options",
        tags=TAGS,
        request=None,
        responses=QuestionSerializer,
        examples=[
            answered(
                {"challenge": "aGVsbG8…", "options": {"rp": {"id": "mail.example.org", "name": "Posthouse"}}}
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """Begin with a new passkey: what `navigator.credentials.create` wants to hear."""
        question = passkeys.ask_to_register(actor_of(request))
        return Response({"challenge": question.challenge, "options": question.options})


class PasskeysView(Setup):
    @extend_schema(
        operation_id="security_passkey_add",
        tags=TAGS,
        request=bodies.PasskeyBody,
        responses={201: bodies.RecoveryCodes},
        examples=[
            asked(
                {
                    "challenge": "aGVsbG8…",
                    "name": "My phone",
                    "credential": {"id": "AbC…", "type": "public-key"},
                }
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """Keep a new passkey. Gives recovery codes, once, when there were none."""
        given = parsed(bodies.PasskeyBody, request)
        codes = passkeys.register(
            actor_of(request), given["challenge"], given["credential"], name=given["name"]
        )
        return Response({"recovery_codes": codes}, status=201)


class PasskeyView(Own):
    @extend_schema(
        operation_id="security_passkey_rename",
        tags=TAGS,
        request=bodies.NameBody,
        responses={204: None},
        examples=[asked({"name": "My phone"})],
    )
    def patch(self, request: Request, passkey_id: int) -> Response:
        """Give a passkey another name."""
        passkeys.rename(actor_of(request), passkey_id, **parsed(bodies.NameBody, request))
        return Response(status=204)


class AppPasswordsView(Own):
    @extend_schema(
        operation_id="security_app_password_add",
        tags=TAGS,
        request=bodies.AppPasswordBody,
        responses={201: bodies.MadeAppPassword},
        examples=[
            asked({"name": "Thunderbird", "scopes": ["imap", "smtp"]}),
            answered({"id": "123456789012345678", "password": "abcd-efgh-ijkl-mnop"}, status=201),
        ],
    )
    def post(self, request: Request) -> Response:
        """A password for one mail program, shown once."""
        given = parsed(bodies.AppPasswordBody, request)
        made = app_passwords.make(
            actor_of(request), name=given["name"], scopes=given["scopes"], days=given.get("expires_in_days")
        )
        return Response({"id": str(made.id), "password": made.password}, status=201)


class TokensView(Own):
    @extend_schema(
        operation_id="security_token_add",
        tags=TAGS,
        request=bodies.TokenBody,
        responses={201: bodies.MadeToken},
        examples=[
            asked({"name": "Backup", "scopes": ["mail:read"], "expires_in_days": 90}),
            answered({"id": "123456789012345678", "token": "php_…"}, status=201),
        ],
    )
    def post(self, request: Request) -> Response:
        """A personal access token, shown once; it can do what its scopes say and ends by itself."""
        given = parsed(bodies.TokenBody, request)
        made = access_tokens.make(
            actor_of(request), name=given["name"], scopes=given["scopes"], days=given["expires_in_days"]
        )
        return Response({"id": str(made.id), "token": made.token}, status=201)


class ScopesView(Own):
    @extend_schema(
        operation_id="security_scopes",
        tags=TAGS,
        responses=bodies.Scopes,
        examples=[answered({"items": [{"scope": "mail:read", "description": SCOPES["mail:read"]}]})],
    )
    def get(self, request: Request) -> Response:
        """The scopes there are."""
        return Response({"items": [{"scope": name, "description": text} for name, text in SCOPES.items()]})
