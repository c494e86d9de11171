"""The one way in: password, then the second factor where there is one, then a session. Every HTTP door takes it.

Right password, second factor on: Denied (mfa_required) carries a challenge; `finish` takes it with a proof. A passkey
alone begins with `passkeys.ask_anybody` and ends in `finish` too. The challenge holds a mark of the password's hash, so
a password changed meanwhile ends it.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from hashlib import sha256

from posthouse.base import db, sealing
from posthouse.base.errors import Denied
from posthouse.identity import (
    challenges,
    entries,
    limits,
    mfa,
    mfa_trust,
    passkeys,
    passwords,
    queries,
    sessions,
    step_up,
)
from posthouse.identity.actor import Actor
from posthouse.identity.models import User

PASSWORD_GIVEN = "password given"  # noqa: S105 the kind of a challenge


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Through which door, from where, and with what the session is to be held (`kind`)."""

    via: str
    kind: str
    ip: str
    client: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn:
    actor: Actor
    pair: sessions.Pair
    trust: str = ""
    """For a browser to keep, when it asked to be trusted."""


def log_in(email: str, password: str, entry: Entry, *, trust: str = "") -> LoggedIn:
    """Raises Denied: invalid_credentials, or mfa_required with a challenge. `trust` is a trusted browser's token."""
    actor = passwords.authenticate(email, password, via=entry.via, ip=entry.ip, client=entry.client)
    return enter_known(actor, entry, trust=trust)


def enter_known(actor: Actor, entry: Entry, *, trust: str = "") -> LoggedIn:
    """A first factor was right: a session, or Denied (mfa_required) for those who have a second."""
    state = mfa.state_of(actor.user_id)
    if state.is_on and not mfa_trust.is_trusted(actor.user_id, trust, ip=entry.ip):
        raise _more(actor, state)
    return LoggedIn(actor=actor, pair=_open(actor, entry, has_second_factor=state.is_on))


def _more(actor: Actor, state: mfa.State) -> Denied:
    text, nonce = challenges.issue(PASSWORD_GIVEN, user_id=actor.user_id, mark=_mark(actor.user_id))
    return Denied(
        "mfa_required",
        "Now the second factor, at /api/v1/auth/mfa/.",
        challenge=text,
        methods=state.methods,
        passkey=passkeys.assertion_options(nonce, user_id=actor.user_id) if state.passkeys else None,
        expires_in_seconds=challenges.SECONDS,
    )


def finish(challenge: str, proof: mfa.Proof, entry: Entry, *, trust: bool = False) -> LoggedIn:
    """The second half. Raises Denied (invalid_challenge, invalid_code) or Limited."""
    asked = challenges.read(challenge, PASSWORD_GIVEN, passkeys.LOG_IN)
    user_id = _who(asked, proof)
    try:
        use = _checked(user_id, proof, nonce=asked.nonce, ip=entry.ip)
    except Denied:
        entries.note_failed(
            User.objects.filter(id=user_id).first(), via=entry.via, ip=entry.ip, client=entry.client
        )
        raise
    actor = queries.active_actor(user_id, via=entry.via, ip=entry.ip, client=entry.client)
    if asked.kind == PASSWORD_GIVEN and not hmac.compare_digest(asked.mark, _mark(user_id)):
        raise Denied("invalid_challenge", "The password was changed meanwhile; begin again.")
    return _finish(actor, asked, use, entry, trust=trust)


def _who(asked: challenges.Challenge, proof: mfa.Proof) -> int:
    """Whom the password named, else whom the passkey names."""
    if asked.user_id is not None:
        return asked.user_id
    if proof.passkey is None:
        raise mfa.wrong_code()
    return passkeys.verify(proof.passkey, nonce=asked.nonce, user_id=None).user_id


def _checked(user_id: int, proof: mfa.Proof, *, nonce: bytes, ip: str) -> mfa.Use:
    limits.check_second_factor(user_id=user_id, ip=ip)
    try:
        return mfa.check(user_id, proof, nonce=nonce)
    except Denied:
        limits.second_factor_failed(user_id=user_id, ip=ip)
        raise


@db.action
def _finish(
    actor: Actor, asked: challenges.Challenge, use: mfa.Use, entry: Entry, *, trust: bool
) -> LoggedIn:
    challenges.spend(asked)
    mfa.burn(use)
    pair = _open(actor, entry, has_second_factor=True)
    token = mfa_trust.trust(actor, client=entry.client, ip=entry.ip) if trust else ""
    return LoggedIn(actor=actor, pair=pair, trust=token)


def _open(actor: Actor, entry: Entry, *, has_second_factor: bool) -> sessions.Pair:
    return sessions.open_session(
        actor,
        client=entry.client,
        ip=entry.ip,
        kind=entry.kind,
        has_second_factor=has_second_factor,
        device=entry.device,
    )


def _mark(user_id: int) -> str:
    password = User.objects.values_list("password", flat=True).get(id=user_id)
    return hmac.new(sealing.derived("login challenge"), password.encode(), sha256).hexdigest()[:16]


# --- once more, in the middle of a session ------------------------------------------------------


def step_up_with_password(actor: Actor, password: str, *, ip: str) -> None:
    """Raises Denied: with a second factor on, the password is not the proof that is asked for."""
    _own_session(actor)
    with step_up.in_session():
        passwords.authenticate(actor.email, password, via=actor.via, ip=ip, client=actor.client)
    if mfa.state_of(actor.user_id).is_on:
        raise Denied("second_factor_needed", "Give the second factor, not the password.")
    _proved(actor)


def step_up_with_factor(actor: Actor, challenge: str, proof: mfa.Proof, *, ip: str) -> None:
    _own_session(actor)
    with step_up.in_session():
        asked = challenges.read(challenge, step_up.STEP_UP)
        if asked.user_id != actor.user_id:
            raise Denied("invalid_challenge", "This was asked of somebody else.")
        try:
            use = _checked(actor.user_id, proof, nonce=asked.nonce, ip=ip)
        except Denied:
            entries.note_failed(
                User.objects.filter(id=actor.user_id).first(), via=actor.via, ip=ip, client=actor.client
            )
            raise
        _burn_and_prove(actor, asked, use)


def _own_session(actor: Actor) -> None:
    if actor.session_id is None or actor.scopes is not None:
        raise Denied("no_session", "Only a session can be stepped up.")


@db.action
def _proved(actor: Actor) -> None:
    step_up.prove(actor)


@db.action
def _burn_and_prove(actor: Actor, asked: challenges.Challenge, use: mfa.Use) -> None:
    challenges.spend(asked)
    mfa.burn(use)
    step_up.prove(actor)
