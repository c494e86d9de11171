"""How mail clients come in by IMAP and SMTP: an app password, a bearer token, or the person's own password.

With a second factor on, the person's own password opens neither: whoever has only that would be in past the factor.
Where the organisation requires a factor that the person lacks, nothing opens either.
The refusal says so, which tells a thief that the password is right, as it must tell the owner what to do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256

from posthouse.base.errors import Denied, Failure
from posthouse.identity import (
    access_tokens,
    app_passwords,
    devices,
    entries,
    limits,
    live_sessions,
    mfa,
    mfa_policy,
    oauth_tokens,
    passwords,
    queries,
    tokens,
)
from posthouse.identity.actor import Actor
from posthouse.identity.addresses import normal_address
from posthouse.identity.devices import Seen
from posthouse.identity.models import AccessToken, AppPassword, OAuthGrant, Session, User

NEEDED_SCOPES = {"imap": ("mail:read", "mail:write"), "smtp": ("mail:send",)}
"""What a token must hold. IMAP cannot be told to let read only, so reading alone does not open it."""
APP_PASSWORD_ONLY = "application_password_required"  # noqa: S105 the name of a refusal
TOLD = (APP_PASSWORD_ONLY, mfa_policy.CODE)
"""Refusals whose reason the owner must hear, at doors that else say one thing for all."""
NEEDS_TEXT = "Application-specific password required: make one on the security page of your settings."


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """Who came in, and with what: `topics` end it, `kind` and `name` tell its owner which one it is."""

    actor: Actor
    kind: str
    topic: str
    credential_id: int | None = None


def admit(email: str, password: str, *, protocol: str, ip: str, client: str = "") -> Admission:
    """By name and password; raises Denied or Limited. Slow: run it in the pool."""
    found = _by_app_password(email, password, protocol=protocol, ip=ip, client=client)
    if found is None:
        found = _by_own_password(email, password, protocol=protocol, ip=ip, client=client)
    return entered(found, ip=ip, client=client)


def entered(found: Admission, *, ip: str, client: str) -> Admission:
    """These doors have no sessions of ours, so the log-in itself goes on record."""
    actor = replace(found.actor, ip=ip, client=client)
    if actor.lacks_factor:
        _note_refused(actor)
        raise mfa_policy.refusal()
    entries.note_ok(actor)
    _note_device(actor, ip)
    return replace(found, actor=actor)


def _by_app_password(email: str, password: str, *, protocol: str, ip: str, client: str) -> Admission | None:
    row = app_passwords.find(password)
    if row is None or not _is_named(row, email):
        return None
    limits.check_login(email=row.user.email, ip=ip)
    require_protocol(row, protocol=protocol, ip=ip, client=client)
    entries.noted(lambda: app_passwords.learn(row, password))
    return used(row, protocol=protocol, ip=ip)


def used(row: AppPassword, *, protocol: str, ip: str) -> Admission:
    entries.noted(lambda: app_passwords.note_use(row, protocol=protocol, ip=ip))
    actor = queries.as_actor(row.user, via=protocol)
    topic = live_sessions.app_password_topic(row.id)
    return Admission(actor=actor, kind="app_password", topic=topic, credential_id=row.id)


def require_protocol(row: AppPassword, *, protocol: str, ip: str, client: str) -> None:
    if protocol not in row.scopes.split():
        entries.note_failed(row.user, via=protocol, ip=ip, client=client)
        raise Denied("wrong_protocol", f"This app password is not for {protocol.upper()}.")


def _is_named(row: AppPassword, email: str) -> bool:
    try:
        return normal_address(email) == row.user.email
    except Failure:
        return False


def _by_own_password(email: str, password: str, *, protocol: str, ip: str, client: str) -> Admission:
    actor = passwords.authenticate(email, password, via=protocol, ip=ip, client=client)
    return own_password(actor, ip=ip, client=client)


def own_password(actor: Actor, *, ip: str, client: str) -> Admission:
    """Raises Denied where a second factor is on."""
    if mfa.state_of(actor.user_id).is_on:
        _note_refused(actor)
        raise Denied(APP_PASSWORD_ONLY, NEEDS_TEXT)
    return Admission(actor=actor, kind="password", topic=live_sessions.password_topic(actor.user_id))


def _note_refused(actor: Actor) -> None:
    user = User.objects.filter(id=actor.user_id).first()
    entries.note_failed(user, via=actor.via, ip=actor.ip, client=actor.client)


def admit_bearer(token: str, *, user: str, protocol: str, ip: str, client: str = "") -> Admission:
    """By a token of ours (RFC 7628); `user` may be empty, else it must be its owner. Raises Denied or Limited.

    Failures count for the token and the network: a program that goes on with an old token must not keep out the
    others of its office.
    """
    counted = f"token {sha256(token.encode('utf-8', 'replace')).hexdigest()[:16]}"
    limits.check_login(email=counted, ip=ip)
    try:
        found = _by_token(token, protocol=protocol, ip=ip, client=client)
        if user and normal_address(user) != found.actor.email:
            raise Denied("invalid_token", "The token is somebody else's.")
    except Failure as failure:
        if failure.code != "insufficient_scope":
            limits.login_failed(email=counted, ip=ip)
        entries.note_failed(None, via=protocol, ip=ip, client=client)
        raise
    return entered(found, ip=ip, client=client)


def _by_token(token: str, *, protocol: str, ip: str, client: str) -> Admission:
    if token.startswith(access_tokens.PREFIX):
        held = access_tokens.holder(token, via=protocol, ip=ip, client=client)
        _require_scope(held.actor, protocol)
        topic = live_sessions.token_topic(held.token_id)
        return Admission(actor=held.actor, kind="token", topic=topic, credential_id=held.token_id)
    if token.startswith(oauth_tokens.PREFIX):
        lent = oauth_tokens.holder(token, via=protocol)
        _require_scope(lent.actor, protocol)
        topic = live_sessions.grant_topic(lent.grant_id)
        return Admission(actor=lent.actor, kind="application", topic=topic, credential_id=lent.grant_id)
    claims = tokens.read_access(token)
    actor = live_sessions.actor_of(claims.session_id, claims.user_id, via=protocol, may_lack_factor=True)
    if actor is None:
        raise Denied("invalid_token", "The session has ended.")
    topic = live_sessions.topic(claims.session_id)
    return Admission(actor=actor, kind="session", topic=topic, credential_id=claims.session_id)


def _require_scope(actor: Actor, protocol: str) -> None:
    for needed in NEEDED_SCOPES[protocol]:
        if not actor.may_use(needed):
            raise Denied("insufficient_scope", f"This token lacks the scope {needed}.", scope=needed)


def is_alive(admission: Admission) -> bool:
    """Asked once its topic is listened to: what was taken back between checking and listening is seen here."""
    actor, own_id = admission.actor, admission.credential_id or 0
    person = mfa_policy.standing_of(actor.user_id)
    if not person.is_active or person.lacks_factor:
        return False
    if admission.kind == "password":
        return not person.has_factor
    if admission.kind == "app_password":
        return AppPassword.objects.filter(id=own_id).exists()
    if admission.kind == "token":
        return AccessToken.objects.filter(id=own_id).exists()
    if admission.kind == "application":
        return OAuthGrant.objects.filter(id=own_id).exists()
    return Session.objects.filter(id=own_id, revoked_at=None).exists()


def _note_device(actor: Actor, ip: str) -> None:
    if not devices.is_known_network(actor.user_id, ip):
        entries.noted(lambda: devices.note(actor, Seen(via=actor.via, ip=ip)))
