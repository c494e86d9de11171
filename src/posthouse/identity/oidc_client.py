"""What we ask of an outside OpenID provider: discovery, the code's exchange, its keys; and the check of its ID token.

Every request goes through base/net_http.py, since the owner of an organisation chose the address. Runs in a request's
thread, never in the lane.
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

import jwt
import orjson

from posthouse.base import clock, sealing
from posthouse.base.errors import Denied, Unavailable
from posthouse.base.net_http import Limits, Response, request
from posthouse.identity.models import IdentityProvider
from posthouse.identity.oidc_providers import PURPOSE

ALGORITHMS = ["RS256", "ES256", "EdDSA"]
"""Asymmetric ones only: with HS256 among them a public key could pass for a shared secret."""
LEEWAY_SECONDS = 60
FRESH_SECONDS = 600
_LIMITS = Limits(max_bytes=500_000, timeout=10.0, max_redirects=0)

_kept: dict[tuple[int, str], tuple[float, dict[str, Any]]] = {}


def endpoints(provider: IdentityProvider) -> dict[str, Any]:
    """The discovery document; raises Unavailable when it cannot be had or speaks for another issuer."""
    url = provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
    found = _cached(provider, url)
    if found.get("issuer") != provider.issuer:
        raise _silent()
    return found


def claims_of_code(
    provider: IdentityProvider, *, code: str, verifier: str, redirect_uri: str, nonce: str
) -> dict[str, Any]:
    """Who the provider says it is, all checked (OpenID Connect Core §3.1.3.7). Raises Denied or Unavailable."""
    known = endpoints(provider)
    body = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
    }
    secret = sealing.unseal(provider.secret_sealed, purpose=PURPOSE).decode()
    basic = b64encode(f"{quote_plus(provider.client_id)}:{quote_plus(secret)}".encode()).decode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": f"Basic {basic}"}
    answer = _ask(url_of(provider, known, "token_endpoint"), "POST", headers, urlencode(body).encode())
    if answer.status != 200:
        raise _refused()
    return _checked(provider, known, str(_json(answer).get("id_token", "")), nonce)


def _checked(provider: IdentityProvider, known: dict[str, Any], token: str, nonce: str) -> dict[str, Any]:
    try:
        key = _key(provider, url_of(provider, known, "jwks_uri"), jwt.get_unverified_header(token))
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            audience=provider.client_id,
            issuer=provider.issuer,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except (jwt.PyJWTError, ValueError, KeyError, TypeError) as error:
        raise _refused() from error
    if claims.get("nonce") != nonce or claims.get("azp", provider.client_id) != provider.client_id:
        raise _refused()
    return claims


def _key(provider: IdentityProvider, url: str, header: dict[str, Any]) -> jwt.PyJWK:
    """By `kid`; a key not seen yet is asked for once more, since providers change theirs."""
    for is_fresh in (False, True):
        keys = jwt.PyJWKSet.from_dict(_cached(provider, url, is_fresh=is_fresh)).keys
        for key in keys:
            if key.key_id == header.get("kid") or (len(keys) == 1 and "kid" not in header):
                return key
    raise KeyError("kid")


def _cached(provider: IdentityProvider, url: str, *, is_fresh: bool = False) -> dict[str, Any]:
    entry = _kept.get((provider.id, url))
    if entry is not None and entry[0] > clock.steady() and not is_fresh:
        return entry[1]
    answer = _ask(url, "GET", {"Accept": "application/json"}, b"")
    if answer.status != 200:
        raise _silent()
    found = _json(answer)
    if len(_kept) > 1_000:
        _kept.clear()
    _kept[provider.id, url] = (clock.steady() + FRESH_SECONDS, found)
    return found


def _ask(url: str, method: str, headers: dict[str, str], body: bytes) -> Response:
    try:
        return asyncio.run(request(url, method=method, headers=headers, body=body, limits=_LIMITS))
    except Unavailable as error:
        raise _silent() from error


def _json(answer: Response) -> dict[str, Any]:
    try:
        found = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        raise _silent() from None
    if not isinstance(found, dict):
        raise _silent()
    return found


def url_of(provider: IdentityProvider, known: dict[str, Any], name: str) -> str:
    """An address of the discovery document, which must be as private as the issuer's own."""
    value = known.get(name)
    if not isinstance(value, str) or urlsplit(value).scheme not in (
        "https",
        urlsplit(provider.issuer).scheme,
    ):
        raise _silent()
    return value


def _silent() -> Unavailable:
    return Unavailable(
        "provider_unavailable", "The log-in of your organisation does not answer as it should."
    )


def _refused() -> Denied:
    return Denied("external_login_failed", "The log-in of your organisation did not say who you are.")
