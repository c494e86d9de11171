"""Bodies of the security page."""

from __future__ import annotations

from rest_framework import serializers

from posthouse.base.api import IdField, StrictSerializer
from posthouse.identity.access_tokens import MAX_DAYS as TOKEN_DAYS
from posthouse.identity.app_passwords import MAX_DAYS as APP_PASSWORD_DAYS
from posthouse.identity.app_passwords import PROTOCOLS
from posthouse.identity.scopes import SCOPES


class _Shape(serializers.Serializer[object]):
    """What goes out; nothing is read by it."""


def _name() -> serializers.CharField:
    return serializers.CharField(max_length=100)


class CodeBody(StrictSerializer):
    code = serializers.CharField(max_length=20, write_only=True)


class PasskeyBody(StrictSerializer):
    challenge = serializers.CharField(max_length=2_000)
    credential = serializers.DictField()
    name = _name()


class NameBody(StrictSerializer):
    name = _name()


class AppPasswordBody(StrictSerializer):
    name = _name()
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=PROTOCOLS),
        allow_empty=False,
        min_length=1,
        max_length=len(PROTOCOLS),
    )
    expires_in_days = serializers.IntegerField(
        min_value=1, max_value=APP_PASSWORD_DAYS, required=False, allow_null=True
    )


class TokenBody(StrictSerializer):
    name = _name()
    scopes = serializers.ListField(
        child=serializers.CharField(max_length=50), allow_empty=False, min_length=1, max_length=len(SCOPES)
    )
    expires_in_days = serializers.IntegerField(min_value=1, max_value=TOKEN_DAYS)


class RevokeAllBody(StrictSerializer):
    keep_current = serializers.BooleanField(default=True)


class Enrolment(_Shape):
    secret = serializers.CharField()
    uri = serializers.CharField(help_text="For a QR code: `otpauth://totp/…`.")


class RecoveryCodes(_Shape):
    recovery_codes = serializers.ListField(
        child=serializers.CharField(), help_text="Shown once; empty when earlier ones still count."
    )


class MadeAppPassword(_Shape):
    id = IdField()
    password = serializers.CharField(help_text="Shown once.")


class MadeToken(_Shape):
    id = IdField()
    token = serializers.CharField(help_text="Shown once.")


class ScopeRow(_Shape):
    scope = serializers.CharField()
    description = serializers.CharField()


class Scopes(_Shape):
    items = ScopeRow(many=True)


class Mfa(_Shape):
    is_on = serializers.BooleanField()
    has_totp = serializers.BooleanField()
    recovery_codes_left = serializers.IntegerField()


class SessionRow(_Shape):
    id = IdField()
    kind = serializers.CharField()
    client = serializers.CharField()
    ip = serializers.CharField()
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField()
    has_second_factor = serializers.BooleanField()
    is_current = serializers.BooleanField()


class PasskeyRow(_Shape):
    id = IdField()
    name = serializers.CharField()
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)


class TrustedBrowserRow(_Shape):
    id = IdField()
    client = serializers.CharField()
    ip = serializers.CharField()
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class AppPasswordRow(_Shape):
    id = IdField()
    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True)
    last_ip = serializers.CharField()
    last_protocol = serializers.CharField()


class TokenRow(_Shape):
    id = IdField()
    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)
    last_ip = serializers.CharField()
    last_client = serializers.CharField()


class MailClientRow(_Shape):
    id = IdField()
    protocol = serializers.CharField()
    kind = serializers.CharField(help_text="What it came in with: password, app_password, token or session.")
    credential_id = IdField(allow_null=True)
    client = serializers.CharField()
    ip = serializers.CharField()
    connected_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField()


class ApplicationRow(_Shape):
    id = IdField()
    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)


class PushDeviceRow(_Shape):
    id = IdField()
    client = serializers.CharField()
    service = serializers.CharField(help_text="The host of the push service.")
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)
    is_current = serializers.BooleanField(help_text="Subscribed by this very session.")


class NoticeRow(_Shape):
    id = IdField()
    kind = serializers.CharField()
    via = serializers.CharField()
    client = serializers.CharField()
    ip = serializers.CharField()
    created_at = serializers.DateTimeField()


class Security(_Shape):
    mfa = Mfa()
    is_fresh = serializers.BooleanField(help_text="Whether no step-up is needed now.")
    sessions = SessionRow(many=True)
    passkeys = PasskeyRow(many=True)
    trusted_browsers = TrustedBrowserRow(many=True)
    app_passwords = AppPasswordRow(many=True)
    tokens = TokenRow(many=True)
    mail_clients = MailClientRow(many=True)
    applications = ApplicationRow(many=True, help_text="Programs of others that were let in (OAuth).")
    push_devices = PushDeviceRow(many=True, help_text="Each ends with the session that subscribed it.")
    notices = NoticeRow(many=True)
