"""Passkeys: WebAuthn credentials, as a second factor and as the only one (W3C Web Authentication level 3).

The library (fido2) reads and verifies; here is what we ask for and keep. It is loaded when somebody first uses a
passkey, since it brings megabytes that mail needs not. Every ceremony asks for user verification, so that a passkey
stands for both "has" and "knows"; one that registered here without could never be the only factor.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import clock, db, sql
from posthouse.base.errors import Conflict, Denied, Invalid, Missing
from posthouse.identity import challenges, step_up
from posthouse.identity.actor import Actor
from posthouse.identity.models import Passkey, User

if TYPE_CHECKING:
    from fido2.server import Fido2Server
    from fido2.webauthn import AttestedCredentialData, AuthenticatorData, PublicKeyCredentialDescriptor

REGISTER = "passkey registration"
LOG_IN = "passkey log-in"
MAX_PASSKEYS = 25
MAX_CREDENTIAL_ID_BYTES = 1023


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """A passkey whose signature was right; its counter is settled by `burn`."""

    passkey_id: int
    user_id: int
    old_count: int
    new_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A challenge and what a browser's `navigator.credentials` wants to hear."""

    challenge: str
    options: dict[str, Any]


def _server() -> Fido2Server:
    from fido2.server import Fido2Server
    from fido2.webauthn import PublicKeyCredentialRpEntity

    rp = PublicKeyCredentialRpEntity(id=settings.PASSKEY_RP_ID, name="Posthouse")
    return Fido2Server(rp, verify_origin=lambda origin: origin in settings.PASSKEY_ORIGINS)


# --- registering --------------------------------------------------------------------------------


def ask_to_register(actor: Actor) -> Question:
    from fido2.webauthn import (
        PublicKeyCredentialUserEntity,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    step_up.require(actor)
    text, nonce = challenges.issue(REGISTER, user_id=actor.user_id)
    name = User.objects.values_list("name", flat=True).get(id=actor.user_id)
    options, _ = _server().register_begin(
        PublicKeyCredentialUserEntity(
            id=_handle(actor.user_id), name=actor.email, display_name=name or actor.email
        ),
        _descriptors(actor.user_id),
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
        challenge=nonce,
    )
    return Question(challenge=text, options=dict(options)["publicKey"])


def register(actor: Actor, challenge: str, credential: Mapping[str, Any], *, name: str) -> list[str]:
    """Keep a new passkey; gives recovery codes when there were none, else an empty list."""
    step_up.require(actor)
    with step_up.in_session():
        asked = challenges.read(challenge, REGISTER)
    if asked.user_id != actor.user_id:
        raise Denied("wrong_proof", "This was asked of somebody else.")
    try:
        made = _server().register_complete(_state(asked.nonce), credential)
    except Exception as error:
        raise _not_taken() from error
    if made.credential_data is None or len(made.credential_data.credential_id) > MAX_CREDENTIAL_ID_BYTES:
        raise _not_taken()
    with step_up.in_session():
        return _keep(actor, asked, made, name=name, transports=_transports(credential))


def _not_taken() -> Invalid:
    return Invalid("invalid_passkey", "The browser's answer does not make a passkey.", pointer="/credential")


@db.action
def _keep(
    actor: Actor, asked: challenges.Challenge, made: AuthenticatorData, *, name: str, transports: str
) -> list[str]:
    from posthouse.identity import mfa

    challenges.spend(asked)
    data = made.credential_data
    assert data is not None
    credential_id = _text(data.credential_id)
    if Passkey.objects.filter(user_id=actor.user_id).count() >= MAX_PASSKEYS:
        raise Conflict("too_many", f"Nobody has more than {MAX_PASSKEYS} passkeys.")
    if Passkey.objects.filter(credential_id=credential_id).exists():
        raise Conflict("passkey_exists", "This passkey is here already.")
    row = Passkey.objects.create(
        user_id=actor.user_id,
        credential_id=credential_id,
        public_key=bytes(data),
        sign_count=made.counter,
        name=name,
        transports=transports,
    )
    record(actor, Act.PASSKEY_ADDED, kind="passkey", object_id=row.id)
    return mfa.factor_added(actor)


@db.action
def rename(actor: Actor, passkey_id: int, *, name: str) -> None:
    if not Passkey.objects.filter(id=passkey_id, user_id=actor.user_id).update(name=name):
        raise Missing()
    record(actor, Act.PASSKEY_RENAMED, kind="passkey", object_id=passkey_id)


@db.action
def remove(actor: Actor, passkey_id: int) -> None:
    from posthouse.identity import mfa

    step_up.require(actor)
    if not Passkey.objects.filter(id=passkey_id, user_id=actor.user_id).delete()[0]:
        raise Missing()
    record(actor, Act.PASSKEY_REMOVED, kind="passkey", object_id=passkey_id)
    mfa.factor_removed(actor)


# --- proving ------------------------------------------------------------------------------------


def assertion_options(nonce: bytes, *, user_id: int | None = None) -> dict[str, Any]:
    """For `navigator.credentials.get`; with no person named, any passkey the browser knows for us will do."""
    from fido2.webauthn import UserVerificationRequirement

    options, _ = _server().authenticate_begin(
        None if user_id is None else _descriptors(user_id),
        user_verification=UserVerificationRequirement.REQUIRED,
        challenge=nonce,
    )
    found: dict[str, Any] = dict(options)["publicKey"]
    return found


def ask_anybody() -> Question:
    """To log in by passkey alone; says nothing of whether anybody has one."""
    text, nonce = challenges.issue(LOG_IN)
    return Question(challenge=text, options=assertion_options(nonce))


def verify(credential: Mapping[str, Any], *, nonce: bytes, user_id: int | None) -> Used:
    """Whose passkey signed the nonce; raises Denied (invalid_code). With a person given, only theirs will do."""
    kept = Passkey.objects.filter(credential_id=str(credential.get("id", ""))[:1400]).first()
    if kept is None or (user_id is not None and kept.user_id != user_id):
        raise _wrong()
    try:
        from fido2.webauthn import AttestedCredentialData, AuthenticationResponse

        data = AttestedCredentialData(bytes(kept.public_key))
        _server().authenticate_complete(_state(nonce), [data], credential)
        response = AuthenticationResponse.from_dict(credential).response
    except Exception as error:
        raise _wrong() from error
    if response.user_handle is not None and bytes(response.user_handle) != _handle(kept.user_id):
        raise _wrong()
    count = response.authenticator_data.counter
    if (count or kept.sign_count) and count <= kept.sign_count:
        raise _wrong()  # a copy of the authenticator has been used (§6.1.1)
    return Used(passkey_id=kept.id, user_id=kept.user_id, old_count=kept.sign_count, new_count=count)


def burn(used: Used) -> None:
    changed = sql.run(
        "UPDATE identity_passkey SET sign_count = %s, last_used_at = %s WHERE id = %s AND sign_count = %s",
        [used.new_count, clock.now_ms(), used.passkey_id, used.old_count],
    )
    if not changed:
        raise _wrong()


def _wrong() -> Denied:
    return Denied("invalid_code", "That was not right, or was used already.")


def _state(nonce: bytes) -> dict[str, str]:
    return {"challenge": _text(nonce), "user_verification": "required"}


def _descriptors(user_id: int) -> list[AttestedCredentialData | PublicKeyCredentialDescriptor]:
    from fido2.webauthn import AuthenticatorTransport, PublicKeyCredentialDescriptor, PublicKeyCredentialType

    known = {transport.value for transport in AuthenticatorTransport}
    return [
        PublicKeyCredentialDescriptor(
            type=PublicKeyCredentialType.PUBLIC_KEY,
            id=_raw(credential_id),
            transports=[AuthenticatorTransport(word) for word in transports.split() if word in known] or None,
        )
        for credential_id, transports in Passkey.objects.filter(user_id=user_id)
        .order_by("id")
        .values_list("credential_id", "transports")
    ]


def _transports(credential: Mapping[str, Any]) -> str:
    response = credential.get("response")
    given = response.get("transports") if isinstance(response, Mapping) else None
    words = (
        [word for word in given if isinstance(word, str) and word.isascii()]
        if isinstance(given, list)
        else []
    )
    return " ".join(words)[:100]


def _handle(user_id: int) -> bytes:
    """What an authenticator knows a person by: nothing about them."""
    return user_id.to_bytes(8, "big")


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
