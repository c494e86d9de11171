"""Logging in by an outside OpenID provider of one's organisation: code flow with PKCE, state and nonce.

What the browser keeps between leaving and coming back is one sealed text (`flow`); without it a code is worth nothing,
so nobody can log another in as themselves. A person is known by the provider's subject; the first time by a verified
address in the provider's own organisation. Our own second factor is asked for all the same. Operators do not come in
so: the owner who names a provider would keep the server by it.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import clock, db, sealing
from posthouse.base.errors import Denied, Failure, Missing
from posthouse.identity import entries, limits, mfa_login, oidc_client, queries
from posthouse.identity.actor import Actor
from posthouse.identity.addresses import normal_address
from posthouse.identity.mfa_login import Entry, LoggedIn
from posthouse.identity.models import Address, ExternalIdentity, IdentityProvider
from posthouse.identity.oauth_requests import issuer

SECONDS = 600
CALLBACK = "/login/external"
_PURPOSE = "external login"


def begin(provider_id: int) -> tuple[str, str]:
    """(where to send the browser, what it must bring back). Raises Missing or Unavailable."""
    provider = _provider(provider_id)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    content = [provider.id, state, nonce, verifier, clock.now_ms() + SECONDS * 1000]
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": _redirect_uri(),
        "scope": "openid email profile",
        "state": state,
        "nonce": nonce,
        "code_challenge": urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    known = oidc_client.endpoints(provider)
    parts = urlsplit(oidc_client.url_of(provider, known, "authorization_endpoint"))
    query = "&".join(filter(None, [parts.query, urlencode(asked)]))
    return parts._replace(query=query).geturl(), sealing.seal(orjson.dumps(content), purpose=_PURPOSE)


def finish(flow: str, *, state: str, code: str, entry: Entry) -> LoggedIn:
    """Raises Denied (external_login_failed, mfa_required), Limited or Unavailable."""
    counted = f"external {sha256(flow.encode('utf-8', 'replace')).hexdigest()[:16]}"
    limits.check_login(email=counted, ip=entry.ip)
    try:
        provider_id, kept, nonce, verifier = _opened(flow)
        if not hmac.compare_digest(kept.encode(), state.encode("utf-8", "replace")):
            raise _failed()
        provider = _provider(provider_id)
        claims = oidc_client.claims_of_code(
            provider, code=code, verifier=verifier, redirect_uri=_redirect_uri(), nonce=nonce
        )
        actor = _person(provider, claims, entry)
    except (Denied, Missing):
        limits.login_failed(email=counted, ip=entry.ip)
        entries.note_failed(None, via=entry.via, ip=entry.ip, client=entry.client)
        raise
    return mfa_login.enter_known(actor, entry)


def _opened(flow: str) -> tuple[int, str, str, str]:
    try:
        provider_id, state, nonce, verifier, ends_ms = orjson.loads(sealing.unseal(flow, purpose=_PURPOSE))
    except sealing.Unsealable:
        raise _failed() from None
    if ends_ms <= clock.now_ms():
        raise _failed()
    return provider_id, state, nonce, verifier


def _person(provider: IdentityProvider, claims: dict[str, Any], entry: Entry) -> Actor:
    subject = str(claims["sub"])[:300]
    known = ExternalIdentity.objects.filter(provider=provider, subject=subject).first()
    user_id = known.user_id if known is not None else _by_address(provider, claims)
    if user_id is None:
        raise _failed()
    actor = queries.active_actor(user_id, via=entry.via, ip=entry.ip, client=entry.client)
    if actor.organisation_id != provider.organisation_id or actor.is_operator:
        raise _failed()
    if known is None:
        _link(actor, provider, subject)
    return actor


def _by_address(provider: IdentityProvider, claims: dict[str, Any]) -> int | None:
    if claims.get("email_verified") is not True:
        return None
    try:
        email = normal_address(str(claims.get("email", "")))
    except Failure:
        return None
    owned = Address.objects.filter(email=email, user__organisation_id=provider.organisation_id)
    return owned.values_list("user_id", flat=True).first()


@db.action
def _link(actor: Actor, provider: IdentityProvider, subject: str) -> None:
    own = {"user_id": actor.user_id}
    _, is_new = ExternalIdentity.objects.get_or_create(provider=provider, subject=subject, defaults=own)
    if is_new:
        record(actor, Act.PROVIDER_LINKED, kind="identity_provider", object_id=provider.id)


def _provider(provider_id: int) -> IdentityProvider:
    found = IdentityProvider.objects.filter(id=provider_id).first()
    if found is None:
        raise Missing()
    return found


def _redirect_uri() -> str:
    return issuer() + CALLBACK


def _failed() -> Denied:
    return Denied("external_login_failed", "The log-in of your organisation did not say who you are.")
