"""The second factor: whether a person has one, what counts as one, and codes from an app or from paper.

A proof is checked outside the write lane, which gives a `Use`; `burn` settles it inside the action that it allows, by
compare-and-set, so of two that come with the same code one is refused (ASVS 6.5.1).
TOTP is RFC 6238 with SHA-1, six digits and 30 seconds, what every app can do; one step of drift either way.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import clock, db, sealing, sql
from posthouse.base.errors import Conflict, Denied, Invalid
from posthouse.base.ids import new_id
from posthouse.identity import live_sessions, mfa_policy, passkeys, step_up
from posthouse.identity.actor import Actor
from posthouse.identity.models import Passkey, RecoveryCode, Totp

STEP_SECONDS, DIGITS, DRIFT_STEPS = 30, 6, 1
SECRET_BYTES = 20
CODES = 10
ISSUER = "Posthouse"
_PURPOSE = "totp"
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    has_totp: bool
    passkeys: int
    recovery_codes: int

    @property
    def is_on(self) -> bool:
        return self.has_totp or self.passkeys > 0

    @property
    def methods(self) -> list[str]:
        """What may be given as a second factor, the best first."""
        found = ["passkey"] if self.passkeys else []
        found += ["totp"] if self.has_totp else []
        return [*found, "recovery_code"] if self.is_on and self.recovery_codes else found


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What somebody gives to show that it is them; exactly one is set."""

    totp: str = field(default="", repr=False)
    recovery_code: str = field(default="", repr=False)
    passkey: Mapping[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A proof that was found right and is not burned yet."""

    user_id: int
    totp_step: int | None = None
    code_hash: str | None = None
    passkey: passkeys.Used | None = None


def state_of(user_id: int) -> State:
    """In one query, since every log-in asks."""
    found = sql.row(
        "SELECT (SELECT count(*) FROM identity_totp WHERE user_id = %s AND confirmed_at IS NOT NULL),"
        " (SELECT count(*) FROM identity_passkey WHERE user_id = %s),"
        " (SELECT count(*) FROM identity_recoverycode WHERE user_id = %s AND used_at IS NULL)",
        [user_id] * 3,
    )
    assert found is not None
    return State(has_totp=found[0] > 0, passkeys=found[1], recovery_codes=found[2])


# --- proving ------------------------------------------------------------------------------------


def check(user_id: int, proof: Proof, *, nonce: bytes) -> Use:
    """Raises Denied (invalid_code) for a wrong one; nothing is burned yet. `nonce` is what a passkey must sign."""
    if proof.passkey is not None:
        used = passkeys.verify(proof.passkey, nonce=nonce, user_id=user_id)
        return Use(user_id=user_id, passkey=used)
    if proof.totp:
        return Use(user_id=user_id, totp_step=_matching_step(user_id, proof.totp))
    code_hash = _code_hash(user_id, proof.recovery_code)
    if not RecoveryCode.objects.filter(user_id=user_id, code_hash=code_hash, used_at=None).exists():
        raise wrong_code()
    return Use(user_id=user_id, code_hash=code_hash)


def burn(use: Use) -> None:
    """Inside an action: make sure that this proof is never taken again; raises Denied when it was already."""
    now_ms = clock.now_ms()
    if use.passkey is not None:
        passkeys.burn(use.passkey)
    elif use.totp_step is not None:
        changed = sql.run(
            "UPDATE identity_totp SET last_step = %s WHERE user_id = %s AND last_step < %s",
            [use.totp_step, use.user_id, use.totp_step],
        )
        if not changed:
            raise wrong_code()
    else:
        changed = sql.run(
            "UPDATE identity_recoverycode SET used_at = %s WHERE user_id = %s AND code_hash = %s AND used_at IS NULL",
            [now_ms, use.user_id, use.code_hash],
        )
        if not changed:
            raise wrong_code()


def wrong_code() -> Denied:
    return Denied("invalid_code", "That was not right, or was used already.")


def _matching_step(user_id: int, code: str) -> int:
    totp = Totp.objects.filter(user_id=user_id).exclude(confirmed_at=None).first()
    step = None if totp is None else _step_of(totp, code)
    if totp is None or step is None or step <= totp.last_step:
        raise wrong_code()
    return step


def _step_of(totp: Totp, code: str) -> int | None:
    """The time step a code belongs to; all candidates are compared, whichever fits."""
    secret = sealing.unseal(totp.secret_sealed, purpose=_PURPOSE)
    given = "".join(code.split()).encode("utf-8", "replace")
    now = clock.now_ms() // 1000 // STEP_SECONDS
    found = None
    for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1):
        if hmac.compare_digest(given, code_at(secret, step).encode()):
            found = step
    return found


def code_at(secret: bytes, step: int) -> str:
    """RFC 4226 §5.3 of one time step."""
    mark = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    start = mark[-1] & 0x0F
    number = int.from_bytes(mark[start : start + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


# --- an authenticator app -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    secret: str
    uri: str


def begin_totp(actor: Actor) -> Enrolment:
    """A new secret, shown once; it counts when a code of it comes back. Raises Conflict when one counts already."""
    step_up.require(actor)
    raw = secrets.token_bytes(SECRET_BYTES)
    _keep_totp(actor.user_id, sealing.seal(raw, purpose=_PURPOSE))
    text = b32encode(raw).decode()
    asked = urlencode({"secret": text, "issuer": ISSUER, "digits": DIGITS, "period": STEP_SECONDS})
    return Enrolment(secret=text, uri=f"otpauth://totp/{quote(f'{ISSUER}:{actor.email}')}?{asked}")


@db.action
def _keep_totp(user_id: int, sealed: str) -> None:
    if Totp.objects.filter(user_id=user_id).exclude(confirmed_at=None).exists():
        raise Conflict("totp_exists", "There is an authenticator app already; remove it first.")
    Totp.objects.update_or_create(
        user_id=user_id, defaults={"secret_sealed": sealed, "last_step": 0, "created_at": clock.now()}
    )


def confirm_totp(actor: Actor, code: str) -> list[str]:
    """The app works: it counts from now on. Gives recovery codes when there were none, else an empty list."""
    step_up.require(actor)
    totp = Totp.objects.filter(user_id=actor.user_id, confirmed_at=None).first()
    step = None if totp is None else _step_of(totp, code)
    if step is None:
        raise Invalid("wrong_code", "That is not the code the app shows now.", pointer="/code")
    return _confirm(actor, step)


@db.action
def _confirm(actor: Actor, step: int) -> list[str]:
    waiting = Totp.objects.filter(user_id=actor.user_id, confirmed_at=None)
    if not waiting.update(confirmed_at=clock.now(), last_step=step):
        raise Conflict("totp_exists", "There is an authenticator app already.")
    record(actor, Act.TOTP_ADDED, kind="user", object_id=actor.user_id)
    return factor_added(actor)


@db.action
def remove_totp(actor: Actor) -> None:
    """Also one that was begun and never confirmed; without any it does nothing."""
    step_up.require(actor)
    if Totp.objects.filter(user_id=actor.user_id).delete()[0]:
        record(actor, Act.TOTP_REMOVED, kind="user", object_id=actor.user_id)
    factor_removed(actor)


@db.action
def remove_all(actor: Actor) -> None:
    """For the operator, when somebody has lost app, passkeys and codes: the password alone will do again."""
    remove_totp(actor)
    for passkey_id in list(Passkey.objects.filter(user_id=actor.user_id).values_list("id", flat=True)):
        passkeys.remove(actor, passkey_id)


# --- recovery codes -----------------------------------------------------------------------------


def factor_added(actor: Actor) -> list[str]:
    """Inside an action that gave a person a factor: mail clients with the plain password end."""
    live_sessions.topic_ended(live_sessions.password_topic(actor.user_id))
    live_sessions.person_changed(actor.user_id)
    if RecoveryCode.objects.filter(user_id=actor.user_id, used_at=None).exists():
        return []
    return _fresh_codes(actor)


def factor_removed(actor: Actor) -> None:
    """Inside an action that took one: codes without a factor would be nothing but a hole.

    Where the organisation requires one, what the person has open ends with the last.
    """
    if not mfa_policy.has_factor(actor.user_id):
        RecoveryCode.objects.filter(user_id=actor.user_id).delete()
    if mfa_policy.is_lacking(actor.user_id):
        live_sessions.person_ended(actor.user_id)


@db.action
def renew_codes(actor: Actor) -> list[str]:
    """Ten new ones, shown once; the old ones count no more. Raises Conflict without a factor to recover."""
    step_up.require(actor)
    if not state_of(actor.user_id).is_on:
        raise Conflict("mfa_off", "There is no second factor to recover; add one first.")
    return _fresh_codes(actor)


def _fresh_codes(actor: Actor) -> list[str]:
    user_id = actor.user_id
    codes = ["-".join(_letters(5) for _ in range(2)) for _ in range(CODES)]
    RecoveryCode.objects.filter(user_id=user_id).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(id=new_id(), user_id=user_id, code_hash=_code_hash(user_id, code)) for code in codes
    )
    record(actor, Act.RECOVERY_CODES_MADE, kind="user", object_id=user_id)
    return codes


def _letters(count: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(count))


def _code_hash(user_id: int, code: str) -> str:
    """Fifty random bits, and a limiter before them: a fast hash keyed by us is enough."""
    plain = "".join(c for c in code.lower() if c in _ALPHABET)
    return hmac.new(sealing.derived("recovery code"), f"{user_id}|{plain}".encode(), sha256).hexdigest()
