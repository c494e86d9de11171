"""Bodies of the log-in endpoints."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from posthouse.base.api import IdField, StrictSerializer
from posthouse.identity.mfa import Proof


class CredentialsSerializer(StrictSerializer):
    email = serializers.CharField(max_length=320)
    password = serializers.CharField(max_length=1_000, trim_whitespace=False, write_only=True)


class RefreshSerializer(StrictSerializer):
    refresh = serializers.CharField(max_length=200)


class PairSerializer(StrictSerializer):
    access = serializers.CharField()
    refresh = serializers.CharField()


class TicketSerializer(StrictSerializer):
    ticket = serializers.CharField()
    expires_in_seconds = serializers.IntegerField()


class _ProofSerializer(StrictSerializer):
    """Exactly one of `totp`, `recovery_code` and `passkey` (what `navigator.credentials.get` gave, as JSON)."""

    challenge = serializers.CharField(max_length=2_000)
    totp = serializers.CharField(max_length=20, required=False, write_only=True)
    recovery_code = serializers.CharField(max_length=40, required=False, write_only=True)
    passkey = serializers.DictField(required=False, write_only=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if sum(name in attrs for name in ("totp", "recovery_code", "passkey")) != 1:
            raise serializers.ValidationError("Give exactly one proof.", code="one_proof")
        return attrs


class MfaSerializer(_ProofSerializer):
    trust_browser = serializers.BooleanField(default=False)


class StepUpSerializer(_ProofSerializer):
    """The password, for those without a second factor; else the challenge and a proof."""

    challenge = serializers.CharField(max_length=2_000, required=False)
    password = serializers.CharField(max_length=1_000, trim_whitespace=False, required=False, write_only=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "password" in attrs:
            if len(attrs) != 1:
                raise serializers.ValidationError("Give exactly one proof.", code="one_proof")
            return attrs
        if "challenge" not in attrs:
            raise serializers.ValidationError({"challenge": "This field is required."}, code="required")
        return super().validate(attrs)


def proof_of(given: dict[str, Any]) -> Proof:
    return Proof(
        totp=given.get("totp", ""),
        recovery_code=given.get("recovery_code", ""),
        passkey=given.get("passkey"),
    )


class StepUpQuestionSerializer(StrictSerializer):
    challenge = serializers.CharField()
    methods = serializers.ListField(child=serializers.CharField())
    passkey = serializers.DictField(allow_null=True)
    expires_in_seconds = serializers.IntegerField()


class QuestionSerializer(StrictSerializer):
    challenge = serializers.CharField()
    options = serializers.DictField(help_text="For `navigator.credentials`, as JSON (base64url).")


class PasswordChangeSerializer(StrictSerializer):
    current_password = serializers.CharField(max_length=1_000, trim_whitespace=False, write_only=True)
    new_password = serializers.CharField(max_length=1_000, trim_whitespace=False, write_only=True)
    keep_other_sessions = serializers.BooleanField(default=False)


class CsrfSerializer(StrictSerializer):
    csrf_token = serializers.CharField()


class CookieUserSerializer(StrictSerializer):
    id = IdField()
    email = serializers.CharField()


class CookieSessionSerializer(StrictSerializer):
    csrf_token = serializers.CharField()
    user = CookieUserSerializer()
