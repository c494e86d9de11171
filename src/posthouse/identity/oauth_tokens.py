"""Codes for tokens, tokens for newer ones, and what a token says (RFC 6749, 7009, 7662; OpenID Connect Core).

Tokens are random and ours by hash, so one that is revoked is over at once. A code or a refresh token used a second time
ends every token of its chain, since then somebody else has a copy.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import clock, db
from posthouse.base.errors import Denied
from posthouse.identity import entries, mfa_policy, oauth_keys, oauth_requests, queries
from posthouse.identity.actor import Actor
from posthouse.identity.models import OAuthClient, OAuthCode, OAuthGrant, OAuthToken, User
from posthouse.identity.oauth_requests import issuer

PREFIX = "pho_"
REFRESH_PREFIX = "phx_"
ACCESS_SECONDS = 600
REFRESH_SECONDS = 30 * 86_400
COARSE_MS = 300_000


class Refused(Exception):
    """`invalid_grant` and its like, in OAuth's own words."""

    def __init__(self, error: str, description: str, *, status: int = 400) -> None:
        super().__init__(description)
        self.error, self.description, self.status = error, description, status


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    scopes: list[str]
    id_claims: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """A program that has said who it is, and where it sits."""

    client: OAuthClient
    ip: str = ""
    program: str = ""

    def for_(self, user: User) -> Actor:
        """The person it acts for, as the log is to know it."""
        return queries.as_actor(user, via="http", ip=self.ip, client=self.program)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    grant_id: int
    actor: Actor


# --- giving -------------------------------------------------------------------------------------


def exchange_code(asker: Asker, *, code: str, redirect_uri: str, verifier: str) -> dict[str, Any]:
    """The answer of the token endpoint. Raises Refused; a code that comes twice ends what came of it."""
    issued = _exchange_code(asker, code, redirect_uri, verifier)
    if issued is None:
        raise Refused("invalid_grant", "The code is not valid here, or was used.")
    return _body(issued)


@db.action
def _exchange_code(asker: Asker, code: str, redirect_uri: str, verifier: str) -> Issued | None:
    row = (
        OAuthCode.objects.filter(code_hash=_hash(code), grant__client=asker.client)
        .select_related("grant__user")
        .first()
    )
    if row is None:
        return None
    if not OAuthCode.objects.filter(id=row.id, used_at=None).update(used_at=clock.now()):
        _end_chain(asker, row.grant, row.id, reason="code used twice")
        return None
    is_late = row.expires_at <= clock.now()
    if is_late or row.redirect_uri != redirect_uri or not _verifies(verifier, row.challenge):
        return None
    issued = _issue(row.grant, row.scopes.split(), chain_id=row.id, code=row)
    if issued is not None:
        by = asker.for_(row.grant.user)
        record(by, Act.APPLICATION_ENTERED, kind="application", object_id=row.grant_id)
    return issued


def _verifies(verifier: str, challenge: str) -> bool:
    mark = urlsafe_b64encode(sha256(verifier.encode("ascii", "replace")).digest()).decode().rstrip("=")
    return 43 <= len(verifier) <= 128 and hmac.compare_digest(mark, challenge)


def refresh(asker: Asker, token: str, *, scope: str) -> dict[str, Any]:
    """The next pair; `scope` may ask for less. Raises Refused; a token that comes twice ends its chain."""
    issued = _refresh(asker, token, scope)
    if issued is None:
        raise Refused("invalid_grant", "The refresh token is not valid, or was used.")
    return _body(issued)


@db.action
def _refresh(asker: Asker, token: str, scope: str) -> Issued | None:
    refreshing = OAuthToken.objects.filter(kind=OAuthToken.Kind.REFRESH, grant__client=asker.client)
    row = refreshing.filter(token_hash=_hash(token)).select_related("grant__user").first()
    if row is None or row.expires_at <= clock.now():
        return None
    wanted = scope.split() or row.scopes.split()
    if not set(wanted) <= set(row.scopes.split()):
        raise Refused("invalid_scope", "More than was agreed to.")
    if not OAuthToken.objects.filter(id=row.id, used_at=None).update(used_at=clock.now()):
        _end_chain(asker, row.grant, row.chain_id, reason="token used twice")
        return None
    return _issue(row.grant, wanted, chain_id=row.chain_id, kept=row.scopes)


def _issue(
    grant: OAuthGrant,
    scopes: list[str],
    *,
    chain_id: int,
    kept: str = "",
    code: OAuthCode | None = None,
) -> Issued | None:
    user: User = grant.user
    if not user.is_active or mfa_policy.is_lacking(user.id):
        return None
    access = _new(grant, OAuthToken.Kind.ACCESS, " ".join(scopes), chain_id)
    may_refresh = "offline_access" in (kept.split() or scopes)
    renewed = _new(grant, OAuthToken.Kind.REFRESH, kept or " ".join(scopes), chain_id) if may_refresh else ""
    claims = _id_claims(grant, user, scopes, code) if "openid" in scopes and code is not None else None
    return Issued(access=access, refresh=renewed, scopes=scopes, id_claims=claims)


def _new(grant: OAuthGrant, kind: str, scopes: str, chain_id: int) -> str:
    is_access = kind == OAuthToken.Kind.ACCESS
    token = (PREFIX if is_access else REFRESH_PREFIX) + secrets.token_urlsafe(32)
    seconds = ACCESS_SECONDS if is_access else REFRESH_SECONDS
    OAuthToken.objects.create(
        kind=kind,
        token_hash=_hash(token),
        grant=grant,
        chain_id=chain_id,
        scopes=scopes,
        expires_at=clock.from_ms(clock.now_ms() + seconds * 1000),
    )
    return token


def _end_chain(asker: Asker, grant: OAuthGrant, chain_id: int, *, reason: str) -> None:
    OAuthToken.objects.filter(chain_id=chain_id).delete()
    oauth_requests.ended(asker.for_(grant.user), grant.id, reason=reason)


def _id_claims(grant: OAuthGrant, user: User, scopes: list[str], code: OAuthCode) -> dict[str, Any]:
    now_s = clock.now_ms() // 1000
    claims: dict[str, Any] = {
        "iss": issuer(),
        "aud": grant.client.client_id,
        "iat": now_s,
        "exp": now_s + ACCESS_SECONDS,
        "auth_time": clock.to_ms(code.authenticated_at) // 1000,
        **claims_of(user, scopes),
    }
    return {**claims, "nonce": code.nonce} if code.nonce else claims


def claims_of(user: User, scopes: list[str]) -> dict[str, Any]:
    """What an ID token or the userinfo endpoint tells of a person, by scope."""
    claims: dict[str, Any] = {"sub": str(user.id)}
    if "profile" in scopes:
        claims["name"] = user.name or user.email
    if "email" in scopes:
        claims |= {"email": user.email, "email_verified": True}
    return claims


def _body(issued: Issued) -> dict[str, Any]:
    """Signing is slow and needs no lane."""
    body: dict[str, Any] = {
        "access_token": issued.access,
        "token_type": "Bearer",
        "expires_in": ACCESS_SECONDS,
        "scope": " ".join(issued.scopes),
    }
    if issued.refresh:
        body["refresh_token"] = issued.refresh
    if issued.id_claims is not None:
        body["id_token"] = oauth_keys.sign(issued.id_claims)
    return body


# --- using and taking back ----------------------------------------------------------------------


def holder(token: str, *, via: str) -> Held:
    """Whose access token it is; raises Denied (invalid_token)."""
    row = _live(token, OAuthToken.Kind.ACCESS)
    if row is None:
        raise Denied("invalid_token", "The token is not valid or has expired.")
    grant = row.grant
    entries.noted(lambda: _note_use(grant))
    actor = replace(queries.as_actor(grant.user, via=via), scopes=frozenset(row.scopes.split()))
    return Held(grant_id=grant.id, actor=actor)


def _live(token: str, kind: str) -> OAuthToken | None:
    return (
        OAuthToken.objects.filter(
            token_hash=_hash(token),
            kind=kind,
            used_at=None,
            expires_at__gt=clock.now(),
            grant__user__is_active=True,
        )
        .select_related("grant__user__organisation", "grant__client")
        .first()
    )


def _note_use(grant: OAuthGrant) -> None:
    if grant.last_used_at is None or clock.now_ms() - clock.to_ms(grant.last_used_at) > COARSE_MS:
        _write_use(grant.id)


@db.action
def _write_use(grant_id: int) -> None:
    OAuthGrant.objects.filter(id=grant_id).update(last_used_at=clock.now())


@db.action
def revoke(asker: Asker, token: str) -> None:
    """RFC 7009: a refresh token takes its chain along; one unknown, or another client's, is no error."""
    own = OAuthToken.objects.filter(grant__client=asker.client).select_related("grant__user")
    row = own.filter(token_hash=_hash(token)).first()
    if row is None:
        return
    if row.kind == OAuthToken.Kind.REFRESH:
        _end_chain(asker, row.grant, row.chain_id, reason="by the program")
    else:
        row.delete()
        oauth_requests.ended(asker.for_(row.grant.user), row.grant_id, reason="by the program")


def introspect(asker: Asker, token: str) -> dict[str, Any]:
    """RFC 7662, for the client's own tokens; of any other it says no more than that it is not active."""
    row = _live(token, OAuthToken.Kind.ACCESS) or _live(token, OAuthToken.Kind.REFRESH)
    if row is None or row.grant.client_id != asker.client.id or mfa_policy.is_lacking(row.grant.user_id):
        return {"active": False}
    return {
        "active": True,
        "client_id": asker.client.client_id,
        "sub": str(row.grant.user_id),
        "username": row.grant.user.email,
        "scope": row.scopes,
        "token_type": "Bearer",
        "iss": issuer(),
        "iat": clock.to_ms(row.created_at) // 1000,
        "exp": clock.to_ms(row.expires_at) // 1000,
    }


def userinfo(token: str) -> dict[str, Any]:
    """Raises Refused for a token that is not good, or not for `openid`."""
    row = _live(token, OAuthToken.Kind.ACCESS)
    if row is None:
        raise Refused("invalid_token", "The token is not valid or has expired.", status=401)
    if mfa_policy.is_lacking(row.grant.user_id):
        raise Refused("invalid_token", mfa_policy.TEXT, status=401)
    scopes = row.scopes.split()
    if "openid" not in scopes:
        raise Refused("insufficient_scope", "This token lacks the scope openid.", status=403)
    return claims_of(row.grant.user, scopes)


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
